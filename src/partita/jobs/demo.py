"""The shipped karaoke (KTV) case, start to end: simulated logs, a settled run, and the tariff dossier."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from partita.errors import InputError
from partita.jobs import run
from partita.jobs.inputs import Progress, silent
from partita.jobs.review import review
from partita.jobs.settle import settle


def demo(out: Path, *, lines: int = 200_000, seed: int = 7, progress: Progress = silent) -> dict[str, Any]:
    """Writes `OUT-case` (the case's files with simulated logs), `OUT` (the run) and `OUT-review` (the dossier)."""
    case = out.with_name(f"{out.name}-case")
    dossier = out.with_name(f"{out.name}-review")
    progress("simulate play logs", 0, lines)
    with run.new(case, mark="job.toml") as folder:
        shutil.copytree(_example(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        _simulator(folder).simulate(folder, seed=seed, lines=lines)
    settled = settle(case / "job.toml", out, progress)
    reviewed = review(case / "review.toml", dossier, progress)
    return {
        "case": str(case),
        "run": str(out),
        "dossier": str(dossier),
        "settled": settled,
        "review": reviewed.as_dict(),
    }


def _example() -> Path:
    """The example in the installed package, or in the checkout around it."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "examples" / "ktv", here.parents[3] / "examples" / "ktv"):
        if (folder / "job.toml").is_file():
            return folder
    raise InputError("the shipped example is missing from this installation", mend="Install Partita again")


def _simulator(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("partita_example_simulate", folder / "simulate.py")
    if spec is None or spec.loader is None:
        raise InputError("cannot be loaded", file=str(folder / "simulate.py"), mend="Install Partita again")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
