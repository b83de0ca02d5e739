"""A run folder is there whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from partita.errors import InputError
from partita.jobs import run


def test_a_run_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    """While the block runs there is no folder of that name; afterwards it holds everything."""
    out = tmp_path / "run"
    with run.new(out) as folder:
        (folder / run.MARK).write_text("{}")
        assert not out.exists()

    assert [path.name for path in out.iterdir()] == [run.MARK]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def _fail_after_writing(folder: Path) -> None:
    (folder / run.MARK).write_text("second")
    raise RuntimeError


def test_a_failing_run_leaves_the_earlier_one(tmp_path: Path) -> None:
    """An error on the way leaves the run that was there, and nothing else."""
    out = tmp_path / "run"
    with run.new(out) as folder:
        (folder / run.MARK).write_text("first")
    with pytest.raises(RuntimeError), run.new(out) as folder:
        _fail_after_writing(folder)

    assert (out / run.MARK).read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path) -> None:
    """A folder with other things in it, a file, or a link is refused."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(b"cat")
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    for name in ("photos", "file", "link"):
        with pytest.raises(InputError), run.new(tmp_path / name):
            pytest.fail("must not come here")

    assert (tmp_path / "photos" / "cat.png").read_bytes() == b"cat"


def _write_and_die(out: Path) -> None:
    with run.new(out) as folder:
        (folder / "half.parquet").write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_leaves_no_folder_and_does_not_block_the_next(tmp_path: Path) -> None:
    """SIGKILL in the midst leaves no run folder; the next run to the same name succeeds without the remains."""
    out = tmp_path / "run"
    process = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(out,))
    process.start()
    process.join()

    assert not out.exists()
    with run.new(out) as folder:
        (folder / run.MARK).write_text("{}")
    assert [path.name for path in out.iterdir()] == [run.MARK]


def test_two_runs_to_one_folder_exclude_each_other(tmp_path: Path) -> None:
    """A second run to the same name is told to wait."""
    out = tmp_path / "run"
    with run.new(out) as folder:
        (folder / run.MARK).write_text("{}")
        with pytest.raises(InputError, match="another run"), run.new(out):
            pytest.fail("must not come here")

    assert (out / run.MARK).is_file()
