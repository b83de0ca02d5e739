"""RSL: what documents say, which rule decides, what the validator finds, and that an intent comes back as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import paths, rsl, rsl_rules
from partita.formats.signals import Effect, Intent, Stance, Statement
from partita.scope import PURPOSES

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
EXACT, BROADER, NARROWER, LOST = Effect.EXACT, Effect.BROADER, Effect.NARROWER, Effect.LOST


def document(licence: str, attributes: str = 'url="/"', after: str = "") -> bytes:
    """A document of one content with this inside its licence."""
    content = f"<content {attributes}><license>{licence}</license>{after}</content>"
    return f'<rsl xmlns="{rsl_rules.NAMESPACE}" xmlns:p="{rsl_rules.OURS}">\n{content}</rsl>'.encode()


def said(content: bytes, **more: str) -> dict[str, Stance]:
    """What a document says of each purpose, where it says one thing."""
    return {signal.purpose: signal.stance for signal in rsl.read(content, **more)}


def permits(tokens: str, kind: str = "usage") -> str:
    """The element that permits."""
    return f'<permits type="{kind}">{tokens}</permits>'


def prohibits(tokens: str, kind: str = "usage") -> str:
    """The element that prohibits."""
    return f'<prohibits type="{kind}">{tokens}</prohibits>'


FOUR = dict.fromkeys(("data_mining", "train", "ground", "search"))
CASES = {
    "one prohibition": (prohibits("ai-train"), {"train": NO}),
    "the general prohibition": (prohibits("all"), dict.fromkeys(FOUR, NO)),
    "every use of AI": (prohibits("ai-all"), {"train": NO, "ground": NO}),
    "specific permission over general prohibition": (
        permits("search") + prohibits("all"),
        {"data_mining": NO, "train": NO, "ground": NO, "search": YES},
    ),
    "specific prohibition over general permission": (
        permits("all") + prohibits("ai-train"),
        {"data_mining": YES, "train": NO, "ground": YES, "search": YES},
    ),
    "prohibition over permission at equal depth": (
        permits("ai-train search") + prohibits("ai-train"),
        {"train": NO, "search": YES, "data_mining": UNKNOWN, "ground": UNKNOWN},
    ),
    "what is not listed is unknown": (
        permits("search"),
        {"search": YES, "data_mining": UNKNOWN, "train": UNKNOWN, "ground": UNKNOWN},
    ),
    "an index for AI is part of an input": (prohibits("ai-index"), {"ground": UNKNOWN}),
    "commas of the drafts": (prohibits("ai-train,ai-input"), {"train": NO, "ground": NO}),
    "a token of another vocabulary": (
        permits("search") + prohibits("train-ai"),
        dict.fromkeys(("data_mining", "train", "ground", "search"), UNKNOWN),
    ),
    "some users only": (
        permits("ai-train") + permits("education", "user"),
        {"train": UNKNOWN, "data_mining": UNKNOWN, "ground": UNKNOWN, "search": UNKNOWN},
    ),
    "some users not": (
        permits("all") + prohibits("commercial", "user"),
        dict.fromkeys(FOUR, UNKNOWN),
    ),
    "a limit of no kind": (
        permits("all") + "<prohibits>ai-train</prohibits>",
        dict.fromkeys(FOUR, UNKNOWN),
    ),
    "for money": (
        permits("ai-train") + '<payment type="training"><amount currency="EUR">0.02</amount></payment>',
        {"train": NO, "data_mining": UNKNOWN, "ground": UNKNOWN, "search": UNKNOWN},
    ),
    "for attribution": (
        permits("all") + '<payment type="attribution"/>',
        dict.fromkeys(FOUR, YES),
    ),
    "for terms that stand elsewhere": (
        permits("all") + "<payment><standard>https://example.org/terms</standard></payment>",
        dict.fromkeys(FOUR, NO),
    ),
    "an offer without a usage": ('<payment type="crawl"/>', dict.fromkeys(FOUR, NO)),
    "nothing": ("", {"any": UNKNOWN}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_licence_says_what_its_rules_make_of_it(case: str) -> None:
    """Specific before general, prohibition before permission, money before yes, unknown before yes."""
    licence, expected = CASES[case]
    assert said(document(licence)) == expected


def test_a_price_is_kept_to_the_letter() -> None:
    """Amounts are texts: no digit is lost, and the terms stand beside the reservation."""
    payment = (
        '<payment type="use"><amount currency="TWD">0.10</amount><custom>https://example.org/c</custom>'
        '<accepts type="application/x402+json"/></payment>'
    )
    (signal,) = (s for s in rsl.read(document(permits("ai-input") + payment)) if s.purpose == "ground")
    assert signal.stance is NO
    assert dict(signal.terms) == {
        "payment": "use", "amount": "0.10", "currency": "TWD", "custom": "https://example.org/c",
        "accepts": "application/x402+json",
    }  # fmt: skip


def test_a_licence_server_stands_before_every_permission() -> None:
    """Where a server gives the licences, nothing is allowed without asking it, free or not."""
    signals = rsl.read(document(permits("all"), 'url="/" server="https://licences.example.org"'))
    assert {signal.stance for signal in signals} == {NO}
    assert {signal.terms["server"] for signal in signals} == {"https://licences.example.org"}


def test_territories_stand_in_the_signals() -> None:
    """A licence for some territories speaks there alone; one that leaves some out reserves there."""
    inside = rsl.read(document(permits("search") + permits("DE FR", "geo")))
    assert [(s.territory, s.stance) for s in inside if s.purpose == "search"] == [("DE", YES), ("FR", YES)]
    outside = rsl.read(document(permits("search") + prohibits("EU", "geo")))
    assert [(s.territory, s.stance) for s in outside if s.purpose == "search"] == [("world", YES), ("EU", NO)]
    odd = rsl.read(document(permits("search") + permits("europe", "geo")))
    assert [(s.territory, s.stance) for s in odd if s.purpose == "search"] == [("world", UNKNOWN)]


def test_the_most_specific_content_speaks() -> None:
    """For one address only the longest pattern that matches it counts; absolute addresses match their own site."""
    body = (
        f'<content url="/"><license>{prohibits("all")}</license></content>'
        f'<content url="/open/*.mp3$"><license>{permits("all")}</license></content>'
        f'<content url="https://other.example/open/a.mp3"><license>{prohibits("search")}</license></content>'
    )
    both = f'<rsl xmlns="{rsl_rules.NAMESPACE}">{body}</rsl>'.encode()
    assert said(both, url="https://example.org/open/a.mp3") == dict.fromkeys(FOUR, YES)
    assert said(both, url="/open/a.mp3x") == dict.fromkeys(FOUR, NO)
    assert said(both, url="https://other.example/open/a.mp3") == {"search": NO}
    assert {signal.target for signal in rsl.read(both)} == {"/", "/open/*.mp3$", "https://other.example/open/a.mp3"}


def test_a_content_may_be_bound_to_codes() -> None:
    """Attributes of our own namespace name works and recordings; an ISCC is a target of its own."""
    codes = 'url="/a" p:iswc="T0345246801" p:isrc="TWA012300001" p:iscc="ISCC:KAA"'
    content = document(prohibits("search"), codes)
    assert [(signal.target, signal.terms["iswc"]) for signal in rsl.read(content)] == [
        ("/a", "T0345246801"), ("ISCC:KAA", "T0345246801")
    ]  # fmt: skip
    assert rsl_rules.faults(content) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<html/>", "not rsl"),
        (b"\x00\xff garbage", "well-formed"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rsl>&a;</rsl>', "entities"),
    ],
)
def test_what_cannot_be_read_is_unknown(content: bytes, why: str) -> None:
    """A broken document is no permission: one signal of unknown, with the reason."""
    (signal,) = rsl.read(content)
    assert (signal.stance, signal.purpose) == (UNKNOWN, "any")
    assert why in signal.note


def test_a_wrong_namespace_permits_nothing() -> None:
    """Reservations are heeded even there; permissions become unknown."""
    content = document(permits("search") + prohibits("ai-train")).replace(b"https://", b"http://")
    assert said(content) == {"search": UNKNOWN, "train": NO, "data_mining": UNKNOWN, "ground": UNKNOWN}


def test_a_document_that_says_too_much_ends_in_unknown() -> None:
    """Signals are bounded, and what was not read is not taken for silence."""
    signals = rsl.read(document(prohibits("all") + permits("DE " * 30_000, "geo")))
    assert len(signals) == rsl.SIGNALS_MOST + 1
    assert signals[-1].stance is UNKNOWN


def test_a_document_that_multiplies_is_read_in_time_of_its_size() -> None:
    """Many codes times many licences, licences that say nothing, and lists without end stay within the limit."""
    codes = 'url="/" p:iscc="' + "I " * 50_000 + '"'
    licence = f"</license><license>{prohibits('all')}"
    assert len(rsl.read(document(licence * 10_000, codes))) == rsl.SIGNALS_MOST + 1
    assert len(rsl.read(document(f"</license><license>{permits('nothing')}" * 10_000, codes))) == rsl.SIGNALS_MOST + 1
    assert rsl.read(document(permits("DE", "geo") * 40_000 + prohibits("all")))[-1].stance is UNKNOWN


VALID = """<rsl xmlns="https://rslstandard.org/rsl" max-age="7"><content url="/" lastmod="2026-01-01T00:00:00Z">
<license><permits type="usage">ai-train search</permits><prohibits type="geo">DE</prohibits>
<payment type="training"><standard>https://example.org/s</standard><amount currency="EUR">0.02</amount>
<accepts type="application/x402+json"/></payment>
<reporting type="telemetry" profile="https://example.org/p" endpoint="https://example.org/e">{}</reporting>
<legal type="warranty">ownership</legal></license>
<alternate type="application/epub+zip">https://example.org/a.epub</alternate><schema>https://example.org/j</schema>
<copyright type="organization" contactEmail="rights@example.org">Test</copyright>
<terms>https://example.org/t</terms><x:y xmlns:x="urn:other"/></content></rsl>"""

