"""A contribution record in YAML or JSON: which parts are human, assisted or generated, with what, after which works.

The file says `title`, a list of `parts`, and where known `work_id`, `credits`, `producer`, `produced_at`, `reservation`
and `oversight`. Shares are whole parts per million, a moment has its time zone, a key stands once. Whether the record
agrees with itself is asked of `prove.contribution`, not here.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from partita import ids, scope
from partita.errors import InputError
from partita.formats import small_yaml
from partita.formats.labels.disclosure import MODEL_TYPES, OVERSIGHT
from partita.formats.labels.shape import Contribution, Credit, Making, Part, overall

BYTES_MOST = 4 << 20
PARTS_MOST = 200
CREDITS_MOST = 10_000
EVIDENCE_MOST = 100
PARTS = ("lyrics", "melody", "arrangement", "vocals", "instrumentation", "production", "artwork", "whole")
"""What a part can be, as in the table `authorship`."""


def _purpose(text: str) -> str:
    if text not in scope.PURPOSES:
        raise ValueError(f"no purpose is called {text!r}; use one of {', '.join(scope.PURPOSES)}")
    return text


def _model(text: str) -> str:
    if text and text not in MODEL_TYPES:
        raise ValueError(f"{text!r} is no kind of model that C2PA names; leave it out where none fits")
    return text


def _oversight(text: str) -> str:
    if text and text not in OVERSIGHT:
        raise ValueError(f"{text!r} is no oversight; use one of {', '.join(OVERSIGHT)}")
    return text


def _iswc(text: str) -> str:
    if not (found := ids.iswc(text)):
        raise ValueError(f"{text!r} is no ISWC, or its check digit is wrong")
    return found


def _isrc(text: str) -> str:
    if not (found := ids.isrc(text)):
        raise ValueError(f"{text!r} is no ISRC")
    return found


def _exact(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a share is a whole number of parts per million: write 250000 for a quarter")  # noqa: TRY004 - pydantic reads ValueError
    return value


_Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
_Named = Annotated[_Text, Field(min_length=1)]
_Ppm = Annotated[int, BeforeValidator(_exact), Field(ge=1, le=1_000_000)]
_Evidence = Annotated[_Text, Field(pattern=r"^(selection|arrangement|edits|prompts|drafts)(: \S.*)?$")]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_PartName = Literal[PARTS]  # type: ignore[valid-type]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class _Part(_Model):
    part: _PartName
    making: Literal["human", "assisted", "generated"]
    tool: _Text = ""
    model_type: Annotated[str, AfterValidator(_model)] = ""
    party: _Text = ""
    evidence: Annotated[tuple[_Evidence, ...], Field(max_length=EVIDENCE_MOST)] = ()
    sha256: Annotated[tuple[_Hash, ...], Field(max_length=EVIDENCE_MOST)] = ()


class _Credit(_Model):
    work_id: _Text = ""
    title: _Text = ""
    iswc: Annotated[str, AfterValidator(_iswc)] | None = None
    isrc: Annotated[str, AfterValidator(_isrc)] | None = None
    share_ppm: _Ppm | None = None

    @model_validator(mode="after")
    def _names_a_work(self) -> Self:
        if not self.work_id and not self.title:
            raise ValueError("it names no work: give its work_id, or its title")
        return self


class _File(_Model):
    v: Literal[1] = 1
    title: _Named
    parts: Annotated[tuple[_Part, ...], Field(min_length=1, max_length=PARTS_MOST)]
    work_id: _Text = ""
    making: Literal["human", "assisted", "generated"] | None = None
    credits: Annotated[tuple[_Credit, ...], Field(max_length=CREDITS_MOST)] = ()
    producer: _Text = ""
    produced_at: AwareDatetime | None = None
    reservation: Annotated[tuple[Annotated[str, AfterValidator(_purpose)], ...], Field(max_length=100)] = ()
    oversight: Annotated[str, AfterValidator(_oversight)] = ""

    @model_validator(mode="after")
    def _whole_of_its_parts(self) -> Self:
        whole = overall(Making(part.making) for part in self.parts)
        if self.making and self.making != whole:
            raise ValueError(f"it says {self.making} as a whole, and {whole} by its parts; leave the whole out")
        return self


class _Once(yaml.SafeLoader):
    """Refuses a key that stands twice: which of its values counts, readers would not agree."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, each of whose keys stands once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if (name := str(key.value)) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name[:40]} stands twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Contribution:
    """The record at `path` (YAML, of which JSON is a part); raises InputError with file, place and mend."""
    return of(small_yaml.read(path, BYTES_MOST, _Once), str(path))


def of(content: object, file: str = "") -> Contribution:
    """A record from plain data, as `plain` writes it; raises InputError that names the place in it."""
    try:
        found = _File.model_validate(content)
    except (ValidationError, RecursionError) as error:
        text = "nested too deep"
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part + 1) if isinstance(part, int) else str(part)[:60] for part in first["loc"])
            more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
            text = f"{place or 'the record'}: {first['msg'].removeprefix('Value error, ')}{more}"
        raise InputError(text, file=file, mend="See docs/labels.md for a record") from None
    return Contribution(
        title=found.title,
        parts=tuple(
            Part(p.part, Making(p.making), p.tool, p.model_type, p.party, p.evidence, p.sha256) for p in found.parts
        ),
        work_id=found.work_id,
        credits=tuple(Credit(c.work_id, c.title, c.iswc or "", c.isrc or "", c.share_ppm) for c in found.credits),
        produced_at=found.produced_at,
        producer=found.producer,
        reservation=found.reservation,
        oversight=found.oversight,
    )


def plain(record: Contribution) -> dict[str, Any]:
    """The record as plain data, with what is empty left out: what `of` reads back, and labels can carry."""
    parts = [
        {"part": p.part, "making": p.making.value, "tool": p.tool, "model_type": p.model_type, "party": p.party,
         "evidence": list(p.evidence), "sha256": list(p.sha256)}
        for p in record.parts
    ]  # fmt: skip
    works = [
        {"work_id": c.work_id, "title": c.title, "iswc": c.iswc, "isrc": c.isrc, "share_ppm": c.share_ppm}
        for c in record.credits
    ]
    whole: dict[str, Any] = {
        "title": record.title,
        "work_id": record.work_id,
        "parts": [_filled(row) for row in parts],
        "credits": [_filled(row) for row in works],
        "producer": record.producer,
        "produced_at": record.produced_at.isoformat() if record.produced_at else "",
        "reservation": list(record.reservation),
        "oversight": record.oversight,
    }
    return _filled(whole)


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in ("", None, [])}
