"""The public test files of C2PA (c2pa-org/public-testfiles, CC BY-SA 4.0), classified; they are not ours to ship.

Set PARTITA_VECTORS to a folder that holds a checkout of them as `public-testfiles`. The files of 2022 are named after
what they hold: C a claim, A a parent, I an ingredient, X a changed file, E an error and its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from partita.errors import InputError
from partita.formats.labels import c2pa_read
from partita.formats.labels.shape import Making, State

pytest.importorskip("c2pa")
ADOBE = "image/jpeg/adobe-20220124-"
FOREIGN = "signingCredential.untrusted"
CHANGED = "assertion.dataHash.mismatch"
WHOLE = (
    "C",
    "CA",
    "CACA",
    "CACAICAICICA",
    "CAI",
    "CAIAIIICAICIICAIICICA",
    "CAICA",
    "CAICAI",
    "CI",
    "CICA",
    "CICACACA",
    "CII",
)
BROKEN = {
    f"{ADOBE}E-clm-CAICAI.jpg": {"ingredient.manifest.missing", "assertion.hashedURI.mismatch"},
    f"{ADOBE}E-dat-CA.jpg": {CHANGED},
    f"{ADOBE}E-sig-CA.jpg": {"claimSignature.mismatch"},
    f"{ADOBE}E-uri-CA.jpg": {"assertion.hashedURI.mismatch"},
    f"{ADOBE}E-uri-CIE-sig-CA.jpg": {"assertion.hashedURI.mismatch", "timeStamp.mismatch", "claimSignature.mismatch"},
    f"{ADOBE}XCA.jpg": {CHANGED},
    f"{ADOBE}XCI.jpg": {CHANGED},
    # The certificate expired, and there is no time stamp; the files' own page says that the signature is invalid.
    "image/jpeg/nikon-20221019-building.jpeg": {"signingCredential.expired"},
    # Left out of the hash is the file's whole beginning, not the credentials alone: allowed in 2023, and no more.
    "image/jpeg/truepic-20230212-camera.jpg": {CHANGED},
    "image/jpeg/truepic-20230212-landscape.jpg": {CHANGED},
    "image/jpeg/truepic-20230212-library.jpg": {CHANGED},
}
"""The eleven that are invalid, and why."""


@pytest.fixture(scope="module")
def folder(vectors: Callable[[str], Path]) -> Path:
    """The public test files."""
    return vectors("public-testfiles")


@pytest.mark.parametrize("name", [f"{ADOBE}{kind}.jpg" for kind in WHOLE])
def test_whole_files_of_a_foreign_issuer_are_untrusted(name: str, folder: Path) -> None:
    """Twelve pictures signed with a test certificate: whole, of nobody known here; how they were made is not told."""
    label = c2pa_read.read(folder / name)
    assert (label.state, label.making, label.signer) == (State.UNTRUSTED, None, "C2PA Signer (C2PA Test Signing Cert)")
    assert [reason.code for reason in label.reasons] == [FOREIGN]
    assert label.signed_at.startswith("2023-01-24")


def test_a_broken_source_file_does_not_break_the_file_that_names_it(folder: Path) -> None:
    """CIE-sig-CA is the thirteenth: its signer took in a picture with a broken signature, and said so."""
    label = c2pa_read.read(folder / f"{ADOBE}CIE-sig-CA.jpg")
    assert (label.state, label.making) == (State.UNTRUSTED, None)
    assert [reason.code for reason in label.reasons] == [FOREIGN, "timeStamp.mismatch", "claimSignature.mismatch"]
    assert label.reasons[-1].words.startswith("in a source file's credentials: ")


def test_the_paper_is_whole_and_made_with_a_machine(folder: Path) -> None:
    """The fourteenth, a PDF, says that a trained model edited it, and not how the rest was made."""
    label = c2pa_read.read(folder / "pdf/adobe-20240110-single_manifest_store.pdf")
    assert (label.state, label.making) == (State.UNTRUSTED, Making.ASSISTED)


@pytest.mark.parametrize(("name", "codes"), BROKEN.items())
def test_broken_files_are_invalid_for_their_reason(name: str, codes: set[str], folder: Path) -> None:
    """Eleven; nothing is taken from them, and the reason that breaks them is told before the foreign issuer."""
    label = c2pa_read.read(folder / name)
    assert (label.state, label.making, dict(label.record)) == (State.INVALID, None, {})
    assert {reason.code for reason in label.reasons} == {*codes, FOREIGN}
    if codes & {CHANGED, "claimSignature.mismatch"} and "CIE" not in name:
        assert label.reasons[-1].code == FOREIGN


@pytest.mark.parametrize("kind", ["A", "I"])
def test_files_without_credentials_have_none(kind: str, folder: Path) -> None:
    """Two pictures were published without any."""
    label = c2pa_read.read(folder / f"{ADOBE}{kind}.jpg")
    assert (label.state, label.making) == (State.NONE, None)


def test_a_font_is_of_no_kind_that_is_read(folder: Path) -> None:
    """Said by name; the film of the collection is of no such kind either."""
    with pytest.raises(InputError, match="of no kind that carries labels here"):
        c2pa_read.read(folder / "font/ttf/monotype-20240712-monotype_sans.ttf")


def test_every_public_picture_and_paper_is_classified(folder: Path) -> None:
    """Fourteen whole, eleven invalid, two without: none is left out of this list."""
    there = {str(path.relative_to(folder)) for kind in ("image/jpeg/*.jp*g", "pdf/*.pdf") for path in folder.glob(kind)}
    ours = {f"{ADOBE}{kind}.jpg" for kind in (*WHOLE, "CIE-sig-CA", "A", "I")} | set(BROKEN)
    assert there == ours | {"pdf/adobe-20240110-single_manifest_store.pdf"}
    assert len(there) == 27
