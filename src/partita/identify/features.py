"""What two texts say for and against being the same work: one row of figures a pair (reading, entry).

Text is compared as it is written (folded). `sound` says only that a differing Han title is a homophone; the `spoken`
figures how alike texts of different scripts are said aloud. Both count for something where another field agrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from partita.identify.aloud import Spoken, names_shared
from partita.identify.fields import WIDE, Names, Titles
from partita.identify.index import Index, among
from partita.identify.lines import Readings
from partita.text import alike
from partita.text.compiled import compiled
from partita.text.ragged import Hashes, Places, Texts, expand

Figures = NDArray[np.float32]

NAMES = (
    "title_core", "title_full", "title_raw", "title_begin", "title_loose", "title_size", "title_works", "numbers",
    "performer_state", "performer_best", "performer_all", "writer_state", "writer_best", "reading", "sound",
    "edits", "cut", "strange", "known", "aside", "title_spoken", "performer_spoken", "title_exact",
    "performer_order", "performer_works", "repertoire_works",
)  # fmt: skip
"""The columns of a row of features, in order."""

_PARTS_MOST = 16
_EDITS_MOST = 6
_NEAR = 0.4
"""Similarity from which the letters that differ are counted."""
_ALOUD_LEAST = 4.0
"""Size of a title (a Han character counts as two and a half letters) from which it is compared as it is said."""
_STRANGE_MOST = 3
_WORKS_MOST = 13.0
"""The number of works, as a logarithm, from which it says nothing more."""
_COMMON_TITLE = 3.5
"""How common a title is, as a logarithm, from which the number of works says nothing: that of more than ten works."""
_BEGUN = np.float32(0.4)
"""What the likeness of a Han title and another that begins with it is taken for, at first look, where it is less."""


def _compare(left: Texts, right: Texts, i: Places, j: Places, same: NDArray[np.bool_]) -> Figures:
    """Similarity of `left[i]` and `right[j]`; 1 where they are known to be the same."""
    out = np.ones(len(i), np.float32)
    rest = np.flatnonzero(~same)
    out[rest] = alike.ratio(left, right, i[rest], j[rest])
    return out


def _other_form(
    core: Figures, left: tuple[Titles, Texts, Hashes], right: tuple[Titles, Texts, Hashes], i: Places, j: Places
) -> Figures:
    """Similarity of another form of the titles; that of the core titles where neither has another."""
    out = core.copy()
    differs = (left[2] != left[0].core_hash)[i] | (right[2] != right[0].core_hash)[j]
    rest = np.flatnonzero(differs)
    i, j = i[rest], j[rest]
    out[rest] = _compare(left[1], right[1], i, j, left[2][i] == right[2][j])
    return out


def first_look(
    lines: Readings, index: Index, reading: Places, entry: Places, aloud: NDArray[np.bool_]
) -> tuple[Figures, Figures, Figures]:
    """Cheap, before all else: similarity of the core titles, of what they sound like, and the most that they have.

    `aloud`: pairs that are known to share a key of `text.spoken`.
    The second is as `_spoken_titles` gives it; the third counts Han titles that sound the same as alike, and those of
    which one begins the other: what stands beside a short title is soon longer than it.
    """
    left, right = lines.titles, index.titles
    i, j = lines.title[reading], index.entry_title[entry]
    core, spoken = title_core(lines, index, reading, entry), _spoken_titles(left, right, i, j)
    spoken[aloud & (core < 1) & (left.latin[i] | right.latin[j])] = 1
    sound = (left.sound_hash[i] == right.sound_hash[j]) & (left.sound_hash[i] != 0)
    most = np.maximum(np.maximum(core, spoken), np.float32(0.5) * sound)
    rest = _same_first_sign(left.core_texts, right.core_texts, i, j, most)
    begun = _begin(left.core_texts, right.core_texts, i[rest], j[rest]) == 1
    most[rest[begun]] = _BEGUN
    return core, spoken, most


def _same_first_sign(left: Texts, right: Texts, i: Places, j: Places, most: Figures) -> Places:
    """The pairs that are not alike so far and begin with the same Han, kana or Hangul sign."""
    rest = np.flatnonzero((most < _BEGUN) & (left.lengths[i] > 0) & (right.lengths[j] > 0))
    first = left.codes[left.starts[i[rest]]]
    there: Places = rest[(first >= WIDE) & (first == right.codes[right.starts[j[rest]]])]
    return there


def title_core(lines: Readings, index: Index, reading: Places, entry: Places) -> Figures:
    """Similarity of the core titles."""
    i, j = lines.title[reading], index.entry_title[entry]
    same = lines.titles.core_hash[i] == index.titles.core_hash[j]
    return _compare(lines.titles.core_texts, index.titles.core_texts, i, j, same)


def _numbers(left: Hashes, right: Hashes) -> Figures:
    """1 where both have the same numbers, 0.5 where neither has or only one, 0 where they differ."""
    out = np.full(len(left), 0.5, np.float32)
    out[(left == right) & (left != 0)] = 1
    out[(left != right) & (left != 0) & (right != 0)] = 0
    return out


def _begin(left: Texts, right: Texts, i: Places, j: Places) -> Figures:
    """The common beginning of two titles as a part of the shorter one."""
    short = np.minimum(left.lengths[i], right.lengths[j]).astype(np.float32)
    common = alike.common_beginning(left, right, i, j).astype(np.float32)
    result: Figures = np.where(left.lengths[i] + right.lengths[j] > 0, common / np.maximum(short, 1), 1)
    return result


def _edits(left: Texts, right: Texts, i: Places, j: Places, near: Figures) -> Figures:
    """Letters lost, added, wrong or exchanged between two titles; those not `near` are not counted out."""
    out = np.where(near < 1, np.float32(_EDITS_MOST), np.float32(0)).astype(np.float32)
    rest = np.flatnonzero((near < 1) & (near >= _NEAR))
    out[rest] = alike.slips(left, right, i[rest], j[rest], _EDITS_MOST)
    return out


def _cut(left: Titles, right: Titles, i: Places, j: Places, begin: Figures) -> Figures:
    """1 where the line's title begins the work's, 2 where it ends within a word, -1 for the reverse."""
    out = np.zeros(len(i), np.float32)
    short, long = left.core_texts.lengths[i], right.core_texts.lengths[j]
    out[(begin == 1) & (short > long)] = -1
    for place in np.flatnonzero((begin == 1) & (short < long) & (short > 0)).tolist():
        a, b = left.spelt_texts.text(i[place]), right.spelt_texts.text(j[place])
        within = b.startswith(a) and b[len(a)].isalnum() and a[-1].isalnum() and a[-1] < chr(WIDE)
        out[place] = 2 if within else 1
    return out


def _strange(titles_: Titles, index: Index, i: Places) -> Figures:
    """For each title of `i` how many of its words no title of the repertoire has."""
    asked = np.zeros(len(titles_), bool)
    asked[i] = True
    there = asked[titles_.word_owners]
    words, owners = titles_.words[there], titles_.word_owners[there]
    counts = np.bincount(owners[~among(words, index.known_words)], minlength=len(titles_))
    return np.minimum(counts, _STRANGE_MOST).astype(np.float32)[i]


def _aside(left: Texts, right: Texts, i: Places, j: Places) -> Figures:
    """Similarity of what stands in brackets that are no tags; -1 where not both titles have any."""
    out = np.full(len(i), -1, np.float32)
    both = np.flatnonzero((left.lengths[i] > 0) & (right.lengths[j] > 0))
    out[both] = alike.ratio(left, right, i[both], j[both])
    return out


def _parts(left: Names, right: Names, i: Places, j: Places) -> tuple[Places, Places, Places]:
    """Each name of `left[i]` beside each of `right[j]`: the pair's number, and both names' places."""
    n = np.minimum(left.starts[i + 1] - left.starts[i], _PARTS_MOST)
    m = np.minimum(right.starts[j + 1] - right.starts[j], _PARTS_MOST)
    pair = np.repeat(np.arange(len(i)), n * m)
    inner = expand(np.zeros(len(i), np.int64), n * m)
    many = np.maximum(m, 1)[pair]
    return pair, left.starts[i][pair] + inner // many, right.starts[j][pair] + inner % many


def _best_part(left: Names, right: Names, i: Places, j: Places) -> Figures:
    """Similarity of the two names that are most alike, of all names of `left[i]` and of `right[j]`."""
    return alike.best_of_several(left.part_texts, left.starts, right.part_texts, right.starts, i, j, _PARTS_MOST)


def _names(left: Names, right: Names, i: Places, j: Places) -> tuple[Figures, Figures, Figures]:
    """State (0 both there, 1 the line has none, 2 the work has none), best name, and all words together."""
    state = np.zeros(len(i), np.float32)
    state[right.bag_hash[j] == 0] = 2
    state[left.bag_hash[i] == 0] = 1
    best, whole = np.zeros(len(i), np.float32), np.zeros(len(i), np.float32)
    there = np.flatnonzero(state == 0)
    i, j = i[there], j[there]
    same = left.bag_hash[i] == right.bag_hash[j]
    whole[there] = _compare(left.bag_texts, right.bag_texts, i, j, same)
    differ = np.flatnonzero(~same)
    i, j = i[differ], j[differ]
    best[there] = 1
    turned = _turned(left.part_hash, left.starts, right.part_hash, right.starts, i, j)
    turned |= _turned(right.part_hash, right.starts, left.part_hash, left.starts, j, i)
    best[there[differ]] = np.where(turned, np.float32(1), _best_part(left, right, i, j))
    return state, best, whole


@compiled
def _turned(a: Hashes, of_a: Places, b: Hashes, of_b: Places, i: Places, j: Places) -> NDArray[np.bool_]:
    """Whether two names side by side in `a[i]` have the words of one in `b[j]`: `Last, First` was taken for two."""
    out = np.zeros(len(i), np.bool_)
    for pair in range(len(i)):
        for x in range(of_a[i[pair]], of_a[i[pair] + 1] - 1):
            both = a[x] + a[x + 1]
            for y in range(of_b[j[pair]], of_b[j[pair] + 1]):
                out[pair] |= both == b[y]
    return out


def _spoken_titles(left: Titles, right: Titles, i: Places, j: Places) -> Figures:
    """How alike titles are said aloud where one is in Latin letters and the other is not; -1 for other pairs.

    That is the similarity of the letters with the pinyin of a Han title.
    """
    out = np.full(len(i), -1, np.float32)
    for latin, native, a, b in ((left, right, i, j), (right, left, j, i)):
        mixed = np.flatnonzero(latin.latin[a] & ~native.latin[b] & (native.size[b] >= _ALOUD_LEAST))
        out[mixed] = alike.ratio(latin.core_texts, native.said_texts, a[mixed], b[mixed])
    return out


def _spoken_names(left: Names, right: Names, spoken: Spoken, i: Places, j: Places) -> Figures:
    """The same of performers, in any order of their syllables: of the two that are most alike, or of all together."""
    out = np.full(len(i), -1, np.float32)
    mixed = np.flatnonzero((left.wide[i] != right.wide[j]) & (left.bag_hash[i] != 0) & (right.bag_hash[j] != 0))
    if len(mixed):
        pair, a, b = _parts(left, right, i[mixed], j[mixed])
        out[mixed] = 0
        values = alike.ratio(left.said_texts, right.said_texts, a, b)
        values[names_shared(left.part_texts, spoken, a, b)] = 1
        np.maximum.at(out, mixed[pair], values)
        several = mixed[(np.diff(left.starts)[i[mixed]] > 1) | (np.diff(right.starts)[j[mixed]] > 1)]
        whole = alike.ratio(left.said_together, right.said_together, i[several], j[several])
        out[several] = np.maximum(out[several], whole)
    return out


def _performer_works(index: Index, work: Places, core: Figures) -> Figures:
    """How many works have the performers of a work whose title differs, as a logarithm; 0 for other works.

    Who has many works has some with titles that are alike, and some that the repertoire lacks.
    """
    out = np.zeros(len(work), np.float32)
    performer = index.work_performers[work]
    rest = np.flatnonzero((core < 1) & (index.performers.bag_hash[performer] != 0))
    if len(rest):
        works = np.bincount(index.work_performers)
        out[rest] = np.log2(works[performer[rest]])
    return out


def repertoire_works(index: Index, title: Places) -> Figures:
    """How many works there are, as a logarithm, up to eight thousand: among few, titles seldom meet by chance.

    Titles that many works have meet anywhere; they count as among eight thousand.
    """
    works = np.float32(min(np.log2(1 + len(index.work_performers)), _WORKS_MOST))
    return np.where(index.title_works[title] < _COMMON_TITLE, works, np.float32(_WORKS_MOST)).astype(np.float32)


def writer_figures(left: Names, right: Names, i: Places, j: Places) -> tuple[Figures, Figures]:
    """State and best similarity of writers."""
    state, best, _ = _names(left, right, i, j)
    return state, best


def rows(lines: Readings, index: Index, reading: Places, entry: Places, core: Figures, spoken: Figures) -> Figures:
    """The features of each pair; `core` and `spoken` as `first_look` gave them."""
    left, right = lines.titles, index.titles
    i, j = lines.title[reading], index.entry_title[entry]
    work = index.entry_work[entry]
    begin = _begin(left.core_texts, right.core_texts, i, j)
    known = among(left.core_hash[i], index.known_cores)
    loose = (left.loose_hash[i] == right.loose_hash[j]).astype(np.float32)
    performer = _names(lines.performers, index.performers, lines.performer[reading], index.work_performers[work])
    writer = _names(lines.writers, index.writers, lines.writer[reading], index.work_writers[work])
    return np.column_stack((
        core,
        _other_form(core, (left, left.full_texts, left.full_hash), (right, right.full_texts, right.full_hash), i, j),
        _other_form(core, (left, left.raw_texts, left.raw_hash), (right, right.raw_texts, right.raw_hash), i, j),
        begin,
        loose,
        np.minimum(np.minimum(left.size[i], right.size[j]), 40),
        index.title_works[j],
        _numbers(left.numbers[i], right.numbers[j]),
        *performer,
        writer[0], writer[1],
        lines.kind[reading].astype(np.float32),
        ((left.sound_hash[i] == right.sound_hash[j]) & (left.sound_hash[i] != 0) & (core < 1)).astype(np.float32),
        _edits(left.core_texts, right.core_texts, i, j, np.maximum(core, loose)),
        _cut(left, right, i, j, begin),
        _strange(left, index, i),
        (known & (core < 1)).astype(np.float32),
        _aside(left.aside_texts, right.aside_texts, i, j),
        spoken,
        _spoken_names(lines.performers, index.performers, index.performers_spoken, lines.performer[reading],
                      index.work_performers[work]),
        (left.exact_hash[i] == right.exact_hash[j]).astype(np.float32),
        (lines.performers.ordered_hash[lines.performer[reading]]
         == index.performers.ordered_hash[index.work_performers[work]]).astype(np.float32),
        _performer_works(index, work, core),
        repertoire_works(index, j),
    )).astype(np.float32)  # fmt: skip
