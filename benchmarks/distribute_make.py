"""Makes the input of `distribute.py`: keyed usage lines, works, shares and pots, from a seed; nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import tables

POTS = 50
COLLECTED = 23_779_900_979
BATCH = 1_000_000


def make(folder: Path, lines: int, *, seed: int = 7) -> None:
    """Writes usage, decisions, shares, pots and pools as Parquet: `lines` lines over lines / 20 works."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    works = max(50, lines // 20)
    _shares(folder, works, chance)
    _pots(folder, chance)
    titles = pa.array([f"title of work {i:07d}" for i in range(works)])
    ids = pa.array([f"W{i:07d}" for i in range(works)])
    decided = {"title": titles, "outcome": pa.array(["matched"] * works), "work_id": ids}
    pq.write_table(pa.table(decided), folder / "decisions.parquet")
    territories = pa.array([f"T{i:02d}" for i in range(POTS)])
    with pq.ParquetWriter(
        folder / "usage.parquet", _usage(0, 1, works, chance, (ids, titles, territories)).schema
    ) as out:
        for start in range(0, lines, BATCH):
            out.write_table(_usage(start, min(BATCH, lines - start), works, chance, (ids, titles, territories)))


def _usage(
    start: int, size: int, works: int, chance: np.random.Generator, names: tuple[pa.Array, pa.Array, pa.Array]
) -> pa.Table:
    ids, titles, territories = names
    work = pa.array((works * chance.random(size) ** 4.4).astype(np.int64))
    place = pa.array((POTS * chance.random(size) ** 1.5).astype(np.int64))
    by_text = pa.array(chance.random(size) < 0.1)
    keyed = pc.if_else(by_text, pa.scalar(None, pa.string()), ids.take(work))
    titled = pc.if_else(by_text, titles.take(work), pa.scalar(None, pa.string()))
    return pa.table(
        {
            "line_id": pa.array([f"{i:09d}" for i in range(start, start + size)]),
            "licensee": territories.take(place),
            "work_id": keyed,
            "title": titled,
            "plays": pa.array(chance.integers(1, 20, size)),
        }
    )


def _shares(folder: Path, works: int, chance: np.random.Generator) -> None:
    holders = chance.integers(1, 5, works)
    work = np.repeat(np.arange(works), holders)
    first = np.concatenate(([0], np.cumsum(holders)[:-1]))
    nth = np.arange(len(work)) - np.repeat(first, holders)
    cuts = chance.integers(1, 1_000_000, len(work))
    total = np.repeat(np.add.reduceat(cuts, first), holders)
    ppm = cuts * 1_000_000 // total
    ppm[first] += 1_000_000 - np.add.reduceat(ppm, first)
    parties = max(20, works // 5)
    party = (np.repeat(chance.integers(0, parties, works), holders) + nth * 7919) % parties
    columns = {
        "work_id": [f"W{i:07d}" for i in work],
        "party_id": [f"P{i:07d}" for i in party],
        "party_name": [f"Party {i}" for i in party],
        "role": np.array(["C", "A", "AR", "E"])[nth].tolist(),
        "society": ["S"] * len(work),
        "share_ppm": ppm,
    }
    pq.write_table(pa.table(columns, schema=tables.SHARES.schema), folder / "shares.parquet")


def _pots(folder: Path, chance: np.random.Generator) -> None:
    cuts = chance.integers(1, 100, POTS)
    amounts = [COLLECTED * int(c) // int(cuts.sum()) for c in cuts]
    amounts[0] += COLLECTED - sum(amounts)
    places = [f"T{i:02d}" for i in range(POTS)]
    pq.write_table(
        pa.table({"licensee": places, "amount_micro": pa.array(amounts, pa.int64())}), folder / "pots.parquet"
    )
