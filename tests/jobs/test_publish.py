"""Publishing: a folder written whole, from a file or from the registry, and observed again."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from partita.errors import InputError
from partita.formats.carriers import epub, pdf, plus
from partita.formats.signals import Stance
from partita.jobs import observe, publish
from partita.jobs.intent import of_registry
from partita.registry import record
from partita.registry.store import Store, open_store

AT = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples/rights/intent.yaml"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + b"\1" * 64
JPEG += bytes.fromhex("ffda0008010100003f00 0000 ffd9")


def quiet(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches, of which nothing is shown."""


def published(out: Path, source: Path = EXAMPLE, **extras: Any) -> dict[str, Any]:
    """The result of publishing a file."""
    extras = {"files": {}} | extras
    return publish.publish(publish.Source(source), publish.Extras(**extras), out, AT, quiet)


def a_pdf() -> bytes:
    """A PDF of one empty page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def an_epub() -> bytes:
    """An EPUB of a package alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="p.opf"/></rootfiles></container>',
        )
        archive.writestr("p.opf", '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/></package>')
    return out.getvalue()


def test_the_example_is_published_whole(tmp_path: Path) -> None:
    """Every file of the site, what is to be set up beside it, and a report in three forms."""
    result = published(tmp_path / "site", codes=("ISCC:KUAJCFWFTB5RG7GH3H4ZDDAUI4Q2U",))
    there = {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()
    }
    assert there == set(result["files"])
    assert there >= {
        "robots.txt", ".well-known/tdmrep.json", "rsl.xml", "policy.json", "headers.json", "setup/headers.txt",
        "setup/nginx.conf", "setup/apache.conf", "setup/Caddyfile", "setup/head.html", "setup/cawg.json",
        "setup/sidecar.xmp", "setup/report.md", "setup/report.html", "setup/report.json",
        "tdm-ai/KUAJCFWFTB5RG7GH3H4ZDDAUI4Q2U.json",
    }  # fmt: skip
    assert json.loads((tmp_path / "site/setup/report.json").read_text())["effects"] == result["effects"]
    page = (tmp_path / "site/setup/report.html").read_text()
    assert "僅表達一部分" in page
    assert "<script" not in page


def test_publishing_twice_gives_the_same_bytes_and_nothing_else_is_replaced(tmp_path: Path) -> None:
    """An earlier site is replaced whole; a folder of something else is left alone."""
    published(tmp_path / "site")
    first = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    published(tmp_path / "site")
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()} == first
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine")
    with pytest.raises(InputError, match="something else"):
        published(tmp_path / "other")


def test_what_was_published_is_what_is_observed(tmp_path: Path) -> None:
    """The site read again: no contradiction, nothing unreadable, and each statement in several carriers."""
    published(tmp_path / "site")
    seen = observe.saved(tmp_path / "site", "https://lantern.example.org", NOW, quiet)
    assert observe.contradictions(seen.rows) == []
    assert {row["status"] for row in seen.rows} == {"read"}
    mined = {row["carrier"] for row in seen.rows if row["purpose"] == "mining" and row["stance"] == "permit"}
    assert {row["target"] for row in seen.rows if row["purpose"] == "mining" and row["stance"] == "permit"} == {
        "https://lantern.example.org/press/"
    }
    assert {"tdmrep_file", "tdm_header"} <= mined


def test_works_carry_the_intent(tmp_path: Path) -> None:
    """Copies of a PDF, an EPUB and a picture; the files that were given stay as they were."""
    given = {"pdf": ("a.pdf", a_pdf()), "epub": ("b.epub", an_epub()), "image": ("c.jpg", JPEG)}
    for name, content in given.values():
        (tmp_path / name).write_bytes(content)
    files = {kind: (tmp_path / name,) for kind, (name, _) in given.items()}
    (tmp_path / "i.yaml").write_text("party: A\nstatements: [{purpose: mining, stance: reserve}]\n")
    published(tmp_path / "site", tmp_path / "i.yaml", files=files)
    copies = {kind: (tmp_path / "site/files" / name).read_bytes() for kind, (name, _) in given.items()}
    assert [one.stance for one in pdf.read(copies["pdf"])] == [Stance.RESERVE]
    assert [one.stance for one in epub.read(copies["epub"])] == [Stance.RESERVE]
    assert [one.stance for one in plus.read(copies["image"])] == [Stance.RESERVE]
    assert len(PdfReader(io.BytesIO(copies["pdf"])).pages) == 1
    assert all((tmp_path / name).read_bytes() == content for name, content in given.values())


