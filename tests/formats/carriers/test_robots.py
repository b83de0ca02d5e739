"""robots.txt as signals: whom a group binds and what for, statuses, limits, hostile files."""

from __future__ import annotations

import pytest

from partita.formats.carriers import crawlers, robots
from partita.formats.carriers.robots_lines import SIZE_MOST
from partita.formats.signals import Carrier, Signal, Stance
from partita.scope import PURPOSES

Said = set[tuple[str, str, str, str]]


def said(signals: list[Signal], carrier: Carrier = Carrier.ROBOTS) -> Said:
    """Stance, purpose, system and target of each signal of a carrier."""
    return {(one.stance.value, one.purpose, one.system, one.target) for one in signals if one.carrier is carrier}


def test_a_crawlers_group_speaks_for_its_provider_and_purpose() -> None:
    """Disallow for a crawler reserves what it crawls for against whom it crawls for; Allow permits that."""
    found = robots.read(
        b"User-agent: GPTBot\nDisallow: /\nAllow: /free/\n\nUser-agent: Claude-User\nDisallow: /songs/\n"
    )
    assert said(found) == {
        ("reserve", "train", "openai", "/"),
        ("permit", "train", "openai", "/free/"),
        ("reserve", "ground", "anthropic", "/songs/"),
    }
    assert {one.place for one in found} == {
        "line 2 (user-agent gptbot)", "line 3 (user-agent gptbot)", "line 6 (user-agent claude-user)",
    }  # fmt: skip


def test_a_group_for_all_reserves_what_crawlers_fetch_for() -> None:
    """Disallow for `*` reserves mining, AI input and search; Allow for `*` says nothing of use."""
    found = robots.read(b"User-agent: *\nAllow: /\nDisallow: /private/\n")
    assert said(found) == {("reserve", purpose, "*", "/private/") for purpose in ("mining", "ground", "search")}


def test_a_crawler_of_unknown_purpose_is_refused_any_use_by_ai() -> None:
    """Where nobody knows what a crawler is for, refusing it reserves all uses by AI against its provider."""
    assert said(robots.read(b"User-agent: Crawl4AI\nDisallow: /\n")) == {("reserve", "any_ai", "crawl4ai", "/")}


def test_an_empty_disallow_permits_the_crawler_that_is_named() -> None:
    """`Disallow:` without a path refuses nothing, and says so to the crawler that it names."""
    assert said(robots.read(b"User-agent: GPTBot\nDisallow:\n")) == {("permit", "train", "openai", "/")}
    assert robots.read(b"User-agent: *\nDisallow:\n") == []


def test_for_one_url_the_longest_rule_counts() -> None:
    """With a URL, each crawler is told what its longest rule says of it, and the line is named."""
    content = b"User-agent: GPTBot\nDisallow: /\nAllow: /free/\n"
    assert [(one.stance, one.place) for one in robots.read(content, url="https://a.example/free/1")] == [
        (Stance.PERMIT, "line 3 (user-agent gptbot)")
    ]
    assert [one.stance for one in robots.read(content, url="https://a.example/paid/1")] == [Stance.RESERVE]


def test_for_one_crawler_its_own_group_counts() -> None:
    """With a crawler's name, only what its group says is read."""
    content = b"User-agent: *\nDisallow: /\n\nUser-agent: GPTBot\nAllow: /\n"
    assert said(robots.read(content, agent="GPTBot")) == {("permit", "train", "openai", "/")}
    assert ("reserve", "mining", "*", "/") in said(robots.read(content, agent="CCBot"))


def test_what_all_standards_write_is_read_together() -> None:
    """Content-Usage, Content-Signal and License lines come with their groups, by line."""
    content = (
        b"License: https://a.example/all.xml\nUser-agent: *\nContent-Usage: train-ai=n\nContent-Signal: search=yes\n\n"
        b"User-agent: GPTBot\nLicense: https://a.example/gpt.xml\n"
    )
    found = robots.read(content)
    assert said(found, Carrier.CONTENT_USAGE_ROBOTS) == {("reserve", "train_generative", "*", "/")}
    assert said(found, Carrier.CONTENT_SIGNAL) == {("permit", "search", "*", "/")}
    licences = {(one.system, one.terms["licence"], one.place) for one in found if one.carrier is Carrier.RSL}
    assert licences == {
        ("*", "https://a.example/all.xml", "line 1"),
        ("openai", "https://a.example/gpt.xml", "line 7 (user-agent gptbot)"),
    }


@pytest.mark.parametrize("line", [b"Content-Usage: train-ai=n", b"Content-Signal: ai-train=no"])
def test_a_use_line_outside_a_group_is_unknown(line: bytes) -> None:
    """A use line before any user-agent line binds nobody by its standard, and is not passed over silently."""
    (found,) = robots.read(line + b"\n")
    assert (found.stance, found.purpose) == (Stance.UNKNOWN, "any")
    assert "before any user-agent line" in found.note


