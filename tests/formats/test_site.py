"""A published site: what our own readers read back from it is never more than was meant."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita import scope
from partita.formats import headers_of_site, site, site_report
from partita.formats.carriers import (
    cawg,
    content_signal,
    content_usage,
    html_head,
    paths,
    plus,
    robots,
    rsl,
    tdm_ai,
    tdmrep,
    x_robots,
)
from partita.formats.signals import Effect, Intent, Signal, Stance, Statement

AT = dt.date(2026, 11, 22)
SITE = "https://example.org"
CODE = "ISCC:KUAJCFWFTB5RG7GH3H4ZDDAUI4Q2U"
PLACES = ("/", "/a", "/songs/x", "/songs/live/y.html", "/press/z")

TARGETS = (
    "/songs/",
    "/songs/live/",
    "/press/",
    "/*.html",
    "/songs/x$",
    "TWA012300001",
    CODE,
    "https://elsewhere.example/x",
)
statements = st.builds(
    Statement,
    purpose=st.sampled_from([*sorted(scope.PURPOSES), *("train", "mining", "ground", "search") * 8]),
    stance=st.sampled_from([Stance.RESERVE, Stance.PERMIT]),
    system=st.sampled_from(["*", "*", "*", "openai", "suno/v5"]),
    territory=st.sampled_from(["world", "world", "world", "EU", "TW"]),
    valid_from=st.sampled_from([None, None, None, dt.date(2026, 1, 1), dt.date(2027, 1, 1)]),
    valid_to=st.sampled_from([None, None, None, dt.date(2028, 1, 1), dt.date(2026, 1, 2)]),
    targets=st.just(()) | st.lists(st.sampled_from(TARGETS), max_size=2).map(tuple),
)


def intents(*, broaden: bool) -> st.SearchStrategy[Intent]:
    """Intents of a few statements each."""
    several = st.lists(statements, min_size=1, max_size=4).map(tuple)
    return st.builds(Intent, party=st.just("A publisher"), statements=several, broaden=st.just(broaden))


def spoken(made: site.Site) -> Iterator[tuple[str, Signal]]:
    """What every reader reads at every place: the path (empty for a work wherever it is), and the signal."""
    files = made.files
    headers = headers_of_site.read(files.get("headers.json", b"{}"))
    for path in PLACES:
        sent = headers_of_site.for_path(headers, path)
        found = [
            *robots.read(files.get("robots.txt", b""), url=f"{SITE}{path}"),
            *tdmrep.read_file(files.get(".well-known/tdmrep.json", b"[]"), url=path),
            *rsl.read(files["rsl.xml"], url=path),
            *content_usage.read_header(sent),
            *content_signal.read_header(sent),
            *tdmrep.read_header(sent),
            *x_robots.read_header(sent),
            *html_head.read(b"<html><head>" + files.get("setup/head.html", b"") + b"</head></html>"),
        ]
        yield from ((path, signal) for signal in found)
    found = [
        *cawg.read_assertion(json.loads(files["setup/cawg.json"])["data"]),
        *plus.read(files.get("setup/sidecar.xmp", b"")),
        *tdm_ai.read(files[f"tdm-ai/{CODE.removeprefix('ISCC:')}.json"]),
    ]
    yield from (("", signal) for signal in found)


def in_force(one: Statement) -> bool:
    """Whether a statement holds on the day of publishing."""
    return (one.valid_from is None or one.valid_from <= AT) and (one.valid_to is None or one.valid_to > AT)


def holds(one: Statement, path: str, leaf: int, signal: Signal) -> bool:
    """Whether a statement speaks of a leaf at a place, of a system and territory in common with a signal."""
    if not in_force(one) or not scope.PURPOSES[one.purpose] & leaf:
        return False
    if not scope.systems_meet(one.system, signal.system) or not scope.places_meet(one.territory, signal.territory):
        return False
    return not one.targets or any(_fits(target, path, signal) for target in one.targets)


def _fits(target: str, path: str, signal: Signal) -> bool:
    if not target.startswith("/"):
        return signal.target in (target, "") or not path
    return bool(path) and paths.matches(target, path)


def nearness(one: Statement, path: str) -> int:
    """How near a statement's nearest fitting target is; 0 for none."""
    fitting = [target for target in one.targets if target.startswith("/") and path and paths.matches(target, path)]
    return max((len(target) for target in fitting), default=1 if one.targets else 0)