FAULTS = [
    ('max-age="7"', 'max-age="soon"', "rsl", "number of days"),
    ('url="/"', "", "content", "the attribute url is missing"),
    ('url="/"', 'url="songs"', "content", "no absolute address"),
    ('lastmod="2026-01-01T00:00:00Z"', 'lastmod="1 May"', "content", "RFC 3339"),
    ('lastmod="2026-01-01T00:00:00Z"', 'price="2"', "content", "no such attribute"),
    ("ai-train search", "train-ai", "permits", "'train-ai' is none of all, ai-all"),
    ("ai-train search", "ai-train,search", "permits", "not commas"),
    ("ai-train search", " ", "permits", "no token"),
    ('permits type="usage"', 'permits type="use"', "permits", "none of usage, user, geo"),
    ('<prohibits type="geo">DE', '<prohibits type="geo">Germany', "prohibits", "ISO 3166-1"),
    ('payment type="training"', 'payment type="inference"', "payment", "none of purchase"),
    ('currency="EUR"', 'currency="euro"', "amount", "ISO 4217"),
    ('currency="EUR"', "", "amount", "currency is missing"),
    (">0.02<", ">2 cents<", "amount", "decimal number"),
    ("https://example.org/s", "example.org/s", "standard", "write it with https://"),
    ('profile="https://example.org/p"', "", "reporting", "profile is missing"),
    ("telemetry", "spying", "reporting", "none of telemetry"),
    ('legal type="warranty"', 'legal type="threat"', "legal", "none of warranty"),
    ("<schema>", "<origin/><schema>", "origin", "no such element"),
    ("<license>", "<license>free text", "license", "only elements belong"),
    ("</license>", "</license><permits type='usage'>all</permits>", "content", "permits does not belong inside"),
    ("<legal", "<permits type='usage'>all</permits><legal", "license", "stands twice"),
    ("<terms>", "<terms>https://example.org/u</terms><terms>", "content", "holds 2 of terms"),
    ("https://rslstandard.org/rsl", "https://rslstandard.org/rsl/", "rsl", "namespace"),
]


