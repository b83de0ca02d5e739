"""Section 3 of the template: reservations, computed from each item's answer on its day; illegal content; the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partita.prove.disclosure.counts import Counts
from partita.prove.disclosure.facts import Stated
from partita.prove.disclosure.gaps import Gaps


def reservations(counts: Counts, stated: Stated, gaps: Gaps) -> dict[str, Any]:
    """3.1: what is stated, and how many items were reserved on the day on which they were taken, by carrier.

    A reserved item that stands in a manifest was not kept out; what was kept out stands in no manifest, so that its
    number is the provider's word.
    """
    own = stated["reservations"]
    gaps.need("processing.reservations.signatory", own["signatory"])
    gaps.need("processing.reservations.measures", own["measures"])
    found = checked(counts)
    if found["reserved_and_used"]:
        gaps.note("processing.reservations.checked", "reserved_and_used", found["reserved_and_used"])
    return {
        "signatory": own["signatory"],
        "measures": own["measures"],
        "comments": own["comments"],
        "checked": found,
        "kept_out": [dict(row) for row in own["kept_out"]],
    }


def checked(counts: Counts) -> dict[str, Any]:
    """The answers of all items, counted.

    `reserved_and_used`: refused when taken and not allowed when trained on; `reserved_later`: refused only when trained
    on; `undated`: asked of the day of training, because the manifest does not say when they were taken.
    """
    rows = counts.reserved
    refused = [row for row in rows if row["answer"] == "refused"]
    carriers: dict[str, dict[str, int]] = {}
    for row in refused:
        line = carriers.setdefault(row["carrier"], {"reserved_when_taken": 0, "reserved_and_used": 0})
        line["reserved_when_taken"] += row["items"]
        line["reserved_and_used"] += row["items"] if row["answer_trained"] != "allowed" else 0
    return {
        "items": sum(row["items"] for row in rows),
        "reserved_when_taken": _sum(refused),
        "reserved_and_used": sum(line["reserved_and_used"] for line in carriers.values()),
        "reserved_later": _sum([r for r in rows if r["answer"] != "refused" and r["answer_trained"] == "refused"]),
        "allowed": _sum([row for row in rows if row["answer"] == row["answer_trained"] == "allowed"]),
        "unknown": _sum([row for row in rows if row["answer"] == "unknown"]),
        "undated": _sum([row for row in rows if not row["dated"]]),
        "carriers": [{"carrier": name, **line} for name, line in sorted(carriers.items())],
    }


def illegal_content(stated: Stated, gaps: Gaps) -> dict[str, Any]:
    """3.2: measures against illegal content."""
    return {"measures": gaps.need("processing.illegal_content.measures", stated["illegal"]["measures"])}


def _sum(rows: list[Mapping[str, Any]]) -> int:
    return sum(row["items"] for row in rows)
