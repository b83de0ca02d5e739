"""The search finds the works that share the rarest pieces of a line, as a plain count of them would."""

from __future__ import annotations

from math import log2

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partita.identify.fields import names, titles
from partita.identify.search import ENTRIES, Budget, Pieces, Postings, pieces_of

Piece = tuple[str, ...]
TEXTS = st.text("abé 情人심", max_size=7)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=25)


def pieces(text: str) -> set[Piece]:
    """The pieces of a text: one or two wide characters, three others, or a short text as it is."""
    wide = [ord(char) >= 0x2E80 for char in text]
    found = {(text[i],) for i in range(len(text)) if wide[i]}
    found |= {(text[i], text[i + 1]) for i in range(len(text) - 1) if wide[i] and wide[i + 1]}
    found |= {(*text[i : i + 3],) for i in range(len(text) - 2) if not all(wide[i : i + 3])}
    return found | ({("short", text)} if 0 < len(text) < 3 else set())


def made(rows: list[tuple[str, str]]) -> tuple[list[set[Piece]], Pieces]:
    """The pieces of rows of titles and names, as sets and as the search has them."""
    title, name = titles([t for t, _ in rows]), names([n for _, n in rows])
    cores, bags = title.core_texts.strings(), name.bag_texts.squeezed().strings()
    sets = [pieces(core) | pieces(bag) for core, bag in zip(cores, bags, strict=True)]
    places = np.arange(len(rows))
    return sets, pieces_of(title, name, places, places)


def nearest(asking: set[Piece], there: list[set[Piece]], budget: Budget) -> list[tuple[int, int]]:
    """The rows that share most of the rarest pieces with a score each, best first; where no two pieces are as rare."""
    rows = {piece: [n for n, of in enumerate(there) if piece in of] for piece in asking}
    total = sum(map(len, there))
    score: dict[int, int] = {}
    for found in rows.values():
        if 0 < len(found) <= budget.common:
            for row in found:
                score[row] = score.get(row, 0) + int(min(max(log2(total / len(found)) * 16, 1), 400))
    return sorted(((row, of) for row, of in score.items()), key=lambda pair: (-pair[1], pair[0]))[: budget.found]


@given(ROWS, ROWS)
def test_the_rows_that_share_most_are_found(there: list[tuple[str, str]], asking: list[tuple[str, str]]) -> None:
    """With room for all pieces of a row; ties go to the first row, common pieces count for nothing."""
    budget = ENTRIES._replace(pieces=100, postings=10_000, common=9)
    sets, columns = made(there)
    wanted, questions = made(asking)
    row, found = Postings.of(columns).nearest(questions, budget)
    expected = [(n, entry) for n, ask in enumerate(wanted) for entry, _ in nearest(ask, sets, budget)]
    assert list(zip(row.tolist(), found.tolist(), strict=True)) == expected


@given(ROWS)
def test_a_row_asks_with_its_rarest_pieces_only(rows: list[tuple[str, str]]) -> None:
    """With one piece it finds only rows that hold one of its rarest ones, and never more than it may."""
    sets, columns = made(rows)
    row, found = Postings.of(columns).nearest(columns, ENTRIES._replace(pieces=1, found=2))
    counts = {piece: sum(piece in of for of in sets) for of in sets for piece in of}
    assert np.bincount(row, minlength=1).max() <= 2
    for a, b in zip(row.tolist(), found.tolist(), strict=True):
        rarest = min(counts[piece] for piece in sets[a])
        assert any(counts[piece] == rarest for piece in sets[a] & sets[b])
