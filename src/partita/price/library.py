"""Tariff files read, checked and kept by id. Reads files under the paths that it is given, or the shipped ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from partita import tables
from partita.errors import InputError
from partita.price import reading
from partita.price.tariff import Tariff, figures

SHIPPED = Path(__file__).parent / "tariffs"
FILES_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Tariffs:
    """Tariffs by id, and the file that each was read from."""

    by_id: Mapping[str, Tariff]
    files: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Tariffs({', '.join(self.by_id)})"

    def one(self, tariff_id: str) -> Tariff:
        """The tariff; raises InputError that names the ones there are."""
        if tariff_id not in self.by_id:
            known = ", ".join(sorted(self.by_id)) or "none"
            raise InputError(f"tariff {tariff_id!r} is not among those read", mend=f"Write one of: {known}")
        return self.by_id[tariff_id]

    def societies(self) -> dict[str, list[str]]:
        """By tariff, the societies whose shares it pays for."""
        return {tariff_id: list(tariff.beneficiaries) for tariff_id, tariff in self.by_id.items()}


def load(paths: Sequence[Path] | None = None) -> Tariffs:
    """Tariffs from files and folders (`*.yaml`, at any depth); None: the shipped ones.

    Raises InputError with file, line and mend for a file that is no tariff, an id that stands twice, and a rate that
    changes within its freeze.
    """
    by_id: dict[str, Tariff] = {}
    files: dict[str, str] = {}
    for path in _files([SHIPPED] if paths is None else paths):
        tariff = read(path)
        if tariff.id in by_id:
            raise InputError(
                f"tariff {tariff.id!r} stands in {files[tariff.id]} too", file=str(path), mend="Give one another id"
            )
        by_id[tariff.id], files[tariff.id] = tariff, str(path)
    return Tariffs(dict(sorted(by_id.items())), files)


def read(path: Path) -> Tariff:
    """One tariff file; raises InputError with the line of the first mistake."""
    document = reading.read(path)
    try:
        return Tariff.model_validate(document.content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            _reason(first, error.error_count() - 1),
            file=str(path),
            line=document.line(first["loc"]),
            mend=reading.MEND,
        ) from None


def check(paths: Sequence[Path] | None = None, *, as_of: dt.date | None = None) -> pa.Table:
    """PROBLEMS of tariff files: what cannot be loaded, and (with `as_of`) figures whose review day has passed."""
    found: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    for path in _files([SHIPPED] if paths is None else paths):
        try:
            tariff = read(path)
            if tariff.id in seen:
                raise InputError(f"tariff {tariff.id!r} stands in {seen[tariff.id]} too", file=str(path))  # noqa: TRY301
            seen[tariff.id] = str(path)
            found += _stale(tariff, str(path), as_of) if as_of else []
        except InputError as error:
            problem = _problem(str(path), code="tariff.invalid", severity="quarantined")
            found.append(problem | {"line": error.line, "reason": error.reason, "mend": error.mend})
    table = pa.Table.from_pylist(found, schema=tables.PROBLEMS.schema)
    return tables.conform(table.sort_by([(key, "ascending") for key in tables.PROBLEMS.key]), tables.PROBLEMS)


def _stale(tariff: Tariff, file: str, as_of: dt.date) -> list[dict[str, Any]]:
    return [
        _problem(file, code="tariff.review", severity="note", column=place, value=value.value)
        | {
            "reason": f"{tariff.id}: was to be reviewed by {value.review_by}",
            "mend": "Look the source up again and set a new review_by",
        }
        for place, values in figures(tariff)
        for value in values
        if value.review_by and value.review_by < as_of
    ]


def _problem(file: str, *, code: str, severity: str, column: str = "", value: str = "") -> dict[str, Any]:
    return {
        "file": file,
        "line": 0,
        "code": code,
        "severity": severity,
        "column": column,
        "value": value[:80],
        "list": "",
        "plays": 0,
    }


def _reason(error: Mapping[str, Any], more: int) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "tariff"
    message = str(error["msg"]).removeprefix("Value error, ")
    message = "unknown key" if error["type"] == "extra_forbidden" else message
    return f"{place}: {message}" + (f" (and {more} more)" if more else "")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
        elif path.is_file():
            found.append(path)
        else:
            raise InputError("no such tariff file or folder", file=str(path), mend="Name one that exists")
    if len(found) > FILES_MOST:
        raise InputError(f"{len(found):,} tariff files; {FILES_MOST:,} are the most", file=str(paths[0]))
    yield from dict.fromkeys(found)
