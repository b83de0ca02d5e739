"""What identifiers decide: ISWC, ISRC, a society's work number, the sender's own number. They come first.

An ISWC or ISRC is valid by its form and check digit; a work number is one that a repertoire lists; a sender's number is
one that people confirmed for one work. Each is checked against the title. Where they contradict the title or each
other, nobody is paid: the line is ambiguous, by the rule `identifier_conflict`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import ids
from partita.identify import stance
from partita.identify.codes import SEVERAL, UNKNOWN, Codes
from partita.identify.index import Index
from partita.identify.lines import Lines
from partita.identify.memory import Memory
from partita.identify.outcome import AMBIGUOUS, MATCHED, RULES, Verdicts
from partita.identify.senders import Learned
from partita.text.ragged import Places, expand

KINDS = ("iswc", "isrc", "work_number", "sender_number")
"""Kinds of identifier, the strongest first; also the rules by which they decide."""
_SURE = np.array([0.999, 0.998, 0.997, 0.995])
_UNSURE = 0.5
_NEEDS_TITLE = KINDS.index("work_number")
"""A work number has no check digit: without a title beside it, it decides nothing."""
_MOST = np.int64(1 << 31)
_UNCONFIRMED = "nobody has confirmed it for a work"


@dataclass(frozen=True, slots=True)
class Said:
    """What identifiers say of the distinct lines that bear one that is known; `line` in order.

    The works named of line `line[i]` are `works[starts[i]:starts[i + 1]]`, that of the strongest identifier first.
    """

    line: Places
    outcome: NDArray[np.int8]
    rule: NDArray[np.int8]
    probability: NDArray[np.float64]
    starts: Places
    works: Places

    def open(self, chosen: Places) -> Places:
        """The chosen lines (consecutive ones) that no identifier decided."""
        part = _within(self.line, chosen)
        left = np.ones(len(chosen), bool)
        left[(self.line[part] - chosen[:1])[self.outcome[part] == MATCHED]] = False
        return chosen[left]


@dataclass(frozen=True, slots=True)
class Named:
    """Works named by identifiers: the distinct line, the place in `KINDS`, the work; in that order."""

    line: Places
    kind: Places
    work: Places

    def only(self, wanted: NDArray[np.bool_]) -> Named:
        """The namings that are `wanted`."""
        return Named(self.line[wanted], self.kind[wanted], self.work[wanted])


def said(
    lines: Lines, index: Index, registrations: pa.Table | None = None, decisions: pa.Table | None = None,
    decided: Memory | None = None,
) -> Said:  # fmt: skip
    """What the identifiers of all lines say, by the index, a REGISTRATIONS and a DECISIONS table.

    A work of which people `decided` that the line is not it is not named.
    """
    learned = Learned.of(decisions, index)
    found = named(lines, index, registrations, learned)
    if decided is not None:
        found = found.only(decided.allows(found.line, found.work))
    pair, place = np.unique(found.line * _MOST + found.work, return_inverse=True)
    view = stance.of(lines, pair // _MOST, pair % _MOST, index)
    confirmed = learned.titled(lines, pair // _MOST, pair % _MOST)
    view[confirmed & (view == stance.CONTRADICTS)] = stance.AGREES
    return _judged(found, view[place])


def check(
    kind: str, lines: Lines, index: Index, registrations: pa.Table | None, learned: Learned
) -> tuple[int | None, str]:
    """The work that an identifier of the first line names; or None, and why it names none."""
    place, texts = _stated(lines, kind)
    if not len(place):
        return None, _UNCONFIRMED
    work = int(_works(kind, lines, (place[:1], texts[:1]), index, registrations, learned)[0])
    if work >= 0:
        return work, ""
    if work == SEVERAL:
        return None, "several works claim it, or people contradict each other: it decides nothing"
    if kind == "sender_number":
        return None, _UNCONFIRMED
    valid = {"iswc": ids.iswc, "isrc": ids.isrc}.get(kind, str)(texts[0].as_py())
    return None, "no work here bears it" if valid else "its form or check digit is wrong; it was not used"


def named(lines: Lines, index: Index, registrations: pa.Table | None, learned: Learned) -> Named:
    """Which works the identifiers of each line name; what is invalid, unknown or borne by several works names none."""
    parts = []
    for kind, name in enumerate(KINDS):
        place, texts = _stated(lines, name)
        if not len(place):
            continue
        work = _works(name, lines, (place, texts), index, registrations, learned)
        there = work >= 0
        parts.append((place[there], np.full(int(there.sum()), kind), work[there]))
    line, kinds, works = (np.concatenate([np.zeros(0, np.int64), *(p[i] for p in parts)]) for i in range(3))
    order = np.lexsort((kinds, line))
    return Named(line[order], kinds[order], works[order])


def _works(
    kind: str, lines: Lines, stated: tuple[Places, pa.Array], index: Index, registrations: pa.Table | None,
    learned: Learned,
) -> Places:  # fmt: skip
    """The work that bears each of the identifiers stated, or `UNKNOWN` or `SEVERAL`."""
    place, texts = stated
    if kind in index.identifiers:
        return index.identifiers[kind].find((ids.iswcs if kind == "iswc" else ids.isrcs)(texts))
    if kind == "work_number":
        return _by_number(texts, index, registrations)
    return learned.find(lines.identifiers.take(pa.array(place)))


def _stated(lines: Lines, name: str) -> tuple[Places, pa.Array]:
    """The lines that state an identifier, and what they state."""
    column = lines.identifiers.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    place = np.flatnonzero(np.asarray(pc.not_equal(column, "")))
    return place, column.take(pa.array(place))


def _by_number(texts: pa.Array, index: Index, registrations: pa.Table | None) -> Places:
    """The work of each number: as it is written, else without punctuation and leading zeros."""
    numbers, works = _numbers(index, registrations)
    exact = Codes.of(numbers, works).find(texts)
    loose = Codes.of(_loose(numbers), works).find(_loose(texts))
    return np.where(exact != UNKNOWN, exact, loose)


def _loose(numbers: pa.Array) -> pa.Array:
    """Without punctuation, spaces and leading zeros, in capitals."""
    bare = pc.utf8_upper(pc.replace_substring_regex(numbers.cast(pa.large_string()), r"[^\pL\pN]+", ""))
    return pc.replace_substring_regex(bare, "^0+", "")


def _numbers(index: Index, registrations: pa.Table | None) -> tuple[pa.Array, Places]:
    """The numbers by which works may be called, and the works: their ids, and each society's own number."""
    own = pa.array(index.work_ids, pa.large_string())
    if registrations is None or not registrations.num_rows:
        return own, np.arange(len(own))
    work = pc.index_in(registrations.column("work_id").cast(pa.large_string()), value_set=own)
    known = registrations.filter(pc.is_valid(work))
    places = work.drop_null().to_numpy().astype(np.int64)
    society, number = (known.column(name).cast(pa.large_string()) for name in ("society", "registered_id"))
    qualified = pc.binary_join_element_wise(society, number, pa.scalar(":", number.type))
    texts = [own, *number.chunks, *qualified.chunks]
    return pa.concat_arrays(texts), np.concatenate((np.arange(len(own)), places, places))


