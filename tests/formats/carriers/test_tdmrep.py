"""The TDM Reservation Protocol: the file's rules, headers, meta elements, and which of them counts."""

from __future__ import annotations

import json

import pytest

from partita.formats.carriers import html_head, tdmrep
from partita.formats.signals import Carrier, Effect, Intent, Signal, Stance, Statement

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
SITE = "https://tunes.example"
POLICY = "https://tunes.example/policies/1.json"


def file(*rules: object) -> bytes:
    """A tdmrep.json of these rules."""
    return json.dumps(list(rules)).encode()


def rule(location: str, reservation: object = 1, **more: object) -> dict[str, object]:
    """One rule."""
    return {"location": location, "tdm-reservation": reservation, **more}


def at(content: bytes, path: str) -> list[tuple[Stance, str]]:
    """Stance and place of what a file says of a path."""
    return [(one.stance, one.place) for one in tdmrep.read_file(content, url=SITE + path)]


def test_the_whole_site_is_reserved() -> None:
    """One rule for `/` reserves mining everywhere (3.1, first example)."""
    (found,) = tdmrep.read_file(file(rule("/")))
    assert (found.purpose, found.stance, found.target, found.place) == ("mining", NO, "/", "rule 1")
    assert at(file(rule("/")), "/a/b?c") == [(NO, "rule 1")]


def test_three_groups_of_files() -> None:
    """Reserved, reserved with a policy, and not reserved, by folder and pattern (3.1, second example)."""
    content = file(rule("/a/"), rule("/b/html/", 1, **{"tdm-policy": POLICY}), rule("/b/images/*.jpg", 0))
    assert at(content, "/a/x.pdf") == [(NO, "rule 1")]
    (found,) = tdmrep.read_file(content, url=SITE + "/b/html/1.html")
    assert (found.stance, found.terms) == (NO, {"policy": POLICY})
    assert at(content, "/b/images/cat.jpg") == [(YES, "rule 3")]
    assert at(content, "/b/images/cat.png") == []


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/a", "/a/b", True),
        ("/a$", "/a/b", False),
        ("/a$", "/a", True),
        ("/a/*/c", "/a/b/c/d", True),
        ("/A", "/a", False),
        ("/a-%24", "/a-$", True),
        ("/%61", "/a", True),
        ("/歌", "/%E6%AD%8C", True),
        ("*.mp3$", "/x/y.mp3", True),
    ],
)
def test_patterns(location: str, path: str, matches: bool) -> None:
    """`*` and `$` are special, escapes of plain characters are undone, and case counts (3.1)."""
    assert bool(at(file(rule(location)), path)) is matches


def test_order_and_length_that_disagree_are_reported() -> None:
    """Where the first match and the most specific one differ, the stricter counts and the ambiguity is said."""
    for rules in ((rule("/a/", 0), rule("/a/b/", 1)), (rule("/a/", 1), rule("/a/b/", 0))):
        (found,) = tdmrep.read_file(file(*rules), url=SITE + "/a/b/c")
        assert found.stance is NO
        assert found.note.startswith("ambiguous: the first match (rule 1) and the most specific (rule 2) differ")


def test_order_and_length_that_agree_are_not() -> None:
    """Rules from the most specific to the least are as the report wants them."""
    content = file(rule("/a/b/", 0), rule("/a/", 1))
    (found,) = tdmrep.read_file(content, url=SITE + "/a/b/c")
    assert (found.stance, found.note) == (YES, "")


