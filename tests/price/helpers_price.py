"""Building blocks of the price tests: licences, small tariffs, and cases read from YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from partita import tables

CASES = Path(__file__).parent / "cases"
ALWAYS = {"status": "determined", "decided_on": "2000-01-01", "effective_from": "2000-01-01"}
SOURCE = {"reference": "made up for this test", "evidence": "primary"}


def licence(tariff: str, method: str, first: dt.date, last: dt.date, **more: Any) -> dict[str, Any]:
    """One row of LICENCES."""
    return {
        "licensee": more.get("licensee", "L"),
        "tariff_id": tariff,
        "method": method,
        "user_class": more.get("user_class", "commercial"),
        "period_from": first,
        "period_to": last,
        "quantities": sorted((unit, str(n)) for unit, n in more.get("quantities", {}).items()),
        "paid_provisionally": str(more.get("paid_provisionally", "0")),
    }


def licences(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """LICENCES."""
    return pa.Table.from_pylist(list(rows), schema=tables.LICENCES.schema)


def value(amount: object, **more: Any) -> dict[str, Any]:
    """One dated figure, always in force unless `more` says otherwise."""
    return {"value": str(amount)} | ALWAYS | SOURCE | more


def tariff(**said: Any) -> dict[str, Any]:
    """A small tariff: one amount per room and year, and what `said` changes."""
    unit = said.get("unit", "room")
    method: dict[str, Any] = {
        "id": unit,
        "title": {"en": "test", "zh-Hant": "測試"},
        "kind": "amount",
        "per": said.get("per", "year"),
        "items": [
            {
                "unit": unit,
                "rate": [SOURCE | v for v in said["rate"]] if "rate" in said else [value(said.get("amount", 0))],
            }
        ],
    }
    if "percent" in said:
        del method["items"], method["per"]
        method |= {"kind": "percent", "base": "revenue", "deductions": said.get("deductions", [])}
        method["rate"] = [value(said["percent"])]
    for name in ("ratio", "requires"):
        if name in said:
            method[name] = said[name]
    if "reductions" in said:
        method["reductions"] = {user_class: [value(cut)] for user_class, cut in said["reductions"].items()}
    if "minimum" in said:
        method["minimum"] = {"per": said["minimum"]["per"], "rate": [value(said["minimum"]["amount"])]}
    result: dict[str, Any] = {
        "id": "test",
        "title": {"en": "test", "zh-Hant": "測試"},
        "territory": "TW",
        "currency": "TWD",
        "collecting_society": "T",
        "notice_days": "30",
        "freeze_years": "3",
        "rounding": {"to": "1", "how": "half_up"},
        "methods": [method],
    }
    if "tax" in said:
        result["tax"] = {"rate": [value(said["tax"]["amount"])], "included": said["tax"].get("included", "false")}
    result |= {name: said[name] for name in ("proration", "rounding", "currency") if name in said}
    if result["rounding"] == "none":
        del result["rounding"]
    return result


def write(folder: Path, content: dict[str, Any], name: str = "test.yaml") -> Path:
    """A tariff file."""
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
