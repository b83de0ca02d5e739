"""A tariff as plain data for pages and the command line: methods, rates by date, standings, sources."""

from __future__ import annotations

from typing import Any

from partita.price.tariff import AmountMethod, Method, PercentMethod, Tariff, Value


def describe(tariff: Tariff) -> dict[str, Any]:
    """Names in both languages, and every figure with its day, standing and source, oldest first; JSON can hold it."""
    return {
        "id": tariff.id,
        "title": tariff.title.by_language(),
        "territory": tariff.territory,
        "currency": tariff.currency,
        "collecting_society": tariff.collecting_society,
        "societies": list(tariff.beneficiaries),
        "society_names": {society: name.by_language() for society, name in tariff.society_names.items()},
        "law": list(tariff.law),
        "ends_on": str(tariff.ends_on) if tariff.ends_on else None,
        "ends_reference": tariff.ends_reference,
        "proration": tariff.proration.model_dump(),
        "rounding": tariff.minor.model_dump(),
        "tax": {"included": tariff.tax.included, "rate": _values(tariff.tax.rate)} if tariff.tax else None,
        "minimum": _minimum(tariff),
        "methods": [_method(method) for method in tariff.methods],
        "note": tariff.note,
    }


def _method(method: AmountMethod | PercentMethod) -> dict[str, Any]:
    shared = {
        "id": method.id,
        "title": method.title.by_language(),
        "kind": method.kind,
        "per": method.per,
        "requires": method.requires,
        "ratio": method.ratio.model_dump(by_alias=True) if method.ratio else None,
        "reductions": {user_class: _values(values) for user_class, values in method.reductions.items()},
        "minimum": _minimum(method),
        "note": method.note,
    }
    if isinstance(method, PercentMethod):
        return shared | {"base": method.base, "deductions": list(method.deductions), "rate": _values(method.rate)}
    items = [
        {
            "unit": item.unit,
            "counts_as": dict(item.counts_as),
            "rate": _values(item.rate or ()),
            "rate_by_class": {user_class: _values(values) for user_class, values in item.rate_by_class.items()},
        }
        for item in method.items
    ]
    return shared | {"items": items}


def _minimum(owner: Tariff | Method) -> dict[str, Any] | None:
    return {"per": owner.minimum.per, "rate": _values(owner.minimum.rate)} if owner.minimum else None


def _values(values: tuple[Value, ...]) -> list[dict[str, Any]]:
    ordered = sorted(values, key=lambda v: (v.effective_from, v.decided_on))
    return [value.model_dump(mode="json") for value in ordered]
