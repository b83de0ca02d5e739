"""The pages on tariffs and prices say what the program does."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from helpers_price import licence, licences
from pydantic import BaseModel

from partita import money, price
from partita.price import reading, tariff


def _models() -> list[type[BaseModel]]:
    return [
        found
        for found in vars(tariff).values()
        if isinstance(found, type) and issubclass(found, tariff.Model) and found is not tariff.Text
    ]


def test_every_key_of_a_tariff_is_explained(repository: Path) -> None:
    """Each key that a tariff file may have stands on docs/tariffs.md, and each choice of a key's words."""
    page = (repository / "docs" / "tariffs.md").read_text(encoding="utf-8")
    keys = {field.alias or name for model in _models() for name, field in model.model_fields.items()}
    words = {"proposed", "under_review", "provisional", "determined", "primary", "secondary", "as_cited_in_judgment"}
    words |= {
        "year",
        "month",
        "day",
        "use",
        "licence",
        "started",
        "full",
        "half_up",
        "up",
        "down",
        "exact",
        "usage_list",
    }
    assert [key for key in sorted(keys | words) if f"`{key}`" not in page] == []


def test_the_example_of_a_tariff_loads(repository: Path, tmp_path: Path) -> None:
    """The file on the page is a tariff."""
    page = (repository / "docs" / "tariffs.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found
    (tmp_path / "example.yaml").write_text(found[1], encoding="utf-8")
    assert price.load([tmp_path]).one("xx-example-ktv").beneficiaries == ("EXAMPLE",)
    assert reading.MEND.endswith("docs/tariffs.md")


def test_the_python_on_the_page_runs(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines under Checking do what they say."""
    page = (repository / "docs" / "tariffs.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found
    exec(compile(found[1], "docs/tariffs.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "per room and year, a hall counts as one room\n"


def test_the_worked_example_is_what_the_engine_gives(repository: Path) -> None:
    """Each table of docs/price.md, row by row."""
    page = (repository / "docs" / "price.md").read_text(encoding="utf-8")
    tables_found = re.findall(r"<!-- (charges|steps) (\S+)(?: (\S+))? -->\n((?:\|.*\n)+)", page)
    assert len(tables_found) == 4
    for kind, day, charge, table in tables_found:
        rows = _charges(day) if kind == "charges" else _steps(day, charge)
        assert table.splitlines()[2:] == rows, (kind, day, charge)


def _priced(day: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    row = licence(
        "tw-acma-ktv",
        "cheapest",
        dt.date(2018, 7, 1),
        dt.date(2019, 6, 30),
        quantities={"room": 118, "hall": 2, "play": 52000},
        paid_provisionally=100000,
    )
    charges, steps = price.price(licences([row]), price.load(), price.PricePolicy(as_of=dt.date.fromisoformat(day)))
    return charges.to_pylist(), steps.to_pylist()


def _charges(day: str) -> list[str]:
    return [
        f"| {row['charge_id'].split('/', 3)[3]} | {'yes' if row['chosen'] else 'no'} | {row['kind']} | "
        f"{row['status']} | {money.show(row['amount_micro'])} | {money.show(row['tax_micro'])} |"
        for row in _priced(day)[0]
    ]


def _steps(day: str, charge: str) -> list[str]:
    return [
        f"| {row['label']} | {row['formula']} | {money.show(row['amount_micro'])} |"
        for row in _priced(day)[1]
        if row["charge_id"].split("/", 3)[3] == charge
    ]
