"""Section 2 of the template: where the data comes from, one function for each part, from counts and stated answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from partita.prove.disclosure import domains
from partita.prove.disclosure.counts import Counts, period
from partita.prove.disclosure.facts import Provider, Stated, Trained
from partita.prove.disclosure.gaps import Gaps
from partita.prove.disclosure.sizes import Size, large
from partita.tables.training import MODALITIES

Section = dict[str, Any]
_DATASET = ("title", "publisher", "url", "version", "licence", "description")


def used(counts: Counts, origin: str, stated: bool | None, gaps: Gaps) -> bool | None:
    """Whether data of an origin was used: the manifests say yes; no where they list all, or where it is stated so."""
    field = f"sources.{origin}.used"
    if counts.of(origin):
        if stated is False:
            gaps.note(field, "contradicted", sum(cell.size.items for cell in counts.of(origin)))
        return True
    if stated:
        gaps.note(field, "not_in_manifest")
    return gaps.need(field, False if stated is None and counts.complete else stated)


def modalities(counts: Counts, origin: str, stated: Sequence[str] = ()) -> list[str]:
    """The modalities of an origin, counted or stated, in the template's order."""
    there = {*counts.modalities(origin), *stated}
    return [modality for modality in MODALITIES if modality in there]


def public(counts: Counts, datasets: pa.Table, stated: Stated, gaps: Gaps) -> Section:
    """2.1: the large datasets by name, the others by description."""
    own = stated["public"]
    is_used = used(counts, "public_dataset", own["used"], gaps)
    there = modalities(counts, "public_dataset", own["modalities"])
    if is_used:
        gaps.need("sources.public_dataset.modalities", there)
    why: dict[str, dict[str, str]] = {}
    for modality in counts.modalities("public_dataset"):
        sizes = {cell.dataset: cell.size for cell in counts.of("public_dataset", modality)}
        for dataset, reason in large(sizes).items():
            why.setdefault(dataset, {})[modality] = reason
    known = {row["dataset"]: row for row in datasets.to_pylist()}
    rest = {cell.dataset for cell in counts.of("public_dataset")} - set(why)
    listed = [_dataset(name, reasons, known.get(name, {})) for name, reasons in sorted(why.items())]
    for row in listed:
        gaps.need(f"sources.public_dataset.large.{row['dataset']}.url", row["url"])
    if rest:
        gaps.need("sources.public_dataset.others", own["others"], count=len(rest))
    return {
        "used": is_used,
        "modalities": there,
        "large": listed,
        "others_count": len(rest),
        "others": own["others"],
        "comments": own["comments"],
    }


def _dataset(name: str, reasons: Mapping[str, str], known: Mapping[str, Any]) -> Section:
    published = known.get("published")
    return {
        "dataset": name,
        **{key: known.get(key) or "" for key in _DATASET},
        "published": published.isoformat() if published else None,
        "modalities": [modality for modality in MODALITIES if modality in reasons],
        "size_known": "unknown" not in reasons.values(),
    }


def licensed(counts: Counts, trained: Trained, stated: Stated, gaps: Gaps) -> Section:
    """2.2.1: whether rightsholders or their representatives licensed data, its modalities, and the licences' ids."""
    own = stated["licensed"]
    is_used = True if trained.licences else used(counts, "licensed", own["used"], gaps)
    if trained.licences and own["used"] is False:
        gaps.note("sources.licensed.used", "contradicted", len(trained.licences))
    there = modalities(counts, "licensed", (*counts.licensed, *own["modalities"]))
    if is_used:
        gaps.need("sources.licensed.modalities", there)
    ids = sorted(trained.licences) if own["ids"] == "listed" else []
    return {"used": is_used, "modalities": there, "licences": ids, "comments": own["comments"]}


def private(counts: Counts, stated: Stated, gaps: Gaps) -> Section:
    """2.2.2: private data of others: those publicly known by name, the rest by description."""
    own = stated["private"]
    is_used = used(counts, "private", own["used"], gaps)
    there = modalities(counts, "private", own["modalities"])
    if is_used:
        gaps.need("sources.private.modalities", there)
        gaps.need("sources.private.description", own["description"] or own["known"])
    return {"used": is_used, "modalities": there, **_texts(own, "description", "comments"), "known": list(own["known"])}


