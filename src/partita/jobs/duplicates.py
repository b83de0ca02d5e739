"""Works that are probably one: for repertoires by themselves, and in a run as claims in conflict with their money.

Nothing is merged here. What people decide of a pair they write into the repertoires (one number, one ISWC).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import identify, money, tables
from partita.distribute import Books
from partita.errors import InputError
from partita.formats import repertoire, xlsx
from partita.formats.pages import cells
from partita.jobs.inputs import Progress, silent
from partita.registry.notes import Notes

SUFFIXES = (".xlsx", ".csv", ".parquet")
POSSIBLE = "works.possible_duplicate"
_SIDES = ("work_id", "society", "title", "alt_titles", "writers", "performers", "iswc")
_OF_A_WORK = (
    ("work_id", "作品編號", 14), ("society", "集管團體", 10), ("title", "曲名", 28), ("alt_titles", "別名", 20),
    ("writers", "詞曲作者", 20), ("performers", "演唱者", 20), ("iswc", "ISWC", 14),
)  # fmt: skip
_COLUMNS = (
    xlsx.Column("probability 機率", 9, number=True), xlsx.Column("rule 規則", 26), xlsx.Column("reason 理由", 44),
    *(xlsx.Column(f"{of}{name} {chinese}", width) for of in ("", "other_") for name, chinese, width in _OF_A_WORK),
)  # fmt: skip


def duplicates(paths: Sequence[Path], out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Writes to `out` (.xlsx, .csv or .parquet) the pairs of works of these repertoires that are probably one.

    Works are compared as registered, nothing is merged before; a number that several societies use becomes
    `SOCIETY:NUMBER`. Returns counts, the surest pairs, notes of the files, and problems. Raises InputError.
    """
    _check(paths, out)
    readings = [repertoire.read(path, name=path.stem) for path in paths]
    works = _numbered([_of_society(reading.table, name) for reading, name in zip(readings, _names(paths), strict=True)])
    found = identify.duplicates(works, progress=progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    _write(out, found, works)
    problems = pa.concat_tables([reading.problems for reading in readings])
    quarantined = pc.sum(pc.equal(problems.column("severity"), "quarantined")).as_py() or 0
    ranked = found.sort_by([("probability", "descending"), ("work_id", "ascending"), ("other_work_id", "ascending")])
    return {
        "out": str(out),
        "counts": {
            "works": pc.count_distinct(works.column("work_id")).as_py(), "duplicates": found.num_rows,
            "between_societies": pc.sum(pc.not_equal(found["society"], found["other_society"])).as_py() or 0,
            "quarantined": quarantined,
        },
        "rules": {row["values"]: row["counts"] for row in pc.value_counts(found.column("rule")).to_pylist()},
        "surest": _with_titles(ranked.slice(0, 10), works),
        "files": [reading.notes.as_dict() for reading in readings],
        "problems": problems.to_pylist(),
    }  # fmt: skip


def _check(paths: Sequence[Path], out: Path) -> None:
    if out.suffix.lower() not in SUFFIXES:
        raise InputError(f"{out.suffix or 'no ending'} is no form of a list of works", file=str(out),
                         mend="End the name in .xlsx, .csv or .parquet")  # fmt: skip
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file with -o, e.g. duplicates.xlsx")
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file", file=str(path), mend="Check the name")
        if out.exists() and out.samefile(path):
            raise InputError("is one of the repertoires", file=str(out), mend="Name another file with -o")


def _names(paths: Sequence[Path]) -> list[str]:
    """What each repertoire is called where its rows name no society."""
    if len(paths) == 1:
        return [""]
    stems = [path.stem for path in paths]
    return [path.stem if stems.count(path.stem) == 1 else str(path) for path in paths]


def _of_society(works: pa.Table, name: str) -> pa.Table:
    society = works.column("society")
    filled = pc.if_else(pc.equal(society, ""), name, society)
    return works.set_column(works.column_names.index("society"), "society", filled)


def _numbered(repertoires: Sequence[pa.Table]) -> pa.Table:
    """One table in which a number that several societies use has its society before it."""
    works = pa.concat_tables([tables.conform(table, tables.REPERTOIRE) for table in repertoires])
    users = works.select(["work_id", "society"]).group_by(["work_id", "society"]).aggregate([])
    counted = users.group_by("work_id").aggregate([("society", "count")])
    shared = counted.column("work_id").filter(pc.greater(counted.column("society_count"), 1)).combine_chunks()
    whole = pc.binary_join_element_wise(works.column("society"), works.column("work_id"), ":")
    number = works.column("work_id")
    made = pc.if_else(pc.is_in(number, value_set=shared), whole, number)
    return tables.conform(works.set_column(0, "work_id", made), tables.REPERTOIRE)


def _with_titles(found: pa.Table, works: pa.Table) -> list[dict[str, Any]]:
    sides = _sides(found, works)
    return [
        {**row, "title": sides[row["work_id"]]["title"], "other_title": sides[row["other_work_id"]]["title"]}
        for row in found.to_pylist()
    ]


def _sides(found: pa.Table, works: pa.Table) -> dict[str, dict[str, Any]]:
    """The first row of each work that is found, by its id."""
    wanted = pa.concat_arrays([found.column(c).combine_chunks() for c in ("work_id", "other_work_id")])
    rows = works.filter(pc.is_in(works.column("work_id"), value_set=wanted)).select(_SIDES)
    ordered = rows.sort_by([("work_id", "descending"), ("society", "descending"), ("title", "descending")])
    return {row["work_id"]: row for row in ordered.to_pylist()}


def _write(out: Path, found: pa.Table, works: pa.Table) -> None:
    """Whole or not at all; every cell is text, nothing is evaluated."""
    if out.suffix.lower() == ".xlsx":
        xlsx.write(out, "duplicates 重複作品", _COLUMNS, _rows(found, works), frozen=1)
        return
    part = out.with_name(f".{out.name}.partial")
    try:
        part.unlink(missing_ok=True)
        if out.suffix.lower() == ".parquet":
            pq.write_table(found, part, compression="zstd")
        else:
            with cells.Sheet(part, [column.header for column in _COLUMNS]) as sheet:
                sheet.write(_rows(found, works))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _rows(found: pa.Table, works: pa.Table) -> Iterator[list[xlsx.Cell]]:
    """One row a pair, the surest first."""
    sides = _sides(found, works)
    ranked = found.sort_by([("probability", "descending"), ("work_id", "ascending"), ("other_work_id", "ascending")])
    for row in ranked.to_pylist():
        yield [f"{row['probability']:.4f}", row["rule"], row["reason"],
               *_side(sides[row["work_id"]], row["society"]),
               *_side(sides[row["other_work_id"]], row["other_society"])]  # fmt: skip


def _side(work: dict[str, Any], society: str) -> list[xlsx.Cell]:
    listed = (" / ".join(work[name]) for name in ("alt_titles", "writers", "performers"))
    return [work["work_id"], society, work["title"], *listed, work["iswc"] or ""]


def in_conflict(found: pa.Table, shares: pa.Table, books: Books, matches: pa.Table, currency: str) -> pa.Table:
    """PROBLEMS: each pair of DUPLICATES whose shares several societies claim, with what it moves in this run.

    At stake is what was allocated to either work, what waits for either, and what waits because a line could be both.
    """
    claims = _claims(found, shares)
    money_of, between = _money(found, books), _waiting(found, books, matches)
    notes = Notes()
    for row in found.to_pylist():
        pair = row["work_id"], row["other_work_id"]
        sides = [claims.get(work, {}) for work in pair]
        if all(sides) and len(set(sides[0]) | set(sides[1])) > 1:
            amount = money_of.get(pair[0], 0) + money_of.get(pair[1], 0) + between.get(pair, 0)
            claimed = " against ".join(f"{w} ({_said(side)})" for w, side in zip(pair, sides, strict=True))
            detail = f"{claimed}; {row['probability']:.0%}, {row['reason']}; {money.show(amount, currency)} at stake"
            notes.add(POSSIBLE, pair[0], detail)
    return notes.table()


def _said(side: dict[str, int]) -> str:
    return ", ".join(f"{society or 'no society'} {ppm:,} ppm" for society, ppm in sorted(side.items()))


def _claims(found: pa.Table, shares: pa.Table) -> dict[str, dict[str, int]]:
    """Of each work that is found: what each society claims of it, in parts per million."""
    wanted = pa.concat_arrays([found.column(c).combine_chunks() for c in ("work_id", "other_work_id")])
    rows = shares.filter(pc.is_in(shares.column("work_id"), value_set=wanted))
    sums = rows.group_by(["work_id", "society"]).aggregate([("share_ppm", "sum")])
    claims: dict[str, dict[str, int]] = {}
    for row in sums.to_pylist():
        claims.setdefault(row["work_id"], {})[row["society"]] = row["share_ppm_sum"]
    return claims


def _money(found: pa.Table, books: Books) -> dict[str, int]:
    """Of each work that is found: what was allocated to it or waits for it, in micro-units."""
    wanted = pa.concat_arrays([found.column(c).combine_chunks() for c in ("work_id", "other_work_id")])
    rows = pa.concat_tables([t.select(["work_id", "amount_micro"]) for t in (books.allocations, books.suspense)])
    rows = rows.filter(pc.is_in(rows.column("work_id"), value_set=wanted))
    sums = rows.group_by("work_id").aggregate([("amount_micro", "sum")])
    return dict(zip(sums["work_id"].to_pylist(), sums["amount_micro_sum"].to_pylist(), strict=True))


def _waiting(found: pa.Table, books: Books, matches: pa.Table) -> dict[tuple[str, str], int]:
    """Of each pair: what waits for lines whose two best candidates it is, in micro-units."""
    unsure = matches.filter(pc.and_(pc.equal(matches["outcome"], "ambiguous"),
                                    pc.greater(pc.list_value_length(matches["candidates"]), 1)))  # fmt: skip
    if not unsure.num_rows or not found.num_rows:
        return {}
    best, second = (pc.struct_field(pc.list_element(unsure["candidates"], k), "work_id") for k in (0, 1))
    lines = pa.table({"line_id": unsure["line_id"], "low": pc.min_element_wise(best, second),
                      "high": pc.max_element_wise(best, second)})  # fmt: skip
    lines = lines.join(
        found.select(["work_id", "other_work_id"]), ["low", "high"], ["work_id", "other_work_id"], "inner"
    )
    held = lines.join(books.suspense.select(["line_id", "amount_micro"]), "line_id", join_type="inner")
    sums = held.group_by(["low", "high"]).aggregate([("amount_micro", "sum")])
    return {(row["low"], row["high"]): row["amount_micro_sum"] for row in sums.to_pylist()}
