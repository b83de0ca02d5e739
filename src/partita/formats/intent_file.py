"""An intent file: what a rightsholder wants the world to know, in YAML or TOML, checked and with line numbers.

The file says `party`, `policy`, `contact`, `site`, `broaden` and a list of `statements`, each with `purpose`, `stance`,
and where they are limited `system`, `territory`, `from`, `to`, `targets`; a reservation may name a `price`.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from partita import scope
from partita.errors import InputError
from partita.formats import small_yaml
from partita.formats.carriers.rsl_rules import PAYMENTS, UNPAID
from partita.formats.reading import bounded
from partita.formats.signals import Intent, Stance, Statement

BYTES_MOST = 1 << 20
STATEMENTS_MOST = 1_000
TARGETS_MOST = 1_000
DEPTH_MOST = 10

_Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An intent as a file tells it, and the address of the site that it is to be published on; empty for none."""

    intent: Intent
    site: str = ""


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _purpose(text: str) -> str:
    if text not in scope.PURPOSES:
        raise ValueError(f"no purpose is called {text!r}; use one of {', '.join(scope.PURPOSES)}")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or not text.isascii() or "@" in text):
        raise ValueError(f"{text!r} is no address; write it whole, with https://, in ASCII")
    return text


def origin(text: str) -> str:
    """The origin of a site's address, without a slash at the end. Raises ValueError for what is none."""
    parts = urlsplit(_address(text))
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"{text!r} names more than a site; write e.g. https://example.org")
    return f"{parts.scheme}://{parts.netloc}".lower() if text else ""


def _territory(text: str) -> str:
    if text not in (scope.EVERYWHERE, *scope.GROUPS) and not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(f"{text!r} is no territory; use world, EU, or two capital letters (ISO 3166-1)")
    return text


_Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Url = Annotated[_Text, AfterValidator(_address)]
_System = Annotated[str, Field(pattern=r"^(\*|[a-z0-9][a-z0-9._-]{0,63}(/[a-z0-9][a-z0-9._-]{0,63}){0,3})$")]
_Target = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00-\x20\x7f]+$")]
_Targets = Annotated[tuple[_Target, ...], BeforeValidator(_listed), Field(max_length=TARGETS_MOST)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Price(_Model):
    type: Literal[tuple(kind for kind in PAYMENTS if kind not in UNPAID)]  # type: ignore[valid-type]
    amount: Annotated[str, BeforeValidator(str), Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,15})?$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    per: Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class _Said(_Model):
    purpose: Annotated[str, AfterValidator(_purpose)]
    stance: Literal["reserve", "permit"]
    system: _System = scope.ANYONE
    territory: Annotated[str, AfterValidator(_territory)] = scope.EVERYWHERE
    since: dt.date | None = Field(default=None, alias="from")
    to: dt.date | None = None
    targets: _Targets = ()
    price: _Price | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.since and self.to and self.to <= self.since:
            raise ValueError("it ends on or before the day on which it begins")
        if self.price and self.stance == "permit":
            raise ValueError("a permission has no price; reserve, and the price says on what terms it can be had")
        return self


class _File(_Model):
    party: Annotated[_Text, Field(min_length=1)]
    statements: Annotated[tuple[_Said, ...], Field(min_length=1, max_length=STATEMENTS_MOST)]
    policy: _Url = ""
    contact: _Text = ""
    site: Annotated[_Text, AfterValidator(origin)] = ""
    broaden: bool = Field(default=False, strict=True)


def read(path: Path) -> Told:
    """The intent in a file: TOML where its name ends so, else YAML. Raises InputError with file, line and mend."""
    text = _text(path)
    data, lines = _toml(text, path) if path.suffix.lower() == ".toml" else _yaml(text, path)
    try:
        found = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = tuple(part for part in first["loc"] if not isinstance(part, str) or part != "[key]")
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        reason = f"{name}: {first['msg'].removeprefix('Value error, ')}{more}"
        raise InputError(reason, file=str(path), line=_line(lines, place), mend="See docs/publish.md") from None
    statements = tuple(_statement(said) for said in found.statements)
    return Told(Intent(found.party, statements, found.policy, found.contact, found.broaden), found.site)


def _statement(said: _Said) -> Statement:
    price = {key: value for key, value in said.price.model_dump().items() if value} if said.price else {}
    return Statement(
        said.purpose, Stance(said.stance), said.system, said.territory, said.since, said.to, said.targets, price
    )


def _text(path: Path) -> str:
    data = bounded(path, BYTES_MOST, "Write fewer statements")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8", file=str(path), mend="Save it as UTF-8") from None


def _toml(text: str, path: Path) -> tuple[Any, dict[_Place, int]]:
    """The data of a TOML file, and on which line each statement and key stands."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        wrong = int(at[1]) if at else 0
        raise InputError(f"no TOML: {error}", file=str(path), line=wrong, mend="Correct the line") from None
    lines: dict[_Place, int] = {}
    here: _Place = ()
    count = -1
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("[[statements]]"):
            count += 1
            here = ("statements", count)
            lines[here] = number
        elif key := re.match(r"\s*([A-Za-z]+)\s*=", line):
            lines.setdefault((*here, key[1]), number)
    return data, lines


def _yaml(text: str, path: Path) -> tuple[Any, dict[_Place, int]]:
    """The data of a YAML file without aliases, and on which line each value stands."""
    lines: dict[_Place, int] = {}
    try:
        small_yaml.refuse_tricks(text, path, DEPTH_MOST, "Write statements as `- purpose: ...`")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        line = mark.line + 1 if mark else 0
        raise InputError(f"no YAML: {error.problem}", file=str(path), line=line, mend="Correct the line") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = f"no YAML: {' '.join(str(error).split())[:100]}"
        raise InputError(reason, file=str(path), mend="Write dates as 2026-11-22, and no control characters") from None
    if node is not None:
        _mark(node, (), lines, path)
    return data, lines


def _mark(node: yaml.Node, place: _Place, lines: dict[_Place, int], path: Path) -> None:
    """Notes the line of every value; a key that stands twice is refused."""
    mark: Any = node.start_mark
    lines.setdefault(place, mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value)
            if (*place, name) in lines:
                where: Any = key.start_mark
                mend = "Delete one"
                raise InputError(f"{name} stands twice", file=str(path), line=where.line + 1, mend=mend)
            _mark(value, (*place, name), lines, path)
            at: Any = key.start_mark
            lines[(*place, name)] = at.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _mark(value, (*place, number), lines, path)


def _line(lines: dict[_Place, int], place: _Place) -> int:
    """The line of a value, or of the nearest thing around it."""
    for size in range(len(place), -1, -1):
        if place[:size] in lines:
            return lines[place[:size]]
    return 0
