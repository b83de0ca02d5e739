"""Signals of reservation through Partita, datadiligence 0.1.7 and the standard library's robots parser, side by side.

Every case has one right answer to `may a model be trained on it?`: `refused`, `allowed` (the signal permits it) or
`unknown` (nothing was said, or it cannot be read). An answer is wrong where it allows what is refused or unknown, or
refuses what is allowed. A library with two answers is right about `unknown` only where it does not allow.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.robotparser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from partita.formats.carriers import content_signal, content_usage, html_head, robots, rsl, tdmrep, x_robots
from partita.formats.signals import Signal, Stance
from partita.scope import PURPOSES

HERE = Path(__file__).parent
ROUNDS = 200
URL = "https://tunes.example/songs/1.mp3"
TRAINING = PURPOSES["train_generative"]

Headers = list[tuple[str, str]]
HEADERS: list[tuple[str, Headers, str]] = [
    ("tdm_header", [("tdm-reservation", "1")], "refused"),
    ("tdm_header", [("TDM-Reservation", "1")], "refused"),
    ("tdm_header", [("Tdm-Reservation", " 1 ")], "refused"),
    ("tdm_header", [("tdm-reservation", "0")], "allowed"),
    ("tdm_header", [("tdm-reservation", "yes")], "unknown"),
    ("x_robots_tag", [("X-Robots-Tag", "noai")], "refused"),
    ("x_robots_tag", [("x-robots-tag", "noindex, noai")], "refused"),
    ("x_robots_tag", [("X-Robots-Tag", "NoAI")], "refused"),
    ("x_robots_tag", [("X-Robots-Tag", "max-snippet: 20, noai")], "refused"),
    ("x_robots_tag", [("X-Robots-Tag", "noindex")], "unknown"),
    ("content_usage_header", [("Content-Usage", "train-ai=n")], "refused"),
    ("content_usage_header", [("Content-Usage", "train-ai=y")], "allowed"),
    ("content_usage_header", [("Content-Usage", "Train-AI=n")], "unknown"),
    ("content_signal", [("Content-Signal", "search=yes, ai-train=no")], "refused"),
    ("content_signal", [("Content-Signal", "ai-train=y")], "unknown"),
    ("none", [("Content-Type", "text/html")], "unknown"),
]
"""Carrier, header lines, and the right answer."""

RSL = (
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    b'<prohibits type="usage">ai-train</prohibits></license></content></rsl>'
)

FILES: list[tuple[str, Callable[[], list[Signal]], str]] = [
    ("robots", lambda: robots.read(b"User-agent: GPTBot\nDisallow: /\n", url=URL), "refused"),
    ("content_usage_robots", lambda: robots.read(b"User-agent: *\nContent-Usage: train-ai=n\n", url=URL), "refused"),
    ("content_signal", lambda: robots.read(b"User-agent: *\nContent-Signal: ai-train=no\n", url=URL), "refused"),
    ("rsl", lambda: rsl.read(RSL), "refused"),
    ("rsl", lambda: robots.read(b"License: https://tunes.example/rsl.xml\n", url=URL), "unknown"),
    ("tdmrep_file", lambda: tdmrep.read_file(b'[{"location": "/", "tdm-reservation": 1}]', url=URL), "refused"),
    ("tdmrep_file", lambda: tdmrep.read_file(b"\x00\x01", url=URL), "unknown"),
    ("tdm_meta", lambda: html_head.read(b'<meta name="tdm-reservation" content="1">'), "refused"),
    ("meta_robots", lambda: html_head.read(b'<meta name="robots" content="noai">'), "refused"),
]
"""Carriers that stand in files, which only Partita reads of the three; each gives its signals."""

RULES: list[tuple[str, str, bool]] = [
    ("disallow: /\nallow: /songs/", "/songs/1", True),
    ("allow: /\ndisallow: /songs/", "/songs/1", False),
    ("disallow: /songs/\nallow: /songs/free/", "/songs/free/1", True),
    ("allow: /s\ndisallow: /*.mp3", "/s.mp3", False),
    ("disallow: /*.mp3$", "/songs/1.mp3", False),
    ("disallow: /*.mp3$", "/songs/1.mp3?x", True),
    ("disallow: /a$", "/a", False),
    ("disallow: /a$", "/a/b", True),
    ("disallow: /a/*/c", "/a/b/c", False),
    ("disallow: /\nallow: /", "/a", True),
    ("allow: /a\ndisallow: /a", "/a/b", True),
    ("disallow: /a\nallow: /a", "/a", True),
    ("disallow: /%E6%AD%8C", "/歌/1", False),
    ("disallow: /歌", "/%E6%AD%8C/1", False),
    ("disallow: /a-%2A", "/a-*", False),
    ("disallow:", "/a", True),
    ("disallow: /a # b", "/a", False),
    ("DISALLOW: /a", "/a", False),
    ("disallow: /A", "/a", True),
    ("allow: /$\ndisallow: /", "/", True),
    ("allow: /$\ndisallow: /", "/a", False),
]
"""Rules of one group, a path, and whether RFC 9309 lets it be crawled."""


def main() -> int:
    """Measures all three; 1 where Partita gave a wrong answer."""
    parser = argparse.ArgumentParser(description="Signals of reservation through Partita and its peers.")
    parser.add_argument(
        "--peer-python", type=Path, default=Path(os.environ.get("PARTITA_PEERS", ".venv-bench/bin/python"))
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = [*headers(arguments.peer_python), *files(), *rules()]
    lines = (f"{figure['name']}: {figure['value']} {figure['unit']}" for figure in figures)
    print(json.dumps({"figures": figures}) if arguments.json else "\n".join(lines))
    return 0 if all(figure.get("met", True) for figure in figures) else 1


def figure(name: str, value: float, unit: str, target: float | None = None) -> dict[str, Any]:
    """One figure of the page; a target is the most that a count may be."""
    found: dict[str, Any] = {"name": name, "value": value, "unit": unit}
    return found if target is None else {**found, "target": target, "met": value <= target}


def headers(peer_python: Path) -> list[dict[str, Any]]:
    """Wrong answers and speed on header lines, ours and datadiligence's."""
    ours = [answer(read_headers(lines)) for _, lines, _ in HEADERS]
    start = time.perf_counter()
    for _ in range(ROUNDS):
        for _, lines, _ in HEADERS:
            read_headers(lines)
    speed = ROUNDS * len(HEADERS) / (time.perf_counter() - start)
    right = [expected for _, _, expected in HEADERS]
    found = [
        figure("partita: wrong answers on headers", wrong(ours, right), f"of {len(right)}", 0),
        figure("partita: reservations missed", missed(ours, right), f"of {right.count('refused')}", 0),
        figure("partita: headers read", round(speed), "responses per s"),
    ]
    if not peer_python.is_file():
        return found
    script = HERE / "peers/with_datadiligence.py"
    told = json.dumps([lines for _, lines, _ in HEADERS])
    done = subprocess.run([peer_python, script], input=told, capture_output=True, text=True, check=True)
    peer = json.loads(done.stdout.splitlines()[-1])  # it prints a warning of its own first
    read = {
        name
        for (name, _, expected), said in zip(HEADERS, peer["answers"], strict=True)
        if said == expected == "refused"
    }
    return [
        *found,
        figure("datadiligence: wrong answers on headers", wrong(peer["answers"], right), f"of {len(right)}"),
        figure("datadiligence: reservations missed", missed(peer["answers"], right), f"of {right.count('refused')}"),
        figure("datadiligence: headers read", round(peer["per_second"]), "responses per s"),
        figure("datadiligence: web carriers read", len(read), "carriers"),
    ]


