"""The registry's edge: rows are brought into their canonical form, and what is wrong with them is said row by row."""

# ruff: noqa: E501  a catalogue reads as a table

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, money, scope, tables
from partita.errors import InputError
from partita.registry import urls
from partita.registry.facts import LEVELS

Rows: TypeAlias = "pa.Table | Sequence[Mapping[str, Any]]"
"""Rows of one table of the contract; columns that the registry fills in itself, or that may be empty, can be absent."""

OWN = frozenset({"recorded_at", "retired_at", "recorded_by"})
"""Columns that the registry fills in itself."""

EMPTY = frozenset({"note", "sha256", "source", "tool", "currency"})
"""Texts that may be absent: they are empty then."""

PROBLEMS_MOST = 1000
TEXT_MOST = 2000
TERMS_MOST = 100_000
KEY_BYTES_MOST = 1000
"""Bytes of a text that names a thing, in UTF-8: what an index of either database can hold, twice."""

VALUE_MOST = 80

CODES = {
    "registry.text": ("the text is empty, too long, or holds control characters", "Correct the text"),
    "registry.word": ("the word is none of those that may stand here", "Use one of the words that docs/tables.md lists"),
    "registry.id": ("no identifier of its kind, or its check digit is wrong", "Correct it, or leave it out where it may be null"),
    "registry.target": ("no target of its kind", "Write a URL pattern, ISCC, ISRC or id, as `target_kind` says"),
    "registry.scope": ("no system or territory", "Write `*`, suno or suno/v5 for a system; world, EU or TW for a territory"),
    "registry.period": ("it ends on or before the day on which it begins", "Correct valid_from or valid_to"),
    "registry.share": ("the share is not between 0 and 1,000,000 parts per million", "Write 500000 for a half"),
    "registry.evidence": ("evidence and hashes are not one to one, or not of their form", "Write `edits: what was edited`, and a SHA-256 for each or for none"),
    "registry.terms": ("the terms are no JSON object", "Write an ODRL 2.2 policy in JSON, or leave the text empty"),
    "registry.overlap": ("the registry already has this for days of the same period", "Correct it with `partita registry correct`, or end the earlier one with `partita registry end`"),
    "registry.unknown": ("the registry has no such row now", "Look it up first; it may have been corrected meanwhile"),
    "registry.overclaimed": ("the shares are more than the whole; nothing is allowed for it until they agree", "Have the holders correct their shares"),
}  # fmt: skip
"""Code -> what is wrong, how to mend it. docs/registry.md explains each."""

_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("parties", "kind"): ("person", "publisher", "society", "provider", "other"),
    ("links", "target_kind"): ("url", "content", "recording"),
    ("links", "parent_kind"): ("content", "recording", "work", "party"),
    ("holdings", "target_kind"): ("work", "recording"),
    ("mandates", "kind"): ("mandate", "withdrawal"),
    ("authorship", "part"): (
        "lyrics", "melody", "arrangement", "vocals", "instrumentation", "production", "artwork", "whole",
    ),
    ("authorship", "making"): ("human", "assisted", "generated"),
    ("statements", "kind"): ("reservation", "permission", "consent", "licence", "statutory"),
    ("statements", "target_kind"): LEVELS,
    ("statements", "form"): ("machine", "natural", "informal"),
    ("statements", "evidence"): ("signed", "served", "declared", "reported"),
    ("offers", "target_kind"): LEVELS,
}  # fmt: skip
_MAY_BE_EMPTY = frozenset({("mandates", "party_id"), ("authorship", "party_id")})
_NEVER_EMPTY = frozenset({"name", "title", "licensor", "carrier", "model"})
_NAMING = frozenset({"party_id", "society", "offer_id", "licensor", "payee", "target"})
_TARGETED = frozenset({"target", "parent"})
_EVIDENCE = re.compile(r"(?:selection|arrangement|edits|prompts|drafts): \S.*", re.DOTALL)
_HASH = re.compile(r"[0-9a-f]{64}")
_SYSTEM = re.compile(r"\*|[a-z0-9][a-z0-9._-]{0,63}(?:/[a-z0-9][a-z0-9._-]{0,63}){0,3}")
_PLACE = re.compile(r"[A-Z]{2}")
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f]"


