"""The command line of what-if: the scenarios in words, one JSON object, and bad usage in one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "jobs"))
import harbour

from partita.cli.main import main


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The small settlement."""
    return harbour.write(tmp_path / "case")


def test_scenarios_are_told_beside_the_base(job: Path, tmp_path: Path) -> None:
    """One line a scenario, and where the page lies."""
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["whatif", str(job), "-o", str(out), "--share", "24%", "--generated", "paid"])
    assert done.exit_code == 0, done.output
    assert "as it is" in done.output
    assert "paid 24 %" in done.output
    assert "unpaid 24 %" not in done.output
    assert (out / "whatif.html").is_file()


def test_json_is_one_object(job: Path, tmp_path: Path) -> None:
    """Nothing else stands on standard output; without --share the four usual shares, both ways."""
    done = CliRunner().invoke(main, ["whatif", str(job), "-o", str(tmp_path / "out"), "--json"])
    found = json.loads(done.stdout)
    assert [one["scenario"] for one in found["scenarios"]] == [
        "base", *(f"{kind} {share} %" for kind in ("paid", "unpaid") for share in (5, 10, 24, 27))
    ]  # fmt: skip


@pytest.mark.parametrize("share", ["a quarter", "100%", "-5%"])
def test_bad_usage_is_exit_2_in_one_line(share: str, job: Path, tmp_path: Path) -> None:
    """A share that is no number, the whole, or less than nothing."""
    done = CliRunner().invoke(main, ["whatif", str(job), "-o", str(tmp_path / "out"), f"--share={share}"])
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
