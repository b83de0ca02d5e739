"""Summaries and annexes as JSON: written in one form, read back against the schema that is shipped with the package."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from partita.errors import InputError

SUMMARY, ANNEX = "training-summary", "training-annex"
BYTES_MOST = 64 * 1024 * 1024
"""A summary lists domains: some hundreds of thousands of them at the very most."""


@lru_cache(maxsize=2)
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `SUMMARY` or `ANNEX`."""
    text = resources.files("partita.formats").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def faults(data: object, name: str) -> list[str]:
    """What is wrong with `data` by the schema: `PLACE: REASON`, the first twenty, in order of place."""
    errors = sorted(Draft202012Validator(schema(name)).iter_errors(data), key=lambda error: list(map(str, error.path)))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors[:20]]


def dump(data: dict[str, Any]) -> str:
    """The text of a JSON file: readable, keys in their own order, in UTF-8."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def dump_annex(data: dict[str, Any]) -> str:
    """The text of an annex's JSON file: one line for each of its keys, and one for each work."""
    works = ",\n".join(f"    {json.dumps(work, ensure_ascii=False)}" for work in data["works"])
    lines = [
        f'  "{key}": ' + (f"[\n{works}\n  ]" if key == "works" else json.dumps(value, ensure_ascii=False))
        for key, value in data.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_summary(path: Path) -> dict[str, Any]:
    """An earlier summary; raises InputError where the file is none."""
    mend = "Name a summary.json that `partita disclose` wrote"
    try:
        if path.stat().st_size > BYTES_MOST:
            raise InputError(f"is larger than {BYTES_MOST:,} bytes", file=str(path), mend=mend)
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend=mend) from None
    except (ValueError, RecursionError):
        raise InputError("is not JSON", file=str(path), mend=mend) from None
    wrong = faults(found, SUMMARY)
    if wrong:
        raise InputError(f"is no summary: {wrong[0]}", file=str(path), mend=mend)
    result: dict[str, Any] = found
    return result
