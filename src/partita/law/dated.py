"""What the lists of the law have in common: values with dates, `as_of` and `review_by` handed down, and one finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from partita.law.questions import UNKNOWN, Words
from partita.law.records import Source, Value

HANDED_DOWN = ("as_of", "review_by")
NOT_KNOWN = Words(english="the table holds nothing for that day", chinese="該日無資料")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a list holds for a day: the position, its words and where they come from. Unknown is never a yes."""

    position: str
    words: Words
    status: str = ""
    evidence: str = ""
    rule: str = ""
    chinese: str = ""
    sources: tuple[Source, ...] = ()
    valid_from: dt.date | None = None
    as_of: dt.date | None = None
    review_by: dt.date | None = None

    @property
    def known(self) -> bool:
        """Whether the list holds anything for the day."""
        return self.position != UNKNOWN


def hand_down(content: Any, above: Mapping[str, Any] | None = None) -> Any:
    """The content with `as_of` and `review_by` moved down to what is graded below them; the nearest counts."""
    if isinstance(content, list):
        return [hand_down(item, above) for item in content]
    if not isinstance(content, dict):
        return content
    near = {**(above or {}), **{key: content[key] for key in HANDED_DOWN if key in content}}
    below = {key: hand_down(value, near) for key, value in content.items() if key not in HANDED_DOWN}
    return {**near, **below} if "evidence" in content else below


def in_force(values: Iterable[Value], at: dt.date) -> Value | None:
    """The value that holds on the day, or None before the first."""
    begun = [value for value in values if value.valid_from <= at]
    return max(begun, key=lambda value: (value.valid_from, value.as_of), default=None)


def found(value: Value | None, words: Mapping[str, Words], sources: Mapping[str, Source]) -> Finding:
    """A value as a finding, with its words and sources; None as unknown."""
    if value is None:
        return Finding(UNKNOWN, NOT_KNOWN)
    return Finding(
        value.position,
        words[value.position],
        status=value.status,
        evidence=value.evidence,
        rule=value.rule,
        chinese=value.chinese or "",
        sources=tuple(sources[name] for name in value.sources),
        valid_from=value.valid_from,
        as_of=value.as_of,
        review_by=value.review_by,
    )


def checked(where: str, values: Iterable[Value], words: Mapping[str, Words], sources: Mapping[str, Source]) -> None:
    """Raises ValueError for a position without words, a source that is not listed, or a primary grade without one."""
    for value in values:
        if value.position not in words:
            raise ValueError(f"{where}: {value.position} is no answer; there are: {', '.join(words)}")
        cite(where, value.evidence, value.sources, sources)


def cite(where: str, evidence: str, names: Iterable[str], sources: Mapping[str, Source]) -> None:
    """Raises ValueError for a source that is not listed, or evidence graded primary without a primary source."""
    for name in names:
        if name not in sources:
            raise ValueError(f"{where}: source {name} is not among the sources")
    if evidence == "primary" and all(sources[name].kind != "primary" for name in names):
        raise ValueError(f"{where}: evidence primary needs a primary source")
