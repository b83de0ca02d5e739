"""Whether a line's title bears out, leaves open or contradicts the work that an identifier names.

The work is known here, so that more is forgiven than in a search: cut titles, other versions, homophones, slips,
another script where a name agrees. What is not forgiven: a title that is unlike, or has other numbers, or is exactly
another work's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from partita.identify.fields import WIDE, Names, Titles
from partita.identify.index import Index, among
from partita.identify.lines import AS_GIVEN, Lines, Readings, given, swapped
from partita.identify.written import distinct_texts
from partita.text.alike import ratio
from partita.text.ragged import Hashes, Places, expand
from partita.text.spoken import latin_keys, native_keys

CONTRADICTS, SILENT, AGREES = -1, 0, 1
Stance = NDArray[np.int8]
Mask = NDArray[np.bool_]

_UNLIKE, _ALIKE, _EQUAL = 0, 1, 2
_LIKENESS = 0.50
"""Similarity from which two titles may be one; unrelated titles reach it once in 200 times."""
_LIKENESS_SHORT = 0.60
_SHORT = 8
"""Letters of a title (a Han character counts as two and a half) that needs the greater likeness."""
_CONTAINED_LEAST = 5
"""Letters of a title that may stand within a longer one."""
_TURNED = 0.65
"""Similarity from which what stands in the performer's place is the title."""
_NAME_AGREES = 85


def of(lines: Lines, line: Places, work: Places, index: Index) -> Stance:
    """For each pair of a line and a work: AGREES, SILENT (the line states no title) or CONTRADICTS."""
    result = np.full(len(line), SILENT, np.int8)
    titles, place = distinct_texts(lines.title, line)
    said = np.array([bool(title.strip()) for title in titles], bool)[place]
    same = said & _as_written(titles.hashes()[place], work, index)
    result[same] = AGREES
    rest = np.flatnonzero(said & ~same)
    if len(rest):
        result[rest] = _compared(lines, line[rest], work[rest], index)
    return result


def _entries(index: Index, work: Places) -> tuple[Places, Places]:
    """Each of `work` by its place, with each of its entries."""
    begin = np.searchsorted(index.entry_work, work, side="left")
    count = np.searchsorted(index.entry_work, work, side="right") - begin
    return np.repeat(np.arange(len(work)), count), expand(begin, count)


def _as_written(stated: Hashes, work: Places, index: Index) -> Mask:
    """Whether the title is to the letter one of the work's: most are, and nothing needs to be folded."""
    pair, entry = _entries(index, work)
    return _any(len(work), pair, stated[pair] == index.titles.exact_hash[index.entry_title[entry]])


def _compared(lines: Lines, line: Places, work: Places, index: Index) -> Stance:
    """The stance of titles that are not the work's to the letter."""
    readings = given(lines, np.unique(line))
    pair, reading, entry = _joined(readings, line, work, index)
    level = _best(len(line), pair, _levels(readings, reading, index, entry))
    named = _any(len(line), pair, _names_agree(readings, reading, index, entry))
    stated, place = readings.kind[reading] == AS_GIVEN, readings.title[reading]
    # nothing but signs: empty, or what an encoding has left of a title (???)
    mute = np.array([not any(map(str.isalnum, core)) for core in readings.titles.core_texts], bool)
    silent = _any(len(line), pair, stated & mute[place])
    elsewhere = _any(len(line), pair, stated & among(readings.titles.core_hash[place], index.known_cores))
    apart = ~_any(len(line), pair, ~_scripts_apart(readings, reading, index, entry))
    rest = np.flatnonzero((level == _UNLIKE) & ~silent)
    level[rest] = _otherwise(lines, line[rest], work[rest], index)
    agrees = (level == _EQUAL) | (~elsewhere & ((level == _ALIKE) | (apart & named)))
    return np.where(agrees, AGREES, np.where(silent, SILENT, CONTRADICTS)).astype(np.int8)


def _joined(readings: Readings, line: Places, work: Places, index: Index) -> tuple[Places, Places, Places]:
    """Each pair by its place, with each reading of its line and each entry of its work."""
    order = np.argsort(readings.line, kind="stable")
    begin = np.searchsorted(readings.line[order], line, side="left")
    count = np.searchsorted(readings.line[order], line, side="right") - begin
    pair, reading = np.repeat(np.arange(len(line)), count), order[expand(begin, count)]
    place, entry = _entries(index, work[pair])
    return pair[place], reading[place], entry


def _levels(readings: Readings, reading: Places, index: Index, entry: Places) -> NDArray[np.int8]:
    """How like the titles are: equal in one of their forms, alike, or not."""
    left, right = readings.titles, index.titles
    i, j = readings.title[reading], index.entry_title[entry]
    there = (left.core_texts.lengths[i] > 0) & (right.core_texts.lengths[j] > 0)
    equal = (left.core_hash[i] == right.core_hash[j]) | (left.full_hash[i] == right.full_hash[j])
    equal |= (left.raw_hash[i] == right.raw_hash[j]) | (left.loose_hash[i] == right.loose_hash[j])
    equal &= there
    open_ = np.flatnonzero(there & ~equal & ~_other_numbers(left, right, i, j))
    level = np.where(equal, _EQUAL, _UNLIKE).astype(np.int8)
    level[open_[_alike(left, right, i[open_], j[open_])]] = _ALIKE
    return level


