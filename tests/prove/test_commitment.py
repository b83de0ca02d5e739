"""Commitments, entries, batches and receipts: what is shown, what stays hidden, and what cannot be claimed."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import Batch, Entry, Opening, batch, canonical, commit, commitment, entry, merkle, open_in
from partita.prove.faults import ForgedProof

SALT = bytes(range(32))
RECORD = {"song": "夜曲", "room": 7, "at": "2026-11-22T10:00:00Z"}
CANONICAL_V1 = '{"at":"2026-11-22T10:00:00Z","room":7,"song":"夜曲"}'.encode()
COMMITMENT_V1 = "4da7e5debd5e20849a3ae6504e94a7f2c855024f5a48e8b52ab27c99a42edf67"
ENTRY_V1 = (
    b'{"at":"2026-11-22T10:00:00Z","commitment":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",'
    b'"count":3,"kind":"usage","v":1}'
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)
RECORDS = st.lists(st.binary(max_size=40), min_size=1, max_size=40)


def salts(count: int) -> list[bytes]:
    """Salts that stand for random ones."""
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def test_commitment_and_entry_are_the_golden_ones_v1() -> None:
    """A record's canonical form, its commitment and an entry's data never change."""
    assert canonical(RECORD) == CANONICAL_V1
    assert commit(CANONICAL_V1, SALT).hex() == COMMITMENT_V1
    assert Entry("2026-11-22T10:00:00Z", "usage", SALT, 3).data() == ENTRY_V1


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_a_commitment_is_opened_by_its_record_and_salt_alone(record: bytes, salt: bytes) -> None:
    """It is HMAC-SHA-256; record and salt open it, another record or salt does not."""
    made = commit(record, salt)
    assert made == hmac.new(salt, record, hashlib.sha256).digest() == Opening(record, salt).commitment
    commitment.verify(made, record, salt)
    for other in ((record + b"x", salt), (record, bytes(32) if salt != bytes(32) else SALT)):
        with pytest.raises(ForgedProof):
            commitment.verify(made, *other)
    with pytest.raises(InputError):
        commit(record, salt[1:])


@given(JSON)
def test_canonical_json_has_one_form(value: Any) -> None:
    """What is written is read back as it was, and written again in the same bytes."""
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data


@pytest.mark.parametrize(
    "value", [1.5, {"a": [float("nan")]}, {"a": object()}, {"a": "\ud800"}, {1: 2, "a": 3}, {1: 2}]
)
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    """Floats, halves of characters, keys that are no text, and what JSON cannot say are refused."""
    with pytest.raises(InputError):
        canonical(value)


@given(st.integers(1, 1 << 40), st.sampled_from(entry.KINDS), st.binary(min_size=32, max_size=32))
def test_an_entry_comes_back_from_its_leaf(count: int, kind: str, made: bytes) -> None:
    """An entry is read as it was written, and its leaf is small."""
    told = Entry("2026-11-22T10:00:00Z", kind, made, count)
    assert entry.parse(told.data()) == told
    assert len(told.data()) <= entry.BYTES_MOST


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "2026-11-22"}, {"at": "2026-11-22T10:00:00+08:00"}, {"at": "2026-02-30T10:00:00Z"}, {"kind": "song"},
        {"at": "2026-1-22T10:00:00Z"}, {"commitment": b"short"}, {"count": 0}, {"count": -1}, {"count": True},
    ],
)  # fmt: skip
def test_an_entry_says_nothing_else(wrong: dict[str, Any]) -> None:
    """Times without zone or calendar, kinds that are none, other lengths and counts are refused."""
    with pytest.raises(InputError):
        dataclasses.replace(Entry("2026-11-22T10:00:00Z", "usage", SALT), **wrong).data()


@pytest.mark.parametrize(
    "leaf",
    [
        b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, ENTRY_V1 + b" ", ENTRY_V1.replace(b'"v":1', b'"v":2'),
        ENTRY_V1.replace(b":3", b": 3"), ENTRY_V1.replace(b":3", b":3.0"), ENTRY_V1.replace(b":3", b':"3"'),
        ENTRY_V1.replace(b"{", b'{"a":1,'), ENTRY_V1.replace(b"usage", b"play"), ENTRY_V1.replace(b"8=", b"9="),
        ENTRY_V1.replace(b'"v":1', b'"v":1,"v":1'), ENTRY_V1.replace(b'"v":1', b'"v":true'),
    ],
)  # fmt: skip
def test_a_leaf_that_is_no_entry_is_refused(leaf: bytes) -> None:
    """A leaf that is cut, has other keys, or is not in the canonical form is no entry."""
    with pytest.raises(InputError):
        entry.parse(leaf)


@given(RECORDS)
def test_every_record_of_a_batch_has_its_receipt(records: list[bytes]) -> None:
    """Each receipt shows its record under the batch's root and count, and under no other."""
    made = batch.make(records, salts(len(records)))
    assert made.root == merkle.root([merkle.leaf_hash(each) for each in made.commitments])
    for index, (record, salt) in enumerate(zip(records, salts(len(records)), strict=True)):
        receipt = open_in(made, record, salt)
        assert (receipt.index, receipt.size) == (index, len(records))
        batch.verify(receipt, made.root, len(made))
        for lie in (
            dataclasses.replace(receipt, record=record + b"!"), dataclasses.replace(receipt, salt=bytes(32)),
            dataclasses.replace(receipt, index=index + 1), dataclasses.replace(receipt, size=len(records) + 1),
            dataclasses.replace(receipt, path=(*receipt.path, bytes(32))),
        ):  # fmt: skip
            with pytest.raises(ForgedProof):
                batch.verify(lie, made.root, len(made))
        with pytest.raises(ForgedProof):
            batch.verify(receipt, made.root, len(made) + 1)
        with pytest.raises(ForgedProof):
            batch.verify(receipt, merkle.leaf_hash(b"other"), len(made))


def test_what_is_not_in_a_batch_has_no_receipt() -> None:
    """A record that was left out, or the right one under another salt, is not opened."""
    made = batch.make([b"one", b"two"], salts(2))
    for record, salt in ((b"three", salts(1)[0]), (b"one", salts(2)[1])):
        with pytest.raises(ForgedProof, match="not in the batch"):
            open_in(made, record, salt)


def test_batches_that_could_count_one_play_twice_are_refused() -> None:
    """A commitment that stands twice, an empty batch, and another number of salts are refused."""
    same = commit(b"one", SALT)
    for commitments in ((), (same, same), (same, b"short")):
        with pytest.raises(InputError):
            Batch(commitments)
    with pytest.raises(InputError):
        batch.make([b"one"], [])


def test_erasing_one_opening_leaves_all_other_receipts() -> None:
    """A batch says nothing of its records: with one record and salt forgotten, root and other receipts stay."""
    records = [b"alice sang", b"bob sang"]
    made = batch.make(records, salts(2))
    kept = open_in(Batch(made.commitments), records[1], salts(2)[1])
    batch.verify(kept, made.root, 2)
    shown = b"".join(made.commitments) + made.root + b"".join(kept.path)
    assert not any(word in shown for word in (b"alice", salts(2)[0]))
