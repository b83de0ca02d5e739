"""RFC 9309, case by case: who is bound by which group, which rule decides, what a line is. Written anew from the RFC.

The cases cover all that the test file of Google's own parser exercises, in words and values of our own; what that file
marks as Google's own habit is here only where the RFC leaves it open.
"""

from __future__ import annotations

import pytest

from partita.formats.carriers import paths, robots, robots_lines


def may(text: str | bytes, agent: str, path: str) -> bool:
    """Whether a crawler may fetch a path of a site with that robots.txt."""
    content = text if isinstance(text, bytes) else text.encode()
    return robots.allowed(content, agent, f"https://tunes.example{path}")


ONE = "user-agent: HarpBot\n"


def test_without_rules_all_may_be_crawled() -> None:
    """An empty file, and one that speaks to others, refuse nothing."""
    assert may("", "HarpBot", "/")
    assert may(f"{ONE}disallow: /\n", "LuteBot", "/")
    assert not may(f"{ONE}disallow: /\n", "HarpBot", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user-agent: HarpBot\ndisallow: /\n", False),
        ("agent: HarpBot\nrefuse: /\n", True),
        ("user-agent HarpBot\ndisallow /\n", False),
        ("  user-agent \t:\tHarpBot  \n\tdisallow : / \n", False),
        ("USER-AGENT: HarpBot\nDISALLOW: /\n", False),
        ("uSeR-aGeNt: hArPbOt\ndIsAlLoW: /\n", False),
        ("user-agent: HarpBot # the strings\ndisallow: / # all of it\n", False),
        ("user-agent: HarpBot\n# disallow: /\n", True),
    ],
)
def test_what_a_line_is(text: str, expected: bool) -> None:
    """A line is a name, a colon and a value (2.1, 2.2); case, blanks and comments change nothing."""
    assert may(text, "HarpBot", "/a") is expected


def test_groups_of_one_name_are_one() -> None:
    """Groups that name the same crawler are joined (2.2.1); rules before any group bind nobody."""
    text = (
        "allow: /lost/\n\nuser-agent: HarpBot\ndisallow: /\nallow: /a/\nuser-agent: LuteBot\ndisallow: /\nallow: /b/\n"
        "\n\nallow: /c/\nuser-agent: BassBot\n\nuser-agent: HarpBot\nallow: /d/\ndisallow: /\n"
    )
    told = {
        "HarpBot": {"/a/": True, "/b/": False, "/c/": False, "/d/": True, "/lost/": False},
        "LuteBot": {"/a/": False, "/b/": True, "/c/": True, "/d/": False, "/lost/": False},
        "BassBot": {"/a/": False, "/b/": False, "/c/": False, "/d/": True, "/lost/": False},
    }
    found = {agent: {path: may(text, agent, path) for path in wanted} for agent, wanted in told.items()}
    assert found == told


@pytest.mark.parametrize("other", ["Sitemap: https://tunes.example/map.xml", "Colour: blue", "no colon at all"])
def test_other_records_do_not_end_a_group(other: str) -> None:
    """A record that the RFC does not define changes nothing (2.2.4): the names around it share their rules."""
    text = f"user-agent: HarpBot\n{other}\nuser-agent: *\ndisallow: /\n"
    assert not may(text, "HarpBot", "/")
    assert not may(text, "LuteBot", "/")


@pytest.mark.parametrize("other", ["Content-Usage: train-ai=n", "Crawl-delay: 5", "Content-Signal: search=no"])
def test_rules_of_other_standards_end_the_names_of_a_group(other: str) -> None:
    """A rule that belongs to the group it stands in ends its list of names, as the IETF draft has it."""
    text = f"user-agent: HarpBot\n{other}\nuser-agent: *\ndisallow: /\n"
    assert may(text, "HarpBot", "/")
    assert not may(text, "LuteBot", "/")


