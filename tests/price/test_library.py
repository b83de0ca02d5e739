"""Reading tariffs: figures stay exact, mistakes are named with file and line, nothing hostile gets in."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from helpers_price import licence, licences, tariff, value, write

from partita import price, tables
from partita.errors import InputError
from partita.price.tariff import figures

YEAR = (dt.date(2019, 1, 1), dt.date(2019, 12, 31))


def _refused(path: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        price.load([path])
    assert "\n" not in str(refused.value)
    return refused.value


def test_shipped_tariffs_load_and_are_found_by_the_name_of_their_file() -> None:
    """Every shipped tariff is valid, and its id is its folder and file."""
    tariffs = price.load()
    assert len(tariffs.by_id) == 11
    for tariff_id, file in tariffs.files.items():
        assert tariff_id == f"{Path(file).parent.name}-{Path(file).stem}"
        assert tariffs.one(tariff_id).territory == Path(file).parent.name.upper()


def test_shipped_figures_have_sources_and_a_day_to_look_again() -> None:
    """Each figure in force names its source; each but the general tax also says when to look it up again."""
    for tariff_id, one in price.load().by_id.items():
        for place, values in figures(one):
            for figure in values:
                assert figure.reference, (tariff_id, place)
                expected = figure.status == "determined" and place != "tax.rate"
                assert (figure.review_by is not None) == expected, (tariff_id, place)


def test_societies_of_a_joint_tariff() -> None:
    """One society collects, all of them are paid."""
    societies = price.load().societies()
    assert societies["tw-joint-machine-2023"] == ["MUST", "ACMA", "TMCA"]
    assert societies["tw-acma-ktv"] == ["ACMA"]


def test_a_tariff_that_is_not_there_names_those_that_are() -> None:
    """The message lists the ids."""
    with pytest.raises(InputError, match="tw-must-ktv"):
        price.load().one("tw-must")


@pytest.mark.parametrize(
    ("key", "said", "reason"),
    [
        ("value", "5000.0.0", "no exact figure"),
        ("value", "-5", "no exact figure"),
        ("value", "4,5", "no exact figure"),
        ("value", "1e3", "no exact figure"),
        ("value", "nan", "no exact figure"),
        ("value", "1/0", "no exact figure|not an exact number"),
        ("value", "５００", "no exact figure"),
        ("value", "9" * 40, "no exact figure"),
        ("decided_on", "27.3.2019", "no day"),
        ("decided_on", "2019-02-30", "rate.0.decided_on"),
        ("decided_on", "9999-12-31", "no day"),
        ("status", "final", "determined"),
        ("evidence", "hearsay", "primary"),
        ("reference", "", "rate.0.reference"),
        ("url", "javascript:alert(1)", "rate.0.url"),
        ("amount", "5", "unknown key"),
        ("frozen_until", "1999-01-01", "lies before effective_from"),
    ],
)
def test_a_mistake_in_a_figure_is_named_with_its_line(tmp_path: Path, key: str, said: str, reason: str) -> None:
    """File, line of the key at fault, and what is wrong."""
    content = tariff(rate=[value(5000) | {key: said}])
    path = write(tmp_path, content)
    error = _refused(path)
    assert re.search(reason, str(error)), str(error)
    assert error.file == str(path)
    line = path.read_text(encoding="utf-8").splitlines()[error.line - 1]
    assert line.split(":")[0].strip(" -") == ("reference" if key == "frozen_until" else key)


def _changed(change: dict[str, Any]) -> dict[str, Any]:
    return tariff(amount=5000) | change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"currency": "twd"}, "currency"),
        ({"id": "Über"}, "id"),
        ({"id": "../../etc"}, "id"),
        ({"methods": []}, "methods"),
        ({"methods": "none"}, "methods"),
        ({"colour": "red"}, "colour: unknown key"),
        ({"societies": ["A", "B"]}, "none of societies"),
        ({"ends_on": "2020-01-01"}, "ends_reference"),
        ({"rounding": {"to": "0", "how": "up"}}, "no rounding"),
        ({"rounding": {"to": "1/3", "how": "up"}}, "finer than a millionth"),
        ({"notice_days": "soon"}, "notice_days"),
        ({"title": {"en": "test"}}, "title.zh-Hant"),
    ],
)
def test_a_mistake_in_a_tariff_is_named(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    """One line says which key and why."""
    assert reason in str(_refused(write(tmp_path, _changed(change))))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("- 1\n", "tariff"),
        ("id: [", "not YAML"),
        ("[" * 20_000, "too deeply"),
        ("a: &x [1]\nb: *x\n", "anchors"),
        ("a: !!python/object/apply:os.system ['true']\n", "anchors, aliases and tags"),
        ("id: a\nid: b\n", "'id' stands twice"),
        ("? [a, b]\n: c\n", "one word"),
        ("{a: " * 30 + "1" + "}" * 30, "too deeply"),
        ("a: \x00\n", "not YAML"),
        ("a: b\n---\na: c\n", "not YAML"),
    ],
)
def test_a_file_that_is_no_tariff_is_one_line(tmp_path: Path, text: str, reason: str) -> None:
    """Whatever lies in the file, the answer is one line with its name."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    error = _refused(path)
    assert reason in str(error)
    assert error.file == str(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A Big5 file is told to be saved as UTF-8; a huge one is not read."""
    path = tmp_path / "big5.yaml"
    path.write_bytes("名稱: 測試".encode("big5"))
    assert "UTF-8" in str(_refused(path))
    path.write_bytes(b"a" * (1024 * 1024 + 1))
    assert "no tariff" in str(_refused(path))
    assert "no such" in str(_refused(tmp_path / "absent"))


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    """Two files with the same id are refused, and both are named."""
    first = write(tmp_path, tariff(amount=1), "a.yaml")
    write(tmp_path, tariff(amount=2), "b.yaml")
    assert str(first) in str(_refused(tmp_path))


def test_freeze_refusal_names_file_and_both_dates(tmp_path: Path) -> None:
    """A change within the freeze does not load; the line is that of the list of figures."""
    rate = [
        value(500, decided_on="2019-03-27", effective_from="2018-04-27", frozen_until="2021-04-26"),
        value(600, status="proposed", decided_on="2020-01-01", effective_from="2020-06-01"),
    ]
    path = write(tmp_path, tariff(rate=rate))
    error = _refused(path)
    assert "2020-06-01" in str(error)
    assert "2021-04-26" in str(error)
    assert str(path) in str(error)
    assert "rate:" in path.read_text(encoding="utf-8").splitlines()[error.line - 1]


def test_check_collects_what_load_refuses(tmp_path: Path) -> None:
    """`check` goes on after a bad file, and with a day tells which figures are due for review."""
    write(tmp_path, tariff(rate=[value(1, review_by="2020-01-01")]), "a.yaml")
    write(tmp_path, _changed({"colour": "red"}), "b.yaml")
    problems = price.check([tmp_path], as_of=dt.date(2021, 1, 1))
    assert problems.schema == tables.PROBLEMS.schema
    assert [(p["code"], p["severity"]) for p in problems.to_pylist()] == [
        ("tariff.review", "note"),
        ("tariff.invalid", "quarantined"),
    ]
    assert price.check().num_rows == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"quantities": {"room": "ten"}}, "not an exact number"),
        ({"quantities": {"room": "1e30"}}, "too large"),
        ({"paid_provisionally": "-1"}, "negative"),
        ({"paid_provisionally": "0.0000001"}, "finer than a millionth"),
        ({"user_class": "friend"}, "no class of user 'friend'"),
    ],
)
def test_a_licence_that_is_no_licence_is_refused(row: dict[str, Any], reason: str) -> None:
    """The message names the licensee, the tariff and the field."""
    table = licences([licence("tw-must-ktv", "room", *YEAR, **({"quantities": {"room": 1}} | row))])
    with pytest.raises(InputError, match=reason) as refused:
        price.price(table, price.load(), price.PricePolicy())
    assert "tw-must-ktv" in str(refused.value)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    """Days in the wrong order are a mistake, not an empty charge; so is a period of centuries."""
    for first, last in ((YEAR[1], YEAR[0]), (dt.date(1000, 1, 1), YEAR[1])):
        with pytest.raises(InputError):
            price.price(licences([licence("tw-must-ktv", "room", first, last)]), price.load(), price.PricePolicy())


def test_the_same_licence_twice_is_refused() -> None:
    """Two rows for one licensee, tariff and first day would be one charge_id."""
    rows = [licence("tw-must-ktv", "room", *YEAR, quantities={"room": n}) for n in (1, 2)]
    with pytest.raises(InputError, match="stands twice"):
        price.price(licences(rows), price.load(), price.PricePolicy())


def test_no_licences_no_charges() -> None:
    """Empty in, empty out, in the contract's columns."""
    charges, steps = price.price(licences([]), price.load(), price.PricePolicy())
    assert (charges, steps) == (tables.CHARGES.empty(), tables.CHARGE_STEPS.empty())


def test_describe_gives_every_figure_with_its_source() -> None:
    """Pages and the command line get plain data: both languages, dates, standings, sources."""
    described = price.describe(price.load().one("tw-acma-ktv"))
    room = described["methods"][0]["items"][0]
    assert room["counts_as"] == {"hall": "1"}
    assert [(v["value"], v["status"], v["effective_from"]) for v in room["rate"]] == [
        ("4,500", "proposed", "2018-04-08"),
        ("4,500", "under_review", "2018-04-27"),
        ("500", "determined", "2018-04-27"),
    ]
    assert described["title"]["zh-Hant"].startswith("ACMA KTV")
    assert json.dumps([price.describe(t) for t in price.load().by_id.values()])


def test_every_label_is_in_both_languages() -> None:
    """What a step, a standing, a class or a shipped unit is called, in English and Chinese."""
    assert all(set(words) == {"en", "zh-Hant"} and all(words.values()) for words in price.LABELS.values())
    units = {u for t in price.load().by_id.values() for m in t.methods for u in _units(m)}
    assert units <= set(price.LABELS)
    assert price.label("room", "zh-Hant") == "包廂"
    assert price.label("booth", "zh-Hant") == "booth"


def _units(method: Any) -> set[str]:
    described = {unit for item in getattr(method, "items", ()) for unit in item.units}
    return described | {*getattr(method, "deductions", ())} | ({method.base} if hasattr(method, "base") else set())


def test_an_item_without_a_rate_is_said_and_not_passed_over(tmp_path: Path) -> None:
    """A second unit whose rate starts later is noted for the days before; one without the class closes the method."""
    content = tariff(amount=100)
    later = {"unit": "seat", "rate": [value(10, decided_on="2019-07-01", effective_from="2019-07-01")]}
    content["methods"][0]["items"].append(later)
    one = price.load([write(tmp_path, content)])
    row = licence("test", "room", *YEAR, quantities={"room": 1, "seat": 365})
    charges, steps = price.price(licences([row]), one, price.PricePolicy())
    assert charges.column("amount_micro").to_pylist() == [(100 + 10 * 184) * 1_000_000]
    assert "seat, 2019-01-01 to 2019-06-30" in steps.column("formula").to_pylist()

    content["methods"][0]["items"][1] = {"unit": "seat", "rate_by_class": {"non_profit": [value(10)]}}
    one = price.load([write(tmp_path, content)])
    charges, steps = price.price(licences([row]), one, price.PricePolicy())
    assert charges.num_rows == 0
    assert steps.column("label").to_pylist() == ["not_open"]


def test_amounts_beyond_the_table_are_refused() -> None:
    """What does not fit 64 bits in millionths is a mistake in a quantity, said in one line."""
    table = licences([licence("tw-must-ktv", "room", *YEAR, quantities={"room": 10**14})])
    with pytest.raises(InputError, match="too large"):
        price.price(table, price.load(), price.PricePolicy())