def test_a_valid_document_has_no_faults() -> None:
    """Every element and attribute of the standard passes, and so do other namespaces."""
    assert rsl_rules.faults(VALID.encode()) == []


@pytest.mark.parametrize(("right", "wrong", "element", "says"), FAULTS)
def test_each_rule_that_is_broken_is_named(right: str, wrong: str, element: str, says: str) -> None:
    """The validator names the element, the line and the mend; and finds nothing else."""
    content = VALID.replace(right, wrong)
    assert content != VALID
    (fault,) = rsl_rules.faults(content.encode())
    assert (fault.element, says in fault.says) == (element, True), fault
    at = content.find(f"<{element}")
    assert fault.line in {content[:at].count("\n") + 1, content.count("\n", 0, content.find(wrong)) + 1}


def test_documents_without_content_or_sense_have_faults() -> None:
    """What is no RSL at all is one fault; an empty document is one too."""
    assert [fault.says for fault in rsl_rules.faults(b"<rsl xmlns='https://rslstandard.org/rsl'/>")] == [
        "holds no content"
    ]
    assert "not rsl" in rsl_rules.faults(b"<a/>")[0].says
    assert "entities" in rsl_rules.faults(b'<!DOCTYPE r [<!ENTITY a "b">]><rsl/>')[0].says


