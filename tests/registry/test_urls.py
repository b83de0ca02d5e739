"""URLs and patterns: one spelling, keys that miss no match, matching in linear time."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.registry import urls

SPELLINGS = [
    ("HTTP://Example.ORG", "http://example.org/"),
    ("https://example.org:443/a", "https://example.org/a"),
    ("http://example.org:0080/a", "http://example.org/a"),
    ("https://example.org:8443/a", "https://example.org:8443/a"),
    ("https://example.org:/a", "https://example.org/a"),
    ("https://example.org./a", "https://example.org/a"),
    ("https://user:secret@example.org/a", "https://example.org/a"),
    ("https://example.org@evil.example/", "https://evil.example/"),
    ("https://example.org/a#part", "https://example.org/a"),
    ("https://example.org?q=1", "https://example.org/?q=1"),
    ("https://example.org/a?", "https://example.org/a?"),
    ("https://example.org/a/../b/./c/..", "https://example.org/b/"),
    ("https://example.org/../../a", "https://example.org/a"),
    ("https://example.org/%2e%2E/a", "https://example.org/a"),
    ("https://example.org/a?x=../y", "https://example.org/a?x=../y"),
    ("https://example.org/%7euser/%e6%ad%8c", "https://example.org/~user/%E6%AD%8C"),
    ("https://example.org/歌 1", "https://example.org/%E6%AD%8C%201"),
    ("https://example.org/a%2fb", "https://example.org/a%2Fb"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ("https://example.org/a*b$", "https://example.org/a%2Ab%24"),
    ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://straße.example/", "https://xn--strae-oqa.example/"),
    ("https://歌曲。台灣/", "https://xn--lovt0h.xn--kpry57d/"),
    ("https://ｅｘａｍｐｌｅ．ｏｒｇ/", "https://example.org/"),
    ("http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"),
    ("  https://example.org/a\n", "https://example.org/a"),
]
REFUSED = [
    "", "example.org/a", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "https:///a", "https://",
    "https://exa mple.org/", "https://example.org\\@evil.example/", "https://example.org:99999/",
    "https://example.org:8x/",
    "https://a..b/", "https://-a.example/", "https://[::1/", "https://[nothing]/",
    "https://*.example.org/a",
    "https://exa%6dple.org/", "https://a\u200b.example/", f"https://{'a' * 64}.example/",
    f"https://{'a.' * 127}example/",
    "https://example.org/" + "a" * urls.URL_MOST, "https://exam\ud800ple.org/",
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), SPELLINGS)
def test_one_spelling(given: str, expected: str) -> None:
    """Each URL has one spelling, and that spelling is its own."""
    assert urls.canonical(given) == expected
    assert urls.canonical(expected) == expected


@pytest.mark.parametrize("given", REFUSED)
def test_what_is_no_url_is_refused(given: str) -> None:
    """What is no http(s) URL, or hides its host, is refused."""
    with pytest.raises(InputError, match="is no URL that can be used"):
        urls.canonical(given)


def test_a_password_is_not_shown() -> None:
    """The message about a URL with a password in it leaves both user and password out."""
    with pytest.raises(InputError, match=r"'https://exa mple\.org/'"):
        urls.canonical("https://user:secret@exa mple.org/")


PATTERNS = [
    ("https://Example.org", "https://example.org/"),
    ("https://example.org/songs/***.mp3$", "https://example.org/songs/*.mp3$"),
    ("https://*.Example.org/a*", "https://*.example.org/a*"),
    ("https://example.org/$", "https://example.org/$"),
    ("https://example.org$", "https://example.org/$"),
    ("https://example.org/a$b", "https://example.org/a%24b"),
    ("https://example.org/a%2Ab", "https://example.org/a%2Ab"),
    ("https://example.org?q=*", "https://example.org/?q=*"),
    ("https://*.example.org:8080/歌/*", "https://*.example.org:8080/%E6%AD%8C/*"),
]
NO_PATTERNS = [
    "*", "/songs/*", "https://*/", "https://*.org/", "https://a*.example.org/", "https://example.*/", "ftp://example.org/*",
    "https://*.*.example.org/", "https://example.org/a/../*", f"https://*.{'a.' * 8}org/",
    "https://example.org/" + "*" * urls.PATTERN_MOST,
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), PATTERNS)
def test_one_spelling_of_a_pattern(given: str, expected: str) -> None:
    """Each pattern has one spelling, and that spelling is its own."""
    assert urls.canonical_pattern(given) == expected
    assert urls.canonical_pattern(expected) == expected


@pytest.mark.parametrize("given", NO_PATTERNS)
def test_what_is_no_pattern_is_refused(given: str) -> None:
    """A pattern names a host, or all hosts below a name of two labels; no star stands elsewhere in the host."""
    with pytest.raises(InputError, match="is no URL pattern that can be used"):
        urls.canonical_pattern(given)


MATCHES = [
    ("https://example.org/", "https://example.org/any/thing?at=all", True),
    ("https://example.org/", "http://example.org/a", True),
    ("https://example.org/", "https://www.example.org/", False),
    ("https://example.org/", "https://example.org:8443/", False),
    ("https://example.org/song", "https://example.org/songs/1", True),
    ("https://example.org/song$", "https://example.org/songs", False),
    ("https://example.org/song$", "https://example.org/song", True),
    ("https://example.org/*.mp3$", "https://example.org/a/b.mp3", True),
    ("https://example.org/*.mp3$", "https://example.org/a/b.mp3?x", False),
    ("https://example.org/*.mp3", "https://example.org/a/b.mp3?x", True),
    ("https://example.org/a*a$", "https://example.org/a", False),
    ("https://example.org/a*a$", "https://example.org/aa", True),
    ("https://example.org/*$", "https://example.org/a", True),
    ("https://example.org/a*b*c", "https://example.org/a1c2b3", False),
    ("https://example.org/Song", "https://example.org/song", False),
    ("https://*.example.org/a", "https://b.c.example.org/a", True),
    ("https://*.example.org/a", "https://example.org/a", False),
    ("https://*.example.org/a", "https://badexample.org/a", False),
    ("https://*.example.org/a", "https://b.example.org.evil.example/a", False),
    ("https://example.org/a%24", "https://example.org/a$b", True),
    ("https://example.org/a%2A", "https://example.org/a*", True),
    ("https://example.org/a%2A", "https://example.org/ab", False),
]


@pytest.mark.parametrize(("pattern", "url", "expected"), MATCHES)
def test_matching(pattern: str, url: str, expected: bool) -> None:
    """Patterns are anchored at the start; `*` is any run of characters, a last `$` the end."""
    canonical = urls.canonical_pattern(pattern), urls.canonical(url)
    assert urls.matches(*canonical) is expected
    shared = set(urls.pattern_keys(canonical[0])) & set(urls.url_keys(canonical[1]))
    assert shared or not expected


PIECES = st.text("ab/*", max_size=12)
HOSTS = st.sampled_from(["example.org", "a.example.org", "b.a.example.org", "x.y.z.b.a.example.org"])
WILD = st.sampled_from(["*.example.org", "*.a.example.org", "*.b.a.example.org"])


@given(WILD | HOSTS, PIECES, st.booleans(), HOSTS, st.text("ab/", max_size=16))
@example("*.example.org", "", False, "a.example.org", "")
def test_matching_is_what_a_slow_matcher_says(host: str, path: str, ended: bool, url_host: str, tail: str) -> None:
    """On all patterns the answer is that of a regular expression made of the same pieces, and keys miss no match."""
    pattern = urls.canonical_pattern(f"https://{host}/{path}{'$' if ended else ''}")
    url = urls.canonical(f"https://{url_host}/{tail}")
    parts = [re.escape(piece) for piece in urlsplit(pattern).path.removesuffix("$").split("*")]
    hosts = re.escape(host).replace(r"\*", ".+", 1)
    slow = re.compile(hosts + ".*".join(parts) + ("" if not ended else r"\Z"))
    expected = slow.match(url.removeprefix("https://")) is not None
    assert urls.matches(pattern, url) is expected
    assert not expected or set(urls.pattern_keys(pattern)) & set(urls.url_keys(url))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a URL with one spelling, or is refused; nothing else is raised."""
    for read in (urls.canonical, urls.canonical_pattern):
        for tried in (text, f"https://{text}", f"https://example.org/{text}"):
            try:
                found = read(tried)
            except InputError:
                continue
            assert read(found) == found
            assert found.isascii()


def test_hostile_patterns_do_little_work() -> None:
    """A thousand stars against a long URL end after one walk along it; keys stay few for a host of many labels."""
    pattern = urls.canonical_pattern("https://example.org/" + "*a" * 980 + "$")
    url = urls.canonical("https://example.org/" + "a" * 979 + "b" * 7000)

    class Counted(str):
        """A text that counts how often something is sought in it."""

        __slots__ = ()
        sought = 0

        def find(self, *args: object) -> int:  # type: ignore[override]
            Counted.sought += 1
            return str.find(self, *args)  # type: ignore[arg-type]

    assert urls._glob(urls._place(pattern)[1], Counted(urls._place(url)[1])) is False  # noqa: SLF001
    assert Counted.sought <= 1000
    deep = urls.canonical(f"https://{'a.' * 100}example.org/" + "x" * 7000)
    assert len(urls.url_keys(deep)) <= 120
