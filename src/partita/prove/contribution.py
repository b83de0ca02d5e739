"""What a contribution record says as a whole, and whether it, and the labels made from it, agree with one another.

A label states; it proves nothing but that it was stated. So nothing here decides what is true: contradictions are found
and named, and a claim without evidence is called a claim. Sources: IPTC digital source types as C2PA names them; the
annotations of DDEX ERN 4.3.2 (`ContainsAI`, `AiContribution`); GB 45438-2025 Annex E and the Measures of 2025-03-07,
Art. 6; Regulation (EU) 2024/1689 Art. 50 and its Code of Practice of 2026-06-10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from partita.formats.labels.shape import Contribution, Label, Making, Part, State

WHOLE_PPM = 1_000_000
LABELS_MOST = 200
"""Labels of one file that are compared; the rest is said to be left out."""


class Extent(StrEnum):
    """How much of something machines generated."""

    NONE = "none"
    PARTLY = "partly"
    ALL = "all"


KINDS: Mapping[str, tuple[str, ...]] = {
    "words": ("lyrics",),
    "music": ("melody", "arrangement"),
    "recording": ("vocals", "instrumentation", "production"),
    "picture": ("artwork",),
}
"""Kinds of content, and the parts that each is made of; a part called `whole` speaks for all of them."""

CODES: Mapping[str, str] = {
    "generated_without_tool": "a generated part names no tool: nobody can check who or what made it",
    "assisted_without_tool": "a part made with a machine's help names no tool",
    "human_with_tool": "a part said to be human names an AI tool: say assisted, or take the tool out",
    "human_claim": "a human part without evidence is a claim, and labels say no more than that",
    "hashes_unmatched": "hashes and evidence are not one to one",
    "part_twice": "one part by one party is described twice, and differently",
    "whole_contradicted": "the whole is said to be made in one way, and a part of it in another",
    "share_not_exact": "a share is no whole number of parts per million from 1 to 1,000,000",
    "shares_above_whole": "the shares of the works that shaped the output are more than the whole",
    "credit_twice": "a work is credited twice",
    "no_producer": "nobody answers for the output: GB 45438-2025 and C2PA name who produced it",
    "labels_contradict": "two labels of one file say different things of how it was made",
    "label_twice": "a GB 45438 label stands twice in one file, where 6.1 c allows one",
    "label_invalid": "a label's signature or form is not valid: nothing is taken from it",
    "too_many_labels": "the file holds more labels than are compared",
    "differs_from_record": "a label says something else of the making than the contribution record",
    "source_type_differs": "the digital source type does not go with the making",
    "ddex_all_with_people": "ContainsAI is All, and a contributor is not GenerativeAI",
    "ddex_none_with_ai": "ContainsAI is None, and a contributor's AiContribution is All or Partly",
    "ddex_party_all": "AiContribution is All for somebody who is not GenerativeAI",
    "ddex_machine_not_all": "AiContribution of GenerativeAI is not All",
    "ddex_unknown_value": "a value is none of All, Partly, None",
    "aigc_understated": "who made it writes label 1; 2 (possibly) and 3 (suspected) are for who passes it on",
    "aigc_on_human": "a GB 45438 label stands on what the record calls human",
    "aigc_unknown_label": "the label is none of 1, 2, 3",
    "art50_differs": "the wording of Art. 50 does not go with the making",
}  # fmt: skip
"""Code -> what is wrong, in words."""

NOTES = frozenset({"human_claim", "assisted_without_tool", "no_producer", "aigc_understated", "too_many_labels"})
"""Codes that contradict nothing: they say what is not shown."""

_EVERY = frozenset(Making)
_MACHINE = frozenset({Making.ASSISTED, Making.GENERATED})
_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_EITHER = frozenset({"composite", "virtualRecording"})
_SOURCE_TYPES: Mapping[Making, frozenset[str]] = {
    Making.HUMAN: _EITHER | {
        "digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "minorHumanEdits",
        "humanEdits", "algorithmicallyEnhanced", "softwareImage", "digitalArt", "digitalCreation", "dataDrivenMedia",
        "screenCapture", "compositeCapture",
    },
    Making.ASSISTED: _EITHER | {"compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"},
    Making.GENERATED: frozenset({"trainedAlgorithmicMedia", "algorithmicMedia"}),
}  # fmt: skip
"""IPTC's digital source types that go with each making; composite and virtualRecording leave it open."""

