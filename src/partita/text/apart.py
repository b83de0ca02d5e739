"""Columns of titles taken apart as `titles.title_parts` does it one by one.

Most of what stands beside titles stands in brackets behind them, and the same brackets stand behind many: those titles
are parted on code points, and each distinct bracket is judged once. All others are taken apart as Python strings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from partita.text.compiled import compiled
from partita.text.glance import Mask, among, at
from partita.text.ragged import Codes, Places, Texts
from partita.text.titles import (
    BESIDE,
    EDGES,
    PARTED,
    kind_of_bracket,
    may_be_parted,
    may_have_part,
    may_open,
    title_parts,
)

_OPENING, _CLOSING = np.array([40, 91], np.uint32), np.array([41, 93], np.uint32)


class Apart(NamedTuple):
    """Titles that may have something beside them: their places, and of each what `TitleParts` says.

    `written` is the title as folded; `beside` what stands in brackets that are no tags, with spaces between.
    """

    places: Places
    written: Texts
    core: Texts
    full: Texts
    beside: Texts


def taken_apart(folded: Texts) -> Apart:
    """The titles among folded ones that may have something beside them, taken apart."""
    places = np.flatnonzero(may_be_parted(folded))
    written = folded.some(places)
    simple, core, contents, starts = _bracketed(written)
    kept = _beside(simple, contents, starts)
    nothing = Texts(np.zeros(0, np.uint32), np.zeros(len(places) + 1, np.int64))
    full, beside = (_with_contents(texts, contents, starts, kept) for texts in (core, nothing))
    rest = np.flatnonzero(~simple)
    parts = [title_parts(text) for text in written.some(rest)]
    return Apart(
        places, written, core.with_others(rest, Texts.of([p.core for p in parts])),
        full.with_others(rest, Texts.of([p.full for p in parts])),
        beside.with_others(rest, Texts.of([" ".join(p.brackets) for p in parts])),
    )  # fmt: skip


def _bracketed(written: Texts) -> tuple[Mask, Texts, Texts, Places]:
    """Which titles have brackets and nothing else beside them; their cores, and the contents of their brackets."""
    simple, core, starts, contents, content_starts, counts = _unbracketed(written.codes, written.starts)
    cores = Texts(core, starts)
    simple &= ~(may_open(written) | may_be_parted(cores) | may_have_part(cores))
    simple &= ~(among(at(cores, 0), EDGES) | among(at(cores, -1), EDGES))
    return simple, cores, Texts(contents, content_starts), counts


def _beside(simple: Mask, contents: Texts, starts: Places) -> Mask:
    """Which contents stand beside the title and are no tags; titles of which one is a part's number are not simple."""
    _, first, place = np.unique(contents.hashes(), return_index=True, return_inverse=True)
    if not np.array_equal(contents.some(first[place]).codes, contents.codes):
        first = place = np.arange(len(contents))
    kinds = np.array([kind_of_bracket(text) for text in contents.some(first)], np.str_)[place]
    owner = np.repeat(np.arange(len(simple)), np.diff(starts))
    simple[owner[kinds == PARTED]] = False
    beside: Mask = kinds == BESIDE
    return beside


def _with_contents(texts: Texts, contents: Texts, starts: Places, kept: Mask) -> Texts:
    """The texts and, after each, those of its contents that are kept."""
    return Texts(*_followed(texts.codes, texts.starts, (contents.codes, contents.starts, starts), kept))


@compiled
def _unbracketed(codes: Codes, starts: Places) -> tuple[Mask, Codes, Places, Codes, Places, Places]:
    """Titles with brackets, none within another and none first: what is left without them, and what stands in them."""
    simple = np.zeros(len(starts) - 1, np.bool_)
    core, core_starts, place = np.empty(len(codes), np.uint32), np.zeros(len(starts), np.int64), 0
    contents, ends, counts = np.empty(len(codes), np.uint32), np.zeros(len(codes) + 1, np.int64), core_starts.copy()
    count = 0
    for n in range(len(starts) - 1):
        begin, first, waits, k = place, count, False, starts[n]
        while k < starts[n + 1]:
            opens = codes[k] == _OPENING[0] or codes[k] == _OPENING[1]
            if codes[k] == _CLOSING[0] or codes[k] == _CLOSING[1] or (opens and k == starts[n]):
                break
            if opens:
                end = _end_of_bracket(codes, k + 1, starts[n + 1])
                if end < 0:
                    break
                simple[n] = True
                last = _kept(codes, k + 1, end, contents, ends[count])
                if last > ends[count]:
                    count += 1
                    ends[count] = last
                k = end
            if opens or codes[k] == 32:
                waits = place > begin
            else:
                if waits:
                    core[place] = 32
                    place, waits = place + 1, False
                core[place] = codes[k]
                place += 1
            k += 1
        if not simple[n] or k < starts[n + 1] or place == begin:
            simple[n], place, count = False, begin, first
        core_starts[n + 1], counts[n + 1] = place, count
    return simple, core[:place].copy(), core_starts, contents[: ends[count]].copy(), ends[: count + 1].copy(), counts


@compiled
def _end_of_bracket(codes: Codes, begin: int, end: int) -> int:
    """Where the closing bracket stands, or the text ends; -1 where another one opens before."""
    for k in range(begin, end):
        if codes[k] == _OPENING[0] or codes[k] == _OPENING[1]:
            return -1
        if codes[k] == _CLOSING[0] or codes[k] == _CLOSING[1]:
            return k
    return end


@compiled
def _kept(codes: Codes, begin: int, end: int, out: Codes, place: int) -> int:
    """Copies a text without spaces at either end; returns where the copy ends."""
    while begin < end and codes[begin] == 32:
        begin += 1
    while begin < end and codes[end - 1] == 32:
        end -= 1
    for k in range(begin, end):
        out[place + k - begin] = codes[k]
    return place + end - begin


@compiled
def _followed(codes: Codes, starts: Places, contents: tuple[Codes, Places, Places], kept: Mask) -> tuple[Codes, Places]:
    others, other_starts, of_text = contents
    out, found = np.empty(len(codes) + len(others) + len(kept), np.uint32), np.zeros(len(starts), np.int64)
    place = 0
    for n in range(len(starts) - 1):
        place = _kept(codes, starts[n], starts[n + 1], out, place)
        for c in range(of_text[n], of_text[n + 1]):
            if kept[c]:
                if place > found[n]:
                    out[place] = 32
                    place += 1
                place = _kept(others, other_starts[c], other_starts[c + 1], out, place)
        found[n + 1] = place
    return out[:place].copy(), found