def test_documents_are_found_by_every_way() -> None:
    """Link headers, robots.txt and HTML point to documents; licences of other media types are left out."""
    links = [
        '</a.xml>; rel="license"; type="application/rsl+xml", <https://creativecommons.org/x>; rel=license',
        '<b,c.xml>; title="a, \\"b\\"; c"; type=application/rsl+xml; rel="up license", nonsense, <',
    ]
    page = b'<link rel="License" type="application/rsl+xml" href="/d.xml"><link rel="license" href="/cc">'
    found = rsl.discover(links=links, robots=["https://example.org/e.xml", "/f.xml", ""], page=page)
    assert [(one.url, one.place.split(":")[0], bool(one.note)) for one in found] == [
        ("/a.xml", "header", False),
        ("b,c.xml", "header", False),
        ("https://example.org/e.xml", "robots.txt", False),
        ("/f.xml", "robots.txt", True),
        ("/d.xml", "html", False),
    ]


def test_documents_within_a_page_are_read() -> None:
    """A script of RSL's media type is a document, with an empty address for the page itself."""
    inner = document(prohibits("ai-train"), 'url=""').decode()
    page = f'<p>x</p><script type="application/rsl+xml">{inner}</script><script>1 &lt; 2</script>'.encode()
    assert [(signal.purpose, signal.stance, signal.target) for signal in rsl.read_page(page)] == [("train", NO, "")]
    assert rsl.read_page(b"")[0].stance is UNKNOWN


def test_documents_within_other_xml_are_read() -> None:
    """An XMP packet or a feed may hold a document; one without says nothing, a broken one is unknown."""
    inner = document(prohibits("ai-train"), 'url=""').decode()
    assert [signal.stance for signal in rsl.read_within(f"<rss><item>{inner}</item></rss>".encode())] == [NO]
    assert rsl.read_within(b"<rss/>") == []
    assert [signal.stance for signal in rsl.read_within(b"<rss>")] == [UNKNOWN]


def intent(*statements: Statement, broaden: bool = False) -> Intent:
    """An intent of these statements."""
    return Intent("Test publisher", statements, "https://example.org/policy", "rights@example.org", broaden=broaden)


PRICE = {"type": "training", "amount": "0.020", "currency": "EUR"}
WRITTEN = [
    ((Statement("train", NO),), {"train": NO}, [EXACT]),
    ((Statement("mining", NO),), {"train": NO}, [NARROWER]),
    ((Statement("train_generative", NO),), {}, [LOST]),
    (
        (Statement("any_ai", NO), Statement("search", YES)),
        {"train": NO, "ground": NO, "search": YES},
        [NARROWER, EXACT],
    ),
    ((Statement("train_other", YES),), {}, [LOST]),
    ((Statement("train", YES, system="suno"),), {}, [LOST]),
    ((Statement("train", NO, valid_to=dt.date(2027, 1, 1)),), {}, [LOST]),
    ((Statement("clone_voice", NO),), {}, [LOST]),
]


