"""CAWG assertions: what entries mean, what a signature is worth, and that no yes comes from a broken file."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import cawg
from partita.formats.signals import Effect, Intent, Stance, Statement, fold

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
EXACT, BROADER, NARROWER, LOST = Effect.EXACT, Effect.BROADER, Effect.NARROWER, Effect.LOST
Authority = tuple[bytes, bytes, bytes]
SIGNED = {"Trusted": "signed", "Valid": "signed"}


def said(entries: object, state: str = "") -> dict[str, Stance]:
    """What entries say of each purpose."""
    return {signal.purpose: signal.stance for signal in cawg.read_assertion({"entries": entries}, state)}


@pytest.mark.parametrize(
    ("entry", "stance"),
    [
        ({"use": "allowed"}, YES),
        ({"use": "notAllowed"}, NO),
        ({"use": "constrained"}, NO),
        ({"use": "constrained", "constraint_info": "ask us"}, NO),
        ({"use": "constrained", "constraints_info": "ask us"}, NO),
        ({"use": "Allowed"}, UNKNOWN),
        ({"use": True}, UNKNOWN),
        ({}, UNKNOWN),
        (None, UNKNOWN),
        (["allowed"], UNKNOWN),
        ("notAllowed", NO),
    ],
)
def test_an_entry_says_what_its_use_says(entry: object, stance: Stance) -> None:
    """Three values; anything else is unknown."""
    assert said({"cawg.data_mining": entry}) == {"data_mining": stance}


def test_entries_are_the_four_of_either_prefix() -> None:
    """`ai_training` is training of what generates nothing; entries of others are not ours to read."""
    for prefix in ("cawg", "c2pa"):
        names = ("data_mining", "ai_inference", "ai_training", "ai_generative_training")
        assert said({f"{prefix}.{name}": {"use": "notAllowed"} for name in names}) == {
            "data_mining": NO, "ground": NO, "train_other": NO, "train_generative": NO,
        }  # fmt: skip
    assert said({"com.example.style": {"use": "allowed"}}) == {}


def test_defect_of_datadiligence_constrained_is_not_allowed() -> None:
    """A library takes `constrained` for a yes; the assertion says that without information it is a no."""
    (plain,) = cawg.read_assertion({"entries": {"cawg.ai_training": {"use": "constrained"}}})
    assert (plain.stance, plain.note) == (NO, "constrained without information counts as notAllowed")
    (told,) = cawg.read_assertion({"entries": {"cawg.ai_training": {"use": "constrained", "constraint_info": "ask"}}})
    assert (told.stance, dict(told.terms)) == (NO, {"constraint": "ask"})


def test_a_state_that_is_not_valid_makes_everything_unknown() -> None:
    """A broken signature vouches for neither a yes nor a no."""
    entries = {"cawg.data_mining": {"use": "allowed"}, "cawg.ai_training": {"use": "notAllowed"}}
    assert set(said(entries, "Invalid").values()) == {UNKNOWN}
    assert said(entries, "Valid") == {"data_mining": YES, "train_other": NO}


@pytest.mark.parametrize("data", [None, {}, [], {"entries": None}, {"entries": []}, "text", 5])
def test_an_assertion_without_entries_is_unknown(data: object) -> None:
    """What is no assertion says nothing, least of all yes."""
    assert [signal.stance for signal in cawg.read_assertion(data)] == [UNKNOWN]


WRITTEN = [
    ((Statement("train", NO),), {"cawg.ai_training": "notAllowed", "cawg.ai_generative_training": "notAllowed"},
     [EXACT]),
    ((Statement("train_other", YES), Statement("train_generative", NO)),
     {"cawg.ai_training": "allowed", "cawg.ai_generative_training": "notAllowed"}, [EXACT, EXACT]),
    ((Statement("mining", NO), Statement("ground", YES)),
     {"cawg.data_mining": "notAllowed", "cawg.ai_inference": "allowed", "cawg.ai_training": "notAllowed",
      "cawg.ai_generative_training": "notAllowed"}, [EXACT, EXACT]),
    ((Statement("search", NO),), {}, [LOST]),
    ((Statement("any_ai", YES), Statement("train", NO)),
     {"cawg.ai_inference": "allowed", "cawg.ai_training": "notAllowed", "cawg.ai_generative_training": "notAllowed"},
     [NARROWER, EXACT]),
    ((Statement("train", NO, system="suno"),), {}, [LOST]),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "entries", "effects"), WRITTEN)
def test_an_intent_is_written_entry_by_entry(
    statements: tuple[Statement, ...], entries: dict[str, str], effects: list[Effect]
) -> None:
    """Each entry has a purpose of its own, so little is lost but scope; the JSON needs no other package."""
    made = cawg.write(Intent("Test publisher", statements))
    written = json.loads(made.content)
    assert written["label"] == "cawg.training-mining"
    assert {name: entry["use"] for name, entry in written["data"]["entries"].items()} == entries
    assert [fate.effect for fate in made.fates] == effects


RESERVE = Intent("Test publisher", (Statement("train", NO), Statement("ground", YES)))


@pytest.fixture(scope="session")
def tone() -> bytes:
    """A WAV file of a hundred silent samples."""
    samples = bytes(200)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("kind", "media_type"), [("photo", "image/jpeg"), ("drawing", "image/png"), ("tone", "audio/wav")]
)
def test_a_signed_file_is_read_back_with_its_grade(
    kind: str, media_type: str, authority: Authority, request: pytest.FixtureRequest
) -> None:
    """Who trusts the issuer sees it trusted, others see it valid; a changed byte makes all of it unknown."""
    pytest.importorskip("c2pa")
    root, chain, key = authority
    content: bytes = request.getfixturevalue(kind)
    assert cawg.read(content, media_type) == []
    made = cawg.embed(RESERVE, content, media_type, cawg.Signer(chain, key))
    assert made.where == f"embed: C2PA in {media_type}, untrusted outside"
    for anchors, state in ((root.decode(), "Trusted"), ("", "Valid")):
        signals = cawg.read(made.content, media_type, anchors=anchors)
        assert {signal.purpose: signal.stance for signal in signals} == {
            "train_other": NO, "train_generative": NO, "ground": YES,
        }  # fmt: skip
        assert {(signal.terms["validation"], signal.terms["evidence"]) for signal in signals} == {(state, "signed")}
    changed = (
        made.content.replace(b"JFIF", b"JFIX") if kind == "photo" else made.content[:-14] + b"?" + made.content[-13:]
    )
    assert {signal.stance for signal in cawg.read(changed, media_type)} == {UNKNOWN}


def test_the_older_label_is_read(authority: Authority, photo: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assertions of C2PA 1.4 and before have another label, and mean the same."""
    pytest.importorskip("c2pa")
    _, chain, key = authority
    monkeypatch.setattr(cawg, "LABEL", "c2pa.training-mining")
    made = cawg.embed(RESERVE, photo, "image/jpeg", cawg.Signer(chain, key))
    assert fold(cawg.read(made.content, "image/jpeg"), "train_generative") is NO