def _judged(found: Named, view: stance.Stance) -> Said:
    """The verdict on each line of which something is named; `view` is what its title says of the work."""
    line, first = np.unique(found.line, return_index=True)
    owner = np.searchsorted(line, found.line)
    contradicted = np.bincount(owner, view == stance.CONTRADICTS, len(line)) > 0
    one = np.bincount(owner, found.work != found.work[first][owner], len(line)) == 0
    strong = np.bincount(owner, (found.kind != _NEEDS_TITLE) | (view == stance.AGREES), len(line)) > 0
    sure = one & ~contradicted
    rule = np.array([RULES.index(kind) for kind in KINDS], np.int8)[found.kind[first]]
    rule[~sure] = RULES.index("identifier_conflict")
    probability = np.where(sure & strong, _SURE[found.kind[first]], _UNSURE)
    outcome = np.where(sure & strong, MATCHED, AMBIGUOUS).astype(np.int8)
    _, new = np.unique(found.line * _MOST + found.work, return_index=True)
    kept = np.sort(new)
    # an agreeing title comes before a stronger identifier: the line shows its likeliest work first
    kept = kept[np.lexsort((kept, -view[kept], found.line[kept]))]
    starts = np.concatenate(([0], np.cumsum(np.bincount(owner[kept], minlength=len(line))))).astype(np.int64)
    return Said(line, outcome, rule, probability, starts, found.work[kept])


def _within(line: Places, chosen: Places) -> slice:
    """Where the consecutive `chosen` stand in `line`, which is in order."""
    if not len(chosen):
        return slice(0, 0)
    begin, end = np.searchsorted(line, [chosen[0], chosen[-1] + 1]).tolist()
    return slice(begin, end)


def by_identifier(scored: Verdicts, said: Said, chosen: Places, most: int = 5) -> Verdicts:
    """The verdicts on the chosen lines (consecutive ones) with what identifiers say; at most `most` candidates each."""
    part = _within(said.line, chosen)
    begin, end = part.start, part.stop
    if begin == end:
        return scored
    place = said.line[part] - chosen[0]
    outcome, work = scored.outcome.copy(), scored.work.copy()
    probability, rule = scored.probability.copy(), scored.rule.copy()
    outcome[place], rule[place] = said.outcome[begin:end], said.rule[begin:end]
    counts = np.diff(said.starts[begin : end + 1])
    share = np.round(said.probability[begin:end] / counts, 6)
    work[place], probability[place] = said.works[said.starts[begin:end]], share
    named_work = said.works[said.starts[begin] : said.starts[end]]
    named_place, named_share = np.repeat(place, counts), np.repeat(share, counts)
    starts, works, shares = _merged(scored, len(chosen), (named_place, named_work, named_share), most)
    return Verdicts(outcome, work, probability, rule, starts, works, shares)


def _merged(
    scored: Verdicts, count: int, named: tuple[Places, Places, NDArray[np.float64]], most: int
) -> tuple[Places, Places, NDArray[np.float64]]:
    """The candidates of all lines: the works named come first; what the text proposed beside them shares the rest."""
    place = np.repeat(np.arange(count), np.diff(scored.starts))
    left = np.ones(count)
    top = np.ones(count)
    np.subtract.at(left, named[0], named[2])
    top[named[0]] = named[2]
    rest = ~np.isin(place * _MOST + scored.works, named[0] * _MOST + named[1])
    shares = np.minimum(scored.shares * left[place].clip(0), top[place]).round(6)
    place = np.concatenate((named[0], place[rest]))
    works = np.concatenate((named[1], scored.works[rest]))
    shares = np.concatenate((named[2], shares[rest]))
    order = np.argsort(place, kind="stable")
    rank = expand(np.zeros(count, np.int64), np.bincount(place, minlength=count))
    order = order[rank < most]
    starts = np.concatenate(([0], np.cumsum(np.bincount(place[order], minlength=count)))).astype(np.int64)
    return starts, works[order], shares[order]