@pytest.mark.parametrize("kind", ["pdf", "epub", "image"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, kind: str) -> None:
    """Before anything is written."""
    (tmp_path / "x").write_bytes(b"neither this nor that")
    with pytest.raises(InputError, match=kind):
        published(tmp_path / "site", files={kind: (tmp_path / "x",)})
    assert not (tmp_path / "site").exists()


def test_a_reservation_that_no_carrier_says_is_told(tmp_path: Path) -> None:
    """Voices: the web has no word for them; and what lies within another reservation is said by it."""
    (tmp_path / "i.yaml").write_text(
        "party: A\nstatements:\n  - {purpose: clone_voice, stance: reserve}\n  - {purpose: mining, stance: reserve}\n"
        "  - {purpose: train, stance: reserve, system: suno/v5, to: 2030-01-01}\n"
    )
    result = published(tmp_path / "site", tmp_path / "i.yaml")
    assert result["unsaid"] == [1]
    assert any("policy.json: 1" in english for english, _ in result["notes"])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A registry in which a society has reserved, permitted, licensed, and ended something."""
    made = open_store(tmp_path / "r.db")
    base = {"system": "*", "territory": "world", "party_id": "SOC", "offer_id": None, "carrier": "registry",
            "form": "machine", "evidence": "declared", "source": "", "sha256": "", "note": "",
            "valid_from": dt.date(2024, 1, 1), "valid_to": None}  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"statement_id": "a", "kind": "reservation", "target_kind": "repertoire", "target": "SOC", "purpose": "train"},
        {"statement_id": "b", "kind": "permission", "target_kind": "url", "target": "https://example.org/open/*",
         "purpose": "search"},
        {"statement_id": "c", "kind": "licence", "target_kind": "repertoire", "target": "SOC", "purpose": "train",
         "system": "suno/v5"},
        {"statement_id": "d", "kind": "reservation", "target_kind": "repertoire", "target": "SOC", "purpose": "ground",
         "valid_to": dt.date(2025, 1, 1)},
        {"statement_id": "e", "kind": "reservation", "target_kind": "repertoire", "target": "SOC", "purpose": "any",
         "party_id": "OTHER"},
        {"statement_id": "f", "kind": "reservation", "target_kind": "work", "target": "W1", "purpose": "search"},
    ]  # fmt: skip
    record.add(made, "statements", [{**base, **row} for row in rows], "desk", NOW)
    record.add(made, "parties", [{"party_id": "SOC", "name": "A society", "kind": "society", "ipi": None, "isni": None,
                                  "valid_from": dt.date(2000, 1, 1), "valid_to": None}], "desk", NOW)  # fmt: skip
    return made


def test_an_intent_is_compiled_from_the_registry(store: Store) -> None:
    """What the party has stated and that holds; agreements and others' statements stay out."""
    found = of_registry(store, "SOC", "https://example.org", AT)
    said = {(one.purpose, one.stance.value, one.targets) for one in found.intent.statements}
    assert said == {("train", "reserve", ()), ("search", "permit", ("/open/*",)), ("search", "reserve", ("W1",))}
    assert (found.intent.party, found.agreements, found.intent.broaden) == ("A society", 1, False)
    earlier = of_registry(store, "SOC", "https://example.org", dt.date(2024, 6, 1))
    assert "ground" in {one.purpose for one in earlier.intent.statements}


def test_a_party_that_stated_nothing_is_told(store: Store) -> None:
    """With the day that was asked."""
    with pytest.raises(InputError, match="2026-11-22"):
        of_registry(store, "NOBODY", "", AT)


def test_the_registry_is_published(store: Store, tmp_path: Path) -> None:
    """With a note on the agreements that are not; the permission is withheld where a work's reservation is unsaid."""
    source = publish.Source(registry=store.name, party="SOC")
    extras = publish.Extras({}, origin="https://example.org")
    result = publish.publish(source, extras, tmp_path / "site", AT, quiet)
    assert any("agreements" in english for english, _ in result["notes"])
    assert b"ai-train=no" in (tmp_path / "site/robots.txt").read_bytes()
    assert b"search=y" not in (tmp_path / "site/robots.txt").read_bytes()
