"""The W3C Community Group's TDM Reservation Protocol (report of 2024-05-10): file on the origin, header, HTML meta.

`tdm-reservation` is 1 (text and data mining is reserved) or 0 (it is not); another value is an error and says nothing.
The report says both that the most specific rule of the file counts and that the first that matches does. Both are
looked for; where they disagree the stricter counts, and the signal says so.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from partita.formats.carriers import fields, paths
from partita.formats.carriers.fates import Axes, by_labels, fates, weigh
from partita.formats.carriers.path_fates import by_path
from partita.formats.signals import Artefact, Carrier, Intent, Signal, Stance, cut
from partita.scope import PURPOSES

WHERE = ".well-known/tdmrep.json"
RESERVATION, POLICY = "tdm-reservation", "tdm-policy"
PURPOSE = "mining"
"""What `tdm-reservation` speaks of: text and data mining in the sense of Directive 2019/790, training included."""

SIZE_MOST = 1 << 20
"""Bytes of a tdmrep.json."""
RULES_MOST = 10_000
POLICY_MOST = 2048
"""Characters of a policy's address."""

_BITS = {RESERVATION: PURPOSES[PURPOSE]}
_DIGIT = {Stance.RESERVE: 1, Stance.PERMIT: 0}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file: the pattern it is for, and the signal it makes."""

    location: str
    signal: Signal


def read_file(content: bytes, *, url: str = "", status: int = 200) -> list[Signal]:
    """What a tdmrep.json says: every rule, or with `url` the one signal for it. Absent (4xx): nothing. Never raises."""
    if not 200 <= status < 300:
        why = f"status {status}" if status else "no answer"
        absent = 400 <= status < 500 and status not in (408, 425, 429)
        return [] if absent else [_unknown("file", "", f"tdmrep.json could not be read ({why})")]
    rules = _rules(content)
    if isinstance(rules, str):
        return [_unknown("file", cut(content[:400].decode("utf-8", "replace")), rules)]
    return _at(rules, url) if url else [rule.signal for rule in rules]


def _rules(content: bytes) -> list[Rule] | str:
    """The rules of a file, or why it is none."""
    if len(content) > SIZE_MOST:
        return f"is {len(content):,} bytes long; more than {SIZE_MOST:,} are not read"
    try:
        found = json.loads(content.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        return f"is no JSON: {' '.join(str(error).split())[:120]}"
    if not isinstance(found, list) or (found and all(isinstance(one, tuple) for one in found)):
        return "is no JSON array of rules; the brackets are required even around one rule"
    if len(found) > RULES_MOST:
        return f"has {len(found):,} rules; more than {RULES_MOST:,} are not read"
    return [_rule(place, one) for place, one in enumerate(found, 1)]


def _rule(place: int, pairs: Any) -> Rule:
    """One rule from the pairs of its object: duplicates are kept by the reader so that they are seen here."""
    where = f"rule {place}"
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        return Rule("", _unknown(where, _shown(pairs), "is no object"))
    said: dict[str, list[Any]] = {}
    for key, value in pairs:
        said.setdefault(key, []).append(value)
    raw = cut(", ".join(f"{key}: {_shown(value)}" for key, value in pairs[:20]))
    locations = said.get("location", [])
    location = locations[0] if len(locations) == 1 and isinstance(locations[0], str) else ""
    if not location.startswith(("/", "*")):
        return Rule("", _unknown(where, raw, "has no location that is one path"))
    stance, note = _stance(said.get(RESERVATION, []))
    terms, wrong = _policy(said.get(POLICY, [])) if stance is Stance.RESERVE else ({}, "")
    note = "; ".join(text for text in (note, wrong) if text)
    signal = Signal(
        Carrier.TDMREP_FILE, PURPOSE, stance, where, raw, target=paths.target(location), terms=terms, note=note
    )
    return Rule(location, signal)


def _shown(value: Any) -> str:
    """A value of JSON for people: itself where it is simple, else what kind it is."""
    return str(value)[:100] if value is None or isinstance(value, str | int | float) else "[...]"


def _stance(values: Sequence[Any]) -> tuple[Stance, str]:
    """What the values given for `tdm-reservation` in one rule say: one, and the integer 0 or 1, is right."""
    kinds = [
        (Stance.PERMIT, Stance.RESERVE)[value] if type(value) is int and value in (0, 1) else Stance.UNKNOWN
        for value in values
    ]
    if not kinds:
        return Stance.UNKNOWN, f"has no {RESERVATION}"
    stance = next(one for one in (Stance.RESERVE, Stance.UNKNOWN, Stance.PERMIT) if one in kinds)
    if len(set(kinds)) > 1:
        return stance, f"{RESERVATION} stands there more than once; the stricter counts"
    return stance, "" if stance is not Stance.UNKNOWN else f"{RESERVATION} is neither the number 0 nor the number 1"


def _policy(values: Sequence[Any]) -> tuple[dict[str, str], str]:
    """A policy's address as a term, or what is wrong with it."""
    if not values:
        return {}, ""
    value = values[-1]
    if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= POLICY_MOST:
        return {"policy": value}, ""
    return {}, f"{POLICY} is no address of the web"