def permits(intent: Intent, path: str, leaf: int, signal: Signal) -> bool:
    """Whether the intent permits all that a signal permits: a permission covers it, and nothing as near reserves."""
    yes = [
        one
        for one in intent.statements
        if one.stance is Stance.PERMIT
        and holds(one, path, leaf, signal)
        and scope.system_covers(one.system, signal.system)
        and scope.place_covers(one.territory, signal.territory)
    ]
    if not yes:
        return False
    nearest = max(nearness(one, path) for one in yes)
    no = (one for one in intent.statements if one.stance is Stance.RESERVE and holds(one, path, leaf, signal))
    return all(nearness(one, path) < nearest for one in no)


def leaves(signal: Signal) -> Iterator[int]:
    """The leaves of a signal's purpose, each as its bit."""
    bits = scope.PURPOSES[signal.purpose]
    yield from (1 << place for place in range(len(scope.LEAVES)) if bits >> place & 1)


@settings(max_examples=150, deadline=None)
@given(intents(broaden=False) | intents(broaden=True))
def test_nothing_is_permitted_that_the_intent_does_not_permit(intent: Intent) -> None:
    """In no carrier, at no place, whatever the carrier cannot say."""
    made = site.made(intent, SITE, AT, codes=[CODE])
    for path, signal in spoken(made):
        if signal.stance is Stance.PERMIT:
            for leaf in leaves(signal):
                assert permits(intent, path, leaf, signal), (path, signal, made.files)


@settings(max_examples=150, deadline=None)
@given(intents(broaden=False))
def test_without_the_choice_nothing_more_is_reserved(intent: Intent) -> None:
    """Each reservation that is read back lies within one that was stated."""
    made = site.made(intent, SITE, AT, codes=[CODE])
    for path, signal in spoken(made):
        if signal.stance is Stance.RESERVE:
            for leaf in leaves(signal):
                stated = (one for one in intent.statements if one.stance is Stance.RESERVE)
                assert any(holds(one, path, leaf, signal) for one in stated), (path, signal, made.files)


@settings(max_examples=60, deadline=None)
@given(intents(broaden=False) | intents(broaden=True))
def test_every_statement_has_a_fate_in_every_carrier(intent: Intent) -> None:
    """With a reason wherever it is not exact, and the report tells all of it."""
    made = site.made(intent, SITE, AT, codes=[CODE])
    for artefact in made.artefacts:
        assert [loss.statement for loss in artefact.fates] == list(intent.statements)
        assert all(loss.why for loss in artefact.fates if loss.effect is not Effect.EXACT)
    rows = site.effects(made)
    result = {"party": intent.party, "at": "2026-11-22", "statements": [site.shown(s) for s in intent.statements],
              "effects": rows, "notes": []}  # fmt: skip
    assert site_report.markdown(result).count("\n| ") == len(rows) + 1
    assert site_report.page(result).count("<tr><td>") == len(rows)


def test_an_address_of_the_site_is_a_path_of_it() -> None:
    """Written whole or as a path, it is the same place; another site's address is said by no file of this one."""
    whole = Statement("mining", Stance.RESERVE, targets=(f"{SITE}/songs/",))
    path = Statement("mining", Stance.RESERVE, targets=("/songs/",))
    other = Statement("mining", Stance.RESERVE, targets=("https://elsewhere.example/songs/",))
    made = [site.made(Intent("A", (one,)), SITE, AT).files for one in (whole, path, other)]
    assert made[0] == made[1]
    assert ".well-known/tdmrep.json" in made[0]
    assert ".well-known/tdmrep.json" not in made[2]


