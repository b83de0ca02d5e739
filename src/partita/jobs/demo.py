"""The shipped karaoke (KTV) case, start to end: simulated logs, a settled run, and the tariff dossier."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from partita.errors import InputError
from partita.jobs import registry, run
from partita.jobs.inputs import Progress, silent
from partita.jobs.review import review
from partita.jobs.settle import settle

REGISTERED = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
"""When the training case's registry was told what it knows."""


def demo(out: Path, *, lines: int = 200_000, seed: int = 7, progress: Progress = silent) -> dict[str, Any]:
    """Writes `OUT-case` (the case's files with simulated logs), `OUT` (the run) and `OUT-review` (the dossier)."""
    case = out.with_name(f"{out.name}-case")
    dossier = out.with_name(f"{out.name}-review")
    progress("simulate play logs", 0, lines)
    with run.new(case, mark="job.toml") as folder:
        shutil.copytree(_example(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        _module(folder / "simulate.py").simulate(folder, seed=seed, lines=lines)
    settled = settle(case / "job.toml", out, progress)
    reviewed = review(case / "review.toml", dossier, progress)
    return {
        "case": str(case),
        "run": str(out),
        "dossier": str(dossier),
        "settled": settled,
        "review": reviewed.as_dict(),
    }


def training(out: Path, *, items: int = 50_000, seed: int = 7, progress: Progress = silent) -> dict[str, Any]:
    """Writes `OUT-case` (registry, manifests and outputs of three models) and `OUT` (the settled training run).

    The same seed gives the same bytes, but for the registry's own file.
    """
    case = out.with_name(f"{out.name}-case")
    progress("make manifests", 0, items)
    with run.new(case, mark="job.toml") as folder:
        for name in ("ktv", "training"):
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "*.db", "manifests", "registry", "out*")
            shutil.copytree(_example(name), folder / name, ignore=ignored)
        _module(folder / "training" / "make.py").make(folder, seed=seed, items=items)
        shutil.copy(folder / "training" / "job.toml", folder / "job.toml")
        for extra in (folder / "training").glob("*.toml"):
            shutil.copy(extra, folder / extra.name)
        for name in ("ktv", "training"):
            shutil.rmtree(folder / name)
        files = sorted((folder / "registry").glob("*.csv"))
        registry.import_files(str(folder / "registry.db"), files, "the shipped case", REGISTERED)
    settled = settle(case / "job.toml", out, progress)
    return {"case": str(case), "run": str(out), "settled": settled}


def _example(name: str = "ktv") -> Path:
    """An example in the installed package, or in the checkout around it."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "examples" / name, here.parents[3] / "examples" / name):
        if (folder / "job.toml").is_file():
            return folder
    raise InputError("the shipped example is missing from this installation", mend="Install Partita again")


def _module(file: Path) -> ModuleType:
    """An example's own program, loaded from where it lies."""
    spec = importlib.util.spec_from_file_location(f"partita_example_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise InputError("cannot be loaded", file=str(file), mend="Install Partita again")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
