"""noai in X-Robots-Tag and robots meta elements; pages that are large, deep or broken."""

from __future__ import annotations

import pytest

from partita.formats.carriers import html_head, x_robots
from partita.formats.signals import INFORMAL, Carrier, Effect, Intent, Signal, Stance, Statement


def said(signals: list[Signal]) -> list[tuple[str, str, str]]:
    """Purpose, system and note of each signal; all must reserve."""
    assert all(one.stance is Stance.RESERVE and one.carrier in INFORMAL for one in signals)
    return [(one.purpose, one.system, one.note) for one in signals]


ALL, IMAGES = ("any_ai", "*", ""), ("any_ai", "*", "of images alone")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["noai"], [ALL]),
        (["noai, noimageai"], [ALL, IMAGES]),
        (["noimageai"], [IMAGES]),
        (["noindex,NoAI"], [ALL]),
        (["noml"], [("train", "*", "")]),
        (["noindex", "noai"], [ALL]),
        (["gptbot: noai"], [("any_ai", "openai", "")]),
        (["noindex, GPTBot: nofollow, noai"], [("any_ai", "openai", "")]),
        (["otherbot: noai, gptbot: noindex"], [("any_ai", "otherbot", "")]),
        (["max-snippet: 20, noai"], [ALL]),
        (["unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, noai"], [ALL]),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noai"], [ALL]),
        (["index, follow, all"], []),
        (["noaid, xnoai, noai2"], []),
        ([""], []),
    ],
)
def test_header(values: list[str], expected: list[tuple[str, str, str]]) -> None:
    """Rules are separated by commas, may be for one crawler, come on several lines, and in any case."""
    assert said(x_robots.read_header([("x-robots-TAG", value) for value in values])) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b'<meta name="robots" content="noai, noimageai">', [ALL, IMAGES]),
        (b"<META NAME=ROBOTS CONTENT=NOAI>", [ALL]),
        (b"<meta content='noai' name='GPTBot'>", [("any_ai", "openai", "")]),
        (b"<body><meta name=robots content=noai>", [ALL]),
        (b"<!-- <meta name=robots content=noai> -->", []),
        (b"<meta name=robots>", []),
        (b"<meta name=description content=noai>", []),
        ('<meta name="robots" content="noai">'.encode("utf-16"), [ALL]),
    ],
)
def test_meta(page: bytes, expected: list[tuple[str, str, str]]) -> None:
    """Meta elements are read as browsers find them, for all robots or for one."""
    assert said(html_head.read(b"<html>" * (not page.startswith(b"\xff")) + page)) == expected


HEAD = b"<html><head><meta name=robots content=noai></head><body>"


@pytest.mark.parametrize(
    "body", [b"<div>" * 50_000, b"<p>" + b"x" * (8 << 20), b"<i>" * 200_000, b"<b></b>" * 200_000, b"&lt;" * 600_000]
)
def test_of_large_and_deep_pages_the_head_is_read(body: bytes) -> None:
    """A page that is too large, too deep or too full is not read whole; its head is, and that is said."""
    found = html_head.read(HEAD + body)
    assert [one.stance for one in found] == [Stance.RESERVE, Stance.UNKNOWN]
    assert "its head alone is read" in found[1].note


@pytest.mark.parametrize("page", [b"", b"   ", b"\x00\x00", b"<div>" * 100_000])
def test_what_is_no_page_is_unknown(page: bytes) -> None:
    """Nothing, and a page without an end to its head, give unknown with the reason."""
    found = html_head.read(page)
    assert {one.stance for one in found} <= {Stance.UNKNOWN}
    assert all(one.note for one in found)


def test_entities_and_addresses_in_a_page_are_not_followed() -> None:
    """A page with a document type that points elsewhere is read without it."""
    page = b'<!DOCTYPE html SYSTEM "file:///etc/passwd" [<!ENTITY x "noai">]><meta name=robots content="&x;">'
    assert [one.stance for one in html_head.read(page) if one.carrier is Carrier.META_ROBOTS] == []


def test_what_is_written() -> None:
    """The word is written for all uses by AI, by choice for one of them, and never as a permission."""
    anything = Intent("p", (Statement("any_ai", Stance.RESERVE),))
    assert x_robots.write_header(anything).content == b"X-Robots-Tag: noai, noimageai\r\n"
    assert said(html_head.read(x_robots.write_meta(anything).content)) == [ALL, IMAGES]
    assert [loss.effect for loss in x_robots.write_meta(anything).fates] == [Effect.EXACT]
    training = Intent("p", (Statement("train", Stance.RESERVE), Statement("any_ai", Stance.PERMIT)))
    assert x_robots.write_header(training).content == b""
    assert [loss.effect for loss in x_robots.write_header(training).fates] == [Effect.LOST, Effect.LOST]
