"""From one summary to the next: what changed, which version it is, and when the update was and is due."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from partita.prove.disclosure.rules import rules

APART = ("schema", "version", "last_update", "update", "previous", "changes", "missing", "partita")
"""Keys of a summary that say something of the document, not of the training."""

Summary = Mapping[str, Any]


def changes(before: Summary, after: Summary) -> list[dict[str, Any]]:
    """What differs, by field: `added` and `removed` for lists, `before` and `after` for all else.

    A row of a list is known by its name (modality, dataset, carrier): `large[NAME].url` is a field of a row that was
    there before and is there now; rows that came or went are added or removed.
    """
    old, new = dict(_leaves(before)), dict(_leaves(after))
    found: list[dict[str, Any]] = []
    for field in sorted({*old, *new}):
        left, right = old.get(field), new.get(field)
        if left == right or ("]" in field and not (field in old and field in new)):
            continue
        if isinstance(left or [], list) and isinstance(right or [], list):
            gone = [value for value in left or [] if value not in (right or [])]
            come = [value for value in right or [] if value not in (left or [])]
            found.append({"field": field, "added": come, "removed": gone})
        else:
            found.append({"field": field, "before": left, "after": right})
    return found


def _leaves(summary: Summary) -> Iterator[tuple[str, Any]]:
    for key in summary:
        if key not in APART:
            yield from _below(key, summary[key])


def _below(field: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key in value:
            yield from _below(f"{field}.{key}", value[key])
    elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        names = [next(row[key] for key in ("modality", "dataset", "carrier") if key in row) for row in value]
        yield field, names
        for name, row in zip(names, value, strict=True):
            yield from ((f"{field}[{name}].{key}", row[key]) for key in row)
    else:
        yield field, value


def dated(summary: dict[str, Any], previous: Summary | None, as_of: dt.date, trained_on: dt.date) -> dict[str, Any]:
    """`summary` with version, dates, what changed and when an update was and is due.

    A first summary is version 1. Where nothing changed, version and last update stay, and the summary was but checked.
    An update is due six months after the last one, or on the day of a later training that changed something.
    """
    found = changes(previous, summary) if previous else []
    if previous is None:
        version, last = 1, as_of
    elif found:
        version, last = previous["version"] + 1, as_of
    else:
        version, last = previous["version"], dt.date.fromisoformat(previous["last_update"])
    return {
        **summary,
        "version": version,
        "last_update": last.isoformat(),
        "update": {
            "checked_on": as_of.isoformat(),
            "due_by": months_later(as_of, rules().update_months).isoformat(),
            **_late(previous, as_of, trained_on if found else None),
        },
        "previous": previous and {key: previous[key] for key in ("version", "last_update")},
        "changes": found,
    }


def _late(previous: Summary | None, as_of: dt.date, trained_on: dt.date | None) -> dict[str, Any]:
    if previous is None:
        return {"was_due_by": None, "because": "first", "late_days": 0}
    due, because = dt.date.fromisoformat(previous["update"]["due_by"]), "six_months"
    if trained_on and dt.date.fromisoformat(previous["last_update"]) < trained_on < due:
        due, because = trained_on, "additional_data"
    return {"was_due_by": due.isoformat(), "because": because, "late_days": max(0, (as_of - due).days)}


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
