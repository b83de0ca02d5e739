"""The headers of a site, path by path: a file that tells them, read again, and settings that make servers send them.

`headers.json` maps patterns of paths (`*` any characters, `$` last the end, else a prefix) to headers; of the patterns
that match a path the longest alone counts. A value may be a list: the header then comes more than once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from partita.formats.carriers import content_usage, paths, tdmrep
from partita.formats.carriers import robots_lines as lines
from partita.formats.carriers.path_fates import crossing

ALL = "/"
BYTES_MOST = 1 << 20
PATTERNS_MOST = 10_000

Rules = dict[str, dict[str, str]]
"""By pattern, the longest first: header and value."""

_USAGE = content_usage.HEADER
_RESERVATION, _POLICY = tdmrep.RESERVATION, tdmrep.POLICY


def rules(usage: bytes, tdm: bytes, robots: bytes, link: str) -> Rules:
    """Headers that say at each path what Content-Usage rules of robots.txt and a tdmrep.json say there.

    `robots` is an X-Robots-Tag line and `link` a Link value, for every path; all may be empty.
    """
    used = _usage(usage)
    mined = {str(rule["location"]): rule for rule in json.loads(tdm or b"[]")}
    everywhere = {}
    if robots:
        name, _, value = robots.decode("ascii").strip().partition(": ")
        everywhere[name] = value
    if link:
        everywhere["Link"] = link
    found: Rules = {}
    for pattern in sorted({ALL, *used, *mined}, key=lambda path: (-paths.octets(path), path)):
        headers = dict(everywhere)
        if labels := _at(pattern, used):
            headers[_USAGE] = ", ".join(f"{label}={value}" for label, value in labels.items())
        said = _at(pattern, {path: {_RESERVATION: str(rule[_RESERVATION])} for path, rule in mined.items()})
        if said:
            headers[_RESERVATION] = said[_RESERVATION]
            policy = next((rule.get(_POLICY) for rule in mined.values() if rule.get(_POLICY)), "")
            headers |= {_POLICY: str(policy)} if policy and said[_RESERVATION] == "1" else {}
        found[pattern] = headers
    return found if any(found.values()) else {}


def _usage(content: bytes) -> dict[str, dict[str, str]]:
    """The rules of a robots.txt group, by path."""
    found: dict[str, dict[str, str]] = {}
    group = lines.parse(content).groups.get("*")
    for line in group.of(lines.CONTENT_USAGE) if group else []:
        path, statement = content_usage.split(line.value)
        labels = dict(part.strip().split("=") for part in statement.decode("ascii").split(","))
        found[path or ALL] = labels
    return found


def _at(pattern: str, said: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """What the nearest pattern around one says there; no yes where another may be the nearer one for some paths."""
    around = [path for path in said if path in (ALL, pattern) or paths.covers(path, pattern)]
    if not around:
        return {}
    labels = said[max(around, key=paths.octets)]
    doubtful = any(crossing(path, pattern) for path in said if path != pattern)
    return {label: value for label, value in labels.items() if not (doubtful and value in ("y", "0"))}


def as_json(found: Rules) -> bytes:
    """The file that tells the headers of a site; empty where there are none."""
    return json.dumps(found, indent=2).encode() + b"\n" if found else b""


def read(content: bytes) -> dict[str, list[tuple[str, str]]]:
    """Patterns with their headers; raises ValueError in words for what is no such file."""
    if len(content) > BYTES_MOST:
        raise ValueError(f"is larger than {BYTES_MOST:,} bytes")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {' '.join(str(error).split())[:100]}") from None
    if not isinstance(data, dict) or len(data) > PATTERNS_MOST:
        raise ValueError(f"is no object of at most {PATTERNS_MOST:,} paths")
    return {str(pattern): _pairs(pattern, headers) for pattern, headers in data.items()}


def _pairs(pattern: str, headers: Any) -> list[tuple[str, str]]:
    if not pattern.startswith("/") or not isinstance(headers, dict):
        raise ValueError(f"says for {pattern[:60]!r} what is no object of headers below a path")
    found = []
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, str | int) or isinstance(one, bool):
                raise ValueError(f"has a header {name[:60]!r} that is no text")  # noqa: TRY004
            found.append((str(name), str(one)))
    return found


def for_path(rules_of: Mapping[str, Sequence[tuple[str, str]]], path: str) -> list[tuple[str, str]]:
    """The headers of one path: those of the longest pattern that matches it."""
    fitting = [pattern for pattern in rules_of if paths.matches(pattern, path)]
    longest = max((paths.octets(pattern) for pattern in fitting), default=0)
    return [pair for pattern in fitting if paths.octets(pattern) == longest for pair in rules_of[pattern]]


def settings(found: Rules) -> dict[str, bytes]:
    """Files with the headers as text, and for nginx, Apache and Caddy; none where there are no headers."""
    if not found:
        return {}
    made = {
        "headers.txt": _text(found),
        "nginx.conf": _nginx(found),
        "apache.conf": _apache(found),
        "Caddyfile": _caddy(found),
    }
    return {name: text.encode("ascii") for name, text in made.items()}


def _names(found: Rules) -> list[str]:
    return list(dict.fromkeys(name for headers in found.values() for name in headers))


def _text(found: Rules) -> str:
    parts = [f"# {pattern}\n" + "".join(f"{name}: {value}\n" for name, value in headers.items())
             for pattern, headers in found.items()]  # fmt: skip
    return "# The longest path that matches counts alone.\n" + "\n".join(parts)


def _nginx(found: Rules) -> str:
    """Maps for the `http` block, in which the first expression that matches counts, and headers for a `server`."""
    text = ["# Into the http block:"]
    for name in _names(found):
        text.append(f"map $request_uri $partita_{_variable(name)} {{")
        for pattern, headers in found.items():
            value = _quoted(headers.get(name, "")).replace("$", "%24")
            text.append(f'    default "{value}";' if pattern == ALL else f'    "~{_expression(pattern)}" "{value}";')
        text.append("}")
    text += ["# Into the server block, and into each location that has an add_header of its own:"]
    text += [f"# add_header {name} $partita_{_variable(name)} always;" for name in _names(found)]
    return "\n".join(text) + "\n"


def _apache(found: Rules) -> str:
    text = ["# Needs mod_headers. Later sections count more."]
    for pattern, headers in reversed(found.items()):
        inside = pattern != ALL
        if inside:
            text.append(f'<LocationMatch "{_expression(_plain(pattern))}">')
        for name in _names(found):
            value = headers.get(name)
            line = f'Header always set {name} "{_quoted(value)}"' if value else f"Header always unset {name}"
            text += [f"{'    ' if inside else ''}{line}"] if value or inside else []
        text += ["</LocationMatch>"] if inside else []
    return "\n".join(text) + "\n"


def _caddy(found: Rules) -> str:
    text = ["# Into the site's block. Later lines count more.", "route {"]
    for number, (pattern, headers) in enumerate(reversed(found.items())):
        plain = _plain(pattern)
        match = "" if pattern == ALL else f"@partita{number} "
        if match:
            text.append(f"\t{match}path {plain.removesuffix('$') if plain.endswith('$') else plain + '*'}")
        for name in _names(found):
            value = headers.get(name)
            text += (
                [f'\theader {match}{name} "{_quoted(value)}"']
                if value
                else [f"\theader {match}-{name}"]
                if match
                else []
            )
    return "\n".join([*text, "}"]) + "\n"


def _plain(pattern: str) -> str:
    """A pattern as servers that decode paths compare it, where that stays ASCII without blanks and quotes."""
    decoded = unquote(pattern)
    return decoded if decoded.isascii() and re.fullmatch(r"[^\x00-\x20\"\\{}\x7f]*", decoded) else pattern


def _expression(pattern: str) -> str:
    """A pattern as a regular expression."""
    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    return "^" + ".*".join(re.escape(part) for part in body.split("*")) + end


def _variable(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "_", name.lower())


def _quoted(value: str) -> str:
    """A value between quotation marks; an address's own marks are percent-encoded, which means the same."""
    if value.startswith("<"):
        return value.replace("\\", "%5C").replace('"', '\\"')
    return value.replace("\\", "%5C").replace('"', "%22")
