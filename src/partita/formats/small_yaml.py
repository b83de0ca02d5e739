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
        depth = 0
        for event in yaml.parse(content, Loader=yaml.CSafeLoader):
            line = getattr(event.start_mark, "line", 0) + 1
            if isinstance(event, yaml.AliasEvent):
                raise InputError("an alias (*name) is not read", file=str(path), line=line, mend="Write the value out")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH_MOST:
                reason, mend = f"nested deeper than {DEPTH_MOST}", "Write it with less nesting"
                raise InputError(reason, file=str(path), line=line, mend=mend)
        return yaml.load(content, Loader=loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Name a file that is there") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "cannot be read"
        raise InputError(f"not YAML: {reason}", file=str(path), line=mark.line + 1 if mark else 0) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not YAML: {str(error)[:100]}", file=str(path), mend="Write it with less nesting") from None
