"""The conformance suite: it is what its intents say, and our readers give the expected answers to every file."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from partita import scope
from partita.formats import headers_of_site
from partita.formats.carriers import (
    cawg,
    content_usage,
    crawlers,
    epub,
    html_head,
    plus,
    robots,
    rsl,
    tdm_ai,
    tdm_metadata,
    tdmrep,
    x_robots,
    xmp,
)
from partita.formats.signals import Carrier, Signal, Stance

SUITE = Path(__file__).resolve().parents[2] / "conformance"
CASES = sorted(path.name for path in (SUITE / "cases").iterdir())
SITE = "https://example.org"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """conformance/make.py as a module."""
    spec = importlib.util.spec_from_file_location("conformance_make", SUITE / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def test_the_suite_is_what_its_intents_say(maker: ModuleType) -> None:
    """Made anew, every file is the one that is committed, and no other lies there."""
    assert maker.suite() == maker.there()


def test_the_manifest_holds_every_file() -> None:
    """Whoever has the folder can check it with SHA-256."""
    listed = json.loads((SUITE / "manifest.json").read_text(encoding="utf-8"))["files"]
    for name, digest in listed.items():
        assert hashlib.sha256((SUITE / name).read_bytes()).hexdigest() == digest, name
    there = {path.relative_to(SUITE).as_posix() for part in ("cases", "intents") for path in (SUITE / part).rglob("*")
             if path.is_file()}  # fmt: skip
    assert there <= set(listed)
    assert len(CASES) >= 30


def test_the_expected_answers_are_computed_without_partita() -> None:
    """The rules import nothing of ours, and the crosswalk means by each purpose what we mean."""
    assert not re.search(r"^\s*(from|import) partita", (SUITE / "rules.py").read_text(encoding="utf-8"), re.MULTILINE)
    crosswalk = yaml.safe_load((SUITE / "crosswalk.yaml").read_text(encoding="utf-8"))
    assert crosswalk["leaves"] == [leaf.name for leaf in scope.LEAVES]
    assert {name: tuple(leaves) for name, leaves in crosswalk["purposes"].items()} == {
        name: scope.leaves(name) for name in crosswalk["purposes"]
    }
    for name, of in crosswalk["crawlers"]["names"].items():
        crawler = crawlers.by_name()[name.lower()]
        assert (crawler.system, crawler.bits) == (of["system"], sum(scope.PURPOSES[leaf] for leaf in of["purposes"]))


def told(case: str) -> dict[str, Any]:
    """The expected answers of a case."""
    found: dict[str, Any] = json.loads((SUITE / "cases" / case / "expected.json").read_text(encoding="utf-8"))
    return found


def signals(carrier: str, content: bytes, url: str, book: Any) -> list[Signal]:
    """What our reader of a carrier finds in a file; `book` makes an EPUB of a package."""
    headers = headers_of_site.for_path(headers_of_site.read(content), url or "/") if carrier in _HEADERS else []
    page = b"<!doctype html><html><head>" + content + b"</head></html>"
    readers: dict[str, Any] = {
        "content_usage_robots": lambda: robots.read(content, url=f"{SITE}{url}"),
        "content_signal": lambda: robots.read(content, url=f"{SITE}{url}"),
        "content_usage_header": lambda: content_usage.read_header(headers),
        "tdm_header": lambda: tdmrep.read_header(headers),
        "x_robots_tag": lambda: x_robots.read_header(headers),
        "tdmrep_file": lambda: tdmrep.read_file(content, url=url),
        "tdm_meta": lambda: html_head.read(page),
        "meta_robots": lambda: html_head.read(page),
        "rsl": lambda: rsl.read(content, url=url),
        "epub": lambda: epub.read(book(content)),
        "pdf": lambda: _of_packet(content),
        "cawg": lambda: cawg.read_assertion(json.loads(content)["data"]),
        "tdm_ai": lambda: tdm_ai.read(content),
        "plus": lambda: plus.read(content),
    }
    return [signal for signal in readers[carrier]() if signal.carrier.value == carrier]


_HEADERS = ("content_usage_header", "tdm_header", "x_robots_tag")


def _of_packet(content: bytes) -> list[Signal]:
    found = xmp.properties(content).get(f"{{{tdm_metadata.NAMESPACE_XMP}}}reservation", [])
    return tdm_metadata.signals(Carrier.PDF, [(value, "XMP", "") for value in found], [])


def rows(found: list[Signal], url: str) -> set[tuple[str, ...]]:
    """Signals that say yes or no, leaf by leaf."""
    return {
        (url, leaf, signal.stance.value, signal.system, signal.territory)
        for signal in found
        if signal.stance is not Stance.UNKNOWN
        for leaf in scope.leaves(signal.purpose)
    }


def _asked() -> Iterator[tuple[str, str]]:
    for case in CASES:
        yield from ((case, carrier) for carrier in told(case)["carriers"])


@pytest.mark.parametrize(("case", "carrier"), list(_asked()))
def test_our_readers_give_the_expected_answers(case: str, carrier: str, maker: ModuleType) -> None:
    """File by file, path by path: what is reserved and permitted is what the rules say, and nothing else is."""
    wanted = told(case)["carriers"][carrier]
    expected = {
        (row["url"], row["purpose"], row["stance"], row["system"], row["territory"]) for row in wanted["answers"]
    }
    content = (SUITE / "cases" / case / wanted["file"]).read_bytes() if wanted["file"] else b""
    found: set[tuple[str, ...]] = set()
    urls = maker.URLS if yaml_of()["carriers"][carrier].get("paths") else [""]
    for url in urls if content else ():
        found |= rows(signals(carrier, content, url, maker.book), url)
    assert found == expected


def yaml_of() -> dict[str, Any]:
    """The crosswalk."""
    found: dict[str, Any] = yaml.safe_load((SUITE / "crosswalk.yaml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case", CASES)
def test_crawlers_may_fetch_what_the_rules_let_them(case: str) -> None:
    """The groups of robots.txt, asked for each crawler and path."""
    wanted = told(case)["robots"]
    content = (SUITE / "cases" / case / wanted["file"]).read_bytes() if wanted["file"] else b""
    asked = {name: {url: robots.allowed(content, name, f"{SITE}{url}") for url in urls}
             for name, urls in wanted["may_fetch"].items()}  # fmt: skip
    assert asked == wanted["may_fetch"]


@pytest.mark.parametrize("case", CASES)
def test_the_writers_own_account_agrees_with_the_rules(case: str, maker: ModuleType) -> None:
    """Exact, broader, narrower or lost: what each carrier's writer says of itself is what the rules find."""
    from partita.formats import intent_file, site  # noqa: PLC0415 - beside its one use

    intent = intent_file.read(SUITE / told(case)["intent"]).intent
    made = site.made(intent, "", maker.AT, codes=[maker.CODE])
    own = {part.carrier.value: [loss.effect.value for loss in part.fates] for part in made.artefacts}
    wanted = {name: of["effects"] for name, of in told(case)["carriers"].items() if name in own}
    assert {name: own[name] for name in wanted} == wanted