def test_defect_of_datadiligence_the_label_of_cawg_is_read(authority: Authority, photo: bytes) -> None:
    """A library looks for `c2pa.training-mining` alone and takes a file with `cawg.training-mining` for free."""
    pytest.importorskip("c2pa")
    _, chain, key = authority
    made = cawg.embed(RESERVE, photo, "image/jpeg", cawg.Signer(chain, key))
    assert b"cawg.training-mining" in made.content
    assert fold(cawg.read(made.content, "image/jpeg"), "train_other") is NO


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xd8\xff", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7"])
def test_defect_of_datadiligence_a_file_that_cannot_be_read_is_unknown(content: bytes) -> None:
    """A library allows whatever breaks it; here a file that breaks says unknown or nothing, and never yes."""
    for media_type in ("image/jpeg", "audio/wav", "application/pdf", "text/plain", "no type"):
        assert fold(cawg.read(content, media_type), "any_ai") is UNKNOWN
        assert YES not in {signal.stance for signal in cawg.read(content, media_type)}


def test_without_the_package_the_answer_is_unknown_and_says_how_to_install(
    monkeypatch: pytest.MonkeyPatch, photo: bytes
) -> None:
    """The optional package may be missing: reading is unknown, embedding refuses, the assertion is still written."""
    monkeypatch.setattr(cawg, "c2pa", None)
    (signal,) = cawg.read(photo, "image/jpeg")
    assert (signal.stance, "pip install 'partita[labels]'" in signal.note) == (UNKNOWN, True)
    with pytest.raises(InputError, match="pip install"):
        cawg.embed(RESERVE, photo, "image/jpeg", cawg.Signer(b"", b""))
    assert json.loads(cawg.write(RESERVE).content)["data"]["entries"]


def test_what_cannot_be_signed_is_refused(authority: Authority, photo: bytes) -> None:
    """A wrong key, certificate or file stops the writing with a reason; what says nothing is given back as it was."""
    pytest.importorskip("c2pa")
    _, chain, key = authority
    for content, signer in (
        (photo, cawg.Signer(b"no certificate", key)),
        (photo, cawg.Signer(chain, b"no key")),
        (photo, cawg.Signer(chain, key, "none")),
        (b"no picture", cawg.Signer(chain, key)),
    ):
        with pytest.raises(InputError, match="could not be signed"):
            cawg.embed(RESERVE, content, "image/jpeg", signer)
    silent = cawg.embed(replace(RESERVE, statements=()), photo, "image/jpeg", cawg.Signer(chain, key))
    assert silent.content == photo


@pytest.fixture(scope="session")
def signed(photo: bytes, authority: Authority) -> bytes:
    """The photo with signed credentials."""
    pytest.importorskip("c2pa")
    return cawg.embed(RESERVE, photo, "image/jpeg", cawg.Signer(authority[1], authority[2])).content


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(2, 10_000), st.integers(0, 255)), max_size=6), st.integers(0, 30_000))
def test_any_bytes_of_a_signed_file_give_what_was_signed_or_unknown(
    signed: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    """Bytes changed or cut: the same signals, unknown, or none; never others, and no exception."""
    whole = {(signal.purpose, signal.stance) for signal in cawg.read(signed, "image/jpeg")}
    broken = bytearray(signed)
    for at, value in changes:
        broken[at % len(broken)] = value
    for hostile in (bytes(broken), bytes(broken[: cut % len(broken)])):
        found = {(signal.purpose, signal.stance) for signal in cawg.read(hostile, "image/jpeg")}
        assert found in (whole, set()) or {stance for _, stance in found} == {UNKNOWN}


@given(st.data())
def test_what_is_written_says_no_more(
    intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], data: st.DataObject
) -> None:
    """For any intent: a fate per statement, and nothing permitted or reserved that was not meant or chosen."""
    meant = data.draw(intents)
    made = cawg.write(meant)
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    never_says_more(meant, cawg.read_assertion(json.loads(made.content)["data"]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["allowed", "constrained"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["entries", "use", "cawg.data_mining", "constraint_info", ""]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["", "Valid", "Invalid", "?"]))
def test_any_assertion_gives_signals(data: object, state: str) -> None:
    """Whatever stands in an assertion: signals and no exception; nothing but `allowed` in a valid one says yes."""
    for signal in cawg.read_assertion(data, state):
        assert signal.stance is not YES or (state in ("", "Valid") and "allowed" in signal.raw)