def read_headers(lines: Headers) -> list[Signal]:
    """All signals in a response's headers."""
    return [
        *tdmrep.read_header(lines),
        *x_robots.read_header(lines),
        *content_usage.read_header(lines),
        *content_signal.read_header(lines),
    ]


def answer(signals: Iterable[Signal]) -> str:
    """What signals say of training a generative model, the strictest first."""
    said = {one.stance for one in signals if PURPOSES[one.purpose] & TRAINING}
    return "refused" if Stance.RESERVE in said else "allowed" if said == {Stance.PERMIT} else "unknown"


def wrong(answers: list[str], right: list[str]) -> int:
    """Answers that differ from what was said; of two-valued answers to `unknown` only the permissions."""
    return missed(answers, right) + sum(
        said != expected and not (expected == "unknown" and said == "refused")
        for said, expected in zip(answers, right, strict=True)
        if expected != "refused"
    )


def missed(answers: list[str], right: list[str]) -> int:
    """Reservations that were not seen."""
    return sum(said != expected for said, expected in zip(answers, right, strict=True) if expected == "refused")


def files() -> list[dict[str, Any]]:
    """Carriers that Partita reads on the web, each shown by a case that it answers rightly."""
    said = [(name, answer(read()), expected) for name, read, expected in FILES]
    seen = {name for name, found, expected in said if found == expected == "refused"}
    seen |= {name for name, lines, expected in HEADERS if answer(read_headers(lines)) == expected == "refused"}
    bad = wrong([found for _, found, _ in said], [expected for _, _, expected in said])
    return [
        figure("partita: wrong answers on files", bad, f"of {len(said)}", 0),
        figure("partita: web carriers read", len(seen), "carriers"),
    ]


def rules() -> list[dict[str, Any]]:
    """RFC 9309's matching, ours and the standard library's: wrong answers, and files read and asked per second."""
    texts = [f"user-agent: *\n{lines}\n" for lines, _, _ in RULES]
    ours = [
        robots.allowed(text.encode(), "AnyBot", f"https://tunes.example{path}")
        for text, (_, path, _) in zip(texts, RULES, strict=True)
    ]
    theirs = [stdlib(text, path) for text, (_, path, _) in zip(texts, RULES, strict=True)]
    right = [expected for _, _, expected in RULES]
    large = "".join(
        f"user-agent: bot{group}\n" + "".join(f"disallow: /{group}/{n}/\n" for n in range(20)) for group in range(50)
    )
    return [
        figure(
            "partita: wrong answers on RFC 9309",
            sum(a != b for a, b in zip(ours, right, strict=True)),
            f"of {len(right)}",
            0,
        ),
        figure(
            "urllib.robotparser: wrong answers on RFC 9309",
            sum(a != b for a, b in zip(theirs, right, strict=True)),
            f"of {len(right)}",
        ),
        figure("partita: files of 1,000 rules, all signals", rate(lambda: robots.read(large.encode())), "files per s"),
        figure(
            "partita: files of 1,000 rules, one question",
            rate(lambda: robots.allowed(large.encode(), "bot49", URL)),
            "files per s",
        ),
        figure(
            "urllib.robotparser: files of 1,000 rules, one question",
            rate(lambda: stdlib(large, "/songs/1", "bot49")),
            "files per s",
        ),
    ]


def stdlib(text: str, path: str, agent: str = "AnyBot") -> bool:
    """The answer of the standard library's parser."""
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(text.splitlines())
    return parser.can_fetch(agent, f"https://tunes.example{path}")


def rate(work: Callable[[], object], rounds: int = 30) -> int:
    """How often a second a thing is done."""
    start = time.perf_counter()
    for _ in range(rounds):
        work()
    return round(rounds / (time.perf_counter() - start))


if __name__ == "__main__":
    sys.exit(main())
