"""The door for manifests: what kind a file is, by its content; its rows as ITEMS, its metadata as DATASETS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.errors import InputError
from partita.formats import problems
from partita.formats.grid import Grid, Origin
from partita.formats.manifests import croissant, kinds, rows_of, withheld
from partita.formats.manifests.columns import Found, grid
from partita.formats.manifests.items import items
from partita.formats.manifests.stated import Stated
from partita.formats.reading import FileNote
from partita.tables.training import DATASETS, ITEMS

Progress = Callable[[str, int, int], None]
REMARKS_MOST = 1_000
"""Remarks of one code that are listed one by one; further ones are counted. Rows that are set aside are all listed."""


@dataclass(frozen=True, slots=True)
class ManifestReading:
    """`items` of ITEMS, `datasets` of DATASETS, `problems` of PROBLEMS; a note for each file that was read."""

    items: pa.Table
    datasets: pa.Table
    problems: pa.Table
    notes: tuple[FileNote, ...]


def silent(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


def read(
    path: Path, *, name: str, stated: Stated | None = None, file: str = "", progress: Progress = silent
) -> ManifestReading:
    """The manifest at `path`, called `name`; `file` is how the job calls it. Nothing is ever fetched.

    Raises InputError for a file that is not what it says; a row that cannot be used is a row of PROBLEMS.
    """
    told = stated or Stated()
    try:
        form = kinds.form(path, told.format)
        if form == "croissant":
            return _croissant(path, name, file or path.name, told, progress)
        reader = _Reader(name, told)
        part = reader.file(path, file or path.name, form, progress)
        return _whole([part], name, [], tables.PROBLEMS.empty())
    except InputError as error:
        raise withheld.hidden_error(error) from None
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None


@dataclass(frozen=True, slots=True)
class _Part:
    """What one file gave: ITEMS in blocks, PROBLEMS, and the note."""

    blocks: list[pa.Table]
    problems: pa.Table
    note: FileNote


@dataclass(slots=True)
class _Remarks:
    """Problems of one file; of remarks that stand everywhere, the first thousand of a kind and how many more."""

    file: str
    name: str
    parts: list[pa.Table] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, found: pa.Table) -> None:
        """Takes the problems of one block."""
        if not found.num_rows:
            return
        codes = found.column("code").to_numpy()
        kept = np.ones(found.num_rows, np.bool_)
        for code in pc.unique(found.column("code")).to_pylist():
            if problems.CODES[code].severity == problems.QUARANTINED:
                continue
            places = np.flatnonzero(codes == code)
            spare = max(REMARKS_MOST - self.seen[code], 0)
            self.seen[code] += len(places)
            kept[places[spare:]] = False
            if len(places) > spare:
                self.first.setdefault(code, found.column("line")[int(places[spare])].as_py())
        self.parts.append(found if kept.all() else found.filter(pa.array(kept)))

    def table(self) -> pa.Table:
        """PROBLEMS of the file."""
        more = [
            problems.rows(
                "manifest.more", lines=[line],
                reasons=[f"{code}: {problems.CODES[code].reason}; so {self.seen[code] - REMARKS_MOST:,} times more"],
            )
            for code, line in self.first.items()
        ]  # fmt: skip
        found = [*self.parts, problems.table(more, file=self.file, name=self.name)]
        whole = pa.concat_tables(found)
        order = [(key, "ascending") for key in (*tables.PROBLEMS.key, "value", "reason")]
        return tables.conform(whole.sort_by(order).combine_chunks(), tables.PROBLEMS)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads files of one manifest."""

    name: str
    stated: Stated

    def file(self, path: Path, called: str, form: str, progress: Progress) -> _Part:
        """One file of rows."""
        found, size = Found(self.stated.columns), path.stat().st_size
        remarks, blocks, rows, refused = _Remarks(called, self.name), [], 0, 0
        last: Grid | None = None
        for one in rows_of.grids(path, form, found, self.stated, lambda done: progress(f"read {called}", done, size)):
            shown = withheld.hidden_grid(one)
            table, wrong, aside = items(shown, self.name, called, self.stated)
            remarks.add(wrong)
            blocks.append(table)
            rows, refused, last = rows + table.num_rows + aside, refused + aside, one
        note = rows_of.note(path, called, form, found, last)
        if not rows:
            remarks.add(problems.table([problems.rows("file.no_rows", lines=[0])], file=called, name=self.name))
        note = replace(note, rows=rows, quarantined=refused)
        return _Part(blocks, remarks.table(), note)

    def listed(self, rows: Sequence[dict[str, Any]], note: FileNote) -> _Part:
        """Rows that the metadata itself holds; `line` counts them from 1."""
        remarks, blocks, refused = _Remarks(note.file, self.name), [], 0
        found = Found({})
        for block in rows_of.of_list(list(rows), found):
            one = grid(block, found, Origin("croissant", "utf-8", "JSON is UTF-8"))
            table, wrong, aside = items(one, self.name, note.file, self.stated)
            remarks.add(wrong)
            blocks.append(table)
            refused += aside
        return _Part(blocks, remarks.table(), replace(note, rows=len(rows), quarantined=refused))


