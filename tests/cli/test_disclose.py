"""The command line of disclosure: exit codes, one JSON object, and open points in words."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from partita.cli.main import main
from partita.jobs import registry

CASE = Path(__file__).parents[1] / "jobs" / "training"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The small training case with its registry made, and without answers."""
    shutil.copytree(CASE, tmp_path / "case")
    folder = tmp_path / "case"
    at = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
    registry.import_files(str(folder / "registry.db"), [folder / "registry.yaml"], "test", at)
    return folder / "job.toml"


def test_open_points_are_exit_1_and_told_in_words(job: Path, tmp_path: Path) -> None:
    """Done, and problems found: what is missing is listed with its section."""
    done = CliRunner().invoke(main, ["disclose", str(job), "-o", str(tmp_path / "out"), "--as-of", "2026-02-01"])
    assert done.exit_code == 1, done.output
    assert "1.1 Contact details: not stated" in done.output
    assert "next update due by 2026-08-01" in done.output
    assert "society S1" in done.output


def test_json_is_one_object(job: Path, tmp_path: Path) -> None:
    """Nothing else stands on standard output."""
    done = CliRunner().invoke(
        main, ["disclose", str(job), "-o", str(tmp_path / "out"), "--json", "--as-of", "2026-02-01"]
    )
    found = json.loads(done.stdout)
    assert found["as_of"] == "2026-02-01"
    assert found["models"][0]["missing"]


def test_bad_usage_is_exit_2_in_one_line(job: Path, tmp_path: Path) -> None:
    """A day that is none, a model that is none, a job that is not there."""
    for more in (["--as-of", "soon"], ["--model", "x/y"], ["--previous", str(tmp_path / "none.json")]):
        done = CliRunner().invoke(main, ["disclose", str(job), "-o", str(tmp_path / "out"), *more])
        assert done.exit_code == 2
        assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
