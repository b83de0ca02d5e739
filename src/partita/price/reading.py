"""YAML as text: every scalar stays as it was written, and every key knows its line.

YAML would read `1.50` as a float and `2019-03-27` as a date; a tariff's figures must stay exact, so nothing is guessed
here. Anchors, tags and repeated keys are refused: a tariff says each thing once, in plain sight. Touches one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from partita.errors import InputError

FILE_BYTES_MOST = 1024 * 1024
DEPTH_MOST = 24
MEND = "See docs/tariffs.md"

_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Ten times faster where PyYAML was built with libyaml; both read every scalar as text."""

_OPEN = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_SHUT = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)

Place = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as texts, lists and mappings, with the line of each key."""

    content: Plain
    lines: Mapping[Place, int]

    def line(self, place: Sequence[str | int]) -> int:
        """Line of the deepest part of `place` that the file has; parts that it has not are passed over."""
        found: Place = ()
        for part in place:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines.get(found, 1)


def read(path: Path) -> Document:
    """The YAML in `path`; raises InputError with the line of a mistake."""
    text = _text(path)
    try:
        _refuse_strange(text, path)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        reason = f"not YAML: {error.problem or error.context}"
        raise InputError(reason, file=str(path), line=mark.line + 1 if mark else 1, mend=MEND) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"not YAML: {type(error).__name__}", file=str(path), line=1, mend=MEND) from None
    if node is None:
        raise InputError("the file is empty", file=str(path), line=1, mend=MEND)
    lines: dict[Place, int] = {}
    return Document(_plain(node, (), lines, path), lines)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > FILE_BYTES_MOST:
            raise InputError(f"more than {FILE_BYTES_MOST:,} bytes: no tariff", file=str(path), mend=MEND)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=str(path), mend="Name a file that exists") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", file=str(path), line=1, mend="Save the file as UTF-8") from None


def _refuse_strange(text: str, path: Path) -> None:
    """Before anything recurses: no shorthand that grows when it is read, no nesting beyond what a tariff needs."""
    depth = 0
    for token in yaml.scan(text, Loader=_LOADER):
        line = token.start_mark.line + 1
        if isinstance(token, (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)):
            raise InputError("anchors, aliases and tags are not read", file=str(path), line=line, mend="Write it out")
        depth += isinstance(token, _OPEN)
        depth -= isinstance(token, _SHUT)
        if depth > DEPTH_MOST:
            raise InputError("nested too deeply", file=str(path), line=line, mend=MEND)


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> Plain:
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, number), lines, path) for number, item in enumerate(node.value)]
    result: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = _key(key_node, result, path)
        lines[(*place, key)] = key_node.start_mark.line + 1
        result[key] = _plain(value_node, (*place, key), lines, path)
    return result


def _key(node: yaml.Node, seen: Mapping[str, Plain], path: Path) -> str:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise InputError("a key must be one word", file=str(path), line=line, mend=MEND)
    if node.value in seen:
        raise InputError(f"{node.value!r} stands twice", file=str(path), line=line, mend="Keep one of the two")
    return str(node.value)
