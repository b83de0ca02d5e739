"""A line that states nothing but a title which a great many works have: it may be any of them, so it is ambiguous.

The joins leave groups of works so large aside, and such a line without a candidate; here the first few works stand for
all of them. Each is as probable as any other of the group.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.candidates import GROUP_MOST, TITLE, Finder
from partita.identify.index import Index
from partita.identify.lines import AS_GIVEN, Lines, given
from partita.identify.outcome import AMBIGUOUS, RULES, UNMATCHED, Verdicts
from partita.text.ragged import Places

_WORKS_MOST = np.int64(1 << 31)


def by_common_title(
    scored: Verdicts, lines: Lines, chosen: Places, finder: Finder, index: Index, most: int
) -> Verdicts:
    """The verdicts on the chosen lines, those ambiguous that have a common title alone; at most `most` candidates."""
    place = np.flatnonzero((scored.outcome == UNMATCHED) & _title_alone(lines, chosen))
    if not len(place):
        return scored
    place, work = _of_the_title(lines, chosen, place, finder, index)
    return _ambiguous(scored, place, work, most) if len(place) else scored


def _title_alone(lines: Lines, chosen: Places) -> NDArray[np.bool_]:
    """Whether each line states neither performers nor writers."""
    rows = pa.array(chosen)
    nobody = pc.and_(pc.equal(lines.performers.take(rows), ""), pc.equal(lines.writers.take(rows), ""))
    result: NDArray[np.bool_] = nobody.to_numpy(zero_copy_only=False)
    return result


def _of_the_title(lines: Lines, chosen: Places, place: Places, finder: Finder, index: Index) -> tuple[Places, Places]:
    """Pairs (place, work), each once and in order, of the lines whose title more works have than a join looks at."""
    readings = given(lines, chosen[place])
    readings = readings.only(readings.kind == AS_GIVEN)
    of_line = np.searchsorted(chosen, readings.line)
    core = readings.titles.core_hash[readings.title]
    owner, entry = finder.keys[TITLE].find(core, of_line, len(index.entry_work))
    large = np.bincount(owner, minlength=len(chosen))[owner] > GROUP_MOST[TITLE]
    pairs = np.unique(owner[large] * _WORKS_MOST + index.entry_work[entry[large]])
    return pairs // _WORKS_MOST, pairs % _WORKS_MOST


def _ambiguous(scored: Verdicts, place: Places, work: Places, most: int) -> Verdicts:
    """The verdicts with these works as candidates of these lines, which had none."""
    lines = len(scored.outcome)
    share = np.round(1 / np.bincount(place, minlength=lines)[place], 6)
    first = np.searchsorted(place, place, side="left")
    shown = np.arange(len(place)) - first < most
    begins = np.flatnonzero(first == np.arange(len(place)))
    outcome, rule = scored.outcome.copy(), scored.rule.copy()
    winner, probability = scored.work.copy(), scored.probability.copy()
    outcome[place], rule[place] = AMBIGUOUS, RULES.index("title")
    winner[place[begins]], probability[place[begins]] = work[begins], share[begins]
    owner = np.concatenate((np.repeat(np.arange(lines), np.diff(scored.starts)), place[shown]))
    order = np.argsort(owner, kind="stable")
    return replace(
        scored, outcome=outcome, work=winner, probability=probability, rule=rule,
        starts=np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=lines)))).astype(np.int64),
        works=np.concatenate((scored.works, work[shown]))[order],
        shares=np.concatenate((scored.shares, share[shown]))[order],
    )  # fmt: skip