@pytest.mark.parametrize(
    ("status", "unknown"),
    [(200, False), (206, False), (404, False), (410, False), (401, False), (403, False), (429, True), (408, True),
     (301, True), (500, True), (503, True), (0, True)],
)  # fmt: skip
def test_statuses(status: int, unknown: bool) -> None:
    """4xx means that there are no rules (2.3.1.3); what could not be reached is unknown (2.3.1.4), never allowed."""
    found = robots.read(b"", status=status)
    assert [one.stance for one in found] == ([Stance.UNKNOWN] if unknown else [])


def test_of_a_large_file_the_first_500_kib_are_read() -> None:
    """Ten megabytes are cut at 500 KiB, at the end of a line, and the cut is said."""
    content = b"User-agent: GPTBot\nDisallow: /a\n" + b"# filling\n" * 1_000_000 + b"Disallow: /late\n"
    found = robots.read(content)
    assert said(found) == {("reserve", "train", "openai", "/a"), ("unknown", "any", "*", "/")}
    assert any(f"the first {SIZE_MOST:,} are read" in one.note for one in found)


def test_a_page_instead_of_the_file_is_unknown() -> None:
    """An error page served as robots.txt says nothing, and that is said."""
    (found,) = robots.read(b"<!doctype html><title>Not found</title>")
    assert found.stance is Stance.UNKNOWN
    assert "page" in found.note


@pytest.mark.parametrize(
    "content",
    [
        "".join(f"User-agent: b{number}\n" for number in range(12_000)).encode() + b"Disallow: /a\n" * 20_000,
        b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"$\n",
        b"User-agent: GPTBot\n" + b"Content-Usage: /a train-ai=n\n" * 15_000,
        b"User-agent: *\nUser-agent: *\n" * 15_000 + b"Disallow: /\n",
        b"\x00" * 500_000, b"\xff\xfe" + b"a" * 99_999,
        b"User-agent: *\n" + b"Disallow: /\xff\xfe\n" * 1000, b":" * 500_000,
    ],
)  # fmt: skip
def test_hostile_files_are_read_within_bounds(content: bytes) -> None:
    """Many names times many rules, many stars, NULs and broken text give a bounded number of signals."""
    found = robots.read(content) + robots.read(content, url="https://a.example/" + "a" * 5_000)
    assert len(found) <= 2 * robots.SIGNALS_MOST + 10


def test_nul_bytes_around_a_line_do_not_hide_it() -> None:
    """NULs before and after a line are no part of it."""
    assert said(robots.read(b"\x00User-agent: GPTBot\x00\n\x00Disallow: /\x00\n")) == {
        ("reserve", "train", "openai", "/")
    }


def test_the_list_of_crawlers_is_dated_and_licensed() -> None:
    """Each crawler has a provider and known purposes; the file names its source, commit, day and licence."""
    import json  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    data = json.loads(resources.files("partita.formats").joinpath("crawlers.json").read_text(encoding="utf-8"))
    assert len(data["commit"]) == 40
    assert data["as_of"] == "2026-08-22"
    assert data["licence"].startswith("MIT License")
    assert all(purpose in PURPOSES for crawler in crawlers.every() for purpose in crawler.purposes)
    assert len(crawlers.every()) == len({crawler.agent.lower() for crawler in crawlers.every()}) == 163
    assert crawlers.system_of("gptbot") == "openai"


def test_a_name_with_a_version_still_binds() -> None:
    """A user-agent line with more than a product token is against the RFC, and still a reservation."""
    content = b"User-agent: *\nAllow: /\n\nUser-agent: GPTBot/1.1\nDisallow: /\n"
    assert said(robots.read(content)) == {("reserve", "train", "openai", "/")}
    assert said(robots.read(content, url="https://a.example/b")) == {("reserve", "train", "openai", "/")}


@pytest.mark.parametrize(
    ("rule", "stance", "target"),
    [
        ("*.mp3", Stance.RESERVE, "/*.mp3"),
        ("songs/", Stance.UNKNOWN, "/"),
        ("https://a.example/x", Stance.UNKNOWN, "/"),
    ],
)
def test_targets_begin_at_the_root(rule: str, stance: Stance, target: str) -> None:
    """A pattern that begins with a star is one from the root; what is no path is unknown, not passed over."""
    (found,) = robots.read(f"User-agent: GPTBot\nDisallow: {rule}\n".encode())
    assert (found.stance, found.target) == (stance, target)


@pytest.mark.parametrize(
    "url", ["https://[", "//[/a", "http://a.example:x/b", "\x00", "https://a.example/[]", "%", "?"]
)
def test_broken_addresses_stop_nobody(url: str) -> None:
    """What is no URL is compared as far as it has a path."""
    (found,) = robots.read(b"User-agent: GPTBot\nDisallow: /\n", url=url)
    assert found.stance is Stance.RESERVE
    assert not robots.allowed(b"User-agent: GPTBot\nDisallow: /\n", "GPTBot", url)
