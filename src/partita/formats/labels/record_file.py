"""The contribution record as a YAML file, and what was done to the file that it is about; and the record in a label.

A record has `title`, `producer`, `produced_at`, `work_id`, `oversight`, `reservation` (a list of purposes), `parts`
(each `part`, `making`, `tool`, `model_type`, `party`, `evidence`, `sha256`) and `credits` (each `work_id`, `title`,
`iswc`, `isrc`, `share_ppm`). Only `title` and `parts` must be there. A field of no meaning is refused, not passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import small_yaml
from partita.formats.labels.disclosure import MODEL_TYPES, OVERSIGHT
from partita.formats.labels.shape import Contribution, Credit, Making, Part
from partita.scope import PURPOSES

FILE_MOST = 1 << 20
"""Bytes of a record."""
LISTED_MOST = 1_000
"""Parts, credits, or entries of one list."""
TEXT_MOST = 2_000
"""Characters of a text."""

_RECORD = ("title", "producer", "produced_at", "work_id", "oversight", "reservation", "parts", "credits")
_PART = ("part", "making", "tool", "model_type", "party", "evidence", "sha256")
_CREDIT = ("work_id", "title", "iswc", "isrc", "share_ppm")
_MEND = "See docs/labels.md for a record"


def read(path: Path) -> Contribution:
    """The record at `path`; raises InputError that names the field and how to mend it."""
    return of(small_yaml.read(path, FILE_MOST), str(path))


def of(data: Any, file: str = "") -> Contribution:
    """The record that plain data holds, as a file or a label's `record` gives it; raises InputError."""
    fields = _fields(data, (*_RECORD, "v", "making"), "the record", file)
    parts = [_part(one, place, file) for place, one in enumerate(_rows(fields, "parts", file), 1)]
    if not parts:
        raise InputError("the record has no parts", file=file, mend="Say of each part who or what made it")
    made = Contribution(
        title=_text(fields, "title", file),
        parts=tuple(parts),
        work_id=_text(fields, "work_id", file),
        credits=tuple(_credit(one, place, file) for place, one in enumerate(_rows(fields, "credits", file), 1)),
        produced_at=_time(fields.get("produced_at"), file),
        producer=_text(fields, "producer", file),
        reservation=tuple(_choice(one, PURPOSES, "reservation", file) for one in _rows(fields, "reservation", file)),
        oversight=_choice(fields.get("oversight") or "", ("", *OVERSIGHT), "oversight", file),
    )
    if not made.title:
        raise InputError("the record has no title", file=file, mend=_MEND)
    if "making" in fields and fields["making"] != made.making:
        reason = f"the record says {str(fields['making'])[:40]!r} as a whole, and {made.making.value!r} by its parts"
        raise InputError(reason, file=file, mend="Leave the whole out: its parts tell it")
    return made


def _part(data: Any, place: int, file: str) -> Part:
    """One part of the record."""
    where = f"part {place}"
    fields = _fields(data, _PART, where, file)
    name = _text(fields, "part", file)
    if not name:
        raise InputError(f"{where} has no name", file=file, mend="Say which part, e.g. vocals")
    kind = _choice(fields.get("model_type") or "", ("", *sorted(MODEL_TYPES)), f"model_type of {where}", file)
    return Part(
        part=name,
        making=Making(_choice(fields.get("making", ""), tuple(Making), f"making of {where}", file)),
        tool=_text(fields, "tool", file),
        model_type=kind,
        party=_text(fields, "party", file),
        evidence=tuple(_texts(fields, "evidence", file)),
        sha256=tuple(_texts(fields, "sha256", file)),
    )


def _credit(data: Any, place: int, file: str) -> Credit:
    """One work that shaped the output."""
    fields = _fields(data, _CREDIT, f"credit {place}", file)
    share = fields.get("share_ppm")
    if share is not None and (isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= 1_000_000):
        reason = f"share_ppm of credit {place} is no whole number of parts per million"
        raise InputError(reason, file=file, mend="Write 250000 for a quarter, or leave it out where nobody knows")
    texts = {name: _text(fields, name, file) for name in _CREDIT if name != "share_ppm"}
    if not texts["work_id"] and not texts["title"]:
        raise InputError(f"credit {place} names no work", file=file, mend="Give its work_id, or its title")
    return Credit(**texts, share_ppm=share)


def _fields(data: Any, known: tuple[str, ...], what: str, file: str) -> Mapping[str, Any]:
    """The fields of an object, none of them unknown."""
    if not isinstance(data, Mapping):
        raise InputError(f"{what} is no list of fields", file=file, mend=_MEND)
    strange = sorted(str(name) for name in set(data) - set(known))
    if strange:
        raise InputError(
            f"{what} has an unknown field {strange[0][:60]!r}", file=file, mend=f"Known: {', '.join(known)}"
        )
    return data


def _rows(fields: Mapping[str, Any], name: str, file: str) -> list[Any]:
    """A list among the fields, empty where it is left out."""
    found = fields.get(name) or []
    if not isinstance(found, list) or len(found) > LISTED_MOST:
        raise InputError(f"{name} is no list of at most {LISTED_MOST:,}", file=file, mend=_MEND)
    return found


def _text(fields: Mapping[str, Any], name: str, file: str) -> str:
    """One line of text, empty where it is left out."""
    found = fields.get(name)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > TEXT_MOST or not found.isprintable():
        mend = 'Write it in one line, between quotes if it looks like a number or a date: "007"'
        raise InputError(f"{name} is no line of at most {TEXT_MOST:,} characters", file=file, mend=mend)
    return found.strip()


def _texts(fields: Mapping[str, Any], name: str, file: str) -> list[str]:
    return [_text({name: one}, name, file) for one in _rows(fields, name, file)]


def _choice(value: Any, known: Any, what: str, file: str) -> str:
    """One of the words that a field may hold."""
    if not isinstance(value, str) or value not in known:
        words = ", ".join(sorted(word for word in known if word))
        raise InputError(f"{what} is {str(value)[:60]!r}, which has no meaning here", file=file, mend=f"Known: {words}")
    return str(value)


def _time(value: Any, file: str) -> dt.datetime | None:
    """A time with its zone; a day alone is its midnight in UTC."""
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, dt.date) else dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if isinstance(found, dt.date) and not isinstance(found, dt.datetime):
        found = dt.datetime(found.year, found.month, found.day, tzinfo=dt.UTC)
    if found is None:
        raise InputError("produced_at is no time", file=file, mend="Write 2026-11-22T10:00:00Z")
    # YAML's own times are told in UTC, and lose their zone.
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
