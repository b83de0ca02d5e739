"""What the questions of a file are about: the same as `lookup.find` and `titles_of` say of each, for all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids
from partita.jobs import titles_of
from partita.jobs.inputs import Progress, silent

NOTHING = "nothing"
SEVERAL = "several"
UNSURE = "title_unsure"
UNNAMED = {
    NOTHING: (
        "it names no work of the registry on that day, and is no URL, ISRC or ISCC",
        "該日登記簿無此著作，且非網址、ISRC 或 ISCC",
    ),
    SEVERAL: (
        "it names several works or things: say which by its number and target_kind",
        "所指不只一件，請以編號及 target_kind 指明",
    ),
    UNSURE: ("the title is not surely that of one work", "曲名無法確定為哪一件著作"),
}
"""How a question can fail to name anything, in words; its target is then empty, and `clear` answers unknown."""


class _Version(NamedTuple):
    """One row of a work: its number, the days on which it holds, and the moments between which it was known."""

    work: str
    begins: dt.date
    ends: dt.date | None
    recorded: dt.datetime
    retired: dt.datetime | None

    def counts(self, at: dt.date, known: dt.datetime | None) -> bool:
        """Whether it holds on the day, as known then; null: as known now."""
        if self.begins > at or (self.ends is not None and self.ends <= at):
            return False
        if known is None:
            return self.retired is None
        return self.recorded <= known and (self.retired is None or self.retired > known)


def meant(questions: pa.Table, works: pa.Table, progress: Progress = silent) -> pa.Table:
    """Questions with the kind and spelling of each target found, and `matched_by`: how (`isrc`, `title`, ...).

    A target is a URL where it has `://`; else it is whatever it names on its day, as known then: an ISCC, an ISRC, a
    work by its number or ISWC. A row without a target is matched by its title. What names nothing, several things, or
    no surely known work has an empty target, the kind `work`, and a word of `UNNAMED`.
    """
    target, stated = (questions.column(name).combine_chunks() for name in ("target", "target_kind"))
    titled, free = pc.equal(target, ""), pc.equal(stated, "")
    url = pc.and_(free, pc.match_substring(target, "://"))
    kind = pc.if_else(url, "url", stated)
    how = pc.if_else(url, "url", "stated")
    named = np.asarray(pc.and_(free, pc.invert(pc.or_(url, titled))))
    columns = [kind, target, how]
    if named.any():
        columns = _placed(columns, named, _by_name(questions.filter(pa.array(named)), works))
    if pc.any(titled).as_py():
        found = _by_title(questions.filter(titled), works, progress)
        columns = _placed(columns, np.asarray(titled), [("work", work, "title" if work else UNSURE) for work in found])
    rest = questions.drop_columns(["target_kind", "target"])
    for name, column in zip(("target_kind", "target", "matched_by"), columns, strict=True):
        rest = rest.append_column(name, column)
    return rest


def _placed(columns: list[pa.Array], places: Any, rows: Iterable[tuple[str, str, str]]) -> list[pa.Array]:
    """The columns with `rows` in the rows of `places`."""
    new = zip(*rows, strict=True)
    return [
        pc.replace_with_mask(column, pa.array(places), pa.array(values, pa.string()))
        for column, values in zip(columns, new, strict=True)
    ]


def _by_name(rows: pa.Table, works: pa.Table) -> list[tuple[str, str, str]]:
    """Kind, spelling and how it was found, of each target that is no URL."""
    target = rows.column("target").combine_chunks()
    iswc = ids.iswcs(target)
    numbers, codes = _versions(works, "work_id", target), _versions(works, "iswc", iswc)
    found = []
    for text, content, recording, code, at, known in zip(
        target.to_pylist(), _isccs(target).to_pylist(), ids.isrcs(target).to_pylist(), iswc.to_pylist(),
        rows.column("at").to_pylist(), rows.column("known").to_pylist(), strict=True,
    ):  # fmt: skip
        things = {("content", content, "content"), ("recording", recording, "recording")}
        things = {thing for thing in things if thing[1]}
        by_number = {row.work for row in numbers.get(text, ()) if row.counts(at, known)}
        by_code = {row.work for row in codes.get(code, ()) if row.counts(at, known)} - by_number
        things |= {("work", work, "work") for work in by_number} | {("work", work, "iswc") for work in by_code}
        found.append(next(iter(things)) if len(things) == 1 else ("work", "", SEVERAL if things else NOTHING))
    return found


def _versions(works: pa.Table, name: str, wanted: pa.Array) -> Mapping[str | None, list[_Version]]:
    """The rows of works whose column `name` is one of the values wanted."""
    values = pc.drop_null(pc.unique(wanted))
    rows = works.filter(pc.is_in(works.column(name), value_set=values))
    found: dict[str | None, list[_Version]] = {}
    columns = (rows.column(c).to_pylist() for c in ("work_id", "valid_from", "valid_to", "recorded_at", "retired_at"))
    for key, *row in zip(rows.column(name).to_pylist(), *columns, strict=True):
        found.setdefault(key, []).append(_Version(*row))
    return found


def _isccs(texts: pa.Array) -> pa.Array:
    """The ISCC of each text; null where it is none. Only texts of its form are looked at one by one."""
    formed = pc.match_substring_regex(texts, r"(?i)^\s*ISCC:")
    distinct = pc.unique(texts.filter(formed))
    codes = pa.array([ids.iscc(text) for text in distinct.to_pylist()], pa.string())
    return codes.take(pc.index_in(texts, value_set=distinct)) if len(distinct) else pa.nulls(len(texts), pa.string())


def _by_title(questions: pa.Table, works: pa.Table, progress: Progress) -> list[str]:
    """The work that each title surely names on its day, as known then; empty where it names none, or may be several.

    Questions between whose times no work came or went are matched together.
    """
    days = _bounds(works, "valid_from", "valid_to", pa.date32())
    moments = _bounds(works, "recorded_at", "retired_at", pa.timestamp("s"))
    at = np.searchsorted(days, questions.column("at").to_numpy(), side="right")
    asked = questions.column("known")
    now = np.asarray(pc.is_null(asked))
    known = np.searchsorted(moments, asked.to_numpy(), side="right")
    known[now] = -1
    names = pa.array(map(str, range(questions.num_rows)), pa.string())
    lines = questions.select(["title", "writers", "performers"]).append_column("line_id", names)
    found = np.full(questions.num_rows, "", dtype=object)
    states, state = np.unique(np.stack([at, known]), axis=1, return_inverse=True)
    for number in range(states.shape[1]):
        places = np.flatnonzero(state.reshape(-1) == number)
        one = questions.slice(int(places[0]), 1).to_pylist()[0]
        repertoire = titles_of.repertoire(works, one["at"], one["known"])
        matches = titles_of.match_all(repertoire, lines.take(pa.array(places)), progress)
        rows = zip(matches.column("line_id").to_pylist(), matches.column("work_id").to_pylist(), strict=True)
        for line, work in rows:
            found[int(line)] = work or ""
    return list(found)


def _bounds(works: pa.Table, begins: str, ends: str, kind: pa.DataType) -> Any:
    """The times, in order, at which a work begins or ceases to count."""
    times = pa.chunked_array([*works.column(begins).chunks, *works.column(ends).drop_null().chunks], kind)
    return np.unique(times.to_numpy())