@pytest.mark.parametrize(("statements", "expected", "effects"), WRITTEN)
def test_an_intent_is_written_as_far_as_labels_reach(
    statements: tuple[Statement, ...], expected: dict[str, Stance], effects: list[Effect]
) -> None:
    """Nothing is said that was not meant, and every statement's fate is told."""
    made = rsl.write(intent(*statements))
    decided = {purpose: stance for purpose, stance in said(made.content).items() if stance is not UNKNOWN}
    assert (decided, [fate.effect for fate in made.fates]) == (expected, effects)
    assert rsl_rules.faults(made.content) == []
    assert all(fate.why for fate in made.fates if fate.effect is not EXACT)


def test_more_is_reserved_only_by_choice() -> None:
    """With the choice to broaden, the next wider label is used and the fate says what else it reserves."""
    made = rsl.write(intent(Statement("train_generative", NO), broaden=True))
    assert said(made.content) == {"train": NO}
    assert [(fate.effect, fate.why) for fate in made.fates] == [(BROADER, "training other AI is reserved too")]
    kept = rsl.write(intent(Statement("data_mining", NO), Statement("search", YES), broaden=True))
    assert said(kept.content) == {"data_mining": NO, "train": NO, "ground": NO, "search": YES}


def test_a_price_is_offered_for_exactly_what_it_was_meant() -> None:
    """The amount comes back to the letter; an offer is never made for more than was priced."""
    made = rsl.write(intent(Statement("train", NO, price=PRICE)))
    (signal,) = (s for s in rsl.read(made.content) if s.purpose == "train")
    assert (signal.stance, signal.terms["amount"], signal.terms["currency"]) == (NO, "0.020", "EUR")
    assert made.fates[0].effect is EXACT
    wider = rsl.write(intent(Statement("train_generative", NO, price=PRICE), broaden=True))
    assert b"amount" not in wider.content
    assert wider.fates[0].effect is BROADER
    per = rsl.write(intent(Statement("train", NO, price={**PRICE, "per": "work"})))
    assert (per.fates[0].effect, per.fates[0].why) == (NARROWER, "that the price is per work is not said")


def test_an_address_of_its_own_repeats_what_holds_everywhere() -> None:
    """The most specific content alone speaks, so what the site says is repeated unless said anew."""
    made = rsl.write(intent(
        Statement("train", NO), Statement("search", YES), Statement("train", YES, targets=("/open/",)),
        Statement("ground", NO, targets=("T-034.524.680-1", "TWA012300001")),
    ), places={"T-034.524.680-1": ["/songs/waltz"]})  # fmt: skip
    assert said(made.content, url="/open/a") | {"data_mining": None} == {
        "train": YES, "search": YES, "data_mining": None, "ground": UNKNOWN
    }  # fmt: skip
    waltz = {s.purpose: s for s in rsl.read(made.content, url="/songs/waltz")}
    assert (waltz["train"].stance, waltz["ground"].stance, waltz["ground"].terms["iswc"]) == (NO, NO, "T0345246801")
    assert [fate.effect for fate in made.fates] == [EXACT, EXACT, EXACT, NARROWER]
    assert "TWA012300001" in made.fates[3].why


def test_an_offer_stands_against_no_prohibition() -> None:
    """Where a narrower reservation has a price and a wider one none, only the rest of the wider is prohibited."""
    made = rsl.write(intent(Statement("any_ai", NO), Statement("train", NO, price=PRICE)))
    assert b'<prohibits type="usage">ai-input</prohibits>' in made.content
    assert {s.purpose: (s.stance, s.terms.get("amount")) for s in rsl.read(made.content) if s.stance is NO} == {
        "train": (NO, "0.020"), "ground": (NO, None),
    }  # fmt: skip
    assert [(fate.effect, "AI" in fate.why) for fate in made.fates] == [(NARROWER, False), (EXACT, False)]


def test_what_is_repeated_and_cannot_be_is_told() -> None:
    """An address that takes a part of a wider statement away, and has no label for the rest, narrows the wider one."""
    made = rsl.write(intent(Statement("train", NO), Statement("train_generative", YES, targets=("/open/",))))
    assert said(made.content, url="/open/a") == {"any": UNKNOWN}
    assert [(fate.effect, fate.why) for fate in made.fates] == [
        (NARROWER, "at /open/: no label means training other AI and no more"),
        (LOST, "no label means training generative AI and no more"),
    ]


