"""What an ISWC or ISRC decides: it comes first, unless the title plainly contradicts it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from partita import ids
from partita.identify.index import Index
from partita.identify.lines import Lines
from partita.identify.outcome import AMBIGUOUS, MATCHED, RULES, Verdicts
from partita.text import bare_all, fold_all
from partita.text.ragged import Places
from partita.text.titles import title_parts

_PROBABILITY = {"iswc": 0.999, "isrc": 0.998}
_CONTRADICTS_BELOW = 0.35


def by_identifier(scored: Verdicts, lines: Lines, chosen: Places, index: Index) -> Verdicts:
    """The verdicts with those lines decided that carry a valid ISWC or ISRC of exactly one work."""
    found = [(place, *hit) for place, line in enumerate(chosen.tolist()) if (hit := _hit(lines, line, index))]
    if not found:
        return scored
    outcome, work = scored.outcome.copy(), scored.work.copy()
    probability, rule = scored.probability.copy(), scored.rule.copy()
    marks = scored.starts.tolist()
    works = [scored.works[a:b] for a, b in pairwise(marks)]
    shares = [scored.shares[a:b] for a, b in pairwise(marks)]
    for place, kind, winner in found:
        agrees = _title_agrees(lines.title[chosen[place]], index, winner)
        sure = _PROBABILITY[kind] if agrees else 0.5
        outcome[place], work[place], probability[place] = MATCHED if agrees else AMBIGUOUS, winner, sure
        rule[place] = RULES.index(kind if agrees else "identifier_conflict")
        others = works[place] != winner
        works[place] = np.concatenate(([winner], works[place][others]))[:5]
        shares[place] = np.concatenate(([sure], np.minimum(shares[place][others], 1 - sure).round(6)))[:5]
    starts = np.concatenate(([0], np.cumsum([len(w) for w in works]))).astype(np.int64)
    return Verdicts(outcome, work, probability, rule, starts, np.concatenate(works), np.concatenate(shares))


def _hit(lines: Lines, line: int, index: Index) -> tuple[str, int] | None:
    for kind, value in (("iswc", lines.iswc[line]), ("isrc", lines.isrc[line])):
        valid = (ids.iswc if kind == "iswc" else ids.isrc)(value) if value else None
        work = index.identifiers[kind].get(valid, -1) if valid else -1
        if work >= 0:
            return kind, work
    return None


def _title_agrees(title: str, index: Index, work: int) -> bool:
    """False where the line states a title that is like none of the work's."""
    line = title_parts(fold_all([title])[0])
    forms = [form.replace(" ", "") for form in bare_all([line.core, line.full]) if form]
    if not forms:
        return True
    entries = np.flatnonzero(index.entry_work == work)
    works = [index.titles.core[t] for t in index.entry_title[entries].tolist()]
    works += [index.titles.full[t] for t in index.entry_title[entries].tolist()]
    return any(fuzz.partial_ratio(a, b) >= 100 * _CONTRADICTS_BELOW for a in forms for b in works)
