"""Agreement with protego on the robots.txt files of real sites that its repository keeps."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from protego import Protego

from partita.formats.carriers import robots, robots_lines
from partita.formats.signals import Signal

AGENTS = ("GPTBot", "CCBot", "Googlebot", "*")
PATTERNS_MOST = 12
FILES = 4231


@pytest.mark.slow
def test_allow_and_deny_are_those_of_protego_on_every_file(vectors: Callable[[str], Path]) -> None:
    """For every file, four crawlers and the paths that its rules name, our own reading decides as protego does."""
    different, files, asked = [], 0, 0
    for file in sorted(vectors("protego/tests/test_data").iterdir()):
        content = file.read_bytes()
        files += 1
        theirs = Protego.parse(_text(content))
        ours = robots_lines.parse(content)
        for url in _urls(ours):
            for agent in AGENTS:
                asked += 1
                if robots.decided(ours, agent, url)[0] != theirs.can_fetch(url, agent):
                    different.append((file.name, agent, url))
    assert different == []
    assert files == FILES
    assert asked > 10 * FILES


@pytest.mark.slow
def test_no_real_file_stops_the_reader(vectors: Callable[[str], Path]) -> None:
    """Every file gives signals, each with a place, whole and for one URL."""
    for file in sorted(vectors("protego/tests/test_data").iterdir()):
        content = file.read_bytes()
        found = robots.read(content) + robots.read(content, url="https://site.example/a/b.mp3")
        assert all(isinstance(signal, Signal) and signal.place for signal in found), file.name


def _text(content: bytes) -> str:
    """A file's text; protego is given what the encoding says, since it reads text and not bytes."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return content.removeprefix(codecs.BOM_UTF8)[: robots_lines.SIZE_MOST].decode("utf-8", "replace")


def _urls(found: robots_lines.Robots) -> Iterator[str]:
    """The root, and URLs that the first rules of a file name or nearly name."""
    yield "https://site.example/"
    named = [rule.text for group in found.groups.values() for rule in group.of("allow", "disallow") if rule.value]
    for pattern in list(dict.fromkeys(named))[:PATTERNS_MOST]:
        path = pattern.rstrip("$").replace("*", "x")
        yield f"https://site.example{path if path.startswith('/') else f'/{path}'}"
        yield f"https://site.example{path if path.startswith('/') else f'/{path}'}a"
