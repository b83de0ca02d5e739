"""Split tables by role, against the rows of the table that they are taken from."""

from __future__ import annotations

import pyarrow as pa
import pytest

from partita import tables
from partita.distribute import split
from partita.distribute.selftest import rows
from partita.errors import InputError


@pytest.mark.parametrize(
    ("roles", "parts"),
    [
        (("C",), [1_000_000]),
        (("C", "A"), [500_000, 500_000]),
        (("C", "C", "A"), [250_000, 250_000, 500_000]),
        (("CA",), [1_000_000]),
        (("CA", "A"), [750_000, 250_000]),
        (("W", "W", "W"), [333_334, 333_333, 333_333]),
        (("AR",), [1_000_000]),
        (("A", "AD"), [500_000, 500_000]),
        (("C", "A", "AR"), [333_334, 333_333, 333_333]),
        (("AR", "AD"), [500_000, 500_000]),
        (("C", "A", "E"), [333_334, 333_333, 333_333]),
        (("C", "A", "AR", "AD"), None),
        (("C", "piano tuner"), None),
    ],
)
def test_the_shipped_table_splits_by_role(roles: tuple[str, ...], parts: list[int] | None) -> None:
    """Instrumental: all to the composer; a song: half and half; with an arranger: thirds; unknown: nobody guesses."""
    assert split.shipped("tw-default").shares(roles) == parts


def test_only_works_without_any_share_are_filled() -> None:
    """Stated shares stay; null and zero are filled by the society's table, or the one for every other."""
    given = rows(
        tables.SHARES,
        [
            {"work_id": "w1", "party_id": "a", "role": "C", "society": "S", "share_ppm": 0},
            {"work_id": "w1", "party_id": "b", "role": "A", "society": "R", "share_ppm": 0},
            {"work_id": "w2", "party_id": "a", "role": "C", "society": "S", "share_ppm": 700_000},
            {"work_id": "w2", "party_id": "b", "role": "A", "society": "R", "share_ppm": 0},
        ],
    )
    unknown = given.set_column(5, "share_ppm", pa.array([None, None, 700_000, None], pa.int64()))
    filled = split.fill(unknown, {"": split.shipped()})
    assert tables.conform(filled, tables.SHARES).column("share_ppm").to_pylist() == [500_000, 500_000, 700_000, 0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rules: 3",
        "id: x\nclasses: {c: [C]}\nrules: [{parts: {c: 1/2}}]",
        "id: x\nclasses: {c: [C]}\nrules: [{parts: {d: 1}}]",
        "id: x\nclasses: {c: [C]}\nrules: [{parts: {c: 0.5x}}]",
        "a: [",
        "id: x\nclasses: {c: [C]}\nrules: [{parts: {}}]",
    ],
)
def test_a_table_that_does_not_add_up_is_refused(text: str) -> None:
    """A split table is read whole or not at all, and the error names the file."""
    with pytest.raises(InputError, match=r"mine\.yaml"):
        split.load(text, file="mine.yaml")


def test_an_unknown_table_names_those_that_there_are() -> None:
    """The mend lists what is shipped."""
    with pytest.raises(InputError, match="tw-default"):
        split.shipped("../../etc/passwd")
