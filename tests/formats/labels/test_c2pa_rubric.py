"""The official conformance rubrics of C2PA, run over files that Partita labels; they are not part of the project.

Set PARTITA_VECTORS to a folder that holds checkouts of c2pa-org/conformance-public (CC BY 4.0) as `conformance-public`
and of adobe/json-formula-py (Apache-2.0) as `json-formula-py`. Where they are absent the tests are skipped, and say so.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from partita.formats.labels import c2pa, media
from partita.formats.labels.credentials import Credentials
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Making, Relation

library = pytest.importorskip("c2pa")
HUMAN, ASSISTED, GENERATED = Making
ENDINGS = ("wav", "flac", "mp3", "jpg", "png", "pdf", "epub")
BEGUN = {HUMAN: "nonGenAIDigitalCreation", ASSISTED: "partlyGenAICreation", GENERATED: "fullyGenAIMedia"}
CHANGED = {HUMAN: {"perceptibleNonGenAI"}, ASSISTED: {"perceptibleGenAI"}, GENERATED: {"perceptibleGenAI"}}
"""What the signals rubric calls a work that was begun, and one that was edited, by each making."""

Write = Callable[..., Path]
Record = Callable[[Making], Contribution]
Results = dict[str, list[str]]


class Rubrics:
    """The evaluators as their authors wrote them, and the rubrics beside them."""

    def __init__(self, folder: Path, trust: str) -> None:
        self.folder, self.trust = folder, trust
        self.conformance = importlib.import_module("c2pa_conformance_rubric_evaluator")
        self.signals = importlib.import_module("c2pa_signals_rubric_evaluator")

    def told(self, path: Path) -> str:
        """What the library tells of a file in the form that the rubrics are asked of (crJSON)."""
        kind = media.look(path).kind.media_type
        with (
            path.open("rb") as file,
            c2pa.settings(self.trust) as context,
            library.Reader(kind, file, context=context) as reader,
        ):
            return str(reader.crjson())

    def judged(self, path: Path, rubric: str) -> Results:
        """The items of a rubric that hold, do not hold, and are warned of, by name."""
        with quiet():
            found = self.conformance.evaluate_asset_against_rubric(
                str(self.folder / f"asset-rubric-{rubric}.yml"), data_dict=json.loads(self.told(path))
            )
        kinds = ("true", "false", "warning")
        return {kind: [item["trait"] for rows in found[kind].values() for item in rows] for kind in kinds}

    def heard(self, path: Path) -> list[tuple[set[str], set[str]]]:
        """The signals of each manifest, the active one first: how it was begun, and how it was changed."""
        store = path.with_suffix(".json")
        store.write_text(self.told(path), encoding="utf-8")
        with quiet():
            found = self.signals.evaluate_asset(str(self.folder / "asset-rubric-signals-local.yml"), str(store))
        return [(named(one["localInceptions"]), named(one["localTransformations"])) for one in found["manifests"]]


def named(signals: list[dict[str, Any]]) -> set[str]:
    """Names of signals without their kind."""
    return {signal["trait"].rpartition("signal_")[2] for signal in signals}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The evaluators print what they do."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


@pytest.fixture(scope="session")
def rubrics(vectors: Callable[[str], Path], trust: str) -> Iterator[Rubrics]:
    """The official evaluators; skips where they are absent."""
    folder = vectors("conformance-public") / "asset-rubrics"
    found = [str(vectors("json-formula-py") / "src"), str(folder)]
    sys.path[:0] = found
    yield Rubrics(folder, trust)
    sys.path[:] = [place for place in sys.path if place not in found]


def conforms(rubrics: Rubrics, path: Path) -> None:
    """Every item of the conformance rubric for specification 2.4 and of the integrity rubric holds, without warning."""
    for rubric, items in (("conformance0.2-spec2.4", 31), ("integrity", 6)):
        found = rubrics.judged(path, rubric)
        assert (len(found["true"]), found["false"], found["warning"]) == (items, [], []), rubric


@pytest.mark.parametrize("making", list(Making))
@pytest.mark.parametrize("ending", ENDINGS)
def test_plain_manifests_conform(
    ending: str, making: Making, media_file: Write, record: Record, signer: Credentials, rubrics: Rubrics
) -> None:
    """31 of 31 and 6 of 6 in each kind of file; and the signals rubric hears the making that the record says."""
    path = media_file(ending)
    out = path.with_name(f"out.{ending}")
    c2pa.sign(path, out, c2pa.manifest(record(making)), signer)
    conforms(rubrics, out)
    assert rubrics.heard(out) == [({BEGUN[making]}, set())]


@pytest.mark.parametrize("making", list(Making))
@pytest.mark.parametrize("ending", ENDINGS)
def test_manifests_with_sources_and_edits_conform(
    ending: str, making: Making, media_file: Write, record: Record, signer: Credentials, rubrics: Rubrics
) -> None:
    """A labelled parent, edited, with two files put in, and one shown to the machine if there is one."""
    path = media_file(ending, "parent")
    labelled, cover, out = (path.with_name(f"{name}.{ending}") for name in ("labelled", "cover", "out"))
    for target, made in ((labelled, making), (cover, HUMAN)):
        c2pa.sign(path, target, c2pa.manifest(record(made)), signer)
    sources = (
        Ingredient(labelled, Relation.PARENT), Ingredient(cover), Ingredient(media_file("png", "picture")),
        Ingredient(path, Relation.INPUT),
    )[: 3 if making is HUMAN else 4]  # fmt: skip
    edits = [Edit("c2pa.mixed", making, "Console 9", "mixed"), Edit("c2pa.edited.metadata"), Edit("c2pa.transcoded")]
    c2pa.sign(labelled, out, c2pa.manifest(record(ASSISTED), sources, edits), signer, sources)
    conforms(rubrics, out)
    heard = rubrics.heard(out)
    assert heard[0] == (set(), CHANGED[making] | {"nonEditorial"})
    assert {frozenset(begun) for begun, _ in heard[1:]} >= {frozenset({BEGUN[making]}), frozenset({BEGUN[HUMAN]})}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_labelled_again_conforms(
    ending: str, media_file: Write, record: Record, signer: Credentials, rubrics: Rubrics
) -> None:
    """Opened and saved with nothing done: the file as it was is the parent, and no action is left out."""
    path = media_file(ending)
    first, second = path.with_name(f"first.{ending}"), path.with_name(f"second.{ending}")
    c2pa.sign(path, first, c2pa.manifest(record(GENERATED)), signer)
    sources = (Ingredient(first, Relation.PARENT),)
    c2pa.sign(first, second, c2pa.manifest(record(GENERATED), sources), signer, sources)
    conforms(rubrics, second)
    assert rubrics.heard(second) == [(set(), set()), ({"fullyGenAIMedia"}, set())]


def test_every_edit_conforms(media_file: Write, record: Record, signer: Credentials, rubrics: Rubrics) -> None:
    """Each kind of edit, by each making, in one manifest of all."""
    path = media_file("wav")
    out = path.with_name("out.wav")
    edits = [Edit(action, making) for action in sorted(c2pa.EDITS) for making in Making]
    c2pa.sign(path, out, c2pa.manifest(record(ASSISTED), (), edits), signer)
    conforms(rubrics, out)


def test_the_rubric_finds_what_is_wrong(
    media_file: Write, record: Record, signer: Credentials, rubrics: Rubrics
) -> None:
    """The measure measures: without the version, completeness and creation said, three items fail."""
    path = media_file("wav")
    out = path.with_name("out.wav")
    naive = c2pa.manifest(record(GENERATED))
    del naive["claim_generator_info"][0]["specVersion"], naive["assertions"][0]["data"]["allActionsIncluded"]
    naive["assertions"][0]["created"] = False
    c2pa.sign(path, out, naive, signer)
    missing = {"inception_action_position", "mandatory_all_actions_included", "mandatory_spec_version"}
    assert set(rubrics.judged(out, "conformance0.2-spec2.4")["false"]) == missing
    rubrics = Rubrics(rubrics.folder, "")
    assert rubrics.judged(out, "integrity")["false"] == ["trusted_success"]
