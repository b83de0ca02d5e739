"""Whatever bytes come in, signals come out; whatever intent comes in, no line that it did not mean comes out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import (
    content_signal,
    content_usage,
    html_head,
    paths,
    robots,
    robots_groups,
    tdmrep,
    x_robots,
)
from partita.formats.signals import Artefact, Carrier, Effect, Intent, Signal, Stance, Statement, fold
from partita.scope import PURPOSES

WRITERS: list[Callable[[Intent], Artefact]] = [
    robots_groups.write,
    content_usage.write_header,
    content_usage.write_robots,
    content_signal.write,
    tdmrep.write,
    tdmrep.write_header,
    tdmrep.write_meta,
    x_robots.write_header,
    x_robots.write_meta,
]

PIECES = st.sampled_from(
    [
        b"User-agent: *",
        b"user-agent: GPTBot",
        b"Disallow: /",
        b"Allow: /a*b$",
        b"Content-Usage: ",
        b"/a ",
        b"train-ai=n",
        b"Content-Signal: ai-train=no",
        b"License: x",
        b"\n",
        b"\r",
        b"\r\n",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"#",
        b":",
        b",",
        b'<meta name="robots" content="noai">',
        b"<meta name=tdm-reservation content=1>",
        b"<",
        b">",
        b"</head>",
        b"<body>",
        b"[",
        b"]",
        b"{",
        b"}",
        b'"location"',
        b'"tdm-reservation"',
        b": 1",
        b'"/"',
        b"1e999",
        b"\\ud800",
        b"%",
        b"%ff",
        b"*",
        b"$",
    ]
)
CONTENT = st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=40).map(b"".join))
URLS = st.one_of(st.just(""), st.text(max_size=40), st.just("https://a.example/a/b?c=d"))


@given(CONTENT, URLS, st.sampled_from(["", "GPTBot", "*", "\x00", "Ünknown Bot/2"]))
def test_readers_never_raise(content: bytes, url: str, agent: str) -> None:
    """Any bytes give signals of known purposes, each with a place, and unknown ones with a reason."""
    text = content.decode("latin-1")
    found = [
        *robots.read(content, url=url, agent=agent),
        *tdmrep.read_file(content, url=url),
        *html_head.read(content),
        *tdmrep.read_header([("tdm-reservation", content), ("tdm-policy", text)]),
        *content_usage.read_header([("Content-Usage", text), ("Content-Usage", content)]),
        *content_signal.read_header([("Content-Signal", content)]),
        *x_robots.read_header([("X-Robots-Tag", content)]),
    ]
    for one in found:
        assert isinstance(one, Signal)
        assert one.purpose in PURPOSES
        assert one.place
        assert len(one.raw) <= 200
        assert one.note or one.stance is not Stance.UNKNOWN


@given(st.text(alphabet="/ab*$%2歌.?", max_size=12), st.text(alphabet="/ab*$%2歌.?", max_size=16))
def test_a_pattern_that_covers_another_matches_all_that_it_matches(pattern: str, path: str) -> None:
    """What `covers` calls certain holds for every path that is tried."""
    for wide in (pattern, pattern[:1], pattern[:3] + "*"):
        if wide and pattern and paths.covers(wide, pattern) and paths.matches(pattern, f"/{path}"):
            assert paths.matches(wide, f"/{path}")


def slow_match(pattern: str, path: str) -> bool:
    """Matching by definition, one character after another."""
    if not pattern:
        return True
    if pattern == "$":
        return not path
    if pattern[0] == "*":
        return any(slow_match(pattern[1:], path[start:]) for start in range(len(path) + 1))
    return bool(path) and path[0] == pattern[0] and slow_match(pattern[1:], path[1:])


@given(st.text(alphabet="ab*", max_size=8), st.booleans(), st.text(alphabet="ab", max_size=10))
def test_matching_is_what_the_rfc_defines(body: str, anchored: bool, path: str) -> None:
    """The quick matcher decides as the definition does."""
    pattern = f"/{body}{'$' if anchored else ''}"
    assert paths.matches(pattern, f"/{path}") is slow_match(pattern, f"/{path}")


STATEMENTS = st.builds(
    Statement,
    purpose=st.sampled_from(sorted(PURPOSES)),
    stance=st.sampled_from([Stance.RESERVE, Stance.PERMIT]),
    system=st.sampled_from(["*", "*", "*", "openai", "suno/v5"]),
    territory=st.sampled_from(["world", "world", "world", "DE"]),
    targets=st.lists(st.sampled_from(["/a/", "/a/b", "/*.mp3$", "/歌", "T0000000001"]), max_size=2, unique=True).map(
        tuple
    ),
)
INTENTS = st.builds(
    Intent,
    party=st.just("p"),
    statements=st.lists(STATEMENTS, min_size=1, max_size=4).map(tuple),
    policy=st.just("https://a.example/p"),
    broaden=st.booleans(),
)


@given(INTENTS)
def test_every_statement_has_a_fate_and_no_yes_is_wider_than_meant(intent: Intent) -> None:
    """Fates stand in the order of the statements; what is written permits no leaf that nobody permitted."""
    for write in WRITERS:
        made = write(intent)
        assert [loss.statement for loss in made.fates] == list(intent.statements)
        assert all(loss.why or loss.effect is Effect.EXACT for loss in made.fates)
        permits = [loss for loss in made.fates if loss.statement.stance is Stance.PERMIT]
        assert Effect.BROADER not in {loss.effect for loss in permits}
        if not intent.broaden:
            assert Effect.BROADER not in {loss.effect for loss in made.fates}


@given(INTENTS, st.sampled_from(["/a/x", "/a/b/y.mp3", "/z.mp3", "/%E6%AD%8C/1", "/q"]))
def test_what_is_permitted_at_a_url_was_permitted_there(intent: Intent, path: str) -> None:
    """Where a written file permits a purpose, statements permit it to anybody, everywhere."""
    url = f"https://a.example{path}"
    made = [content_usage.write_robots(intent), content_signal.write(intent)]
    signals = [
        *robots.read(robots_groups.together(made), url=url),
        *tdmrep.read_file(tdmrep.write(intent).content or b"[]", url=url),
    ]
    for one in signals:
        if one.stance is Stance.PERMIT:
            bits = PURPOSES[one.purpose]
            for statement in intent.statements:
                meets = not statement.targets or any(paths.matches(at, url) for at in statement.targets if at[0] == "/")
                if (
                    statement.stance is Stance.PERMIT
                    and meets
                    and statement.system == "*"
                    and statement.territory == "world"
                ):
                    bits &= ~PURPOSES[statement.purpose]
            assert bits == 0
        assert fold(signals, one.purpose) in Stance


@pytest.mark.parametrize("bad", ["\r\nX: y", "\nAllow: /", "\x00", "\x7f"])
@pytest.mark.parametrize("write", [robots_groups.write, content_usage.write_robots, tdmrep.write])
def test_line_breaks_in_a_path_are_refused(write: Callable[[Intent], Artefact], bad: str) -> None:
    """A path with a control character writes nothing: it could begin a line of its own."""
    with pytest.raises(InputError, match="control character"):
        write(Intent("p", (Statement("mining", Stance.RESERVE, targets=(f"/a{bad}",)),)))


@pytest.mark.parametrize(
    "bad", ["https://a.example/\r\nSet-Cookie: a=b", "https://a.example/\x00", "https://a.example/歌", "a\tb"]
)
@pytest.mark.parametrize("write", [tdmrep.write, tdmrep.write_header, tdmrep.write_meta])
def test_a_policy_that_is_no_plain_line_is_refused(write: Callable[[Intent], Artefact], bad: str) -> None:
    """A policy's address with line breaks, NULs or other characters than ASCII is refused, with how to mend it."""
    with pytest.raises(InputError, match=r"cannot be written into a line.*percent-encode"):
        write(Intent("p", (Statement("mining", Stance.RESERVE),), policy=bad))


