"""Whether a line's title bears out, leaves open or contradicts the work that an identifier names."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from partita.identify.fields import titles
from partita.identify.index import Index, distinct_of
from partita.identify.lines import Lines
from partita.text.ragged import Places

CONTRADICTS, SILENT, AGREES = -1, 0, 1
Stance = NDArray[np.int8]
_ALIKE = 0.35


def of(lines: Lines, line: Places, work: Places, index: Index) -> Stance:
    """For each pair of a line and a work: AGREES, SILENT (the line states no title) or CONTRADICTS."""
    stated, place = distinct_of([lines.title[i] for i in line.tolist()])
    mine, result = titles(stated), np.full(len(line), SILENT, np.int8)
    for i, (p, w) in enumerate(zip(place.tolist(), work.tolist(), strict=True)):
        entries = index.entry_title[np.flatnonzero(index.entry_work == w)].tolist()
        forms = [f for f in (mine.core[p], mine.full[p]) if f]
        if forms:
            like = any(
                fuzz.partial_ratio(f, g) >= 100 * _ALIKE
                for e in entries for g in (index.titles.core[e], index.titles.full[e]) for f in forms
            )
            result[i] = AGREES if like else CONTRADICTS
    return result
