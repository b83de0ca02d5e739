"""May these be used? A file of questions in, a file of answers out, one row each, in the order of their ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from partita import clear, ids, tables
from partita.errors import InputError
from partita.formats import uses as file_of_uses
from partita.jobs import titles_of
from partita.jobs.inputs import Progress, silent
from partita.jobs.policy import answer_counts
from partita.registry import snapshot
from partita.registry.store import Store

MEANT = ("target_kind", "target", "matched_by")
"""What each question was taken to be about, beside the columns of ANSWERS."""


def check_many(  # noqa: PLR0913 - what a question that is silent falls back on
    store: Store,
    batch: Path,
    out: Path,
    otherwise: Mapping[str, str],
    at: dt.date,
    known: dt.datetime | None,
    *,
    language: str = "en",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Answers every question of `batch` into `out` (.csv or .parquet), whole or not at all.

    `otherwise`, `at` and `known` stand where a row is silent. A target that names nothing is answered `unknown`; a row
    that asks nothing is set aside and named. Raises InputError for a file or a registry that cannot be read.
    """
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"answers are not written as {out.suffix!r}", file=str(out), mend="Name it .csv or .parquet")
    progress("read", 0, 1)
    reading = file_of_uses.read(batch, otherwise, at, known)
    progress("registry", 0, 1)
    known_rows = snapshot.read(store)
    progress("identify", 0, reading.table.num_rows)
    asked = meant(reading.table, known_rows["works"])
    progress("check", 0, asked.num_rows)
    uses = tables.conform(asked.select([c.name for c in tables.rights.USES.columns]), tables.rights.USES)
    answers = clear.decide_all(uses, known_rows, language)
    _write(_beside(answers, asked), out)
    return {
        "out": str(out),
        "uses": answers.num_rows,
        "answers": _counted(answers),
        "codes": _by_code(answers),
        "set_aside": reading.notes.quarantined,
        "problems": reading.problems.to_pylist(),
        "file": reading.notes.as_dict(),
    }


def meant(questions: pa.Table, works: pa.Table) -> pa.Table:
    """Questions with the kind and spelling of each target found, and `matched_by`: how (`isrc`, `title`, ...).

    A target is a URL where it has `://`, an ISCC, an ISRC or an ISWC by its form and check digit, else a work's number;
    a row without a target is matched by its title. An ISWC that several works bear, and a title that is not surely one
    work, name nothing: their kind is `work` and their target empty, which `clear` answers `unknown`.
    """
    target = questions.column("target").combine_chunks()
    stated = questions.column("target_kind").combine_chunks()
    codes = {"recording": ids.isrcs(target), "content": _isccs(target), "iswc": ids.iswcs(target)}
    is_url = pc.match_substring(target, "://")
    kind = pc.if_else(is_url, "url", pc.if_else(pc.is_valid(codes["content"]), "content",
                      pc.if_else(pc.is_valid(codes["recording"]), "recording", "work")))  # fmt: skip
    how = pc.if_else(pc.and_(pc.equal(kind, "work"), pc.is_valid(codes["iswc"])), "iswc", kind)
    spelt = pc.coalesce(codes["content"], codes["recording"], target)
    by_iswc = _by_iswc(codes["iswc"], works)
    spelt = pc.if_else(pc.equal(how, "iswc"), pc.fill_null(by_iswc, ""), spelt)
    free = pc.equal(stated, "")
    kind = pc.if_else(free, kind, stated)
    spelt = pc.if_else(free, spelt, target)
    how = pc.if_else(free, how, "stated")
    titled = pc.equal(target, "")
    if pc.any(titled).as_py():
        found = _by_title(questions, titled, works)
        kind, how = pc.if_else(titled, "work", kind), pc.if_else(titled, "title", how)
        spelt = pc.if_else(titled, found, spelt)
    columns = {"target_kind": kind, "target": spelt, "matched_by": how}
    rest = questions.drop_columns(["target_kind", "target"])
    for name, column in columns.items():
        rest = rest.append_column(name, column)
    return rest


def _isccs(texts: pa.Array) -> pa.Array:
    """The ISCC of each text; null where it is none. Only texts of its form are looked at one by one."""
    formed = pc.match_substring_regex(texts, r"(?i)^\s*ISCC:")
    distinct = pc.unique(texts.filter(formed))
    codes = pa.array([ids.iscc(text) for text in distinct.to_pylist()], pa.string())
    return codes.take(pc.index_in(texts, value_set=distinct)) if len(distinct) else pa.nulls(len(texts), pa.string())


def _by_iswc(codes: pa.Array, works: pa.Table) -> pa.Array:
    """The one work that bears each ISWC now; null where none or several do."""
    live = works.filter(pc.and_(pc.is_valid(works.column("iswc")), pc.is_null(works.column("retired_at"))))
    one = live.group_by("iswc").aggregate([("work_id", "count_distinct"), ("work_id", "min")])
    one = one.filter(pc.equal(one.column("work_id_count_distinct"), 1))
    if not one.num_rows:
        return pa.nulls(len(codes), pa.string())
    places = pc.index_in(codes, value_set=one.column("iswc").combine_chunks())
    return one.column("work_id_min").combine_chunks().take(places)


def _by_title(questions: pa.Table, titled: pa.Array, works: pa.Table) -> pa.Array:
    """The work that each title surely names on its day, as known then; empty where it names none, or may be several."""
    rows = questions.append_column("line_id", pa.array(map(str, range(questions.num_rows)), pa.string())).filter(titled)
    found: dict[str, str] = {}
    moments = rows.group_by(["at", "known"]).aggregate([("line_id", "list")]).to_pylist()
    for moment in moments:
        lines = rows.filter(pc.is_in(rows.column("line_id"), value_set=pa.array(moment["line_id_list"], pa.string())))
        repertoire = titles_of.repertoire(works, moment["at"], moment["known"])
        matches = titles_of.match_all(repertoire, lines.select(["line_id", "title", "writers", "performers"]))
        ids_of = zip(matches.column("line_id").to_pylist(), matches.column("work_id").to_pylist(), strict=True)
        found |= {line: work or "" for line, work in ids_of}
    return pa.array([found.get(str(row), "") for row in range(questions.num_rows)], pa.string())


def _beside(answers: pa.Table, asked: pa.Table) -> pa.Table:
    """ANSWERS with what each question was taken to be about."""
    order = pc.index_in(answers.column("use_id"), value_set=asked.column("use_id").combine_chunks())
    for name in MEANT:
        answers = answers.append_column(name, asked.column(name).take(order))
    return answers


def _counted(answers: pa.Table) -> dict[str, int]:
    return answer_counts(answers.append_column("plays", pa.array([1] * answers.num_rows, pa.int64())))


def _by_code(answers: pa.Table) -> dict[str, int]:
    counted = pc.value_counts(answers.column("code")).to_pylist()
    return {row["values"]: row["counts"] for row in sorted(counted, key=lambda r: (-r["counts"], r["values"]))}


def _write(data: pa.Table, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.partial")
    try:
        if out.suffix.lower() == ".csv":
            joined = pc.binary_join(data.column("offers"), "; ")
            flat = data.set_column(data.column_names.index("offers"), "offers", joined)
            pv.write_csv(flat, part)
        else:
            pq.write_table(data, part, compression="zstd")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
