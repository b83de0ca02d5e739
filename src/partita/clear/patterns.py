"""The URL patterns that match each of many URLs: an index by the keys of `registry.urls`, asked only where it helps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from partita.errors import InputError
from partita.registry import urls

_HOST = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_QUERY = r"(?:\?[A-Za-z0-9._~!&'()+,;=:@/?-]*)?"
PLAIN = re.compile(rf"https?://{_HOST}(?:\.{_HOST})+/[A-Za-z0-9_~/-]*(?:\.[a-z0-9]+)?{_QUERY}", re.ASCII)
PLAIN_PATTERN = re.compile(
    rf"https?://(?:\*\.)?{_HOST}(?:\.{_HOST}){{1,7}}/[A-Za-z0-9_~/*-]*(?:\.[a-z0-9]+)?"
    r"(?:\?[A-Za-z0-9._~!&'()+,;=:@/?*-]*)?\$?",
    re.ASCII,
)
PLAIN_MOST = 250
"""A URL or pattern of this form, no longer than this, is in its canonical form, if no `*` of it follows another: most
are, and are not taken to pieces."""


def canonical(url: str) -> str:
    """The one spelling of a URL; empty where it is none."""
    if len(url) <= PLAIN_MOST and PLAIN.fullmatch(url):
        return url
    try:
        return urls.canonical(url)
    except InputError:
        return ""


def _is_pattern(pattern: str) -> bool:
    if len(pattern) <= PLAIN_MOST and "**" not in pattern and PLAIN_PATTERN.fullmatch(pattern):
        return True
    try:
        return urls.canonical_pattern(pattern) == pattern
    except InputError:
        return False


def _halves(pattern: str) -> tuple[str, str]:
    """How the path of a URL begins that a canonical pattern matches, and what of the pattern that leaves to ask."""
    _, slash, path = pattern.partition("://")[2].partition("/")
    begin, _, rest = path.partition("*")
    ended = not rest and begin.endswith("$") and "*" not in path
    return slash + (begin.removesuffix("$") if ended else begin), "$" if ended else rest


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns by their keys, and of each host in a key how many characters of the path its keys have.

    Of each pattern: how the path of what it matches begins, the whole of it (empty: no more is asked), its number.
    """

    by_key: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Patterns:
        """The index of canonical patterns, numbered as they come; what is no pattern matches nothing."""
        by_key: dict[str, list[tuple[str, str, int]]] = {}
        lengths: dict[str, set[int]] = {}
        for number, pattern in enumerate(patterns):
            for key in urls.pattern_keys(pattern) if _is_pattern(pattern) else ():
                begin, rest = _halves(pattern)
                by_key.setdefault(key, []).append((begin, pattern if rest else "", number))
                host = key.partition("/")[0]
                lengths.setdefault(host, set()).add(len(key) - len(host))
        return cls(by_key, {host: tuple(sorted(found)) for host, found in lengths.items()})

    def of_urls(self, asked: Iterable[str]) -> tuple[list[int], list[int]]:
        """Numbers of the patterns that match each canonical URL, all in a row, and how many there are after each."""
        found: list[int] = []
        ends: list[int] = []
        hosts: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
        by_key = self.by_key
        for url in asked:
            host, slash, path = url.partition("://")[2].partition("/")
            path = slash + path
            if host not in hosts:
                hosts[host] = self._hosts(host)
            for name, lengths in hosts[host]:
                for length in lengths:
                    if length > len(path):
                        break
                    for begin, pattern, number in by_key.get(name + path[:length], ()):
                        if path.startswith(begin) and (not pattern or urls.matches(pattern, url)):
                            found.append(number)
            ends.append(len(found))
        return found, ends

    def _hosts(self, host: str) -> list[tuple[str, tuple[int, ...]]]:
        """The hosts of keys, this one and those with a star, under which there are patterns for a host."""
        names = {key.partition("/")[0] for key in urls.url_keys(f"https://{host}/")}
        return [(name, self.lengths[name]) for name in sorted(names) if name in self.lengths]