def crawled(counts: Counts, provider: Provider, stated: Stated, gaps: Gaps) -> Section:
    """2.3: crawlers, their purposes and behaviour, the period, the content, and the most relevant domains."""
    own = stated["crawled"]
    is_used = used(counts, "crawled", own["used"], gaps)
    names = sorted({*(name for name in counts.crawlers if name), *own["crawlers"]})
    listed = domains.top(counts.crawled, small=provider.small)
    found: Section = {
        "used": is_used,
        "crawlers": names,
        **_texts(own, "purposes", "behaviour", "description", "comments"),
        "period": _period(counts, own, gaps),
        "modalities": modalities(counts, "crawled", own["modalities"]),
        "domains": {
            "listed": list(listed.domains),
            "of": listed.of,
            "rule": listed.rule,
            "measures": listed.measures,
            "items_without": sum(row.items for row in counts.crawled if not row.domain),
        },
    }
    if is_used:
        for key in ("crawlers", "purposes", "behaviour", "description", "modalities"):
            gaps.need(f"sources.crawled.{key}", found[key])
        gaps.need("sources.crawled.domains.listed", listed.domains)
        if counts.crawlers.get("") and not own["crawlers"]:
            gaps.note("sources.crawled.crawlers", "crawler_unknown", counts.crawlers[""])
        if found["domains"]["items_without"]:
            gaps.note("sources.crawled.domains.listed", "no_domain", found["domains"]["items_without"])
    return found


def _period(counts: Counts, own: Mapping[str, Any], gaps: Gaps) -> Section:
    """`MM/YYYY` to `MM/YYYY`: what is stated widens what the items say; undated items leave it open unless stated."""
    first, last, undated = period(counts.of("crawled"))
    begins = min(filter(None, (first and _month(first), own["period_from"])), default=None)
    ends = max(filter(None, (last and _month(last), own["period_to"])), default=None)
    if counts.of("crawled"):
        stated = own["period_from"] and own["period_to"]
        gaps.need("sources.crawled.period", None if undated and not stated else begins, "undated", undated)
    return {"from": begins and f"{begins:%m/%Y}", "to": ends and f"{ends:%m/%Y}", "undated_items": undated}


def _month(day: dt.date) -> dt.date:
    return day.replace(day=1)


def user(counts: Counts, stated: Stated, gaps: Gaps) -> Section:
    """2.4: data of users, from the model itself and from other services; a manifest does not tell the two apart."""
    own = stated["user"]
    there = modalities(counts, "user", own["modalities"])
    items = sum(cell.size.items for cell in counts.of("user"))
    sure = counts.complete and not items
    answers = {key: False if own[key] is None and sure else own[key] for key in ("interactions", "services")}
    for key, value in answers.items():
        gaps.need(f"sources.user.{key}", value)
    if items and False is answers["interactions"] is answers["services"]:
        gaps.note("sources.user.interactions", "contradicted", items)
    for key in ("interactions", "services"):
        if own[key] and not items:
            gaps.note(f"sources.user.{key}", "not_in_manifest")
    if answers["services"]:
        gaps.need("sources.user.description", own["description"])
    if any(answers.values()):
        gaps.need("sources.user.modalities", there)
    return {**answers, "modalities": there, **_texts(own, "description", "comments")}


def synthetic(counts: Counts, stated: Stated, gaps: Gaps) -> Section:
    """2.5: data that AI made for this training, and the models that made it."""
    own = stated["synthetic"]
    is_used = used(counts, "synthetic", own["used"], gaps)
    there = modalities(counts, "synthetic", own["modalities"])
    if is_used:
        gaps.need("sources.synthetic.modalities", there)
        gaps.need("sources.synthetic.models", own["models"] or own["other_models"])
    return {
        "used": is_used,
        "modalities": there,
        "models": list(own["models"]),
        **_texts(own, "other_models", "comments"),
    }


def other(counts: Counts, stated: Stated, gaps: Gaps) -> Section:
    """2.6: all other sources, described."""
    own = stated["other"]
    is_used = used(counts, "other", own["used"], gaps)
    if is_used:
        gaps.need("sources.other.description", own["description"])
    return {"used": is_used, "modalities": modalities(counts, "other"), **_texts(own, "description", "comments")}


def sized(counts: Counts, modality: str) -> Size:
    """The size of a modality over all origins, those that are unknown included."""
    return sum((cell.size for cell in counts.of(modality=modality)), Size())


def _texts(own: Mapping[str, Any], *keys: str) -> dict[str, str]:
    return {key: own[key] for key in keys}
