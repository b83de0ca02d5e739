"""What works weigh in the money of a training licence: nothing is lost, whatever is attributed to whom."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.distribute.training import WHOLE, Fallback, Part, Shaped, Split, lines, shaped, weights
from partita.tables.training import OUTPUTS

WORKS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 1000), min_size=1)
VALUES = st.dictionaries(st.sampled_from("ABCDEFGXYZ"), st.integers(0, 10**15))
FALLBACKS = st.sampled_from(["by_analogy", "by_use", "equal_per_work"])


def _part(works: dict[str, int], split: Split = "by_attribution", fallback: Fallback = "by_use", **more: Any) -> Part:
    return Part("acme L/c", split, fallback, works, more.get("open_items", {}), more.get("titles", {}))


def _outputs(*rows: tuple[str, int | None, str, int]) -> pa.Table:
    names = ("output_id", "income_micro", "work_id", "weight")
    given_ = [dict(zip(names, row, strict=True)) for row in rows]
    every = {"model": "acme/m", "made_at": None, "use": "", "attributed_by": "x"}
    return pa.Table.from_pylist([{**every, **row} for row in given_], schema=OUTPUTS.schema)


@given(works=WORKS, values=VALUES, nobody=st.integers(0, 10**15), fallback=FALLBACKS)
def test_weights_add_up_and_belong_to_covered_works(
    works: dict[str, int], values: dict[str, int], nobody: int, fallback: Fallback
) -> None:
    """Whatever outputs say, the covered works share the whole."""
    found = weights(_part(works, fallback=fallback), Shaped(values, nobody))
    assert set(found) == set(works)
    assert sum(found.values()) == WHOLE
    assert min(found.values()) >= 0


def test_a_work_weighs_what_its_outputs_earned() -> None:
    """Two outputs: 3 earned by A alone, 1 shared one to three by A and B."""
    found = shaped(_outputs(("1", 3_000_000, "A", 5), ("2", 1_000_000, "A", 1), ("2", 1_000_000, "B", 3)), ["acme/m"],
                   by_income=True)  # fmt: skip
    assert found.by_work == {"A": 3_250_000 * 10**6, "B": 750_000 * 10**6}
    assert weights(_part({"A": 1, "B": 1}), found) == {"A": WHOLE * 13 // 16, "B": WHOLE * 3 // 16}


@pytest.mark.parametrize(
    ("fallback", "expected"),
    [("by_analogy", {"A": 4, "B": 0}), ("by_use", {"A": 3, "B": 1}), ("equal_per_work", {"A": 3, "B": 1})],
)
def test_what_is_attributed_to_nobody_falls_back_as_the_licence_says(
    fallback: Fallback, expected: dict[str, int]
) -> None:
    """Half of the value is A's, a quarter nobody's, a quarter that of a work which the licence does not cover."""
    outputs = _outputs(("1", None, "A", 1), ("2", None, "A", 1), ("3", None, "", 0), ("4", None, "X", 1))
    found = shaped(outputs, ["acme/m"], by_income=False)
    part = _part({"A": 7, "B": 7}, fallback=fallback)
    assert weights(part, found) == {work: WHOLE * n // 4 for work, n in expected.items()}


def test_without_outputs_everything_falls_back_by_use() -> None:
    """A licence whose attribution nobody reported is shared by the items used."""
    empty = shaped(OUTPUTS.empty(), ["acme/m"], by_income=True)
    assert weights(_part({"A": 3, "B": 1}, fallback="by_analogy"), empty) == {"A": WHOLE * 3 // 4, "B": WHOLE // 4}


def test_items_that_nobody_identified_hold_their_part_back_but_not_by_attribution() -> None:
    """An open item is a line of the charge where use counts; outputs do not speak of items."""
    open_items = {"i": {"line_id": "i", "outcome": "unmatched", "work_id": None, "probability": 0.0, "rule": "none",
                        "candidates": []}}  # fmt: skip
    for split, count in (("by_use", 2), ("equal_per_work", 2), ("by_attribution", 1)):
        usage, matches = lines([(_part({"A": 3}, split, open_items=open_items), Shaped({}, 0))])  # type: ignore[arg-type]
        assert usage.num_rows == matches.num_rows == count
        assert usage.column("licensee").to_pylist() == ["acme L/c"] * count


def test_outputs_of_other_models_do_not_count() -> None:
    """A licence of one model is not shared by another's outputs."""
    assert shaped(_outputs(("1", None, "A", 1)), ["acme/other"], by_income=False) == Shaped({}, 0)