@pytest.mark.parametrize(
    ("agent", "expected"),
    [("HarpBot", "harpbot"), ("harpbot-news", "harpbot"), ("Harp", "*"), ("MyHarpBot", "*"), ("*", "*")],
)
def test_which_group_binds_a_crawler(agent: str, expected: str) -> None:
    """The group of its name in any case, else of the longest beginning of it, else the one for all (2.2.1)."""
    group = robots_lines.parse(b"user-agent: *\ndisallow: /a\nuser-agent: HARPBOT\ndisallow: /b\n").group_for(agent)
    assert group
    assert group.agent == expected


def test_a_group_of_ones_own_sets_the_one_for_all_aside() -> None:
    """Who is named reads that group alone; who is not reads `*`; without `*` no rules apply (2.2.1)."""
    both = "user-agent: *\nallow: /\nuser-agent: HarpBot\ndisallow: /\n"
    assert not may(both, "HarpBot", "/a")
    assert may(both, "LuteBot", "/a")
    apart = "user-agent: *\ndisallow: /a/\nuser-agent: HarpBot\ndisallow: /b/\n"
    assert may(apart, "HarpBot", "/a/x")
    assert not may(apart, "HarpBot", "/b/x")
    assert may("user-agent: LuteBot\ndisallow: /\n", "HarpBot", "/a")


def test_paths_have_a_case() -> None:
    """Paths are compared with their case (2.2.2)."""
    assert not may(f"{ONE}disallow: /song/\n", "HarpBot", "/song/1")
    assert may(f"{ONE}disallow: /SONG/\n", "HarpBot", "/song/1")


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("disallow: /a/page.html\nallow: /a/", "/a/page.html", False),
        ("allow: /a/page.html\ndisallow: /a/", "/a/page.html", True),
        ("allow: /a/page.html\ndisallow: /a/", "/a/", False),
        ("disallow:\nallow:", "/a", True),
        ("disallow: /\nallow: /", "/a", True),
        ("allow: /a\ndisallow: /a", "/a/b", True),
        ("disallow: /a\nallow: /a/", "/a", False),
        ("disallow: /a\nallow: /a/", "/a/", True),
        ("allow: /tune\ndisallow: /*.htm", "/tune.htm", False),
        ("allow: /tune\ndisallow: /*.htm", "/tune", True),
        ("allow: /a/tune.\ndisallow: /*.htm", "/a/tune.htm", True),
        ("allow: /a/tune.\ndisallow: /*.htm", "/a/b.htm", False),
        ("allow: /$\ndisallow: /", "/", True),
        ("allow: /$\ndisallow: /", "/a.htm", False),
        ("allow: /p\ndisallow: /", "/page", True),
    ],
)
def test_the_longest_match_decides(rules: str, path: str, expected: bool) -> None:
    """The match of most octets counts; of equal ones Allow (2.2.2); the order of lines does not matter."""
    assert may(f"{ONE}{rules}\n", "HarpBot", path) is expected
    assert may(f"{ONE}{chr(10).join(reversed(rules.splitlines()))}\n", "HarpBot", path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/song", "/song", True),
        ("/song", "/song.html", True),
        ("/song", "/songs/a", True),
        ("/song", "/song?id=1", True),
        ("/song", "/Song", False),
        ("/song", "/a/song", False),
        ("/song", "/?id=song", False),
        ("/song*", "/song/a", True),
        ("/song*", "/Song", False),
        ("/song/", "/song/?a", True),
        ("/song/", "/song", False),
        ("/song/", "/song.html", False),
        ("/*.mp3", "/a.mp3", True),
        ("/*.mp3", "/d/a.mp3?x", True),
        ("/*.mp3", "/a.mp3/", True),
        ("/*.mp3", "/mp3/", False),
        ("/*.mp3$", "/d/a.mp3", True),
        ("/*.mp3$", "/a.mp3?x", False),
        ("/*.mp3$", "/a.mp3/", False),
        ("/*.mp3$", "/a.MP3", False),
        ("/song*.mp3", "/songs/b.mp3?x", True),
        ("/song*.mp3", "/Song.mp3", False),
        ("/a/*/c", "/a/b/c", True),
        ("/a/*/c", "/a//c", True),
        ("/a/*/c", "/a/c", False),
        ("/a$", "/a", True),
        ("/a$", "/a/", False),
        ("/a$", "/ab", False),
        ("/a#b", "/a", True),
        ("/**", "/x", True),
        ("/a*b*c$", "/aXbYc", True),
        ("/a*b*c$", "/acb", False),
    ],
)
def test_special_characters(pattern: str, path: str, expected: bool) -> None:
    """`*` is any characters, `$` the end, `#` a comment (2.2.3)."""
    assert may(f"{ONE}disallow: /\nallow: {pattern}\n", "HarpBot", path) is (expected or len(pattern) < 2)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/a?b=c&d=https://x.example?e&f", "/a?b=c&d=https://x.example?e&f"),
        ("/歌", "/%E6%AD%8C"),
        ("/%E6%AD%8C", "/%E6%AD%8C"),
        ("/%e6%ad%8c", "/歌"),
        ("/%61b", "/ab"),
        ("/file-%2A", "/file-*"),
        ("/file-%24", "/file-$"),
    ],
)
def test_characters_may_be_encoded_on_either_side(pattern: str, path: str) -> None:
    """Octets beyond ASCII, and characters with a meaning in patterns, are compared percent-encoded (2.2.2, 2.2.3)."""
    assert may(f"{ONE}disallow: /\nallow: {pattern}\n", "HarpBot", path)
    assert not may(f"{ONE}disallow: /\nallow: {pattern}\n", "HarpBot", "/other")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    """LF, CR LF and CR end a line (2.2), empty lines count, and a last line needs no end."""
    text = end.join(["user-agent: a", "allow: /x", "user-agent: b", "", "", "disallow: /"])
    for content in (text.encode(), text.encode() + end.encode()):
        group = robots_lines.parse(content).groups["b"]
        assert [(line.number, line.field) for line in group.of("allow", "disallow")] == [(6, "disallow")]


