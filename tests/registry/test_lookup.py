"""Looking up: chains, what bears on a target, both times, and finding targets by their identifiers."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from registry_rows import ISCC, holding, link, mandate, moment, offer, party, reciprocal, statement, work

from partita.errors import InputError
from partita.registry import lookup, record
from partita.registry.facts import Facts, Held, Mandate, Reciprocal
from partita.registry.store import Store

DAY = dt.date(2024, 6, 1)
URL, ISRC = "https://example.org/songs/*", "XXAAA2400001"


def told(store: Store, **rows: list[dict[str, Any]]) -> None:
    """Records rows of several tables."""
    record.add_all(store, rows, "clerk", moment(1))


def asked(store: Store, kind: str, target: str, at: dt.date = DAY) -> Facts:
    """The facts of a target on a day of 2024, as known now."""
    return lookup.facts(store, kind, target, at)


def ids(found: Facts) -> list[str]:
    """The statements found."""
    return [s.statement_id for s in found.statements]


def test_a_url_belongs_to_a_work_by_way_of_its_content(store: Store) -> None:
    """From a URL a chain leads over pattern, content and recording to the work; what is said on the way is found."""
    links = [link("url", URL, "content", ISCC), link("content", ISCC, "recording", ISRC),
             link("recording", ISRC, "work", "w")]  # fmt: skip
    said = [statement("1", "url", URL), statement("2", "content", ISCC), statement("3", "recording", ISRC),
            statement("4", "work", "w"), statement("5", "party", "A"), statement("6", "repertoire", "NORTH"),
            statement("7", "work", "other"), statement("8", "party", "B")]  # fmt: skip
    told(store, links=links, statements=said, holdings=[holding("w", "A")])
    found = asked(store, "url", "http://EXAMPLE.org/songs/one.mp3#t=1")
    assert found.chain == (("url", URL), ("content", ISCC), ("recording", ISRC), ("work", "w"))
    assert (found.target, found.work_id) == ("http://example.org/songs/one.mp3", "w")
    assert ids(found) == ["1", "2", "3", "4", "5", "6"]
    assert found.statements[0].valid_from == dt.date(2000, 1, 1)
    assert found.holdings == (Held("work", "w", "A", "CA", "NORTH", 1_000_000),)


def test_only_patterns_that_match_are_found(store: Store) -> None:
    """Of the patterns on a host those that match the URL are found, also such as hold for every host below a name."""
    patterns = {"1": URL, "2": "https://example.org/", "3": "https://example.org/songs/*.ogg$",
                "4": "https://*.example.org/", "5": "https://www.example.org/songs/one"}  # fmt: skip
    told(store, statements=[statement(key, "url", pattern) for key, pattern in patterns.items()])
    assert ids(asked(store, "url", "https://example.org/songs/one.mp3")) == ["1", "2"]
    assert ids(asked(store, "url", "https://www.example.org/songs/one.mp3")) == ["4", "5"]
    assert asked(store, "url", "https://example.com/").chain == ()


def test_circles_end_and_chains_are_cut(store: Store) -> None:
    """Links that lead back are followed once, and a chain of links ends after eight steps."""
    codes = [f"XXAAA24000{number:02d}" for number in range(12)]
    links = [link("recording", a, "recording", b) for a, b in zip(codes, [*codes[1:], codes[0]], strict=True)]
    told(store, links=links)
    assert [t for _, t in asked(store, "recording", codes[0]).chain] == codes[:9]
    assert [t for _, t in asked(store, "recording", codes[8]).chain] == [*codes[8:], *codes[:5]]


def test_a_target_of_two_works_has_both(store: Store) -> None:
    """A recording of a medley belongs to two works: both stand in the chain, and `work_id` names neither."""
    told(store, links=[link("recording", ISRC, "work", "v"), link("recording", ISRC, "work", "w")],
         holdings=[holding("v", "A"), holding("w", "B")])  # fmt: skip
    found = asked(store, "recording", ISRC)
    assert found.chain == (("recording", ISRC), ("work", "v"), ("work", "w"))
    assert found.work_id is None
    assert [h.party_id for h in found.holdings] == ["A", "B"]


def test_who_controls_a_url_is_in_the_chain(store: Store) -> None:
    """A URL linked to a party brings what that party said."""
    told(store, links=[link("url", URL, "party", "A")], statements=[statement("1", "party", "A")])
    found = asked(store, "url", "https://example.org/songs/one")
    assert found.chain == (("url", URL), ("party", "A"))
    assert ids(found) == ["1"]


def test_mandates_that_bear_on_the_work(store: Store) -> None:
    """Found are the mandates of the holders, and by statute those of their societies and of all who speak or offer."""
    given = [mandate("NORTH"), mandate("SOUTH"), mandate("EAST"), mandate("WEST", "A"), mandate("WEST", "B"),
             mandate("NORTH", "A", kind="withdrawal")]  # fmt: skip
    pairs = (("NORTH", "SOUTH"), ("NORTH", "EAST"), ("EAST", "SOUTH"))
    told(store, holdings=[holding("w", "A")], mandates=given, offers=[offer("o", "SOUTH", "work", "w")],
         reciprocals=[reciprocal(*pair) for pair in pairs])  # fmt: skip
    found = asked(store, "work", "w")
    assert [(m.society, m.party_id, m.kind) for m in found.mandates] == [
        ("NORTH", "", "mandate"), ("NORTH", "A", "withdrawal"), ("SOUTH", "", "mandate"), ("WEST", "A", "mandate"),
    ]  # fmt: skip
    assert found.mandates[0] == Mandate("NORTH", "", "mandate", "ai_training", "train", "world", "statutes")
    assert found.reciprocals == (Reciprocal("NORTH", "SOUTH", "ai_training", "train", "world", "agreement"),)
    assert [o.offer_id for o in found.offers] == ["o"]


def test_a_row_counts_from_its_first_day_until_the_day_it_ends(store: Store) -> None:
    """Valid time is from the first day to the day before the last."""
    told(store, statements=[statement("s", "work", "w", valid_from=DAY, valid_to=DAY + dt.timedelta(2))])
    days = [DAY + dt.timedelta(n) for n in range(-1, 3)]
    assert [ids(asked(store, "work", "w", at)) for at in days] == [[], ["s"], ["s"], []]
    noon = dt.datetime.combine(DAY, dt.time(12))
    assert ids(asked(store, "work", "w", noon)) == ["s"]


def test_a_row_is_known_from_its_moment_on(store: Store) -> None:
    """Recorded time is from the very second; a zone is honoured."""
    told(store, statements=[statement("s", "work", "w")])
    taipei = dt.timezone(dt.timedelta(hours=8))
    for known, expected in [
        (dt.datetime(2024, 1, 1, 11, 59, 59), []),  # noqa: DTZ001
        (dt.datetime(2024, 1, 1, 12, 0, 0), ["s"]),  # noqa: DTZ001
        (dt.datetime(2024, 1, 1, 19, 59, 59, tzinfo=taipei), []),
        (dt.datetime(2024, 1, 1, 20, 0, 0, tzinfo=taipei), ["s"]),
    ]:
        assert ids(lookup.facts(store, "work", "w", DAY, known)) == expected


def test_nothing_known_is_no_error(store: Store) -> None:
    """A target that the registry does not know has itself as its chain and nothing else."""
    assert asked(store, "work", "w") == Facts("work", "w", (("work", "w"),))
    assert asked(store, "url", "https://example.org/") == Facts("url", "https://example.org/")


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("recording", "XX", "'XX' is no ISRC"),
        ("content", "ISCC:AAAA", "is no ISCC"),
        ("work", "  ", "is no work's number"),
        ("work", "w\0", "is no work's number"),
        ("work", "w\ud800", "is no work's number"),
        ("url", "nowhere", "is no URL"),
        ("party", "A", "'party' is no kind of thing"),
    ],
)
def test_what_is_no_target_is_refused(store: Store, kind: str, target: str, said: str) -> None:
    """An identifier that is none, or a kind that cannot be asked about, is refused with what is wrong."""
    with pytest.raises(InputError, match=said):
        lookup.facts(store, kind, target, DAY)


def test_too_much_about_one_target_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target on which more rows bear than can be looked at is refused, not half answered."""
    monkeypatch.setattr(lookup, "ROWS_MOST", 5)
    told(store, statements=[statement(str(n), "work", "w") for n in range(6)],
         links=[link("recording", ISRC, "work", f"w{n}") for n in range(6)])  # fmt: skip
    for kind, target in (("work", "w"), ("recording", ISRC)):
        with pytest.raises(InputError, match="more than 5 rows bear on this one target"):
            asked(store, kind, target)


