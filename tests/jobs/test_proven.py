"""A run logged, its statements proven, checked by the command's job and by the page in a real browser."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partita.errors import InputError
from partita.jobs import log, log_keys, proven
from partita.jobs.demo import demo
from partita.prove import Policy
from partita.prove.faults import AlteredFigure, DamagedTile, Fault, UnknownKey

AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
ORIGIN = "society.example/statements"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settled run of the example, logged in a log of its own, with statements that prove themselves in `proven`."""
    folder = tmp_path_factory.mktemp("proven")
    demo(folder / "run", lines=5_000)
    log.init(folder / "log", ORIGIN)
    proven.prove(folder / "run", folder / "log", folder / "log.key", folder / "proven", AT)
    return folder


@pytest.fixture(scope="module")
def policy(work: Path) -> Policy:
    """Whom a reader trusts: the society."""
    return log_keys.policy([str(work / "proven" / "society.vkey")])


@pytest.fixture(scope="module")
def page(work: Path, browser: Any) -> Iterator[Any]:
    """The page that was written beside the statements, opened from the disk, with the network cut."""
    context = browser.new_context(offline=True)
    shown = context.new_page()
    shown.goto((work / "proven" / "verify.html").as_uri())
    yield shown
    context.close()


def _statements(work: Path) -> list[Path]:
    return sorted((work / "proven" / "statements").glob("*.json"))


def _first(work: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_statements(work)[0].read_bytes())
    return found


def test_every_statement_of_the_run_is_proven_and_computed_again(work: Path, policy: Policy) -> None:
    """All payees of the run have a statement; each holds, down to every line."""
    payees = json.loads((work / "run" / "run.json").read_bytes())["counts"]["payees"]
    files = _statements(work)
    assert len(files) == payees > 100
    for file in files:
        document = json.loads(file.read_bytes())
        found = proven.verify(document, policy)
        assert found["recomputed"] == len(document["lines"]) + 7
        assert found["logged_at"] == "2026-11-22T10:00:00Z"


def test_one_changed_digit_names_its_figure(work: Path, policy: Policy) -> None:
    """A paid amount that is one hundredth higher is found, and the message says where it stands."""
    document = _first(work)
    document["money"]["paid_micro"] += 10_000
    with pytest.raises(AlteredFigure, match="/money/paid_micro = "):
        proven.verify(document, policy)


def test_a_run_that_was_altered_is_not_proven(work: Path, tmp_path: Path) -> None:
    """Statements that are not those that the run wrote are refused before anything is logged."""
    altered = tmp_path / "run"
    shutil.copytree(work / "run", altered)
    file = altered / "statements" / "statements.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"plays":', '"plays" :', 1), encoding="utf-8")
    size = (work / "log" / "checkpoint").read_bytes()
    with pytest.raises(InputError, match=r"statements\.json"):
        proven.prove(altered, work / "log", work / "log.key", tmp_path / "out", AT)
    assert (work / "log" / "checkpoint").read_bytes() == size


def test_a_damaged_log_is_not_continued(work: Path, tmp_path: Path) -> None:
    """Where a tile was tampered with, nothing is logged and nothing written."""
    log.init(tmp_path / "log", ORIGIN)
    proven.prove(work / "run", tmp_path / "log", tmp_path / "log.key", tmp_path / "out", AT)
    tile = next((tmp_path / "log" / "tile" / "0").rglob("*.p/2"))
    tile.write_bytes(bytes(64))
    with pytest.raises(Fault) as caught:
        proven.prove(work / "run", tmp_path / "log", tmp_path / "log.key", tmp_path / "again", AT)
    assert isinstance(caught.value, DamagedTile)
    assert not (tmp_path / "again").exists()


def test_another_society_s_key_does_not_verify_it(work: Path, tmp_path: Path) -> None:
    """A log of the same name with another key signed nothing of this."""
    log.init(tmp_path / "log", ORIGIN)
    with pytest.raises(UnknownKey):
        proven.verify(_first(work), log_keys.policy([str(tmp_path / "log.vkey")]))


def _asked(page: Any, file: Path) -> str:
    page.set_input_files("#file", [])
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.set_input_files("#file", str(file))
    page.locator("#result strong").wait_for()
    return page.inner_text("#result")


@pytest.mark.browser
def test_the_page_verifies_statements_without_a_network(work: Path, page: Any) -> None:
    """The largest and the smallest statement hold in the browser, and the page says who is paid what."""
    files = sorted(_statements(work), key=lambda f: f.stat().st_size)
    for file in (files[0], files[-1]):
        said = _asked(page, file)
        document = json.loads(file.read_bytes())
        assert said.startswith("✓ Every figure is as it was logged")
        assert f"{document['currency']} {document['money']['paid']}" in said
        assert f"{len(document['lines']) + 7} amounts computed again" in said


@pytest.mark.browser
def test_the_page_and_the_command_find_the_same_faults(work: Path, page: Any, policy: Policy, tmp_path: Path) -> None:
    """Figures, hints, path, entry, signature and proof of another: what Python refuses, the browser refuses."""

    def changed(change: Any) -> dict[str, Any]:
        document = _first(work)
        change(document)
        return document

    other = json.loads(_statements(work)[1].read_bytes())
    cases = {
        "A figure was changed": changed(lambda d: d["money"].update(paid_micro=d["money"]["paid_micro"] + 1)),
        "added to or taken out": changed(lambda d: d["lines"].pop()),
        "another document's": changed(lambda d: d["proof"].update(salt=other["proof"]["salt"])),
        "does not lead": changed(lambda d: d["proof"].update(path=d["proof"]["path"][:-1])),
        "not made with this key": changed(lambda d: d["proof"].update(log=_forged(d["proof"]["log"]))),
        "holds no proof": changed(lambda d: d.pop("proof")),
    }
    for words, document in cases.items():
        with pytest.raises((Fault, InputError)):
            proven.verify(document, policy)
        file = tmp_path / "changed.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        assert words in _asked(page, file), words


def _forged(proof: str) -> str:
    """The proof with one bit of the checkpoint's signature turned over."""
    head, _, signature = proof.rstrip("\n").rpartition(" ")
    at = len(signature) - 6
    turned = "A" if signature[at] != "A" else "B"
    return f"{head} {signature[:at]}{turned}{signature[at + 1 :]}\n"
