"""The public summary of training content, whole: sections 1 to 3 of the Commission's template, as plain data.

What the manifests say is computed, what they cannot say is taken from the provider's answers, and what neither says is
listed under `missing`. The dictionary is what the JSON file holds; `training-summary.schema.json` describes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from partita.prove.disclosure import processing, sources
from partita.prove.disclosure.changes import dated
from partita.prove.disclosure.counts import Counts, period
from partita.prove.disclosure.facts import Provider, Stated, Trained
from partita.prove.disclosure.gaps import Gaps
from partita.prove.disclosure.rules import rules
from partita.prove.disclosure.sizes import Size, at_least, band
from partita.tables.training import MODALITIES

SCHEMA = "partita/training-summary/1"
SPOKEN = ("text", "audio", "video")
"""Modalities that have a language."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a summary is made of: the provider, the model, their answers, the day, and the rows that were set aside."""

    provider: Provider
    trained: Trained
    stated: Stated
    as_of: dt.date
    set_aside: int = 0
    exact_sizes: bool = False


def summary(
    counts: Counts, datasets: pa.Table, asked: Asked, previous: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The summary of one model, from its counts, DATASETS and the answers; `previous` is an earlier summary of it."""
    gaps = Gaps()
    stated, provider, trained = asked.stated, asked.provider, asked.trained
    made = {
        "schema": SCHEMA,
        "template": rules().template,
        "general": general(counts, asked, gaps),
        "sources": {
            "public_dataset": sources.public(counts, datasets, stated, gaps),
            "licensed": sources.licensed(counts, trained, stated, gaps),
            "private": sources.private(counts, stated, gaps),
            "crawled": sources.crawled(counts, provider, stated, gaps),
            "user": sources.user(counts, stated, gaps),
            "synthetic": sources.synthetic(counts, stated, gaps),
            "other": sources.other(counts, stated, gaps),
        },
        "processing": {
            "reservations": processing.reservations(counts, stated, gaps),
            "illegal_content": processing.illegal_content(stated, gaps),
            "other": stated["processing"]["comments"],
        },
    }
    for code, number in (
        ("no_origin", counts.without("origin")),
        ("no_modality", counts.without("modality")),
        ("set_aside", asked.set_aside),
    ):
        if number:
            gaps.note("items", code, number)
    return dated({**made, "missing": gaps.found}, previous, asked.as_of, trained.trained_on)


def general(counts: Counts, asked: Asked, gaps: Gaps) -> dict[str, Any]:
    """Section 1: provider, model, modalities with size bands, dates, languages."""
    provider, trained, own = asked.provider, asked.trained, asked.stated["general"]
    representative = own["representative"] or provider.representative
    gaps.need("general.provider.contact", provider.contact)
    gaps.need("general.provider.representative", representative)
    gaps.need("general.model.placed_on", trained.placed_on)
    return {
        "provider": {
            "name": dict(provider.name),
            "contact": provider.contact,
            "representative": representative,
            "fictional": provider.fictional,
        },
        "model": {
            "id": trained.id,
            "names": list(dict.fromkeys([trained.name, *own["model_names"]])),
            "dependencies": list(trained.based_on),
            "placed_on": trained.placed_on and trained.placed_on.isoformat(),
        },
        "modalities": [modality(counts, name, asked, gaps) for name in MODALITIES],
        "latest_acquisition": latest(counts, own, gaps),
        "languages": languages(counts, own, gaps),
        "other": own["other"],
        "comments": own["comments"],
    }


def modality(counts: Counts, name: str, asked: Asked, gaps: Gaps) -> dict[str, Any]:
    """A modality's line: whether it was used, its band, and types of content."""
    own, size, field = asked.stated["content"].get(name, {}), sources.sized(counts, name), f"general.modalities.{name}"
    is_used = bool(size.items or own.get("band") or own.get("size"))
    chosen, basis, fault = decided(name, size, own.get("band"), own.get("size", ""))
    if fault:
        gaps.note(f"{field}.band", fault, size.items)
    if is_used and name in rules().bands:
        gaps.need(f"{field}.band", chosen or fault or own.get("size"), "unknown_size", size.unknown)
    elif is_used:
        gaps.need(f"{field}.size", own.get("size"))
    if is_used:
        gaps.need(f"{field}.types_of_content", own.get("types"))
    return {
        "modality": name,
        "used": is_used,
        "band": chosen,
        "basis": basis if is_used else "unused",
        "at_least": at_least(name, size) if is_used and not chosen else None,
        "items_of_unknown_size": size.unknown,
        "exact": str(size.known) if asked.exact_sizes and size.items and not size.unknown else None,
        "size": own.get("size", ""),
        "types_of_content": own.get("types", ""),
    }


def decided(name: str, size: Size, stated: str | None, words: str) -> tuple[str | None, str, str]:
    """The band, whose word it is (`computed`, `stated`, `unknown`), and what is wrong with what was stated.

    A stated band stands where it is no smaller than what was counted: items of unknown size may reach it, and data that
    no manifest lists, which is said. A smaller one contradicts the manifests, which count.
    """
    order = [step.id for step in rules().bands.get(name, ())]
    computed, least = (band(name, size), at_least(name, size)) if size.items else (None, None)
    if stated not in order:
        return computed, "computed" if computed else "stated" if words else "unknown", ""
    if least and order.index(stated) < order.index(least):
        return computed, "computed" if computed else "unknown", "contradicted"
    if stated == computed:
        return computed, "computed", ""
    return stated, "stated", "not_in_manifest" if computed or not size.items else ""


def latest(counts: Counts, own: Mapping[str, Any], gaps: Gaps) -> dict[str, Any]:
    """The latest day on which data was acquired, counted or stated, whichever is later."""
    _, last, undated = period(counts.cells)
    stated = own["latest_acquisition"]
    if stated and last and stated < last:
        gaps.note("general.latest_acquisition.date", "contradicted")
    if undated and not stated:
        gaps.note("general.latest_acquisition.date", "undated", undated)
    day = max(filter(None, (stated, last)), default=None)
    if not undated:
        gaps.need("general.latest_acquisition.date", day)
    gaps.need("general.latest_acquisition.continuous", own["continuous"])
    return {"date": day and day.isoformat(), "undated_items": undated, "continuous": own["continuous"]}


def languages(counts: Counts, own: Mapping[str, Any], gaps: Gaps) -> dict[str, Any]:
    """The languages that items state, by tag, and what the provider says of them."""
    known = sorted(tag for tag in counts.languages if tag)
    unknown = counts.languages.get("", 0)
    if unknown and not own["languages"]:
        gaps.note("general.languages", "no_language", unknown)
    elif set(counts.modalities()) & set(SPOKEN):
        gaps.need("general.languages", known or own["languages"])
    return {"listed": known, "items_without": unknown, "description": own["languages"]}