def test_an_exception_is_not_swallowed_by_a_carrier_without_paths() -> None:
    """Content-Signal and the elements of pages say nothing of a whole site of which a part is excepted."""
    whole, part = Statement("train", Stance.RESERVE), Statement("train", Stance.PERMIT, targets=("/press/",))
    narrow = site.made(Intent("A", (whole, part)), SITE, AT)
    assert b"Content-Signal" not in narrow.files["robots.txt"]
    assert b"Content-Usage: /press/ train-ai=y" in narrow.files["robots.txt"]
    wide = site.made(Intent("A", (whole, part), broaden=True), SITE, AT)
    assert b"Content-Signal: ai-train=no" in wide.files["robots.txt"]


def test_a_permission_is_withheld_where_a_reservation_cannot_be_said() -> None:
    """All but one AI system: a carrier without systems says nothing, for it would permit that one too."""
    made = site.made(
        Intent("A", (Statement("train", Stance.PERMIT), Statement("train", Stance.RESERVE, system="suno"))), SITE, AT
    )
    assert b"train-ai=y" not in made.files.get("robots.txt", b"")
    assert "ai-train" not in made.files["rsl.xml"].decode()
    assert json.loads(made.files["setup/cawg.json"])["data"]["entries"] == {}


def test_the_robots_txt_that_was_there_is_kept() -> None:
    """Its rules stand first, and crawlers with a group of their own are told them too."""
    before = b"User-agent: *\nDisallow: /private/\n"
    made = site.made(Intent("A", (Statement("train", Stance.RESERVE),)), SITE, AT, robots=before)
    text = made.files["robots.txt"]
    assert text.startswith(before)
    assert not robots.allowed(text, "GPTBot", f"{SITE}/private/x")
    assert not robots.allowed(text, "somebody", f"{SITE}/private/x")
    assert robots.allowed(text, "somebody", f"{SITE}/x")


@pytest.mark.parametrize("target", ['/a"b', "/a b", "/歌", "/a{b}", "/$x", "/a;b", "/a\\b"])
def test_no_path_breaks_out_of_a_server_s_settings(target: str) -> None:
    """Quotation marks, blanks, braces and letters of other scripts stand percent-encoded; every file is ASCII."""
    intent = Intent("A", (Statement("mining", Stance.RESERVE, targets=(target,)),), policy="https://example.org/p?$uri")
    made = site.made(intent, SITE, AT)
    for name in ("nginx.conf", "apache.conf", "Caddyfile", "headers.txt"):
        text = made.files[f"setup/{name}"].decode("ascii")
        for line in text.splitlines():
            assert line.replace('\\"', "").count('"') % 2 == 0 or name == "headers.txt", line
    assert "$uri" not in made.files["setup/nginx.conf"].decode()


def test_the_report_says_reasons_in_chinese() -> None:
    """The reasons of a whole site, each with Chinese words."""
    intent = Intent("A", (
        Statement("train", Stance.RESERVE, price={"type": "training", "amount": "1", "currency": "EUR"}),
        Statement("search", Stance.PERMIT), Statement("imitate", Stance.RESERVE, territory="TW"),
        Statement("train", Stance.RESERVE, system="suno", valid_to=dt.date(2030, 1, 1)),
        Statement("train", Stance.PERMIT, targets=("/press/",)),
    ))  # fmt: skip
    whys = {str(row["why"]) for row in site.effects(site.made(intent, SITE, AT)) if row["why"]}
    english = re.compile(r"[a-z]+ [a-z]+ [a-z]+")
    assert [site_report.chinese(why) for why in whys if english.search(site_report.chinese(why))] == []
