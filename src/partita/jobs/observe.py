"""Observing: what a site says of machines, read from every carrier into dated observations, and into the registry.

Nothing that is read is believed further than it goes: whoever speaks on a site is not known, so a reservation is
recorded and heeded, a permission is recorded and allows nothing by itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from partita import scope, tables
from partita.errors import InputError
from partita.formats import answers_of_site, headers_of_site
from partita.formats.answers_of_site import ABSENT, READ, UNREADABLE, Answer, Answers
from partita.formats.carriers import (
    content_signal,
    content_usage,
    embedded,
    paths,
    robots,
    rsl,
    tdmrep,
    x_robots,
)
from partita.formats.intent_file import origin as origin_of
from partita.formats.signals import CARRIERS, INFORMAL, Carrier, Signal, Stance
from partita.registry import lookup, record, urls
from partita.registry.store import Store, open_store

Progress = Callable[[str, int, int], None]

WHOLE = frozenset({"file", "page", "package", "XMP", "C2PA", "declaration", "html", "rsl"})
"""Places of signals that say that a whole source could not be read."""
_SYSTEM = re.compile(r"\*|[a-z0-9][a-z0-9._-]{0,63}(?:/[a-z0-9][a-z0-9._-]{0,63}){0,3}")
_TDM = (Carrier.TDMREP_FILE, Carrier.TDM_HEADER, Carrier.TDM_META, Carrier.EPUB, Carrier.PDF)
COMPARED_MOST = 1_000
"""Rows between which contradictions are looked for, those for everybody and for the widest addresses first."""
_TARGETS_MOST, _SYSTEMS_MOST = 100, 20
_SEEN = "seen-"
"""How the ids of observed statements begin."""
ORDER_MOST = 64 << 20
"""Bytes of tdmrep.json times pages up to which each page is told which level of the protocol decides there."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One source with its signals; `target` is what it speaks of where a signal names nothing itself."""

    answer: Answer
    carrier: str
    signals: tuple[Signal, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A site as it was observed: rows of OBSERVATIONS, when, and the site's address; empty where it is not known."""

    at: dt.datetime
    origin: str
    rows: tuple[dict[str, Any], ...]


def saved(folder: Path, origin: str, at: dt.datetime, progress: Progress) -> Seen:
    """Observes a saved site, a copy of what `origin` served at that moment. Raises InputError."""
    try:
        origin = origin_of(origin)
    except ValueError as error:
        raise InputError(str(error), mend="Write --origin https://example.org") from None
    progress("reading files", 0, 1)
    return _seen(answers_of_site.saved(folder, origin), at, progress)


def live(url: str, at: dt.datetime, progress: Progress, *, loopback: bool = False) -> Seen:
    """Observes a live page and its site. Raises InputError for an address that is not fetched.

    `loopback` lets this machine be asked, which only tests do.
    """
    progress("fetching", 0, 1)
    return _seen(answers_of_site.live(url, loopback=loopback), at, progress)


def _seen(site: Answers, at: dt.datetime, progress: Progress) -> Seen:
    reads = list(_reads(site, progress))
    rows = [row for one in reads for row in _rows(one, site.origin, at)]
    return Seen(at, site.origin, tuple(rows))


def _reads(site: Answers, progress: Progress) -> Iterator[_Read]:
    rules = site.robots
    signals = robots.read(rules.content, status=rules.status) if not rules.refused else []
    yield _Read(rules, Carrier.ROBOTS, tuple(signals), f"{site.origin}/")
    file = site.tdmrep
    signals = tdmrep.read_file(file.content, status=file.status) if not file.refused else []
    yield _Read(file, Carrier.TDMREP_FILE, tuple(signals), f"{site.origin}/")
    if site.headers_answer is not None and site.headers_answer.state != READ:
        yield _Read(site.headers_answer, "", (), f"{site.origin}/")
    for pattern, headers in (site.headers or {}).items():
        answer = Answer(f"{site.origin}{pattern}", headers=tuple(headers), content=repr(headers).encode())
        yield _Read(answer, "", tuple(_headers(headers)), f"{site.origin}{pattern}")
    for number, page in enumerate(site.pages):
        progress("reading", number, len(site.pages))
        yield _page(site, page)
    for document in site.licences:
        found = rsl.read(document.content) if document.state == READ else []
        yield _Read(document, Carrier.RSL, tuple(found), f"{site.origin}/")


def _headers(headers: Iterable[tuple[str, str]]) -> list[Signal]:
    pairs = list(headers)
    return [
        *content_usage.read_header(pairs),
        *content_signal.read_header(pairs),
        *x_robots.read_header(pairs),
        *tdmrep.read_header(pairs),
    ]


def _page(site: Answers, page: Answer) -> _Read:
    """A page or file: what its own headers say, then what it carries, noting which level of TDMRep decides."""
    if page.state != READ:
        return _Read(page, "", (), page.source)
    path = paths.path_of(page.source[len(site.origin) :] or "/")
    inside = _inside(page, path)
    own = [*_headers(page.headers), *inside]
    large = len(site.tdmrep.content) * len(site.pages) > ORDER_MOST
    if large or not any(one.carrier in _TDM for one in own):
        return _Read(page, "", tuple(own), _exactly(page.source))
    sent = list(page.headers) or headers_of_site.for_path(site.headers or {}, path)
    levels = [
        tdmrep.read_file(site.tdmrep.content, url=path, status=site.tdmrep.status),
        tdmrep.read_header(sent),
        [one for one in inside if one.carrier is Carrier.TDM_META],
        [one for one in inside if one.carrier in (Carrier.EPUB, Carrier.PDF)],
    ]
    deciding = tdmrep.decide(*levels)
    if len(deciding) == 1 and deciding[0].stance is not Stance.UNKNOWN:
        said = {
            one.carrier.value
            for level in levels
            for one in level
            if one.stance not in (deciding[0].stance, Stance.UNKNOWN)
        }
        own = [_noted(one, deciding[0], said) for one in own]
    return _Read(page, "", tuple(own), _exactly(page.source))


def _exactly(url: str) -> str:
    """The pattern of one address and no other."""
    return url.replace("*", "%2A").replace("$", "%24") + "$"


def _noted(one: Signal, deciding: Signal, otherwise: set[str]) -> Signal:
    """A signal with a note on the protocol's order, where levels of TDMRep differ."""
    if one.carrier not in _TDM or not otherwise:
        return one
    if one.carrier is deciding.carrier:
        note = f"by the protocol's order it overrules {', '.join(sorted(otherwise))} here"
    else:
        note = f"by the protocol's order {deciding.carrier.value} overrules it here"
    return replace(one, note="; ".join(text for text in (one.note, note) if text))


def _inside(page: Answer, path: str) -> list[Signal]:
    """What a file itself carries; JSON is looked at only where it may be a declaration for a content code."""
    if page.content[:1] in (b"{", b"[") and b'"iscc"' not in page.content:
        return []
    return embedded.read(page.content, path)


def _rows(one: _Read, origin: str, at: dt.datetime) -> Iterator[dict[str, Any]]:
    answer = one.answer
    shared = {
        "observed_at": _plain(at),
        "source": answer.source,
        "sha256": hashlib.sha256(answer.content).hexdigest() if answer.content else "",
    }
    silent: dict[str, Any] = {"carrier": one.carrier, "place": "", "target_kind": "url", "target": one.target,
              "purpose": "", "stance": Stance.UNKNOWN.value, "system": scope.ANYONE, "territory": scope.EVERYWHERE,
              "raw": "", "terms": "", "form": "machine"}  # fmt: skip
    if answer.state != READ or not one.signals:
        note = answer.note or (
            "" if answer.state == ABSENT else "says nothing" if answer.state == READ else f"status {answer.status}"
        )
        yield {**shared, **silent, "status": answer.state, "note": note}
        if answer.state != READ:
            return
    for signal in one.signals:
        kind, target = _target(signal, one, origin)
        broken = signal.stance is Stance.UNKNOWN and signal.place in WHOLE
        yield {
            **shared,
            "status": UNREADABLE if broken else READ,
            "carrier": signal.carrier.value,
            "place": signal.place,
            "target_kind": kind,
            "target": target,
            "purpose": signal.purpose,
            "stance": signal.stance.value,
            "system": signal.system,
            "territory": signal.territory,
            "raw": signal.raw,
            "terms": _terms(signal),
            "form": "informal" if signal.carrier in INFORMAL else "machine",
            "note": "; ".join(text for text in (answer.note, signal.note) if text),
        }


def _plain(moment: dt.datetime) -> dt.datetime:
    return (
        moment.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        if moment.tzinfo
        else moment.replace(microsecond=0)
    )


def _terms(signal: Signal) -> str:
    terms = dict(signal.terms)
    if set(terms) == {"policy"}:
        return terms["policy"]
    return "; ".join(f"{key}: {value}" for key, value in sorted(terms.items()))


def _target(signal: Signal, one: _Read, origin: str) -> tuple[str, str]:
    """Kind and name of what a signal speaks of: an address pattern, whole, or a content code."""
    target = signal.target
    if target.startswith("ISCC:"):
        return "content", target
    if not target:
        return "url", one.target
    if target.startswith(("http://", "https://")):
        return "url", target
    return "url", origin + (target if target.startswith("/") else f"/{target}")


def kept(seen: Seen, out: Path) -> dict[str, Any]:
    """Writes the observations as Parquet, whole or not at all, and tells them in short. Raises InputError."""
    table = tables.conform(pa.Table.from_pylist(list(seen.rows), schema=_schema()), tables.rights.OBSERVATIONS)
    table = table.sort_by([(name, "ascending") for name in (*tables.rights.OBSERVATIONS.key, "territory", "stance")])
    if out.suffix.lower() != ".parquet":
        raise InputError("observations are written as Parquet", file=str(out), mend="Name it observations.parquet")
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file in it")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.with_name(f".{out.name}.partial")
    try:
        pq.write_table(table, work, compression="zstd")
        work.replace(out)
    finally:
        work.unlink(missing_ok=True)
    rows = table.to_pylist()
    telling = [row for row in rows if row["stance"] != Stance.UNKNOWN.value or row["status"] == UNREADABLE]
    for_all = {_without_system(row) for row in telling if row["system"] == scope.ANYONE}
    said = [row for row in telling if row["system"] == scope.ANYONE or _without_system(row) not in for_all]
    return {
        "out": str(out),
        "origin": seen.origin,
        "observed_at": _plain(seen.at).isoformat(),
        "rows": len(rows),
        "signals": [{name: row[name] for name in _SHOWN} for row in said],
        "sources": _sources(rows),
        "contradictions": contradictions(rows),
        "compared_whole": len(_compared(rows)) <= COMPARED_MOST,
        "recorded": None,
    }


_SHOWN = (
    "source",
    "status",
    "carrier",
    "place",
    "target",
    "purpose",
    "stance",
    "system",
    "territory",
    "raw",
    "terms",
    "note",
)


def _without_system(row: dict[str, Any]) -> tuple[str, ...]:
    """What a row says, to whomever: a group of one crawler repeats what is said to all."""
    return tuple(str(row[name]) for name in ("source", "carrier", "target", "purpose", "stance", "territory"))


def _schema() -> pa.Schema:
    return pa.schema([(column.name, column.type) for column in tables.rights.OBSERVATIONS.columns])


def _sources(rows: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Each source once, with the worst that is to be said of it."""
    order = (answers_of_site.REFUSED, UNREADABLE, READ, ABSENT)
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        now = {"source": row["source"], "status": row["status"], "note": row["note"] if row["status"] != READ else ""}
        before = found.get(row["source"])
        if before is None or order.index(now["status"]) < order.index(before["status"]):
            found[row["source"]] = now
    return list(found.values())


def contradictions(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leaves that one carrier permits at an address where another reserves them, to the same system.

    Each carrier speaks by its nearest pattern there, so that an exception contradicts nothing within its own carrier;
    the levels of TDMRep are one carrier.
    """
    said = _compared(rows)[:COMPARED_MOST]
    found: dict[str, dict[str, set[str]]] = {}
    for target in list(dict.fromkeys(row["target"] for row in said))[:_TARGETS_MOST]:
        around = [row for row in said if _covers(row["target"], target)]
        for leaf in scope.LEAF:
            here = [row for row in around if scope.PURPOSES[row["purpose"]] & scope.PURPOSES[leaf]]
            if len({row["stance"] for row in here}) > 1:
                clash = _clash(here)
                for stance, carriers in clash.items():
                    found.setdefault(leaf, {}).setdefault(stance, set()).update(carriers)
    return [{"purpose": leaf, **{stance: sorted(found[leaf][stance]) for stance in ("reserve", "permit")}}
            for leaf in scope.LEAF if leaf in found]  # fmt: skip


def _compared(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that say yes or no of addresses, in the order in which they are compared."""
    said = [row for row in rows if row["stance"] != Stance.UNKNOWN.value and row["target_kind"] == "url"]
    known = (row for row in said if row["purpose"] in scope.PURPOSES)
    return sorted(known, key=lambda row: (row["system"] != scope.ANYONE, len(row["target"])))


def _clash(around: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Carriers by stance, where two of them differ for one system; empty where none do."""
    found: dict[str, set[str]] = {}
    for system in list(dict.fromkeys(row["system"] for row in around))[:_SYSTEMS_MOST]:
        nearest: dict[str, dict[str, Any]] = {}
        for row in around:
            if scope.system_covers(row["system"], system):
                best = nearest.setdefault(_family(row), row)
                if _rank(row) > _rank(best):
                    nearest[_family(row)] = row
        if len({row["stance"] for row in nearest.values()}) > 1:
            for row in nearest.values():
                found.setdefault(row["stance"], set()).add(row["carrier"])
    return found


def _rank(row: dict[str, Any]) -> tuple[int, bool]:
    """How near a row is; at equal nearness the reservation comes first."""
    return len(row["target"]), row["stance"] == Stance.RESERVE.value


def _family(row: dict[str, Any]) -> str:
    return "tdmrep" if row["carrier"] in _TDM else str(row["carrier"])


def _covers(wide: str, narrow: str) -> bool:
    paths_of = paths.path_of(wide), paths.path_of(narrow)
    return wide.removesuffix(paths_of[0]) == narrow.removesuffix(paths_of[1]) and paths.covers(*paths_of)


def recorded(seen: Seen, where: str, by: str, now: dt.datetime) -> dict[str, Any]:
    """Tells the registry what was observed: new signals begin statements, those that are gone end theirs.

    What came from a source that could not be read this time holds on: not to be readable is not to be gone. Raises
    InputError where the site's address is not known.
    """
    if not seen.origin:
        raise InputError(
            "a saved site without its address cannot be recorded", mend="Give --origin https://example.org"
        )
    wanted, left_out = _statements(seen)
    store = open_store(where)
    try:
        earlier = _earlier(store, seen)
        day = _plain(seen.at).date()
        started = [row for key, row in wanted.items() if key not in earlier]
        unread = {(row["source"], row["carrier"]) for row in seen.rows if row["status"] not in (READ, ABSENT)}
        blind = {row["source"] for row in seen.rows if row["status"] not in (READ, ABSENT) and not row["purpose"]}
        gone = [key for key, (source, carrier) in earlier.items()
                if key not in wanted and (source, carrier) not in unread and source not in blind]  # fmt: skip
        if started:
            record.add(store, tables.rights.STATEMENTS, started, by, now)
        if gone:
            record.withdraw(store, tables.rights.STATEMENTS, [{"statement_id": key} for key in gone], day, by, now)
    finally:
        store.close()
    return {"registry": store.name, "started": len(started), "ended": len(gone),
            "kept": len(earlier) - len(gone), "left_out": left_out}  # fmt: skip


def _earlier(store: Store, seen: Seen) -> dict[str, tuple[str, str]]:
    """Statements by nobody known that were read at this observation's sources and hold on its day."""
    sources = sorted({row["source"] for row in seen.rows})
    asked = lookup.when(_plain(seen.at).date(), None)
    found: dict[str, tuple[str, str]] = {}
    with store.reading() as run:
        for start in range(0, len(sources), 500):
            some = sources[start : start + 500]
            signs = ", ".join("?" * len(some))
            rows = run(
                "SELECT t.statement_id, t.source, t.carrier FROM statements AS t WHERE t.party_id = '' "
                f"AND t.source IN ({signs}) AND {lookup.live(known=False)}",
                (*some, *asked.values),
            )
            found |= {str(row[0]): (str(row[1]), str(row[2])) for row in rows if str(row[0]).startswith(_SEEN)}
    return found


def _statements(seen: Seen) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Rows of STATEMENTS by id, and why observations that say something make none."""
    found: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    for row in seen.rows:
        if row["stance"] == Stance.UNKNOWN.value or row["carrier"] not in CARRIERS:
            continue
        target, wrong = _registered(row)
        if wrong:
            left_out.append(f"{row['source']} {row['place']}: {wrong}")
            continue
        kind = "reservation" if row["stance"] == Stance.RESERVE.value else "permission"
        said = (row["source"], row["carrier"], kind, row["target_kind"], target, row["purpose"], row["system"],
                row["territory"], row["terms"])  # fmt: skip
        name = _SEEN + hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
        signed = row["carrier"] == Carrier.CAWG and "evidence: signed" in row["terms"]
        found.setdefault(name, {
            "statement_id": name, "kind": kind, "target_kind": row["target_kind"], "target": target,
            "purpose": row["purpose"], "system": row["system"], "territory": row["territory"], "party_id": "",
            "offer_id": None, "carrier": row["carrier"], "form": row["form"],
            "evidence": "signed" if signed else "served", "source": row["source"], "sha256": row["sha256"],
            "note": "; ".join(text for text in (row["place"], row["terms"], row["note"]) if text)[:1900],
            "valid_from": _plain(seen.at).date(), "valid_to": None,
        })  # fmt: skip
    return found, left_out


def _registered(row: dict[str, Any]) -> tuple[str, str]:
    """A row's target as the registry spells it, or why it cannot be kept there."""
    if row["purpose"] not in scope.PURPOSES or not _SYSTEM.fullmatch(row["system"]):
        return "", f"{row['system'][:60]!r} is no system that the registry knows to name"
    if row["target_kind"] != "url":
        return row["target"], ""
    try:
        return urls.canonical_pattern(row["target"]), ""
    except InputError as error:
        return "", str(error)