def _whole(parts: Sequence[_Part], name: str, described: list[dict[str, Any]], more: pa.Table) -> ManifestReading:
    """The parts as one reading: ids that stand twice are set aside, datasets without metadata get a row."""
    rows = pa.concat_tables([ITEMS.empty(), *(block for part in parts for block in part.blocks)])
    kept, twice = _each_once(rows, name)
    again = Counter(twice.column("file").to_pylist())
    notes = tuple(replace(part.note, quarantined=part.note.quarantined + again[part.note.file]) for part in parts)
    found = pa.concat_tables([tables.PROBLEMS.empty(), *(part.problems for part in parts), more, twice])
    order = [(key, "ascending") for key in (*tables.PROBLEMS.key, "value", "reason")]
    return ManifestReading(kept, _datasets(kept, described), found.sort_by(order).combine_chunks(), notes)


def _each_once(rows: pa.Table, name: str) -> tuple[pa.Table, pa.Table]:
    """The items without those whose id stood before, and PROBLEMS that say where it did."""
    ids = rows.column("item_id")
    if len(pc.unique(ids)) == rows.num_rows:
        return rows, tables.PROBLEMS.empty()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in ids.dictionary_encode().chunks])
    first = np.full(int(codes.max()) + 1, -1, np.int64)
    places = np.arange(len(codes))
    first[codes[::-1]] = places[::-1]
    again = first[codes] != places
    late = rows.filter(pa.array(again)).select(["item_id", "file", "line"]).combine_chunks()
    earlier = rows.select(["file", "line"]).take(pa.array(first[codes[again]]))
    reasons = [
        f"the row has the id of line {line}" + ("" if there == here else f" of {there}")
        for there, line, here in zip(
            *(earlier.column(c).to_pylist() for c in ("file", "line")), late.column("file").to_pylist(), strict=True
        )
    ]
    found = problems.rows("manifest.item_id_twice", lines=late.column("line").combine_chunks(), columns="item_id",
                          values=late.column("item_id").combine_chunks(), reasons=reasons)  # fmt: skip
    found = found.append_column("file", late.column("file"))
    found = found.append_column("list", pa.array([name] * found.num_rows, pa.string()))
    return rows.filter(pa.array(~again)), tables.conform(found, tables.PROBLEMS)


def _datasets(rows: pa.Table, described: list[dict[str, Any]]) -> pa.Table:
    """DATASETS: as metadata describe them; one of which nothing is said but its rows has its name alone."""
    known = {row["dataset"] for row in described}
    listed = (
        rows.select(["dataset", "origin", "file"]).group_by("dataset").aggregate([("origin", "min"), ("file", "min")])
    )
    made = described + [
        _undescribed(row["dataset"], row["origin_min"], row["file_min"])
        for row in listed.to_pylist()
        if row["dataset"] not in known
    ]
    found = pa.Table.from_pylist(made, schema=DATASETS.schema)
    return tables.conform(found.sort_by([("dataset", "ascending")]), DATASETS)


def _undescribed(dataset: str, origin: str, file: str) -> dict[str, Any]:
    """The row of a dataset of which there is no metadata."""
    empty = dict.fromkeys(("publisher", "url", "version", "licence", "description"), "")
    return {**empty, "dataset": dataset, "title": dataset, "origin": origin, "file": file, "collection": []}


def _croissant(path: Path, name: str, called: str, stated: Stated, progress: Progress) -> ManifestReading:
    """The rows of the files that a dataset's metadata describes, as far as they lie beside it."""
    about = croissant.read(path, name, called, stated.origin)
    parts, more = [], [about.problems]
    for source in about.sources:
        told = replace(
            stated, format=source.form, columns={**source.columns, **stated.columns}, encoding=source.encoding
        )
        try:
            parts.append(_Reader(name, told).file(source.path, source.called, source.form, progress))
        except InputError as error:
            said = [withheld.hidden_text(error.reason)]
            wrong = problems.rows("manifest.metadata", lines=[0], values=[source.called], reasons=said)
            more.append(problems.table([wrong], file=source.called, name=name))
    own = FileNote(called, about.sha256, path.stat().st_size, "croissant", "utf-8")
    parts.insert(0, _Reader(name, replace(stated, columns={})).listed(about.rows, own))
    return _whole(parts, name, [about.dataset], pa.concat_tables(more))