def test_quotes_and_signs_are_plain_text(store: Store) -> None:
    """Identifiers are values, never part of a statement: quotes, percent and question marks mean nothing."""
    odd = 'w\'; DROP TABLE works; -- ? %s %(a)s "歌"'
    told(store, works=[work(odd)], statements=[statement("s", "work", odd)])
    assert ids(asked(store, "work", odd)) == ["s"]
    assert lookup.find(store, odd, DAY) == (("work", odd),)


def test_finding_by_identifier(store: Store) -> None:
    """An ISWC or number finds works of that day; a URL, ISRC or ISCC is itself, known or not."""
    told(store, works=[work("w", iswc="T-034.524.680-1"), work("v", iswc="T0345246801", valid_from=DAY), work("12")],
         parties=[party("A")])  # fmt: skip
    before = DAY - dt.timedelta(1)
    assert lookup.find(store, "t 034524680 1", before) == (("work", "w"),)
    assert lookup.find(store, "T0345246801", DAY) == (("work", "v"), ("work", "w"))
    assert lookup.find(store, " 12 ", DAY) == (("work", "12"),)
    assert lookup.find(store, "12", DAY, moment(1) - dt.timedelta(seconds=1)) == ()
    assert lookup.find(store, "xx-aaa-24-00001", DAY) == (("recording", ISRC),)
    assert lookup.find(store, ISCC.lower(), DAY) == (("content", ISCC),)
    assert lookup.find(store, "https://Example.org", DAY) == (("url", "https://example.org/"),)
    assert [lookup.find(store, text, DAY) for text in ("nothing", "", "w\0", "\ud800")] == [()] * 4


def test_a_child_process_opens_its_own_connection(store: Store) -> None:
    """A process that was forked looks up beside its parent, and neither disturbs the other."""
    told(store, statements=[statement("s", "work", "w")])
    assert ids(asked(store, "work", "w")) == ["s"]
    child = os.fork()
    if child == 0:
        os._exit(0 if ids(asked(store, "work", "w")) == ["s"] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert ids(asked(store, "work", "w")) == ["s"]
