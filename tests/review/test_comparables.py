"""Comparables: the case's own figures, stated as given and expected, and the rules of exact arithmetic behind them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.price import casefile, comparables

STATED = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
SHIPPED = "tw-ipca-108-xingzhusu-2"


def _stated(kind: str) -> list[Any]:
    found = []
    for path in STATED:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        found += [pytest.param(data["case"], entry, id=entry["name"]) for entry in data[kind]]
    return found


def _comparable(case: str, said: dict[str, Any]) -> casefile.Comparable:
    if "comparable" in said:
        return next(one for one in casefile.load(case).comparables if one.id == said["comparable"])
    figures = {name: {"value": value} for name, value in said["figures"].items()}
    return casefile.Comparable.model_validate({"id": "stated", "label": {"en": "stated"}, **said, "figures": figures})


@pytest.mark.parametrize(("case", "entry"), _stated("comparables"))
def test_the_engine_computes_what_was_argued(case: str, entry: dict[str, Any]) -> None:
    """Each comparable of the case comes out as the parties put it, to the last digit."""
    row = comparables.compute([_comparable(case, entry["given"])]).to_pylist()[0]
    assert {name: row[name] for name in entry["expected"]} == entry["expected"]


@pytest.mark.parametrize(("case", "entry"), _stated("counts"))
def test_two_counts_differ_as_the_judgment_says(case: str, entry: dict[str, Any]) -> None:
    """The plays by two counts, their difference, and its percentage of the first."""
    row = comparables.recount(casefile.load(case).counts).to_pylist()[0]
    assert {name: str(row[name]) for name in entry["expected"]} == entry["expected"]


def test_every_shipped_case_loads_and_states_its_sources() -> None:
    """A shipped case gives each figure, claim and count its place in the judgment."""
    for name in casefile.shipped():
        case = casefile.load(name)
        figures = [figure for one in case.comparables for figure in one.figures.values()]
        assert all(item.source for item in [*figures, *case.claims, *case.counts])


def test_every_shipped_comparable_is_expected_somewhere() -> None:
    """No comparable of a shipped case goes untested."""
    tested = {entry.values[1]["given"].get("comparable") for entry in _stated("comparables")}
    assert {one.id for one in casefile.load(SHIPPED).comparables} - tested == set()


EXACT = st.fractions(min_value=0, max_value=10**9, max_denominator=10**6)
ABOVE_ZERO = EXACT.filter(bool)


@given(EXACT, st.sampled_from(["truncate", "up", "half_up"]), st.integers(0, 6))
def test_rounding_stays_within_one_unit_of_the_last_decimal(value: Fraction, rule: str, places: int) -> None:
    """Truncating never adds, rounding up never takes, half up moves by half a unit at most."""
    unit = Fraction(1, 10**places)
    gap = casefile.Rounding(rule=rule, places=places).apply(value) - value  # type: ignore[arg-type]
    assert {"truncate": -unit < gap <= 0, "up": 0 <= gap < unit, "half_up": -unit / 2 < gap <= unit / 2}[rule]


@given(ABOVE_ZERO, ABOVE_ZERO, ABOVE_ZERO)
def test_scaling_there_and_back_gives_the_tariff_again(tariff: Fraction, own: Fraction, other: Fraction) -> None:
    """A tariff scaled from one society's rate to another's, and back, is itself: nothing is lost on the way."""

    def scaled(amount: Fraction, to: Fraction, of: Fraction) -> Fraction:
        figures = {"tariff": {"value": str(amount)}, "own": {"value": str(to)}, "other": {"value": str(of)}}
        data = {"id": "x", "method": "proportional_by_rate", "label": {"en": "x"}, "figures": figures}
        return comparables.value(casefile.Comparable.model_validate(data))

    assert scaled(scaled(tariff, own, other), other, own) == tariff


@given(EXACT)
def test_a_decimal_is_exact_or_says_that_it_is_not(value: Fraction) -> None:
    """What is printed without an ellipsis reads back as the value; with one it is the value, truncated."""
    text = comparables.decimal(value)
    back = Fraction(text.rstrip("…").replace(",", ""))
    assert back == value or (text.endswith("…") and 0 < value - back < Fraction(1, 100))


WRONG = [
    ("figures", {"tariff": {"value": "5000"}}, "needs the figures"),
    ("figures", {"tariff": {"value": "5000"}, "own": {"value": "1"}, "other": {"value": "0"}}, "above zero"),
    ("figures", {"tariff": {"value": "-1"}, "own": {"value": "1"}, "other": {"value": "2"}}, "above zero"),
    ("figures", {"tariff": {"value": "1e99999"}, "own": {"value": "1"}, "other": {"value": "2"}}, "exact number"),
    ("figures", {"tariff": {"value": "five"}, "own": {"value": "1"}, "other": {"value": "2"}}, "exact number"),
    ("method", "by_feeling", "method"),
    ("sourse", "typo", "sourse"),
]


@pytest.mark.parametrize(("key", "value", "said"), WRONG)
def test_a_case_that_makes_no_sense_is_one_clear_line(key: str, value: Any, said: str, tmp_path: Path) -> None:
    """A wrong figure, method or key is named, with the file, and nothing is computed."""
    good = {"value": "1"}
    one = {"id": "x", "method": "proportional_by_rate", "label": {"en": "x"}}
    one["figures"] = {"tariff": good, "own": good, "other": good}
    about = {
        "id": "c",
        "court": {"en": "c"},
        "number": "1",
        "decided": "2020-01-01",
        "subject": {"en": "s"},
        "source": "s",
    }
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump({"case": about, "comparables": [{**one, key: value}]}), encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        casefile.load(path)
    assert "case.yaml" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content", [b"case: [", b"\xff\xfe\x00", b"", b"- 1", b"case: !!python/object:os.system x", b"[" * 5000]
)
def test_what_is_no_case_is_one_clear_line(content: bytes, tmp_path: Path) -> None:
    """Broken, binary, empty, hostile or endless YAML ends in one line."""
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        casefile.load(path)
    assert "\n" not in str(error.value)


def test_an_unknown_case_names_those_that_are_shipped() -> None:
    """Whoever mistypes an id is told which there are."""
    with pytest.raises(InputError, match=SHIPPED):
        casefile.load("tw-ipca-109")


def test_a_first_count_of_nothing_has_no_percentage() -> None:
    """Nothing divides by zero."""
    counts = [casefile.Count(party="a", operator="o", plays=0), casefile.Count(party="b", operator="o", plays=5)]
    row = comparables.recount(counts).to_pylist()[0]
    assert (row["difference"], row["percent"]) == (-5, "")