@pytest.mark.parametrize(
    "value",
    [2, -1, "1", "0", True, False, 1.0, None, [1], {"a": 1}, 10**400],
    ids=lambda value: str(value)[:8],
)
def test_other_values_are_errors_and_say_nothing(value: object) -> None:
    """Only the numbers 0 and 1 are values; anything else is unset, so unknown."""
    (found,) = tdmrep.read_file(file(rule("/", value)))
    assert found.stance is UNKNOWN
    assert found.note


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"nonsense", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b'{"location": "/", "tdm-reservation": 1}', "array"),
        (b"1", "array"),
        (b'"a"', "array"),
        (b"null", "array"),
        (b"[" * 100_000, "no JSON"),
        (b"[" * 900 + b"]" * 900, "no object"),
        (b'[{"a":' * 50_000, "no JSON"),
        (b"[" + b"9" * 10_000 + b"]", "no JSON"),
        (b"[" + b" " * (2 << 20) + b"]", "bytes long"),
        (b"[" + b"1," * 20_000 + b"1]", "rules"),
        (b"[[1, 2], 3]", "no object"),
        (b'[{"tdm-reservation": 1}]', "no location"),
        (b'[{"location": 7, "tdm-reservation": 1}]', "no location"),
        (b'[{"location": "a", "tdm-reservation": 0}]', "no loc"),
        (b'[{"location": "/"}]', "has no tdm-reservation"),
        (b'[{"location": "/", "location": "/a", "tdm-reservation": 1}]', "no location"),
    ],
    ids=lambda value: None if isinstance(value, str) else value[:12].decode("latin-1"),
)
def test_what_cannot_be_read_is_unknown(content: bytes, reason: str) -> None:
    """Bombs, wrong types and broken files give unknown with the reason, and no exception."""
    found = tdmrep.read_file(content)
    assert {one.stance for one in found} == {UNKNOWN}
    assert reason in found[0].note


def test_of_duplicate_keys_the_stricter_counts() -> None:
    """A rule that says both reserves, and says why."""
    for values in ("0, 1", "1, 0"):
        first, second = values.split(", ")
        text = f'[{{"location": "/", "tdm-reservation": {first}, "tdm-reservation": {second}}}]'
        (found,) = tdmrep.read_file(text.encode())
        assert found.stance is NO
        assert "more than once" in found.note


@pytest.mark.parametrize(
    ("status", "unknown"), [(404, False), (410, False), (403, False), (500, True), (0, True), (429, True)]
)
def test_statuses(status: int, unknown: bool) -> None:
    """A file that is not there says nothing; one that could not be reached is unknown."""
    assert [one.stance for one in tdmrep.read_file(b"", status=status)] == ([UNKNOWN] if unknown else [])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("tdm-reservation", "1")], [(NO, {})]),
        ([("TDM-Reservation", "1"), ("Tdm-Policy", POLICY)], [(NO, {"policy": POLICY})]),
        ([("tdm-reservation", "0"), ("tdm-policy", POLICY)], [(YES, {})]),
        ([("tdm-reservation", "2")], [(UNKNOWN, {})]),
        ([("tdm-reservation", "1.0")], [(UNKNOWN, {})]),
        ([("tdm-reservation", "0"), ("tdm-reservation", "1")], [(NO, {})]),
        ([("tdm-reservation", "0, 1")], [(NO, {})]),
        ([("tdm-policy", POLICY)], [(UNKNOWN, {"policy": POLICY})]),
        ([("tdm-reservation", "1"), ("tdm-policy", "javascript:alert(1)")], [(NO, {})]),
        ([("content-type", "text/html")], []),
    ],
)
def test_headers(headers: list[tuple[str, str]], expected: list[tuple[Stance, dict[str, str]]]) -> None:
    """Names have any case, values are 0 and 1, and a policy is an address of the web."""
    assert [(one.stance, dict(one.terms)) for one in tdmrep.read_header(headers)] == expected


def levels(*values: str) -> list[list[Signal]]:
    """The four levels from their values: `1`, `0`, `x` for an error, `p` for a policy alone, empty for silence."""
    found = []
    kinds = (Carrier.TDMREP_FILE, Carrier.TDM_HEADER, Carrier.TDM_META, Carrier.EPUB)
    for kind, value in zip(kinds, values, strict=True):
        reservations = [value] if value in ("0", "1", "x") else []
        found.append(tdmrep.from_values(kind, "test", reservations, [POLICY] if value == "p" else []))
    return found


