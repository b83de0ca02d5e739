"""TDM-AI declarations and content codes: inheritance, validation, round trips, and the standard's own test data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import tdm_ai
from partita.formats.signals import Effect, Intent, Stance, Statement

iscc_core = pytest.importorskip("iscc_core")

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
EXACT, NARROWER, LOST = Effect.EXACT, Effect.NARROWER, Effect.LOST
ISCC = tdm_ai.iscc_of(b"waltz" * 500, "audio/mpeg")


def declaration(**fields: object) -> bytes:
    """A declaration with these fields; `_` in a name stands for `-`."""
    named = {key.replace("_", "-"): value for key, value in fields.items()}
    return json.dumps({"version": "1.0", "iscc": ISCC, "intent": "activate", **named}).encode()


def said(content: bytes) -> dict[str, Stance]:
    """What a declaration says of each purpose."""
    return {signal.purpose: signal.stance for signal in tdm_ai.read(content)}


FIVE = ("data_mining", "train_generative", "train_other", "ground", "search")
CASES = {
    "all no": ({"all": "false"}, dict.fromkeys(FIVE, NO)),
    "all yes": (
        {"all": "true"},
        {"data_mining": YES, "train_generative": YES, "train_other": YES, "ground": UNKNOWN, "search": UNKNOWN},
    ),
    "training no": (
        {"all": "true", "train_ai": "false"},
        {"data_mining": YES, "train_generative": NO, "train_other": NO, "ground": UNKNOWN, "search": UNKNOWN},
    ),
    "generative no": (
        {"all": "true", "train_genai": "false"},
        {"data_mining": YES, "train_generative": NO, "train_other": YES, "ground": UNKNOWN, "search": UNKNOWN},
    ),
    "all no but use and search": (
        {"all": "false", "ai_use": "true", "search": "true"},
        {"data_mining": NO, "train_generative": NO, "train_other": NO, "ground": YES, "search": YES},
    ),
    "training alone": ({"train_ai": "false"}, {"train_generative": NO, "train_other": NO}),
    "a JSON no": ({"train_genai": False}, {"train_generative": NO}),
    "a JSON yes": ({"train_genai": True}, {"train_generative": UNKNOWN}),
    "another word": ({"train_genai": "n"}, {"train_generative": UNKNOWN}),
    "nothing": ({}, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_labels_are_inherited(case: str) -> None:
    """A narrower label decides before a wider one; a wide no reaches everything, a wide yes only what is settled."""
    fields, expected = CASES[case]
    assert said(declaration(**fields)) == expected


def test_signals_are_about_the_code() -> None:
    """The target is the ISCC, wherever the declaration was found; policy and reference stand in the terms."""
    (signal,) = tdm_ai.read(declaration(search="false", policy="CDSM", reference="bafy"))
    assert (signal.target, dict(signal.terms)) == (ISCC, {"policy": "CDSM", "reference": "bafy", "intent": "activate"})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"all": "true", "all": "false"}', "twice"),
        (b'"all"', "JSON object"),
        (b'{"all": "true"}', "valid ISCC"),
        (declaration(all="true", iscc="ISCC:KACT4EBWK27737D2"), "valid ISCC"),
        (declaration(all="true", iscc=5), "valid ISCC"),
        (b" " * 1_000_001, "larger than"),
    ],
)
def test_what_is_no_declaration_is_unknown(content: bytes, why: str) -> None:
    """Broken, doubled and unbound declarations permit nothing."""
    (signal,) = tdm_ai.read(content)
    assert (signal.stance, why in signal.note) == (UNKNOWN, True), signal


def test_a_list_of_declarations_is_read_within_limits() -> None:
    """A registry's answer may be a list; each speaks for its own code, and there is an end."""
    one = json.loads(declaration(search="false"))
    assert len(tdm_ai.read(json.dumps([one, one]).encode())) == 2
    signals = tdm_ai.read(json.dumps([1] * (tdm_ai.DECLARATIONS_MOST + 5)).encode())
    assert len(signals) == tdm_ai.DECLARATIONS_MOST + 1


FAULTS = [
    ({"version": "2.0"}, "version must be"),
    ({"intent": "supercede"}, "intent must be one of"),
    ({"all": True}, 'all must be the text "true" or "false"'),
    ({"all": ["true"]}, 'all must be the text "true" or "false"'),
    ({"iscc": "ISCC:EXAMPLE"}, "no content code"),
    ({"train": "false"}, "'train' is no field"),
    ({"policy": 5}, "policy must be a text"),
]


@pytest.mark.parametrize(("fields", "says"), FAULTS)
def test_each_rule_that_is_broken_is_named(fields: dict[str, object], says: str) -> None:
    """The validator names the field and what it must be, and finds nothing else."""
    (fault,) = tdm_ai.faults(declaration(**{"all": "false", **fields}))
    assert says in fault


def test_valid_and_hopeless_declarations_are_told_apart() -> None:
    """A valid one has no faults; a list, nothing and no preference have one."""
    assert tdm_ai.faults(declaration(all="false", ai_use="true", summary="s", policy="p", reference="r")) == []
    assert tdm_ai.faults(b"[]") == ["a declaration is a JSON object"]
    assert tdm_ai.faults(declaration()) == ["no preference is declared"]
    assert tdm_ai.faults(json.dumps({"iscc": ISCC, "all": "true"}).encode()) == [
        "version is missing",
        "intent is missing",
    ]


