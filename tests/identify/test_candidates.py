"""What keys are made of: texts without one letter, and the rows that have a text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partita.identify.aloud import rows_of
from partita.identify.candidates import without_a_letter
from partita.text.ragged import Texts

TEXTS = st.lists(st.tuples(st.text("abé 情人\U0001f600", max_size=60), st.booleans()), max_size=8)


@given(TEXTS)
def test_texts_without_a_letter_are_hashed_as_such(texts: list[tuple[str, bool]]) -> None:
    """A wanted text as it is, then without its first letter, its second, and so on; nothing of very long ones."""
    expected = [
        (text[:k] + text[k + 1 :] if k >= 0 else text, n)
        for n, (text, wanted) in enumerate(texts)
        if wanted and len(text) <= 48
        for k in range(-1, len(text))
    ]
    column = Texts.of([text for text, _ in texts])
    hashes, owners = without_a_letter(column, np.array([wanted for _, wanted in texts], bool))
    assert hashes.tolist() == Texts.of([text for text, _ in expected]).hashes().tolist()
    assert owners.tolist() == [n for _, n in expected]


@given(st.lists(st.integers(0, 5), max_size=20), st.lists(st.tuples(st.integers(0, 5), st.integers(1, 99)), max_size=9))
def test_a_hash_is_given_to_every_row_that_has_its_text(of_row: list[int], found: list[tuple[int, int]]) -> None:
    """In the order of the hashes, and of the rows of each."""
    places, hashes = [place for place, _ in found], [hash_ for _, hash_ in found]
    given_, rows = rows_of(np.array(hashes, np.uint64), np.array(places, np.int64), np.array(of_row, np.int64), 6)
    expected = [(hash_, row) for place, hash_ in found for row, of in enumerate(of_row) if of == place]
    assert list(zip(given_.tolist(), rows.tolist(), strict=True)) == expected
