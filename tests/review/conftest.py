"""The sample review, run once for each party."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from partita.jobs.review import review

DATA = Path(__file__).parent / "data"
PARTIES = ("authority", "society", "licensee")


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The run folder of the sample review for each party."""
    made = {}
    for party in PARTIES:
        job = tmp_path_factory.mktemp(party) / "job"
        shutil.copytree(DATA, job)
        text = (job / "review.toml").read_text(encoding="utf-8")
        (job / "review.toml").write_text(
            text.replace('party = "authority"  ', f'party = "{party}"  ', 1), encoding="utf-8"
        )
        made[party] = job.parent / "run"
        review(job / "review.toml", made[party])
    return made


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A copy of the sample review's folder, to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "job"))