WRITTEN = [
    ((Statement("train", NO),), {"train-ai": "false", "train-genai": "false"}, [EXACT]),
    ((Statement("train_generative", NO), Statement("search", YES)), {"train-genai": "false", "search": "true"},
     [EXACT] * 2),
    ((Statement("any", NO), Statement("search", YES)),
     {"train-ai": "false", "train-genai": "false", "ai-use": "false", "all": "false", "search": "false"},
     [NARROWER, LOST]),
    ((Statement("any_ai", NO), Statement("search", YES)),
     {"train-ai": "false", "train-genai": "false", "ai-use": "false", "search": "true"}, [NARROWER, EXACT]),
    ((Statement("any", YES), Statement("train_other", NO)), {"train-genai": "true", "ai-use": "true", "search": "true"},
     [NARROWER, LOST]),
    ((Statement("data_mining", NO),), {}, [LOST]),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "labels", "effects"), WRITTEN)
def test_an_intent_is_spelled_out(
    statements: tuple[Statement, ...], labels: dict[str, str], effects: list[Effect]
) -> None:
    """Every label that is decided is written, so that no reader infers; what says anything is valid."""
    made = tdm_ai.write(Intent("Test publisher", statements), ISCC)
    written = json.loads(made.content)
    assert {key: value for key, value in written.items() if key in tdm_ai.LABELS} == labels
    assert [fate.effect for fate in made.fates] == effects
    assert tdm_ai.faults(made.content) == ([] if labels else ["no preference is declared"])


def test_a_declaration_needs_a_code_and_a_step() -> None:
    """What is no ISCC, and a step that is none, stop the writing."""
    for code, step in (("ISCC:EXAMPLE", "activate"), ("", "activate"), (ISCC, "supercede")):
        with pytest.raises(InputError):
            tdm_ai.write(Intent("Test publisher", ()), code, step=step)


def test_statements_for_other_targets_are_lost() -> None:
    """A declaration speaks for its code, and for what is named as the same content."""
    statements = (Statement("search", NO, targets=(ISCC,)), Statement("ground", NO, targets=("TWA012300001",)))
    intent = Intent("Test publisher", statements)
    assert [fate.effect for fate in tdm_ai.write(intent, ISCC).fates] == [EXACT, LOST]
    named = tdm_ai.write(intent, ISCC, names=frozenset({"TWA012300001"}))
    assert [fate.effect for fate in named.fates] == [EXACT, EXACT]


@given(st.data())
def test_what_is_written_says_no_more(
    intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], data: st.DataObject
) -> None:
    """For any intent: a fate per statement, and nothing permitted or reserved that was not meant or chosen."""
    meant = data.draw(intents)
    made = tdm_ai.write(meant, ISCC)
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    never_says_more(meant, tdm_ai.read(made.content))


VALUES = ["true", "false", True, None, 5, ISCC, [], {}]
OBJECTS = st.dictionaries(st.sampled_from([*tdm_ai.LABELS, "iscc", "version"]), st.sampled_from(VALUES), max_size=6)


@given(st.binary(max_size=100) | OBJECTS.map(lambda fields: json.dumps(fields).encode()))
@example(b'{"iscc": "ISCC:' + b"A" * 1000 + b'"}')
def test_any_bytes_give_signals(content: bytes) -> None:
    """Whatever the bytes: signals and no exception; the text "true" alone permits."""
    for signal in tdm_ai.read(content):
        assert signal.stance is not YES or b'"true"' in content
    assert isinstance(tdm_ai.faults(content), list)


def test_the_conformance_data_of_the_standard_pass() -> None:
    """All 58 vectors that come with iscc-core give what they must, so codes made here are those of others."""
    cases = list(iscc_core.conformance_testdata())
    passed = [name for name, function, inputs, outputs in cases if function(*inputs) == outputs]
    assert (len(passed), len(cases)) == (58, 58)
    assert iscc_core.conformance_selftest() is True


def test_codes_of_bytes_v1() -> None:
    """Codes stay what they are: data and instance code for any file, with a text code before them for text."""
    assert tdm_ai.iscc_of(b"waltz" * 500, "image/jpeg") == ISCC
    text = tdm_ai.iscc_of("夜來香\n".encode(), "text/plain; charset=utf-8")
    assert {iscc_core.iscc_validate(code, strict=True) for code in (ISCC, text)} == {True}
    assert (ISCC, text) == (
        "ISCC:KUAKPUIKULZOUV47WB64Z6OW7O5JK",
        "ISCC:KAAUCVG44SX6DL4B643SAZP6TVR2WXKN7ADF4ZRMSY",
    )
    with pytest.raises(InputError, match="UTF-8"):
        tdm_ai.iscc_of(b"\xff", "text/plain")


def test_codes_of_nearly_the_same_bytes_are_near() -> None:
    """A file with a little cut off has a data code alike, and another instance code."""
    whole = b"".join(number.to_bytes(4, "big") for number in range(50_000))
    one, other = (iscc_core.iscc_decompose(tdm_ai.iscc_of(data, "audio/wav")) for data in (whole, whole[:-400]))
    assert iscc_core.iscc_distance(f"ISCC:{one[0]}", f"ISCC:{other[0]}") <= 16
    assert one[1] != other[1]


def test_without_the_package_codes_are_told_by_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optional package may be missing: declarations are still read, and making a code says how to install it."""
    monkeypatch.setattr(tdm_ai, "iscc_core", None)
    assert said(declaration(search="false")) == {"search": NO}
    with pytest.raises(InputError, match="pip install"):
        tdm_ai.iscc_of(b"x", "audio/mpeg")
