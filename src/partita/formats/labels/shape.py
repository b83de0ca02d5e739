"""What every kind of label is written from and read into: a contribution, ingredients, edits; a label that was found.

Plain data, and no rule of the house: what a record must hold to be believed is decided by whoever builds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Making(StrEnum):
    """How a part came to be: by people, by people with a machine's help in what is heard or seen, or by a machine."""

    HUMAN = "human"
    ASSISTED = "assisted"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the output, e.g. `vocals` or `lyrics`, and how it was made.

    `tool` is a product as its maker names it, with its version; `model_type` is C2PA's word for the kind of model (see
    `disclosure.MODEL_TYPES`); `party` is who made it or answers for it, an id of the registry or an IPI. `evidence` is
    what shows the human part, `kind: what it is`, and `sha256` its hashes in the same order, empty where none is kept:
    as in the table AUTHORSHIP.
    """

    part: str
    making: Making
    tool: str = ""
    model_type: str = ""
    party: str = ""
    evidence: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """A work that shaped the output: its id, title, ISWC or ISRC, and where known its share in parts per million."""

    work_id: str
    title: str = ""
    iswc: str = ""
    isrc: str = ""
    share_ppm: int | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """The contribution record of one output: all kinds of label are written from it.

    `produced_at` has a time zone; `producer` is the name of who answers for the output; `reservation` holds the
    purposes (see `scope`) that are reserved and go into the training and data mining assertion. `oversight` is C2PA's
    word for what a person did with a machine's output (see `disclosure.OVERSIGHT`), empty where nobody says.
    """

    title: str
    parts: tuple[Part, ...]
    work_id: str = ""
    credits: tuple[Credit, ...] = ()
    produced_at: dt.datetime | None = None
    producer: str = ""
    reservation: tuple[str, ...] = ()
    oversight: str = ""

    @property
    def making(self) -> Making:
        """How the whole was made: as all its parts were, else with a machine's help."""
        return overall(part.making for part in self.parts)


class Relation(StrEnum):
    """What a file was to the output: opened and changed, put in, or shown to a machine as its input."""

    PARENT = "parent"
    COMPONENT = "component"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file that the output was made from, with the credentials that it has."""

    path: Path
    relation: Relation = Relation.COMPONENT
    title: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing done to the output: an action of C2PA (`c2pa.edited`), by which making, with what, in words."""

    action: str
    making: Making = Making.HUMAN
    tool: str = ""
    description: str = ""
    at: dt.datetime | None = None


class State(StrEnum):
    """What a label is worth."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    UNSIGNED = "unsigned"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label has its state: a code of its standard, and words that a court understands."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """What one kind of label in a file says, and what it is worth.

    `making` is None where it does not say. `record` is the contribution record found in it, as plain data, else empty;
    `details` is what else it tells, as plain data (JSON).
    """

    kind: str
    state: State
    reasons: tuple[Reason, ...] = ()
    making: Making | None = None
    signer: str = ""
    signed_at: str = ""
    record: Mapping[str, object] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)


def overall(makings: Iterable[Making]) -> Making:
    """How a whole was made whose parts were made so: all alike, or assisted. Raises ValueError without parts."""
    found = set(makings)
    if not found:
        raise ValueError("a contribution has at least one part")
    return found.pop() if len(found) == 1 else Making.ASSISTED
