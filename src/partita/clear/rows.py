"""The rows that `kernel` reads and writes, as they lie in memory. Whoever changes one changes a line of `kernel` too.

For what is compiled there is kept until that file changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Masks = NDArray[np.bool_]
Rows = NDArray[np.void]

_TIMES = [("valid_from", "i4"), ("valid_to", "i4"), ("recorded", "i8"), ("retired", "i8")]
_SCOPE = [("leaves", "i4"), ("system", "i4"), ("place", "i4")]
THING = np.dtype([("links", "i8"), ("statements", "i8"), ("holdings", "i8"), ("offers", "i8"), ("party", "i4"),
                  ("large", "i4"), ("kind", "i4")], align=True)  # fmt: skip
"""A thing: where its rows of each table begin (they end where the next one's begin), which party it is (of a party),
its number among those with many statements (else -1), its kind. One row more stands at the end."""

LINK = np.dtype([*_TIMES, ("to", "i4")], align=True)
STATEMENT = np.dtype([*_TIMES, *_SCOPE, ("rank", "i8"), ("speaker", "i4"), ("offer", "i4"), ("group", "i4"),
                      ("kind", "i4")], align=True)  # fmt: skip
"""A statement, sorted by thing; `group` numbers those on one thing that say the same, which lie together."""

HOLDING = np.dtype([*_TIMES, ("share", "i8"), ("party", "i4"), ("party_thing", "i4"), ("society", "i4"),
                    ("society_thing", "i4")], align=True)  # fmt: skip
"""A holding; its party and society also as the things that statements hang on."""

MANDATE = np.dtype([*_TIMES, ("pairs", "i8"), ("guards", "i8"), ("place", "i4"), ("leaves", "i4")], align=True)
"""A mandate gives pairs of leaf and right, to license and to reserve; a withdrawal takes leaves. An agreement between
societies is one too."""

OFFER = np.dtype([*_TIMES, *_SCOPE, ("rank", "i8"), ("licensor", "i4"), ("name", "i4")], align=True)
ASKED = np.dtype([*_SCOPE, ("at", "i4"), ("known", "i8"), ("start", "i8"), ("moment", "i4"), ("kind", "i4")],
                 align=True)  # fmt: skip
"""A use; its first things begin at `start` and end where the next one's begin. One row more stands at the end."""

ANSWERED = np.dtype([("allowed", "i8"), ("refused", "i8"), ("claims", "i8"), ("statement", "i4"), ("offer", "i4"),
                     ("work", "i4"), ("code", "i4"), ("contradicted", "?")], align=True)  # fmt: skip
"""An answer: its code, the row of the statement or rank of the offer that it names, its work (-1: none), and counts."""

SYSTEM = np.dtype([("parent", "i4"), ("depth", "i4")])
MEMO = np.dtype([("moment", "i8"), ("count", "i8"), ("start", "i8")])
NOTED_OFFER = np.dtype([("offer", "i4"), ("cell", "i4"), ("leaf", "i4")])
LIVE = np.dtype([("row", "i4"), ("weight", "i4")])


class Book(NamedTuple):
    """All that the registry knows, in rows of `rows`; keys of mandates (member + 1, society) and of agreements apart.

    `covers` says which place holds all of which, `row_of_rank` gives a statement by its rank; parties with numbers
    below `societies` may act for others, no others.
    """

    things: Rows
    links: Rows
    statements: Rows
    holdings: Rows
    mandates: Rows
    mandate_keys: Longs
    agreements: Rows
    agreement_keys: Longs
    offers: Rows
    systems: Rows
    covers: Masks
    pair_leaf: Ints
    row_of_rank: Ints
    societies: int


class Question(NamedTuple):
    """One use."""

    leaves: int
    system: int
    place: int
    at: int
    known: int
    moment: int


class Bench(NamedTuple):
    """Room to work in: things to weigh, shares with their keys, notes of offers, and of large things what is live.

    `seen` holds at place 0 the number of the use, at thing + 1 that of the last use that had the thing.
    """

    counts: Longs
    seen: Longs
    things: Ints
    linked: Ints
    cells: Longs
    keys: Longs
    noted: Rows
    memo: Rows
    live: Rows