def test_markup_in_a_policy_is_escaped() -> None:
    """Quotes in an address cannot end the attribute that they stand in."""
    policy = 'https://a.example/"><script>'
    made = tdmrep.write_meta(Intent("p", (Statement("mining", Stance.RESERVE),), policy=policy))
    assert b"<script" not in made.content
    assert html_head.read(made.content)[0].terms == {"policy": policy}


def test_paths_are_percent_encoded() -> None:
    """A path in any script is written as ASCII, and blanks and comments cannot end it."""
    intent = Intent("p", (Statement("train_generative", Stance.RESERVE, targets=("/歌 曲#1",)),))
    assert content_usage.write_robots(intent).content == (
        b"User-agent: *\nContent-Usage: /%E6%AD%8C%20%E6%9B%B2%231 train-ai=n\n"
    )


def test_groups_for_crawlers() -> None:
    """Crawlers of a reserved purpose are refused by name, those that do more by choice; permissions are exceptions."""
    statements = (
        Statement("train", Stance.RESERVE, system="openai"),
        Statement("train", Stance.PERMIT, system="openai", targets=("/free/",)),
        Statement("search", Stance.PERMIT),
        Statement("train", Stance.RESERVE, system="nobody"),
    )
    made = robots_groups.write(Intent("p", statements))
    assert made.content == b"User-agent: GPTBot\nAllow: /free/\nDisallow: /\n"
    assert [loss.effect for loss in made.fates] == [Effect.NARROWER, Effect.NARROWER, Effect.LOST, Effect.LOST]
    broad = robots_groups.write(Intent("p", statements[:1], broaden=True))
    assert b"User-agent: OpenAI\n" in broad.content
    assert [loss.effect for loss in broad.fates] == [Effect.BROADER]


def test_one_robots_txt_from_several_parts() -> None:
    """Crawlers with a group of their own are told again what the group for all says, and the site's own rules stay."""
    intent = Intent(
        "p", (Statement("train", Stance.RESERVE, system="openai", targets=("/a/",)), Statement("search", Stance.PERMIT))
    )
    parts = [robots_groups.write(intent), content_usage.write_robots(intent), content_signal.write(intent)]
    text = robots_groups.together(parts, b"User-agent: *\nDisallow: /admin/\n")
    assert not robots.allowed(text, "GPTBot", "https://a.example/admin/1")
    assert not robots.allowed(text, "GPTBot", "https://a.example/a/1")
    assert robots.allowed(text, "GPTBot", "https://a.example/b")
    assert not robots.allowed(text, "OtherBot", "https://a.example/admin/1")
    for agent in ("GPTBot", "OtherBot"):
        found = robots.read(text, url="https://a.example/b", agent=agent)
        assert {one.stance for one in found if one.purpose == "search"} == {Stance.PERMIT}
    assert robots_groups.together([], b"User-agent: *\n") == b"User-agent: *\n"


def test_a_line_for_all_groups_does_not_fall_into_one() -> None:
    """A licence of the whole site stands before the site's own groups."""
    licence = Artefact(Carrier.RSL, "robots.txt", b"License: https://a.example/rsl.xml\n", ())
    text = robots_groups.together([licence], b"User-agent: GPTBot\nDisallow: /\n")
    assert text == b"License: https://a.example/rsl.xml\n\nUser-agent: GPTBot\nDisallow: /\n"
    assert [one.system for one in robots.read(text) if one.carrier is Carrier.RSL] == ["*"]