_DDEX = {
    "All": frozenset({Making.GENERATED}),
    "Partly": frozenset({Making.ASSISTED}),
    "None": frozenset({Making.HUMAN}),
}
_LAYERS = {"generated": frozenset({Making.GENERATED}), "modified": frozenset({Making.ASSISTED}), "basic": _MACHINE}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a record or of labels: a code of CODES, its words with what is concerned, and where."""

    code: str
    words: str
    place: str = ""

    @property
    def note(self) -> bool:
        """Whether it only says what is not shown, and contradicts nothing."""
        return self.code in NOTES


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in short: how much was generated, by kind and as a whole, with which tools, and what is only claimed.

    A kind that the record does not speak of is absent. `claims` are human parts without evidence. `shaped_ppm` is the
    sum of the known shares of the works that shaped the output, in parts per million; None where no share is known.
    """

    kinds: Mapping[str, Extent]
    whole: Extent
    making: Making
    tools: tuple[str, ...]
    claims: tuple[str, ...]
    shaped_ppm: int | None


def summary(record: Contribution) -> Summary:
    """The record in short; raises ValueError for a record without parts."""
    shares = [credit.share_ppm for credit in record.credits if credit.share_ppm is not None]
    found = {kind: [p.making for p in record.parts if p.part in {*parts, "whole"}] for kind, parts in KINDS.items()}
    return Summary(
        kinds={kind: extent(makings) for kind, makings in found.items() if makings},
        whole=extent([part.making for part in record.parts]),
        making=record.making,
        tools=tuple(dict.fromkeys(part.tool for part in record.parts if part.tool)),
        claims=tuple(dict.fromkeys(part.part for part in record.parts if _is_claim(part))),
        shaped_ppm=sum(shares) if shares else None,
    )


def extent(makings: Sequence[Making]) -> Extent:
    """How much machines generated of what was made so. Raises ValueError for nothing."""
    if not makings:
        raise ValueError("nothing is said of how it was made")
    found = set(makings)
    return Extent.NONE if found == {Making.HUMAN} else Extent.ALL if found == {Making.GENERATED} else Extent.PARTLY


def check(record: Contribution) -> tuple[Finding, ...]:
    """What is wrong with a record, or not shown by it, in the order of its parts and credits."""
    return (*_parts(record), *_credits(record), *([] if record.producer else [_finding("no_producer")]))


def _parts(record: Contribution) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Part] = {}
    for number, part in enumerate(record.parts, 1):
        place = f"part {number} ({part.part})"
        if part.making is not Making.HUMAN and not part.tool:
            yield _finding(f"{part.making}_without_tool", place=place)
        if part.making is Making.HUMAN and part.tool:
            yield _finding("human_with_tool", part.tool, place)
        if _is_claim(part):
            yield _finding("human_claim", place=place)
        if part.sha256 and len(part.sha256) != len(part.evidence):
            yield _finding("hashes_unmatched", f"{len(part.sha256)} hashes, {len(part.evidence)} entries", place)
        before = seen.setdefault((part.part, part.party), part)
        if before.making is not part.making:
            yield _finding("part_twice", f"{before.making} and {part.making}", place)
    wholes = {part.making for part in record.parts if part.part == "whole"}
    others = {part.making for part in record.parts if part.part != "whole"}
    if wholes & {Making.HUMAN, Making.GENERATED} and others - wholes:
        yield _finding("whole_contradicted", f"{_listed(wholes)} as a whole, {_listed(others)} in parts")


def _is_claim(part: Part) -> bool:
    return part.making is Making.HUMAN and not part.evidence


def _credits(record: Contribution) -> Iterator[Finding]:
    total = 0
    seen: set[str] = set()
    for number, credit in enumerate(record.credits, 1):
        named = credit.work_id or credit.title
        place = f"credit {number} ({named[:60]})"
        share: Any = credit.share_ppm
        if share is not None:
            exact = isinstance(share, int) and not isinstance(share, bool) and 1 <= share <= WHOLE_PPM
            total += share if exact else 0
            if not exact:
                yield _finding("share_not_exact", repr(share)[:40], place)
        if named in seen:
            yield _finding("credit_twice", place=place)
        seen.add(named)
    if total > WHOLE_PPM:
        yield _finding("shares_above_whole", f"{total:,} of {WHOLE_PPM:,} parts per million")


