"""A small YAML file as plain values: bounded in size, and without aliases, by which little can stand for very much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from partita.errors import InputError

DEPTH_MOST = 20


def read(path: Path, most: int, loader: type[yaml.SafeLoader] = yaml.SafeLoader) -> Any:
    """The value at `path`, of at most `most` bytes; raises InputError that names file and line, and nothing else."""
    try:
        if path.exists() and not path.is_file():
            raise InputError("this is no file, but a folder or device", file=str(path), mend="Name a file")
        if path.stat().st_size > most:
            raise InputError("the file is too large", file=str(path), mend=f"At most {most:,} bytes")
        content = path.read_bytes()
        refuse_tricks(content, path, DEPTH_MOST, "Write it with less nesting")
        return yaml.load(content, Loader=loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Name a file that is there") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "cannot be read"
        raise InputError(f"not YAML: {reason}", file=str(path), line=mark.line + 1 if mark else 0) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not YAML: {str(error)[:100]}", file=str(path), mend="Write it with less nesting") from None


def refuse_tricks(content: str | bytes, path: Path, depth_most: int, mend: str) -> None:
    """Refuses aliases, by which a small file can stand for a huge one, and deep nesting; `mend` says what to do then.

    Raises InputError with the line, and yaml.YAMLError for what is no YAML.
    """
    depth = 0
    for event in yaml.parse(content, Loader=yaml.CSafeLoader):
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            reason = "an alias (*name) is not read"
            raise InputError(reason, file=str(path), line=mark.line + 1, mend="Write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > depth_most:
            raise InputError(f"nested deeper than {depth_most}", file=str(path), line=mark.line + 1, mend=mend)
