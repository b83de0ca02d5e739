"""The training case: the same seed gives the same bytes, its manifests are read, and its truth speaks of every item."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from partita.formats import manifests, outputs_file, registry_file
from partita.jobs import trainingfile

ITEMS = 3_000


@pytest.fixture(scope="session")
def maker(repository: Path) -> Iterator[ModuleType]:
    """The generator, loaded from its file; what it imports is forgotten afterwards."""
    path = repository / "examples" / "training" / "make.py"
    before, places = set(sys.modules), list(sys.path)
    spec = importlib.util.spec_from_file_location("partita_example_training", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = places
    for name in set(sys.modules) - before:
        if name.startswith("training_") or name in {"simulate", "make_files"}:
            del sys.modules[name]


@pytest.fixture(scope="session")
def made(maker: ModuleType, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case in a folder of its own, with the job file."""
    out = tmp_path_factory.mktemp("training")
    maker.make(out, items=ITEMS)
    (out / "job.toml").write_bytes((repository / "examples/training/job.toml").read_bytes())
    return out


def read(made: Path, name: str) -> manifests.ManifestReading:
    """One manifest of the case, read as the job says."""
    job = trainingfile.load(made / "job.toml")
    one = next(manifest for manifest in job.manifest if manifest.name == name)
    stated = manifests.Stated(format=one.format, origin=one.origin, crawler=one.crawler, modality=one.modality,
                              today=job.job.as_of)  # fmt: skip
    return manifests.read(made / one.file, name=name, stated=stated, file=one.file)


def truth(made: Path, name: str) -> pa.Table:
    """What the items of one manifest are."""
    rows = pq.read_table(made / "truth.parquet")
    return rows.filter(pc.equal(rows.column("manifest"), name))


def test_the_same_seed_gives_the_same_bytes(maker: ModuleType, made: Path, tmp_path: Path) -> None:
    """Every file of a second run equals the first's, and another seed gives other manifests."""
    for path in maker.make(tmp_path / "again", items=ITEMS):
        assert path.read_bytes() == (made / path.relative_to(tmp_path / "again")).read_bytes(), path.name
    maker.make(tmp_path / "other", seed=8, items=ITEMS)
    assert (tmp_path / "other/manifests/pages.jsonl").read_bytes() != (made / "manifests/pages.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["pages", "audio", "addresses"])
def test_every_item_is_read_and_known(made: Path, name: str) -> None:
    """The items read are exactly those of which the truth speaks."""
    found, known = read(made, name), truth(made, name)
    assert set(found.items.column("item_id").to_pylist()) == set(known.column("item_id").to_pylist())
    assert found.items.num_rows == known.num_rows


@pytest.mark.parametrize("name", ["pages", "audio", "addresses"])
def test_days_are_those_of_the_truth(made: Path, name: str) -> None:
    """What was taken on which day is read as it was made."""
    days = {row["item_id"]: row["taken_on"] for row in truth(made, name).to_pylist()}
    rows = read(made, name).items.select(["item_id", "taken_at"]).to_pylist()
    assert {row["item_id"]: row["taken_at"] and row["taken_at"].date() for row in rows} == days


def test_faults_have_their_names(made: Path) -> None:
    """Logins, days in the future and cut hashes are remarked on, broken lines set aside, and no login is kept."""
    found = read(made, "pages")
    codes = Counter(found.problems.column("code").to_pylist())
    assert codes.keys() >= {"manifest.credentials", "manifest.line"}
    assert "not-a-real" not in str(found.items.to_pylist()) + str(found.problems.to_pylist())
    assert "not-a-real" in (made / "manifests/pages.jsonl").read_text(encoding="utf-8")


def test_there_is_something_of_everything(made: Path) -> None:
    """Songs known and unknown, mirrors with the same hash, generated samples; days around reservations."""
    rows = pq.read_table(made / "truth.parquet")
    kinds = Counter(rows.column("kind").to_pylist())
    assert kinds.keys() == {"page", "other_page", "unknown_song", "recording", "mirror", "synthetic"}
    audio = read(made, "audio").items
    assert len(pc.unique(audio.column("sha256"))) < audio.num_rows
    assert set(audio.column("origin").to_pylist()) == {"licensed", "public_dataset", "user", "synthetic"}
    reserved = Counter(rows.column("reserved").to_pylist())
    assert min(reserved[True], reserved[False]) > ITEMS // 10
    days = set(rows.column("taken_on").to_pylist())
    assert {dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2024, 3, 2)} <= days


def test_the_registry_and_the_outputs_are_read_without_a_problem(made: Path) -> None:
    """All rows of all files; no output names a work that is not registered."""
    found = registry_file.read(made / "registry")
    assert found.problems.num_rows == 0
    assert {"parties", "works", "links", "holdings", "mandates", "statements", "offers"} == found.rows.keys()
    outputs = outputs_file.read(made / "outputs.csv", name="outputs")
    assert outputs.problems.num_rows == 0
    works = set(found.rows["works"].column("work_id").to_pylist()) | {""}
    assert set(outputs.table.column("work_id").to_pylist()) <= works
    assert outputs.table.column("income_micro").null_count == 0


def test_everybody_is_fictional(made: Path, repository: Path) -> None:
    """Parties of the job say so, and every host ends in `.example`."""
    job = trainingfile.load(made / "job.toml")
    assert job.provider.fictional
    assert all(society.fictional for society in job.society)
    for name in ("pages", "audio", "addresses"):
        domains = pc.unique(read(made, name).items.column("domain")).to_pylist()
        assert [domain for domain in domains if domain and not domain.endswith(".example")] == []
    assert sum(f.stat().st_size for f in (repository / "examples/training").glob("*.*")) < 300_000