@pytest.mark.parametrize(
    ("values", "stance", "carrier"),
    [
        (("1", "", "", ""), NO, Carrier.TDMREP_FILE),
        (("1", "0", "", ""), YES, Carrier.TDM_HEADER),
        (("0", "1", "", ""), NO, Carrier.TDM_HEADER),
        (("0", "0", "1", ""), NO, Carrier.TDM_META),
        (("1", "1", "0", ""), YES, Carrier.TDM_META),
        (("0", "0", "0", "1"), NO, Carrier.EPUB),
        (("1", "", "", "0"), YES, Carrier.EPUB),
        (("1", "x", "", ""), NO, Carrier.TDMREP_FILE),
        (("", "1", "x", ""), NO, Carrier.TDM_HEADER),
        (("1", "", "p", ""), NO, Carrier.TDMREP_FILE),
        (("x", "", "", ""), UNKNOWN, Carrier.TDMREP_FILE),
    ],
)
def test_later_levels_overrule_and_silence_resets_nothing(
    values: tuple[str, str, str, str], stance: Stance, carrier: Carrier
) -> None:
    """File, header, meta, in-file: each overrules those before it, and neither absence nor an error undoes one (4)."""
    (found,) = tdmrep.decide(*levels(*values))
    assert (found.stance, found.carrier) == (stance, carrier)


def test_a_later_policy_completes_an_earlier_reservation() -> None:
    """The two properties are overruled each for itself."""
    (found,) = tdmrep.decide(*levels("1", "", "p", ""))
    assert found.terms == {"policy": POLICY}
    assert tdmrep.decide([], [], []) == []


def test_meta_elements() -> None:
    """Names in any case in the head count; a permission in the body does not, a reservation there does."""
    page = b'<html><head><meta NAME="TDM-Reservation" content=" 1 "><meta name=tdm-policy content=%s></head><body>'
    (found,) = html_head.read(page % POLICY.encode() + b"<p>text")
    assert (found.carrier, found.stance, found.terms) == (Carrier.TDM_META, NO, {"policy": POLICY})
    body = "<html><head><title>t</title></head><body><meta name='tdm-reservation' content='%s'></body>"
    assert [one.stance for one in html_head.read((body % 0).encode())] == [UNKNOWN]
    assert [one.stance for one in html_head.read((body % 1).encode())] == [NO]


def test_what_is_written_is_read_again() -> None:
    """File, header and meta give back the reservation and the policy."""
    intent = Intent("p", (Statement("mining", NO), Statement("mining", YES, targets=("/open/",))), policy=POLICY)
    made = tdmrep.write(intent)
    assert [loss.effect for loss in made.fates] == [Effect.EXACT, Effect.EXACT]
    assert at(made.content, "/open/a") == [(NO, "rule 2")] or at(made.content, "/open/a") == [(YES, "rule 1")]
    assert json.loads(made.content)[0] == {"location": "/open/", "tdm-reservation": 0}
    whole = Intent("p", (Statement("mining", NO),), policy=POLICY)
    (header,) = tdmrep.read_header([tuple(line.split(": ", 1)) for line in _lines(tdmrep.write_header(whole).content)])
    (meta,) = html_head.read(b"<head>" + tdmrep.write_meta(whole).content)
    assert (header.stance, header.terms, meta.stance, meta.terms) == (NO, {"policy": POLICY}, NO, {"policy": POLICY})


def _lines(content: bytes) -> list[str]:
    return content.decode("ascii").splitlines()


@pytest.mark.parametrize(
    ("broaden", "effects", "size"),
    [(False, [Effect.LOST, Effect.LOST, Effect.LOST], 0), (True, [Effect.BROADER, Effect.LOST, Effect.LOST], 1)],
)
def test_training_alone_cannot_be_said(broaden: bool, effects: list[Effect], size: int) -> None:
    """The one label means all mining, so that training alone is reserved with it by choice, and never permitted."""
    statements = (Statement("train", NO), Statement("train", YES, targets=("/a/",)), Statement("search", YES))
    made = tdmrep.write(Intent("p", statements, broaden=broaden))
    assert [loss.effect for loss in made.fates] == effects
    assert len(json.loads(made.content or b"[]")) == size