def _other_numbers(left: Titles, right: Titles, i: Places, j: Places) -> Mask:
    result: Mask = (left.numbers[i] != right.numbers[j]) & (left.numbers[i] != 0) & (right.numbers[j] != 0)
    return result


def _alike(left: Titles, right: Titles, i: Places, j: Places) -> Mask:
    """Whether two titles may be one: much of them is the same, one stands within the other, or they sound the same."""
    small = np.minimum(left.size[i], right.size[j])
    like = np.maximum(ratio(left.core_texts, right.core_texts, i, j), ratio(left.full_texts, right.full_texts, i, j))
    alike = like >= np.where(small <= _SHORT, _LIKENESS_SHORT, _LIKENESS)
    alike |= (left.sound_hash[i] == right.sound_hash[j]) & (left.sound_hash[i] != 0)
    rest = np.flatnonzero(~alike & (small >= _CONTAINED_LEAST))
    within = [
        left.core_texts[a] in right.full_texts[b] or right.core_texts[b] in left.full_texts[a]
        for a, b in zip(i[rest].tolist(), j[rest].tolist(), strict=True)
    ]
    alike[rest[np.array(within, bool)]] = True
    return alike


def _otherwise(lines: Lines, line: Places, work: Places, index: Index) -> NDArray[np.int8]:
    """Of titles that are unlike: whether performer and title changed places, or the script is another."""
    level = np.full(len(line), _UNLIKE, np.int8)
    if not len(line):
        return level
    turned = swapped(lines, np.unique(line))
    pair, reading, entry = _joined(turned, line, work, index)
    i, j = turned.title[reading], index.entry_title[entry]
    like = ratio(turned.titles.core_texts, index.titles.core_texts, i, j) >= _TURNED
    like |= ratio(turned.titles.full_texts, index.titles.full_texts, i, j) >= _TURNED
    named = _names_agree(turned, reading, index, entry)
    level[_any(len(line), *_spoken(lines, line, work, index)) | _any(len(line), pair, like)] = _ALIKE
    level[_any(len(line), pair, like & named)] = _EQUAL
    return level


def _spoken(lines: Lines, line: Places, work: Places, index: Index) -> tuple[Places, Mask]:
    """Each pair with each of its work's entries, and whether line and entry share a key of sound across scripts."""
    readings = given(lines, np.unique(line))
    pair, reading, entry = _joined(readings, line, work, index)
    i, j = readings.title[reading], index.entry_title[entry]
    apart = _scripts_apart(readings, reading, index, entry)
    pair, i, j = pair[apart], i[apart], j[apart]
    mine, theirs = _keys(readings.titles, i), _keys(index.titles, j)
    return pair, np.array([bool(mine[a] & theirs[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)], bool)


def _keys(titles: Titles, places: Places) -> dict[int, frozenset[str]]:
    """The keys of sound of some titles."""
    distinct = np.unique(places).tolist()
    cores = titles.spelt_texts.some(np.array(distinct, np.int64)).strings()
    both = zip(distinct, native_keys(cores), latin_keys(cores), strict=True)
    return {i: frozenset((*native, *latin)) for i, native, latin in both}


def _scripts_apart(readings: Readings, reading: Places, index: Index, entry: Places) -> Mask:
    """Whether one title has Han, kana or Hangul and the other none: letters cannot be compared."""
    mine, theirs = _wide(readings.titles), _wide(index.titles)
    result: Mask = mine[readings.title[reading]] != theirs[index.entry_title[entry]]
    return result


def _wide(titles: Titles) -> Mask:
    codes = titles.core_texts
    result: Mask = np.bincount(codes.owners[codes.codes >= WIDE], minlength=len(codes)) > 0
    return result


def _names_agree(readings: Readings, reading: Places, index: Index, entry: Places) -> Mask:
    """Whether the line's performer or writer is one of the work's."""
    work = index.entry_work[entry]
    performer = _shared(readings.performers, index.performers, readings.performer[reading], index.work_performers[work])
    writer = _shared(readings.writers, index.writers, readings.writer[reading], index.work_writers[work])
    return performer | writer


def _shared(left: Names, right: Names, i: Places, j: Places) -> Mask:
    """Whether two texts of names share a name, or are as a whole nearly the same."""
    result: Mask = (left.bag_hash[i] != 0) & (right.bag_hash[j] != 0)
    both = np.flatnonzero(result)
    i, j = i[both], j[both]
    found = left.bag_hash[i] == right.bag_hash[j]
    n, m = left.starts[i + 1] - left.starts[i], right.starts[j + 1] - right.starts[j]
    pair = np.repeat(np.arange(len(i)), n * m)
    inner = expand(np.zeros(len(i), np.int64), n * m)
    a, b = left.starts[i][pair] + inner // m[pair], right.starts[j][pair] + inner % m[pair]
    found |= _any(len(i), pair, left.part_hash[a] == right.part_hash[b])
    rest = np.flatnonzero(~found)
    found[rest] = ratio(left.bag_texts, right.bag_texts, i[rest], j[rest]) * 100 >= _NAME_AGREES
    result[both] = found
    return result


def _any(count: int, place: Places, yes: Mask) -> Mask:
    result = np.zeros(count, bool)
    result[place[yes]] = True
    return result


def _best(count: int, place: Places, level: NDArray[np.int8]) -> NDArray[np.int8]:
    result = np.zeros(count, np.int8)
    np.maximum.at(result, place, level)
    return result
