"""Every case in tests/price/cases: given a licence and a tariff, what is charged and how."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from helpers_price import CASES, licence, licences, tariff, write

from partita import money, price
from partita.errors import InputError


def _all() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        found += [(f"{path.stem}: {case['title']}", case) for case in content["cases"]]
    return found


def _run(given: dict[str, Any], folder: Path) -> tuple[pa.Table, pa.Table]:
    said = given["licence"]
    tariffs = price.load([write(folder, tariff(**given["tariff"]))]) if "tariff" in given else price.load()
    defaults = price.PricePolicy()
    policy = price.PricePolicy(
        as_of=dt.date.fromisoformat(given["as_of"]) if "as_of" in given else None,
        chargeable=tuple(given.get("chargeable", defaults.chargeable)),
        compare_proposed=given.get("compare_proposed", "true") == "true",
    )
    first, last = (dt.date.fromisoformat(said[name]) for name in ("period_from", "period_to"))
    more = {k: said[k] for k in ("user_class", "quantities", "paid_provisionally") if k in said}
    return price.price(
        licences([licence(said.get("tariff", "test"), said["method"], first, last, **more)]), tariffs, policy
    )


@pytest.mark.parametrize(("title", "case"), _all(), ids=[title for title, _ in _all()])
def test_case(title: str, case: dict[str, Any], tmp_path: Path) -> None:
    """What the case expects is what the engine gives: every charge, and every step that the case names."""
    expected = case["expected"]
    if "refused" in expected:
        with pytest.raises(InputError) as refused:
            _run(case["given"], tmp_path)
        assert expected["refused"] in str(refused.value), title
        return
    charges, steps = _run(case["given"], tmp_path)
    _check_charges(charges.to_pylist(), expected)
    lines: dict[str, list[str]] = {}
    for step in steps.to_pylist():
        lines.setdefault(step["charge_id"].split("/", 3)[3], []).append(f"{step['label']}: {step['formula']}")
    for method, formulas in expected.get("steps", {}).items():
        assert [line for line in lines[method] if line in formulas] == formulas


def _check_charges(rows: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    found = {
        row["charge_id"].split("/", 3)[3]: (
            row["chosen"],
            row["kind"],
            row["status"],
            row["amount_micro"],
            row["tax_micro"],
        )
        for row in rows
    }
    wanted = {
        row["method"]: (
            row["chosen"] == "true",
            row.get("kind", "charge"),
            row["status"],
            money.micro(row["amount"]),
            money.micro(row["tax"]),
        )
        for row in expected["charges"]
    }
    assert found == wanted
    if "societies" in expected:
        assert {tuple(row["societies"]) for row in rows} == {tuple(expected["societies"])}
        assert {row["society"] for row in rows} == {expected["society"]}
