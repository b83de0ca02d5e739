"""`partita disclose`: one reading of the manifests, a folder for each model, whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from partita.errors import InputError
from partita.formats import disclosure_file
from partita.jobs import disclose, disclosurefile, registry, training
from partita.jobs.disclose import Wanted
from partita.tables.training import DATASETS

CASE = Path(__file__).parent / "training"
DAY = dt.date(2026, 2, 1)
ANSWERS = """
general.continuous = false
licensed.modalities = ["audio"]
crawled = {used = true, purposes = "training", behaviour = "reads robots.txt", description = "x", crawlers = ["Bot"]}
reservations = {signatory = false, measures = "robots.txt"}
illegal.measures = "filters"
[model."acme/m1".general]
other = "of this model alone"
[publish]
annex_index = true
"""


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The small training case with its registry made, and answers beside it."""
    shutil.copytree(CASE, tmp_path / "case")
    folder = tmp_path / "case"
    at = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
    registry.import_files(str(folder / "registry.db"), [folder / "registry.yaml"], "test", at)
    text = (folder / "job.toml").read_text(encoding="utf-8")
    text = text.replace('file = "manifest.csv"', 'file = "manifest.csv"\norigin = "crawled"')
    (folder / "job.toml").write_text(f'disclosure = "answers.toml"\n{text}', encoding="utf-8")
    (folder / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    return folder / "job.toml"


def read(path: Path) -> dict[str, Any]:
    """A JSON file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_report_of_a_model_lies_in_its_folder(job: Path, tmp_path: Path) -> None:
    """The summary, the index by choice, an annex for each society that has a work in it, and the spread."""
    result = disclose.disclose(job, tmp_path / "out", Wanted(DAY))
    (model,) = result["models"]
    folder = tmp_path / "out" / model["folder"]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")} == {
        "public/summary.json", "public/annexes.json", *(f"annexes/{a['folder']}/annex.json" for a in model["annexes"]),
    }  # fmt: skip
    assert [(a["id"], a["works"], a["items"]) for a in model["annexes"]] == [("S1", 2, 5), ("S2", 1, 2)]
    assert (folder / "spread" / "spread.html").is_file()
    record = read(tmp_path / "out" / disclose.MARK)
    assert record == {key: value for key, value in result.items() if key != "disclosure"}
    assert {"job.toml", "answers.toml", "manifest.csv"} <= {one["file"] for one in record["inputs"]}


def test_what_is_written_fits_the_schemas_and_says_what_is_stated(job: Path, tmp_path: Path) -> None:
    """Summary and annexes are valid; the answers for one model go before those for all; undated licences are listed."""
    (model,) = disclose.disclose(job, tmp_path / "out", Wanted(DAY))["models"]
    folder = tmp_path / "out" / model["folder"]
    summary = read(folder / "public/summary.json")
    assert disclosure_file.faults(summary, disclosure_file.SUMMARY) == []
    for annex in folder.glob("annexes/*/annex.json"):
        assert disclosure_file.faults(read(annex), disclosure_file.ANNEX) == []
    assert summary["general"]["other"] == "of this model alone"
    assert summary["sources"]["licensed"]["licences"] == ["L1", "L2"]
    assert summary["sources"]["crawled"]["period"] == {"from": "03/2025", "to": "09/2025", "undated_items": 0}
    assert summary["processing"]["reservations"]["checked"]["items"] == 8


def test_an_annex_shows_the_reservation_of_the_item_s_own_day(job: Path, tmp_path: Path) -> None:
    """The same page before and after its robots.txt reserved it; the claim of a licence that had ended."""
    disclose.disclose(job, tmp_path / "out", Wanted(DAY))
    annexes = {a["holder"]["id"]: a for path in (tmp_path / "out").rglob("annex.json") for a in [read(path)]}
    lanterns = next(w for w in annexes["S1"]["works"] if w["work_id"] == "W1")
    states = {use["taken_on"]: use["answer"] for use in lanterns["uses"] if use["source"] == "music.example.org"}
    assert states["2025-07-01"] == "refused"
    assert states["2025-05-01"] != "refused"
    (boats,) = annexes["S2"]["works"]
    assert {use["claim"] for use in boats["uses"]} == {"", "expired_before_training"}


def test_the_manifests_are_read_once_for_all_models(job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One manifest serves every report of every model."""
    text = job.read_text(encoding="utf-8")
    more = '\n[[model]]\nid = "acme/m2"\nname = "m2"\ntrained_on = 2026-01-20\n'
    job.write_text(text.replace("[[manifest]]", more + "[[manifest]]", 1), encoding="utf-8")
    calls = []
    real = training.findings_of
    monkeypatch.setattr(training, "findings_of", lambda *given: calls.append(1) or real(*given))
    result = disclose.disclose(job, tmp_path / "out", Wanted(DAY))
    assert (len(calls), len(result["models"]), len({m["folder"] for m in result["models"]})) == (1, 2, 2)
    one = disclose.disclose(job, tmp_path / "one", Wanted(DAY, model="acme/m2"))
    assert [model["model"] for model in one["models"]] == ["acme/m2"]


def test_the_next_summary_knows_the_one_before(job: Path, tmp_path: Path) -> None:
    """A changed answer makes version 2, which says what changed and that it is late."""
    (first,) = disclose.disclose(job, tmp_path / "out", Wanted(DAY))["models"]
    earlier = tmp_path / "out" / first["folder"] / "public/summary.json"
    answers = job.parent / "answers.toml"
    answers.write_text(answers.read_text(encoding="utf-8").replace("filters", "filters, lists"), encoding="utf-8")
    later = Wanted(dt.date(2026, 9, 1), (earlier,))
    (second,) = disclose.disclose(job, tmp_path / "next", later)["models"]
    assert (second["version"], second["changes"], second["late_days"]) == (2, 1, 31)
    page = (tmp_path / "next" / second["folder"] / "public/summary.html").read_text(encoding="utf-8")
    assert "31 days late" in page


def test_nothing_is_written_where_something_is_wrong(job: Path, tmp_path: Path) -> None:
    """Another folder, an unknown model, a summary of another model or of a later day: one line, and no folder."""
    (first,) = disclose.disclose(job, tmp_path / "out", Wanted(DAY))["models"]
    earlier = tmp_path / "out" / first["folder"] / "public/summary.json"
    other = tmp_path / "other.json"
    other.write_text(earlier.read_text(encoding="utf-8").replace("acme/m1", "acme/m9"), encoding="utf-8")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}", encoding="utf-8")
    for out, wanted in (
        ("run", Wanted(DAY)),
        ("new", Wanted(DAY, model="acme/none")),
        ("new", Wanted(DAY, (other,))),
        ("new", Wanted(DAY, (earlier, earlier))),
        ("new", Wanted(DAY - dt.timedelta(1), (earlier,))),
        ("new", Wanted(DAY, (job,))),
    ):
        with pytest.raises(InputError) as error:
            disclose.disclose(job, tmp_path / out, wanted)
        assert "\n" not in str(error.value)
    assert not (tmp_path / "new").exists()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("text", "word"),
    [("crawld.purposes = 'x'", "crawld"),
     ("content.smell.types = 'x'", "smell"),
     ("user.services = 'maybe'", "services"),
     ("crawled.period_from = '2025-09'", "09/2025"), ("content.text.band = 'text_huge'", "text_huge"),
     ("content.text.band = 'image_small'", "another modality"),
     ("reservations.kept_out = [{carrier = 'robots', items = -1}]", "kept_out"),
     ("[model.'acme/zero'.other]", "acme/zero"),
     ("publish.annex_detail = 'all'", "annex_detail")],
)  # fmt: skip
def test_a_mistake_in_the_answers_is_named(text: str, word: str, job: Path, tmp_path: Path) -> None:
    """One line that says which key, and nothing is written."""
    (job.parent / "answers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        disclose.disclose(job, tmp_path / "out", Wanted(DAY))
    assert word in str(error.value)
    assert not (tmp_path / "out").exists()


def test_what_is_said_of_a_dataset_is_laid_over_its_metadata() -> None:
    """A dataset without metadata gets what the file says; one with them keeps what the file does not say."""
    known = [{"dataset": "a", "title": "A", "origin": "public_dataset", "publisher": "P", "url": "", "version": "1",
              "licence": "", "description": "", "collection": [], "published": None, "file": "c.json"}]  # fmt: skip
    answers = disclosurefile.Disclosure.model_validate({"dataset": {"a": {"url": "u"}, "b": {"title": "B"}}})
    rows = disclose.described(pa.Table.from_pylist(known, DATASETS.schema), answers).to_pylist()
    assert [(row["dataset"], row["title"], row["url"], row["version"]) for row in rows] == [
        ("a", "A", "u", "1"), ("b", "B", "", ""),
    ]  # fmt: skip


def test_answers_for_one_model_are_laid_over_those_for_all() -> None:
    """Key by key: what is not said again stays."""
    text = {"general": {"other": "all", "comments": "all"}, "model": {"a/b": {"general": {"other": "own"}}}}
    answers = disclosurefile.Disclosure.model_validate(text)
    own, all_ = answers.stated("a/b")["general"], answers.stated("a/c")["general"]
    assert (own["other"], own["comments"], all_["other"]) == ("own", "all", "all")


def test_rows_that_could_not_be_read_are_said_in_the_summary(job: Path, tmp_path: Path) -> None:
    """A row without anything to name it is set aside, counted nowhere, and an open point."""
    with (job.parent / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write("1,https://again.example/,Twice,,2025-03-01,,,\n")
    (model,) = disclose.disclose(job, tmp_path / "out", Wanted(DAY))["models"]
    assert [gap["items"] for gap in model["missing"] if gap["code"] == "set_aside"] == [1]