def _at(rules: Sequence[Rule], url: str) -> list[Signal]:
    """The signal for one URL: the first rule that matches and the longest; the stricter where they disagree."""
    hits = [rule for rule in rules if rule.location and paths.matches(rule.location, url)]
    broken = [rule.signal for rule in rules if not rule.location]
    if not hits:
        return broken
    first = hits[0].signal
    longest = max(hits, key=lambda rule: paths.octets(rule.location)).signal
    if first.stance is longest.stance:
        return [longest, *broken]
    order = (Stance.RESERVE, Stance.UNKNOWN, Stance.PERMIT)
    stricter = min((first, longest), key=lambda signal: order.index(signal.stance))
    places = f"the first match ({first.place}) and the most specific ({longest.place})"
    note = f"ambiguous: {places} differ; the stricter counts"
    return [replace(stricter, note=note), *broken]


def read_header(headers: fields.Headers) -> list[Signal]:
    """What the tdm-reservation and tdm-policy headers of a response say of its content."""
    reservations = [fields.words(value) for value in fields.lines(headers, RESERVATION)]
    policies = [fields.words(value) for value in fields.lines(headers, POLICY)]
    return from_values(Carrier.TDM_HEADER, "header", reservations, policies)


def from_values(carrier: Carrier, place: str, reservations: Sequence[str], policies: Sequence[str]) -> list[Signal]:
    """The signal of texts found for the two properties in a header or in meta elements; none where both are absent.

    A policy without a reservation is of stance unknown: it may complete what an earlier carrier reserved.
    """
    if not reservations and not policies:
        return []
    numbers = [int(text) if text in ("0", "1") else text for value in reservations for text in _single(value)]
    stance, note = _stance(numbers)
    terms, wrong = _policy(policies) if stance is not Stance.PERMIT else ({}, "")
    raw = cut("; ".join([f"{RESERVATION}: {one}" for one in reservations] + [f"{POLICY}: {one}" for one in policies]))
    note = "; ".join(text for text in (note, wrong) if text)
    return [Signal(carrier, PURPOSE, stance, f"{place} {RESERVATION}", raw, terms=terms, note=note)]


def _single(value: str) -> list[str]:
    """A field's value, or the values of several lines that a server has joined with commas."""
    return [part.strip() for part in value.split(",")]


def decide(*levels: Sequence[Signal]) -> list[Signal]:
    """What counts for one URL, the levels in the report's order: file, header, meta, the file's own metadata.

    A later level overrules the earlier ones, property by property; one that says nothing, or that is in error, resets
    nothing. The signal keeps the carrier that decided; where only errors are known, they are what is given.
    """
    deciding: Signal | None = None
    policy: dict[str, str] = {}
    for signals in levels:
        told = [one for one in signals if one.stance is not Stance.UNKNOWN and one.purpose == PURPOSE]
        if told:
            deciding = min(told, key=lambda one: one.stance is not Stance.RESERVE)
        for one in signals:
            policy = {**policy, **{key: value for key, value in one.terms.items() if key == "policy"}}
    if deciding is None:
        return [one for signals in levels for one in signals]
    return [replace(deciding, terms=policy if deciding.stance is Stance.RESERVE else {})]


def _unknown(place: str, raw: str, note: str) -> Signal:
    return Signal(Carrier.TDMREP_FILE, PURPOSE, Stance.UNKNOWN, place, raw, target="/", note=note)


def write(intent: Intent) -> Artefact:
    """The file for the origin: the longest locations first, so that the first match is also the most specific."""
    written = by_path(intent, _BITS)
    rules = []
    for path in sorted(written.rules, key=paths.octets, reverse=True):
        for stance in written.rules[path].values():
            policy = {POLICY: _address(intent)} if intent.policy and stance is Stance.RESERVE else {}
            rules.append({"location": path or "/", RESERVATION: _DIGIT[stance], **policy})
    content = json.dumps(rules, indent=2).encode("ascii") + b"\n" if rules else b""
    return Artefact(Carrier.TDMREP_FILE, WHERE, content, written.fates)


def write_header(intent: Intent) -> Artefact:
    """The header lines for all that the intent speaks of, without targets."""
    pairs, result = _pairs(intent)
    text = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    return Artefact(Carrier.TDM_HEADER, f"header: {RESERVATION}", text.encode("ascii"), result)


def write_meta(intent: Intent) -> Artefact:
    """The meta elements for the head of a page; see `write_header`."""
    pairs, result = _pairs(intent)
    text = "".join(f'<meta name="{name}" content="{html.escape(value)}">\n' for name, value in pairs)
    return Artefact(Carrier.TDM_META, "embed: html head", text.encode("ascii"), result)


def _pairs(intent: Intent) -> tuple[list[tuple[str, str]], Any]:
    weighed = weigh(intent, Axes())
    said = by_labels(weighed, _BITS, broaden=intent.broaden)
    pairs = [(name, str(_DIGIT[stance])) for name, stance in said.items()]
    if Stance.RESERVE in said.values() and intent.policy:
        pairs.append((POLICY, _address(intent)))
    return pairs, fates(weighed, [(stance, _BITS[label]) for label, stance in said.items()])


def _address(intent: Intent) -> str:
    """The policy's address, fit for a line. Raises InputError."""
    return fields.writable(intent.policy, "the policy's address")
