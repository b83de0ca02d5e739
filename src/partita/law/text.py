"""YAML of the law as it was written: every scalar a text, no key twice, nothing but maps, lists and texts."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from partita.errors import InputError

MEND = "See docs/law.md"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Record(BaseModel):
    """What every record of the law is: frozen, and without a field that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1)


def read(file: Traversable) -> Any:
    """The content of a YAML file; raises InputError with the line of a mistake."""
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"not YAML: {error.problem}", file=file.name, line=line, mend=MEND) from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"cannot be read: {type(error).__name__}", file=file.name, mend=MEND) from None
    return _plain(root, file.name)


def _plain(node: yaml.Node | None, file: str) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, file) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return node.value if node and node.value not in ("null", "~") else None
    found: dict[str, Any] = {}
    for key, value in node.value:
        if str(key.value) in found:
            line = key.start_mark.line + 1
            raise InputError(f"{key.value!r} stands twice", file=file, line=line, mend="Keep one of the two")
        found[str(key.value)] = _plain(value, file)
    return found


def problem(error: ValidationError, file: str) -> InputError:
    """The first thing that pydantic found wrong, as one line."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return InputError(f"{place}: {first['msg'].removeprefix('Value error, ')}", file=file, mend=MEND)