def test_a_mark_at_the_start_is_skipped_and_elsewhere_it_is_not() -> None:
    """A byte order mark before the first line is no part of it; in the middle of a file it spoils its line."""
    assert not may(b"\xef\xbb\xbfuser-agent: HarpBot\ndisallow: /\n", "HarpBot", "/")
    assert may(b"user-agent: HarpBot\n\xef\xbb\xbfdisallow: /\n", "HarpBot", "/")
    assert may(b"\xef\x11\xbfuser-agent: HarpBot\ndisallow: /\n", "HarpBot", "/")


def test_utf_16_is_read_and_said() -> None:
    """A file in UTF-16, as some sites serve it, is read, with a note."""
    content = "user-agent: *\ndisallow: /\n".encode("utf-16")
    assert not may(content, "HarpBot", "/")
    assert any("UTF-16" in signal.note for signal in robots.read(content))


def test_a_line_of_many_bytes_is_read() -> None:
    """A path of sixteen thousand characters neither stops the reader nor matches what it is not."""
    long = "/a/" + "b" * 16_000
    assert may(f"{ONE}disallow: {long}\n", "HarpBot", "/other")
    assert not may(f"{ONE}disallow: {long}\n", "HarpBot", long)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "/"),
        ("https://tunes.example", "/"),
        ("https://tunes.example/", "/"),
        ("https://tunes.example/a?b=c#d", "/a?b=c"),
        ("https://tunes.example?a", "/?a"),
        ("https://tunes.example/a?b=https://c.example/", "/a?b=https://c.example/"),
        ("/a/b", "/a/b"),
        ("//tunes.example/a", "/a"),
        ("a/b", "/a/b"),
        ("/a;b#c", "/a;b"),
        ("/a?b=c://d", "/a?b=c://d"),
    ],
)
def test_what_of_a_url_is_compared(url: str, expected: str) -> None:
    """Path and query are compared, never scheme, host or fragment."""
    assert paths.path_of(url) == expected