def check_labels(labels: Sequence[Label], record: Contribution | None = None) -> tuple[Finding, ...]:
    """What is wrong within the labels read from one file, between them, and between them and the file's record.

    Reads of `details`: `digital_source_types` (c2pa), `label` (aigc), `contains_ai` and `contributors` with `special`
    and `ai` (ddex), `layer` (art50). Labels that are not valid are named and not compared.
    """
    found: list[Finding] = []
    read = [label for label in labels if label.state is not State.NONE]
    if len(read) > LABELS_MOST:
        found.append(_finding("too_many_labels", f"{len(read):,}, of which {LABELS_MOST}"))
    valid = []
    for label in read[:LABELS_MOST]:
        if label.state in (State.INVALID, State.UNKNOWN):
            found.append(_finding("label_invalid", "; ".join(r.words for r in label.reasons)[:200], label.kind))
            continue
        valid.append(label)
        found += _within(label)
    found += _between(valid)
    if record:
        found += [finding for label in valid for finding in _against(label, record.making)]
    return tuple(dict.fromkeys(found))


def allowed(label: Label) -> frozenset[Making]:
    """The ways of making that a label is true of. GB 45438's label 1 does not tell wholly generated from partly."""
    if label.kind == "aigc":
        return _MACHINE if label.details.get("label") == "1" else _EVERY
    said = {"ddex": ("contains_ai", _DDEX), "art50": ("layer", _LAYERS)}.get(label.kind)
    if said and (value := str(label.details.get(said[0], ""))) in said[1]:
        return said[1][value]
    return frozenset({label.making}) if label.making else _EVERY


def goes_with(making: Making, digital_source_type: str) -> bool:
    """Whether a digital source type (its full address) goes with a making; one that is not IPTC's goes with any."""
    if not digital_source_type.startswith(_IPTC):
        return True
    return digital_source_type.removeprefix(_IPTC) in _SOURCE_TYPES[making]


def _within(label: Label) -> Iterator[Finding]:
    if label.kind == "ddex":
        yield from _ddex(label)
    elif label.kind == "aigc" and label.details.get("label") not in ("1", "2", "3"):
        yield _finding("aigc_unknown_label", repr(label.details.get("label"))[:40], "aigc")
    elif label.kind == "c2pa" and label.making and label.making is not Making.ASSISTED:
        # Assisted may be told in steps that are each wholly human or wholly generated, or be so by a source file alone.
        odd = [kind for kind in _texts(label.details.get("digital_source_types")) if not goes_with(label.making, kind)]
        if odd:
            yield _finding("source_type_differs", f"{label.making}, {odd[0][:100]}", "c2pa")


def _ddex(label: Label) -> Iterator[Finding]:
    whole = str(label.details.get("contains_ai", ""))
    rows = label.details.get("contributors", ())
    contributors = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, (list, tuple)) else []
    if whole and whole not in _DDEX:
        yield _finding("ddex_unknown_value", whole[:40], "ddex")
    for row in contributors:
        machine = row.get("special") == "GenerativeAI"
        ai = str(row.get("ai") or ("All" if machine else ""))
        place = f"ddex contributor {str(row.get('name') or row.get('special') or '')[:60]}".rstrip()
        if ai and ai not in _DDEX:
            yield _finding("ddex_unknown_value", ai[:40], place)
        if whole == "All" and not machine:
            yield _finding("ddex_all_with_people", place=place)
        if whole == "None" and ai in ("All", "Partly"):
            yield _finding("ddex_none_with_ai", ai, place)
        if ai == "All" and not machine:
            yield _finding("ddex_party_all", place=place)
        if machine and ai != "All":
            yield _finding("ddex_machine_not_all", ai, place)


def _between(labels: Sequence[Label]) -> Iterator[Finding]:
    for one, other in combinations(labels, 2):
        if one.kind == other.kind == "aigc":
            alike = one.details.get("fields") == other.details.get("fields")
            yield _finding("label_twice", "alike" if alike else "and they differ", "aigc")
        if not allowed(one) & allowed(other):
            said = f"{one.kind} says {_listed(allowed(one))}, {other.kind} says {_listed(allowed(other))}"
            yield _finding("labels_contradict", said, f"{one.kind} and {other.kind}")


def _against(label: Label, making: Making) -> Iterator[Finding]:
    """What a label says against a record whose whole was made so."""
    number = label.details.get("label")
    if label.kind == "aigc" and making is Making.HUMAN:
        yield _finding("aigc_on_human", f"label {number}", "aigc")
    elif label.kind == "aigc" and number in ("2", "3"):
        yield _finding("aigc_understated", f"label {number}", "aigc")
    elif making not in allowed(label):
        code = "art50_differs" if label.kind == "art50" else "differs_from_record"
        yield _finding(code, f"the label says {_listed(allowed(label))}, the record {making}", label.kind)


def _finding(code: str, detail: str = "", place: str = "") -> Finding:
    return Finding(code, f"{CODES[code]}: {detail}" if detail else CODES[code], place)


def _listed(makings: frozenset[Making] | set[Making]) -> str:
    return " or ".join(making for making in Making if making in makings)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []
