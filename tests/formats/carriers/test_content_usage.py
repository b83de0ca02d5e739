"""Content-Usage: the examples of the IETF's drafts as own vectors, older label sets, paths, and what is written.

Each vector names the lines of the draft that it restates: `attach` is draft-ietf-aipref-attach.md and `vocab` is
draft-ietf-aipref-vocab.md at commit 7ca0afc of ietf-wg-aipref/drafts (attach-05; the text before vocab-08).
"""

from __future__ import annotations

import pytest

from partita.formats.carriers import content_usage, robots
from partita.formats.signals import Carrier, Effect, Intent, Signal, Stance, Statement

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
OK = "https://tunes.example"

ATTACH = """User-Agent: *
Allow: /
Disallow: /closed/
Content-Usage: train-ai=n
Content-Usage: /open/ train-ai=y

User-Agent: NamedBot
Allow: /
Content-Usage: train-ai=y
"""


def told(text: str, path: str, agent: str, draft: str = "08") -> dict[str, Stance]:
    """What Content-Usage tells a crawler of a path."""
    found = robots.read(text.encode(), url=OK + path, agent=agent, draft=draft)
    return {one.purpose: one.stance for one in found if one.carrier is Carrier.CONTENT_USAGE_ROBOTS}


def header(*values: str, draft: str = "08") -> dict[str, Stance]:
    """What a Content-Usage header says, by purpose."""
    found = content_usage.read_header([("Content-Usage", value) for value in values], draft=draft)
    return {one.purpose: one.stance for one in found}


@pytest.mark.parametrize(
    ("path", "agent", "expected", "source"),
    [
        ("/test", "OtherBot", {"train_generative": NO}, "attach 379-402, table row 1"),
        ("/closed/test", "OtherBot", {}, "attach 379-402, table row 2"),
        ("/open/test", "OtherBot", {"train_generative": YES}, "attach 379-402, table row 3"),
        ("/test", "NamedBot", {"train_generative": YES}, "attach 390-394"),
        ("/closed/test", "NamedBot", {"train_generative": YES}, "attach 390-394"),
    ],
)
def test_the_example_of_the_attachment_draft(path: str, agent: str, expected: dict[str, Stance], source: str) -> None:
    """The draft's robots.txt tells each crawler of each path what the draft's table says."""
    assert told(ATTACH, path, agent) == expected, source


@pytest.mark.parametrize(
    ("value", "expected", "source"),
    [
        ("train-ai=n", {"train_generative": NO}, "attach 112-119: the header's example"),
        ("train-ai=y, search=n", {"train_generative": YES, "search": NO}, "vocab 6: a yes, a no, the rest unknown"),
        (
            'train-ai=y, train-ai, search=n, search="n"',
            {"train_generative": UNKNOWN, "search": UNKNOWN},
            "vocab 6.5.1: the last of two counts, and is no token",
        ),
        ("train-ai;allow=n, train-ai=y", {"train_generative": YES}, "vocab 6.5.2: parameters of the first are gone"),
        ('train-ai;has;parameters="?"', {"train_generative": UNKNOWN}, "vocab 6.5.2: parameters, and no token"),
        ('train-ai;has;parameters="?";', {"any": UNKNOWN}, "vocab 6.5.2 as printed: the last `;` does not parse"),
        ("Train-AI=n, search=y", {"any": UNKNOWN}, "vocab 6.5.1: an upper-case key spoils the whole"),
        ("train-ai=n, weather=y;x=1", {"train_generative": NO}, "vocab 6.4: labels not known are ignored"),
        ("train-ai=maybe, search=Y", {"train_generative": UNKNOWN, "search": UNKNOWN}, "vocab 6.5: neither y nor n"),
        ("train-ai=?1, search=1", {"train_generative": UNKNOWN, "search": UNKNOWN}, "vocab 6.5: not tokens"),
        ("train-ai=(n)", {"train_generative": UNKNOWN}, "vocab 6.5: an inner list is no token"),
        ("train-ai=n,", {"any": UNKNOWN}, "RFC 9651, 4.2.2: a comma at the end"),
        ("train-ai=yes", {"train_generative": UNKNOWN}, "a value of Content-Signal, not of Content-Usage"),
        ("", {"any": UNKNOWN}, "a field that says nothing"),
    ],
)
def test_the_examples_of_the_vocabulary_draft(value: str, expected: dict[str, Stance], source: str) -> None:
    """What the draft calls allowed, disallowed and unknown is permit, reserve and unknown."""
    assert header(value) == expected, source


def test_lines_of_a_header_are_one_field() -> None:
    """Several lines join, the last of one label counts, and one bad line spoils all of them."""
    assert header("train-ai=y", "search=y, train-ai=n") == {"train_generative": NO, "search": YES}
    assert header("train-ai=y", "Search") == {"any": UNKNOWN}
    assert content_usage.read_header({"content-usage": b"train-ai=n"})[0].stance is NO
    assert content_usage.read_header({"Other": "train-ai=n"}) == []


@pytest.mark.parametrize(
    ("draft", "value", "expected"),
    [
        ("00", "tdm=n", {"mining": NO}),
        ("00", "tdm=n, genai=y", {"data_mining": NO, "train_other": NO, "train_generative": YES}),
        ("01", "ai=n, inference=y, search=y", {"train": NO, "ground": YES, "search": YES}),
        ("02", "all=n", {"mining": NO, "ground": NO, "search": NO}),
        ("02", "all=n, search=y", {"mining": NO, "ground": NO, "search": YES}),
        ("02", "train-ai=n, train-genai=y", {"train_other": NO, "train_generative": YES}),
        ("02", "ai-use=n", {"ground": NO}),
        ("03", "bots=y, train-ai=n", {"data_mining": YES, "ground": YES, "search": YES, "train": NO}),
        ("03", "train-ai=y, train-genai", {"train": YES, "train_generative": UNKNOWN}),
        ("04", "ai-output=n, search=y", {"ground": NO, "search": YES}),
        ("04", "train-ai=n", {"train_generative": NO}),
        ("05", "train-ai=n, search=y", {"train_generative": NO, "search": YES}),
        ("06", "train-ai=n", {"train_generative": NO}),
        ("07", "train-ai=n, ai-use=n", {"train_generative": NO, "ground": UNKNOWN}),
        ("08", "train-ai=n, ai-use=n, search=y", {"train_generative": NO, "ground": NO, "search": YES}),
        ("08", "genai=n", {"train_generative": UNKNOWN}),
        ("08", "all=n", {"mining": UNKNOWN, "ground": UNKNOWN, "search": UNKNOWN}),
        ("99", "train-ai=n", {"any": UNKNOWN}),
    ],
)
def test_older_label_sets_are_read_by_the_number_of_their_draft(
    draft: str, value: str, expected: dict[str, Stance]
) -> None:
    """Labels mean what their draft says, the narrower deciding; labels of another draft are unknown, not lost."""
    assert header(value, draft=draft) == expected


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("/a/ train-ai=n\n/a/b train-ai=y", "/a/bc", {"train_generative": YES}),
        ("/a train-ai=y\n/a train-ai=n", "/a", {"train_generative": NO}),
        ("train-ai=n, search=y\n/a search=n", "/a", {"search": NO}),
        ("train-ai=n\n/a weather=y", "/a", {"any": UNKNOWN}),
        ("train-ai=n\n/a\ttrain-ai=y", "/a", {"train_generative": YES}),
        ("/*.mp3$ train-ai=n\n/a train-ai=y", "/a/b.mp3", {"train_generative": NO}),
        ("/歌 train-ai=n", "/%E6%AD%8C/1", {"train_generative": NO}),
        ("/歌 train-ai=n\n/%E6%AD%8C/ train-ai=y", "/歌/1", {"train_generative": YES}),
        ("train-ai=n # all\n/b train-ai=y", "/a", {"train_generative": NO}),
        ("/a", "/a", {"any": UNKNOWN}),
        ("/a TRAIN-AI=n\ntrain-ai=n", "/a", {"any": UNKNOWN}),
    ],
)
def test_the_longest_path_in_octets_decides_alone(rules: str, path: str, expected: dict[str, Stance]) -> None:
    """One rule's whole statement counts, and of rules for the same path the most restrictive."""
    text = "user-agent: *\n" + "".join(f"Content-Usage: {rule}\n" for rule in rules.splitlines())
    found = robots.read(text.encode(), url=OK + path)
    stances: dict[str, set[Stance]] = {}
    for one in found:
        stances.setdefault(one.purpose, set()).add(one.stance)
    strictest = {purpose: NO if NO in said else min(said) for purpose, said in stances.items()}
    assert strictest == expected


def test_what_may_not_be_crawled_carries_no_preference() -> None:
    """A statement for paths that are all refused is unknown, so that a yes there permits nothing."""
    found = robots.read(b"user-agent: *\ndisallow: /\nContent-Usage: train-ai=y\n")
    said = [one for one in found if one.carrier is Carrier.CONTENT_USAGE_ROBOTS]
    assert [one.stance for one in said] == [UNKNOWN]
    assert "may not be crawled" in said[0].note
    assert told("user-agent: *\ndisallow: /\nallow: /a\nContent-Usage: train-ai=y\n", "/a", "X") == {
        "train_generative": YES
    }


def effects(artefact_fates: tuple[object, ...]) -> list[Effect]:
    """The effects of an artefact's fates."""
    return [loss.effect for loss in artefact_fates]  # type: ignore[attr-defined]


def test_the_header_says_what_its_labels_mean_and_no_more() -> None:
    """Training of every AI is said for generative AI alone; a yes that would be too broad is not said."""
    intent = Intent("p", (Statement("train", NO), Statement("search", YES), Statement("ground", YES, territory="DE")))
    made = content_usage.write_header(intent)
    assert made.content == b"Content-Usage: train-ai=n, search=y\r\n"
    assert effects(made.fates) == [Effect.NARROWER, Effect.EXACT, Effect.LOST]


def test_longer_paths_repeat_what_shorter_ones_say() -> None:
    """As the longest path decides alone, a rule for it says again what it does not change."""
    intent = Intent("p", (Statement("train_generative", NO), Statement("search", YES, targets=("/open/",))))
    made = content_usage.write_robots(intent)
    assert made.content == (b"User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /open/ train-ai=n, search=y\n")
    assert told(made.content.decode(), "/open/1", "X") == {"train_generative": NO, "search": YES}
    assert effects(made.fates) == [Effect.EXACT, Effect.EXACT]


def test_no_permission_where_two_paths_may_meet() -> None:
    """Where it is not certain which of two paths is nearer, what one reserves the other does not permit."""
    intent = Intent("p", (Statement("search", NO, targets=("/*.mp3",)), Statement("search", YES, targets=("/songs/",))))
    made = content_usage.write_robots(intent)
    assert told(made.content.decode(), "/songs/a.mp3", "X") == {"search": NO}
    assert effects(made.fates) == [Effect.EXACT, Effect.LOST]


@pytest.mark.parametrize("purpose", ["train_generative", "ground", "search"])
@pytest.mark.parametrize("stance", [NO, YES])
@pytest.mark.parametrize("target", ["", "/songs/", "/*.mp3$", "/歌/"])
def test_what_is_written_is_read_again(purpose: str, stance: Stance, target: str) -> None:
    """A statement that a label means exactly comes back from robots.txt as it went in."""
    statement = Statement(purpose, stance, targets=(target,) if target else ())
    made = content_usage.write_robots(Intent("p", (statement,)))
    (found,) = robots.read(made.content)
    assert (found.purpose, found.stance) == (purpose, stance)
    assert effects(made.fates) == [Effect.EXACT]
    assert isinstance(found, Signal)
