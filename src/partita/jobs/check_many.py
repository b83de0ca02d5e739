"""May these be used? A file of questions in, a file of answers out, one row each, in the order of their ids."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import clear, scope, tables
from partita.clear.reasons import REASON
from partita.errors import InputError
from partita.formats import answers_file
from partita.formats import uses as file_of_uses
from partita.jobs.inputs import Progress, silent
from partita.jobs.meant import UNNAMED, meant
from partita.registry import snapshot
from partita.registry.store import Store

MEANT = ("target_kind", "target", "matched_by")
"""What each question was taken to be about, beside the columns of ANSWERS."""

AT_ONCE = 1 << 16
"""Questions that are answered and written together."""

_USER = "//[^/?#]*@"
"""A user and password in a URL, which are shown nowhere."""

_SCHEMA = pa.schema([*tables.rights.ANSWERS.schema, *[(name, pa.string()) for name in MEANT]])


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
    answers_file.check_name(out)
    if out.exists() and out.samefile(batch):
        raise InputError("the answers would replace the questions", file=str(out), mend="Name another file with -o")
    purpose = otherwise.get("purpose", "")
    if purpose and purpose not in scope.PURPOSES:
        raise InputError(f"use {purpose!r} is not known", mend=f"Write one of: {', '.join(scope.PURPOSES)}")
    progress("read", 0, 1)
    reading = file_of_uses.read(batch, otherwise, at, known)
    progress("registry", 0, 1)
    known_rows = snapshot.read(store)
    asked = meant(reading.table, known_rows["works"], progress).sort_by("use_id")
    counted: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    progress("check", 0, asked.num_rows)
    clear.warm(progress)
    prepared = clear.prepare(known_rows)
    with answers_file.AnswersFile(out, _SCHEMA) as file:
        for begin in range(0, asked.num_rows, AT_ONCE):
            answers = _answered(asked.slice(begin, AT_ONCE), reading.table, prepared, language)
            file.write(answers)
            counted.update(answers.column("answer").to_pylist())
            codes.update(answers.column("code").to_pylist())
            progress("check", begin + answers.num_rows, asked.num_rows)
    return {
        "out": str(out),
        "uses": asked.num_rows,
        "answers": {name: counted[name] for name in ("allowed", "refused", "unknown")},
        "codes": dict(sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))),
        "set_aside": reading.notes.quarantined,
        "problems": reading.problems.to_pylist(),
        "file": reading.notes.as_dict(),
    }


def _answered(asked: pa.Table, questions: pa.Table, prepared: clear.Prepared, language: str) -> pa.Table:
    """The answers to some questions in the order of their ids, with what each was taken to be about."""
    uses = tables.conform(asked.select([c.name for c in tables.rights.USES.columns]), tables.rights.USES)
    answers = clear.decide_all(uses, prepared, language)
    answers = _unnamed(answers, asked.column("matched_by"), language)
    order = pc.index_in(asked.column("use_id"), value_set=questions.column("use_id").combine_chunks())
    written = questions.column("target").take(order)
    shown = pc.if_else(pc.equal(asked.column("target"), ""), written, asked.column("target"))
    beside = {**{name: asked.column(name) for name in MEANT}, "target": pc.replace_substring_regex(shown, _USER, "//")}
    for name in MEANT:
        answers = answers.append_column(name, beside[name])
    return answers.cast(_SCHEMA)


def _unnamed(answers: pa.Table, how: pa.ChunkedArray, language: str) -> pa.Table:
    """Answers that say why a question names nothing; all of these are `unknown` already."""
    reason = REASON["target_unknown"]
    codes, reasons = answers.column("code"), answers.column("reason")
    unreadable = pc.equal(codes, "target_unreadable")
    for word, (english, chinese) in UNNAMED.items():
        rows = pc.and_(unreadable, pc.equal(how, word))
        text = f"{reason.english}: {english}" if language == "en" else f"{reason.chinese}：{chinese}"
        codes, reasons = pc.if_else(rows, reason.code, codes), pc.if_else(rows, text, reasons)
    for name, column in (("code", codes), ("reason", reasons)):
        answers = answers.set_column(answers.column_names.index(name), name, column)
    return answers