def checked(table: tables.Table, rows: Rows) -> tuple[pa.Table, pa.Table]:
    """The rows in canonical form, without the registry's `OWN` columns, and PROBLEMS whose line is the row, from 1.

    Raises InputError for columns that the table does not have, or lacks, or that hold something of another type.
    """
    data = _typed(table, rows)
    finder = _Finder(table, data)
    for column in data.column_names:
        finder.text(column)
    for column, parse in _parsers(table).items():
        finder.each(column, *parse)
    for kind, column in (("target_kind", "target"), ("parent_kind", "parent")):
        finder.targets(kind, column)
    finder.rest()
    return finder.data, problems(finder.found)


def key(table: tables.Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that name a row (the table's key without `recorded_at`; `valid_from` too where given), canonical."""
    names = [name for name in table.key if name != "recorded_at"]
    lacking = [name for name in names if name not in values]
    odd = sorted(values.keys() - {*names, "valid_from"})
    if lacking or odd:
        wrong = f"{lacking[0]} is missing" if lacking else f"{str(odd[0])[:40]} is none of them"
        reason = f"a row of {table.name} is named by {', '.join(names)}; {wrong}"
        raise InputError(reason, mend="Name the row by its key")
    found = {name: values[name] for name in (*names, "valid_from") if name in values}
    found = {name: _written(value) if isinstance(value, str) else value for name, value in found.items()}
    for kind, column in (("target_kind", "target"), ("parent_kind", "parent")):
        if kind in found and column in found:
            found[column] = target(str(found[kind]), str(found[column])) or found[column]
    day = found.get("valid_from")
    return found | ({"valid_from": day.isoformat()} if isinstance(day, dt.date) else {})


def _written(text: str) -> str:
    """The text without blanks around, and without what no database could hold: no row is named by that."""
    return text.strip().encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def problems(found: Sequence[tuple[int, str, str, str, str, str]], severity: str = "quarantined") -> pa.Table:
    """PROBLEMS of (line, table, code, column, value, detail), sorted."""
    made = []
    for line, name, code, column, value, detail in sorted(found)[:PROBLEMS_MOST]:
        reason, mend = CODES[code]
        said = f"{reason}: {detail}" if detail else reason
        row = {"file": "", "line": line, "code": code, "severity": severity, "column": column, "list": name}
        made.append({**row, "value": value[:VALUE_MOST], "reason": said, "mend": mend, "plays": 0})
    return pa.Table.from_pylist(made, schema=tables.PROBLEMS.schema)


def _pattern(text: str) -> str | None:
    try:
        return urls.canonical_pattern(text)
    except InputError:
        return None


_TARGETS: dict[str, Callable[[str], str | None]] = {"url": _pattern, "content": ids.iscc, "recording": ids.isrc}


def target(kind: str, text: str) -> str | None:
    """The canonical form of a target of its kind, null where it is none."""
    reader = _TARGETS.get(kind)
    return reader(text) if reader else text.strip() or None


def _typed(table: tables.Table, rows: Rows) -> pa.Table:
    """The rows with the contract's columns, in their types."""
    wanted = [c for c in table.columns if c.name not in OWN]
    given = rows.column_names if isinstance(rows, pa.Table) else sorted({name for row in rows for name in row})
    odd = [name for name in given if name not in {c.name for c in wanted}]
    if odd:
        mend = f"Use {', '.join(c.name for c in wanted)}"
        raise InputError(f"{table.name} has no column {str(odd[0])[:40]!r} that can be given", mend=mend)
    columns = {}
    for column in wanted:
        values = _column(column, rows, given)
        if values.type == pa.string():
            values = pc.utf8_trim_whitespace(values)
        if column.null and values.type == pa.string():
            values = pc.if_else(pc.equal(values, ""), None, values)
        elif not column.null and column.name in given and values.type in {pa.string(), tables.TEXTS}:
            values = pc.coalesce(values, pa.scalar("" if values.type == pa.string() else [], values.type))
        if not column.null and values.null_count:
            row = pc.index(pc.is_null(values), True).as_py() + 1
            raise InputError(f"row {row} of {table.name} has no {column.name}", mend="Fill it in")
        columns[column.name] = values
    return pa.table(columns)


def _column(column: tables.Column, rows: Rows, given: Sequence[str]) -> pa.Array:
    try:
        if column.name not in given:
            filler: Any = [] if column.type == tables.TEXTS else "" if column.name in EMPTY else None
            count = rows.num_rows if isinstance(rows, pa.Table) else len(rows)
            return pa.array([filler] * count, column.type)
        if isinstance(rows, pa.Table):
            return rows.column(column.name).combine_chunks().cast(column.type)
        values = [row.get(column.name) for row in rows]
        if pa.types.is_date(column.type):
            values = [dt.date.fromisoformat(v) if isinstance(v, str) else v for v in values]
        return pa.array(_lists(values) if column.type == tables.TEXTS else values, column.type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        text = " ".join(str(error).split())[:100]
        raise InputError(f"{column.name} cannot be read: {text}", mend=f"It holds {column.meaning}") from None


def _lists(values: list[Any]) -> list[Any]:
    # Arrow would take a text for the list of its characters.
    if any(isinstance(value, str) for value in values):
        raise TypeError("a list of texts is needed, not a text")
    return values


def _parsers(table: tables.Table) -> dict[str, tuple[str, Callable[[str], str | None]]]:
    """For each column that has a form of its own: the code of the problem, and what reads it."""

    def among(words: Sequence[str]) -> Callable[[str], str | None]:
        return lambda text: text if text in words else None

    parsers: dict[str, tuple[str, Callable[[str], str | None]]] = {
        "iswc": ("registry.id", ids.iswc),
        "ipi": ("registry.id", ids.ipi),
        "isni": ("registry.id", ids.isni),
        "purpose": ("registry.word", among(tuple(scope.PURPOSES))),
        "right": ("registry.word", among(scope.RIGHTS)),
        "system": ("registry.scope", lambda t: t.lower() if _SYSTEM.fullmatch(t.lower()) else None),
        "territory": ("registry.scope", _territory),
        "currency": ("registry.word", lambda t: t if not t or re.fullmatch("[A-Z]{3}", t) else None),
        "terms": ("registry.terms", _terms),
    }
    parsers = {name: parser for name, parser in parsers.items() if any(c.name == name for c in table.columns)}
    words = {column: words for (name, column), words in _WORDS.items() if name == table.name}
    parsers |= {column: ("registry.word", among(allowed)) for column, allowed in words.items()}
    if table.name == "statements":
        parsers["sha256"] = ("registry.id", lambda t: t if not t or _HASH.fullmatch(t) else None)
    return parsers


def _territory(text: str) -> str | None:
    return text if text == scope.EVERYWHERE or text in scope.GROUPS or _PLACE.fullmatch(text) else None


def _terms(text: str) -> str | None:
    try:
        return text if not text or isinstance(json.loads(text), dict) else None
    except (ValueError, RecursionError):
        return None


class _Finder:
    """Collects what is wrong with the rows of one table, and puts canonical forms in the place of others."""

    def __init__(self, table: tables.Table, data: pa.Table) -> None:
        self.table, self.data = table, data
        self.found: list[tuple[int, str, str, str, str, str]] = []

    def _add(self, code: str, column: str, bad: pa.Array | pa.ChunkedArray) -> None:
        """A problem for each row where `bad` is true."""
        rows = pc.indices_nonzero(pc.fill_null(bad, False)).to_pylist()
        values = self.data.column(column)
        for row in rows[: PROBLEMS_MOST - len(self.found)]:
            self.found.append((row + 1, self.table.name, code, column, str(values[row].as_py()), ""))

    def text(self, column: str) -> None:
        """Texts are not empty where they may not be, not too long, and free of control characters."""
        values = self.data.column(column)
        most = TERMS_MOST if column == "terms" else TEXT_MOST
        if values.type == tables.TEXTS:
            flat = pc.list_flatten(values)
            wrong = pc.or_(self._unfit(flat, most), pc.equal(flat, ""))
            rows = pc.unique(pc.list_parent_indices(values).filter(pc.fill_null(wrong, True)))
            self._add("registry.text", column, pc.is_in(pa.array(range(len(values))), value_set=rows.cast(pa.int64())))
        elif values.type == pa.string():
            wrong = self._unfit(values, most)
            named = (*self.table.key, *_NEVER_EMPTY)
            if column in (*self.table.key, *_NAMING):
                limit = urls.PATTERN_MOST if column in _TARGETED else KEY_BYTES_MOST
                wrong = pc.or_(wrong, pc.greater(pc.binary_length(values), limit))
            if column in named and (self.table.name, column) not in _MAY_BE_EMPTY:
                wrong = pc.or_(wrong, pc.equal(pc.utf8_trim_whitespace(values), ""))
            self._add("registry.text", column, wrong)

    @staticmethod
    def _unfit(values: Any, most: int) -> Any:
        return pc.or_(pc.match_substring_regex(values, _CONTROLS), pc.greater(pc.utf8_length(values), most))

    def each(self, column: str, code: str, parse: Callable[[str], str | None]) -> None:
        """Each distinct value through `parse`, which gives null for what it refuses."""
        values = self.data.column(column).combine_chunks()
        parsed = ids.iswcs(values) if parse is ids.iswc else _parsed(values, parse)
        self._add(code, column, pc.and_(pc.is_null(parsed), pc.is_valid(values)))
        self._set(column, pc.coalesce(parsed, values))

    def targets(self, kind_column: str, column: str) -> None:
        """Targets in the form that their kind asks for."""
        if kind_column not in self.data.column_names:
            return
        kinds, result = self.data.column(kind_column).combine_chunks(), self.data.column(column).combine_chunks()
        for kind in pc.unique(kinds).to_pylist():
            mask = pc.equal(kinds, kind)
            some = result.filter(mask)
            parsed = ids.isrcs(some) if kind == "recording" else _parsed(some, partial(target, kind))
            spread = pc.replace_with_mask(pa.nulls(len(kinds), pa.string()), mask, parsed)
            self._add("registry.target", column, pc.and_(mask, pc.is_null(spread)))
            result = pc.if_else(mask, pc.coalesce(spread, result), result)
        self._set(column, result)

    def rest(self) -> None:
        """Periods that end before they begin, shares beyond the whole, evidence without its form."""
        data = self.data
        self._add("registry.period", "valid_to", pc.less_equal(data.column("valid_to"), data.column("valid_from")))
        if "share_ppm" in data.column_names:
            share = data.column("share_ppm")
            self._add("registry.share", "share_ppm", pc.or_(pc.less(share, 0), pc.greater(share, money.PPM)))
        if self.table.name == "authorship":
            pairs = zip(data.column("evidence").to_pylist(), data.column("sha256").to_pylist(), strict=True)
            self._add("registry.evidence", "evidence", pa.array([not _evident(*pair) for pair in pairs], pa.bool_()))

    def _set(self, column: str, values: pa.Array) -> None:
        self.data = self.data.set_column(self.data.column_names.index(column), column, values)


def _parsed(values: pa.Array, parse: Callable[[str], str | None]) -> pa.Array:
    encoded = pc.dictionary_encode(values)
    return pa.array([parse(v) for v in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _evident(evidence: Sequence[str], hashes: Sequence[str]) -> bool:
    formed = all(_EVIDENCE.fullmatch(e) for e in evidence) and all(_HASH.fullmatch(h) for h in hashes)
    return formed and len(hashes) in {0, len(evidence)}