def test_an_address_where_others_are_served_too_is_not_used() -> None:
    """A permission for one work is never said at an address that other works have as well."""
    places = {"T0345246801": ["/songs/"], "TWA012300001": ["/songs/b", "/b"]}
    meant = intent(
        Statement("search", YES, targets=("T0345246801",)), Statement("train", NO, targets=("TWA012300001",))
    )
    made = rsl.write(meant, places=places)
    assert {signal.target for signal in rsl.read(made.content)} == {"/b"}
    assert [fate.effect for fate in made.fates] == [LOST, EXACT]
    both = rsl.write(intent(Statement("search", YES, targets=tuple(places))), places=places)
    assert [fate.effect for fate in both.fates] == [EXACT]


@pytest.mark.parametrize(
    "price",
    [
        {"type": "training", "amount": "two", "currency": "EUR"},
        {"type": "training", "amount": "2", "currency": "euro"},
        {"type": "free", "amount": "2", "currency": "EUR"},
    ],
)
def test_a_price_that_cannot_be_written_is_refused(price: dict[str, str]) -> None:
    """A price is an amount, a currency and a type that is paid; anything else stops the writing."""
    with pytest.raises(InputError, match="price"):
        rsl.write(intent(Statement("train", NO, price=price)))


def test_pointers_are_written_and_cannot_be_broken_out_of() -> None:
    """The robots line, the header and the link name an address, and refuse what is none."""
    url = "https://example.org/rsl.xml"
    assert rsl.robots_line(url) == f"License: {url}"
    assert rsl.discover(links=[rsl.link_header(url)], page=rsl.html_link(url).encode()) == [
        (url, "header: Link", ""), (url, "html:1 link", "")
    ]  # fmt: skip
    for make in (rsl.robots_line, rsl.link_header, rsl.html_link):
        for bad in (
            "https://example.org/\r\nSet-Cookie: a=b",
            "https://example.org/\x01",
            'https://example.org/">',
            "file:///etc/hostname",
        ):
            with pytest.raises(InputError):
                make(bad)


@given(st.data())
def test_what_is_written_is_valid_and_says_no_more(
    intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], data: st.DataObject
) -> None:
    """For any intent: a valid document, a fate per statement, no permission and no unchosen reservation added."""
    meant = data.draw(intents)
    made = rsl.write(meant, places={"T0345246801": ["/songs/w"]})
    assert rsl_rules.faults(made.content) == []
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    served = {"T0345246801": "/songs/w"}
    never_says_more(
        meant,
        rsl.read(made.content),
        lambda one, signal: (
            not one.targets or any(paths.covers(served.get(target, target), signal.target) for target in one.targets)
        ),
    )
    for fate in made.fates:
        one = fate.statement
        if fate.effect is EXACT and not one.price and one.stance is not UNKNOWN:
            url = (
                one.targets[0] if one.targets and one.targets[0].startswith("/") else "/songs/w" if one.targets else "/"
            )
            here = [
                s for s in rsl.read(made.content, url=url) if s.stance is one.stance and s.territory == one.territory
            ]
            told = 0
            for signal in here:
                told |= PURPOSES[signal.purpose]
            assert not PURPOSES[one.purpose] & ~told


WORDS = [
    "permits",
    "prohibits",
    "license",
    "content",
    "payment",
    "amount",
    "rsl",
    'type="usage"',
    'url="/"',
    "all",
    "DE",
]


@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([*WORDS, "<", ">", "/>", "</", " "]), max_size=60).map("".join)
)
@example("<rsl><content><license><permits/></license></content></rsl>")
@example("<rsl><!-- a --><content><?b?><license><payment/></license></content></rsl>")
def test_any_bytes_give_signals(content: bytes | str) -> None:
    """Whatever the bytes: signals, none of them a permission where there is no document, and no exception."""
    raw = content if isinstance(content, bytes) else content.encode()
    signals = [*rsl.read(raw), *rsl.read(raw, url="https://[bad"), *rsl.read_page(raw)]
    assert all(signal.purpose in PURPOSES and len(signal.raw) <= 200 for signal in signals)
    assert isinstance(rsl_rules.faults(raw), list)
    assert isinstance(rsl.discover(links=[raw.decode("latin-1")], robots=[raw.decode("latin-1")], page=raw), list)
