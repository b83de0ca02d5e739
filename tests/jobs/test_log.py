"""The log from outside: what is added can be proven, what is erased is gone, what is killed halfway does no harm."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import records
from partita.jobs import log, log_append, log_batches, log_keys, log_openings, log_prove, log_receipts, log_verify
from partita.jobs.log_append import How
from partita.jobs.log_prove import Wanted
from partita.jobs.log_verify import Asked
from partita.prove import Policy, merkle, open_log
from partita.prove.faults import DamagedTile, RolledBack

AT = "2026-11-22T10:00:00Z"
ORIGIN = "society.example/log"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An empty log."""
    folder = tmp_path / "log"
    log.init(folder, ORIGIN)
    return folder


def policy(folder: Path) -> Policy:
    """Whoever trusts the key beside the log."""
    return log_keys.policy([str(log_keys.beside(folder, ".vkey"))])


def add(folder: Path, found: list[Any], *, whole: bool = False, by: tuple[str, ...] = ()) -> dict[str, Any]:
    """Adds records of kind reservation, and signs."""
    how = How("reservation", AT, whole, by)
    done = log.append(folder, [("test", line, each) for line, each in enumerate(found, 1)], how)
    log.sign(folder)
    return done


def outcome(folder: Path, path: Path, **asked: Any) -> str:
    """The name of what `partita log verify` finds."""
    return str(log_verify.verify(path, Asked(policy(folder), **asked))["outcome"])


def proof(folder: Path, wanted: Wanted, out: Path) -> Path:
    """A proof, written."""
    log_prove.prove(folder, wanted, policy(folder), out=out)
    return out


def test_the_private_key_is_for_its_owner_and_outside_the_log(tmp_path: Path, made: Path) -> None:
    """Mode 0600, never overwritten, never inside what is published, refused where others may read it."""
    key = log_keys.beside(made, ".key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "PRIVATE" not in "".join(p.read_text(errors="replace") for p in made.rglob("*") if p.is_file())
    with pytest.raises(InputError, match="already"):
        log_keys.make(key, ORIGIN)
    with pytest.raises(InputError, match="published"):
        log.init(tmp_path / "other", ORIGIN, tmp_path / "other" / "log.key")
    key.chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        log.sign(made)


def test_a_record_is_proven_with_the_public_key_alone(tmp_path: Path, made: Path) -> None:
    """A receipt holds without the log, and not for another record, another key, or with one character changed."""
    add(made, [{"work": f"W{number}"} for number in range(300)])
    (tmp_path / "r.json").write_text('{"work": "W123"}')
    receipt = proof(made, Wanted(record=tmp_path / "r.json"), tmp_path / "receipt.json")
    assert outcome(made, receipt) == "proven"
    assert outcome(made, receipt, record={"work": "W123"}) == "proven"
    assert outcome(made, receipt, record={"work": "W124"}) == "altered_record"
    said = json.loads(receipt.read_text())
    receipt.write_text(json.dumps({**said, "record": {"work": "W124"}}))
    assert outcome(made, receipt) == "forged_proof"
    log.init(tmp_path / "else", ORIGIN)
    receipt.write_text(json.dumps(said))
    assert outcome(tmp_path / "else", receipt) == "unknown_key"


@given(
    found=st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9) | st.none()), min_size=1),
    whole=st.booleans(),
)
def test_whatever_is_added_can_be_proven(
    tmp_path_factory: pytest.TempPathFactory, found: list[Any], whole: bool
) -> None:
    """Every record of every log has a receipt that holds, alone or in a batch."""
    top = tmp_path_factory.mktemp("log")
    log.init(top / "log", ORIGIN)
    add(top / "log", found, whole=whole)
    place = len(found) // 2
    wanted = Wanted(entry=0 if whole else place, opened=True, place=place if whole else 0)
    (receipt,) = log_prove.prove(top / "log", wanted, policy(top / "log"))["receipts"]
    assert receipt["record"] == found[place]
    assert log_receipts.check(log_receipts.parse(receipt, ""), policy(top / "log")).entry.at == AT


def test_groups_are_entries_of_their_own_and_come_once(tmp_path: Path, made: Path) -> None:
    """`--by` makes an entry a group, whose list shows how many and hides what; the same group again is refused."""
    rows = [{"day": f"2019-01-0{number % 2 + 1}", "song": f"S{number}"} for number in range(7)]
    done = add(made, rows, by=("day",))
    assert [(each["group"], each["count"]) for each in done["batches"]] == [
        ({"day": "2019-01-01"}, 5), ({"day": "2019-01-02"}, 4),
    ]  # fmt: skip
    published = "".join(path.read_text() for path in log_batches.files(made))
    assert published.count("count 5") == 1
    assert "S3" not in published
    with pytest.raises(InputError, match="stands in the log already"):
        add(made, rows, by=("day",))
    (tmp_path / "r.json").write_text(json.dumps(rows[3]))
    receipt = proof(made, Wanted(record=tmp_path / "r.json"), tmp_path / "receipt.json")
    assert outcome(made, receipt) == "proven"
    assert outcome(made, made) == "proven"


def test_an_erased_opening_is_gone_and_the_others_hold(tmp_path: Path, made: Path) -> None:
    """Neither record nor salt is on the disk any more; proofs of the others, drawn before or after, stay valid."""
    people = [{"name": f"Person {number}", "work": "W1"} for number in range(5)]
    add(made, people)
    before = proof(made, Wanted(entry=1, opened=True), tmp_path / "before.json")
    beside = log_openings.folder_of(made)
    done = log.erase(beside, {"work": "W1", "name": "Person 2"})
    assert done["erased"] == 1
    assert not any(b"Person 2" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert outcome(made, before) == "proven"
    assert outcome(made, proof(made, Wanted(entry=3, opened=True), tmp_path / "after.json")) == "proven"
    with pytest.raises(InputError, match="no opening"):
        log_prove.prove(made, Wanted(entry=2, opened=True), policy(made))
    with pytest.raises(InputError, match="erased already"):
        log.erase(beside, people[2])
    assert outcome(made, made) == "proven"


def test_a_record_that_cannot_be_read_stops_it_before_the_log(tmp_path: Path, made: Path) -> None:
    """Nothing is added, nothing is left behind, and the line is named."""
    (tmp_path / "r.jsonl").write_text('{"a": 1}\n{"a": 1, "a": 2}\n')
    with pytest.raises(InputError, match=r"r\.jsonl:2: .*twice"):
        log.append(made, log.of_files([tmp_path / "r.jsonl"], whole=False), How("run", AT))
    assert open_log(made).size == 0
    assert list(log_openings.folder_of(made).glob("[!.]*")) == []


@pytest.mark.parametrize("whole", [False, True])
def test_openings_of_a_killed_program_find_their_entries(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """A program killed after its entries came, before its openings had their name, has lost nothing."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            add(made, [{"n": 1}, {"n": 2}], whole=whole)
    add(made, [{"n": 3}])
    (tmp_path / "r.json").write_text('{"n": 2}')
    receipt = proof(made, Wanted(record=tmp_path / "r.json"), tmp_path / "receipt.json")
    assert outcome(made, receipt) == "proven"
    assert not list(log_openings.folder_of(made).glob(f"{log_append.PENDING}-*"))


def test_openings_whose_entries_never_came_go(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program killed before the log was touched leaves nothing that looks like an entry."""
    with monkeypatch.context() as patched:
        patched.setattr("partita.prove.log.Log.append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            add(made, [{"n": 1}])
    done = add(made, [{"n": 2}])
    assert (done["first"], done["last"]) == (0, 0)
    assert [path.name for path in log_openings.folder_of(made).glob("[!.]*")] == ["000000000000.jsonl"]


def test_a_later_checkpoint_must_continue_an_earlier_one(tmp_path: Path, made: Path) -> None:
    """Rolled back and split in two are told apart; a log that only grew is proven."""
    add(made, [{"n": number} for number in range(5)])
    older = tmp_path / "older"
    older.write_bytes((made / "checkpoint").read_bytes())
    add(made, [{"n": 9}])
    assert outcome(made, made, older=older) == "proven"
    assert outcome(made, made / "checkpoint", older=older, log=made) == "proven"
    assert outcome(made, older, older=made / "checkpoint") == "rolled_back_log"
    with pytest.raises(InputError, match="two sizes alone"):
        outcome(made, made / "checkpoint", older=older)
    twin = tmp_path / "twin"
    log.init(twin, ORIGIN, tmp_path / "spare.key")
    how = How("run", AT)
    log.append(twin, [("test", 1, {"n": "other"})] * 6, how)
    signer = log_keys.signing(log_keys.beside(made, ".key"))
    (twin / "checkpoint").unlink()
    open_log(twin).sign(signer)
    assert outcome(made, twin, older=older) == "split_view"
    assert outcome(made, twin / "checkpoint", older=made / "checkpoint") == "split_view"


def test_a_damaged_log_is_named_and_not_continued(made: Path) -> None:
    """One byte changed in a tile of entries: verifying names it, and adding is refused."""
    add(made, [{"n": number} for number in range(5)])
    bundle = next(path for path in (made / "tile/entries").rglob("*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(data)
    assert outcome(made, made) == "damaged_tile"
    with pytest.raises((DamagedTile, RolledBack)):
        add(made, [{"n": 6}])


def test_a_list_of_commitments_that_was_changed_is_damage(made: Path) -> None:
    """A batch file with one line fewer is not the one that the entry commits to."""
    add(made, [{"n": number} for number in range(5)], whole=True)
    (path,) = log_batches.files(made)
    path.write_text(path.read_text().replace(path.read_text().splitlines()[-1] + "\n", ""))
    assert outcome(made, made) == "damaged_batch"


@given(st.lists(st.binary(max_size=9), max_size=70))
def test_a_growing_tree_has_the_root_of_the_whole(leaves: list[bytes]) -> None:
    """Adding one by one gives what hashing all at once gives."""
    assert log_batches.root_of(leaves) == merkle.root([merkle.leaf_hash(each) for each in leaves])


def test_records_are_the_same_from_every_kind_of_file(tmp_path: Path) -> None:
    """Text stays text, whole numbers numbers, other numbers their own text; a row that lacks a cell is named."""
    (tmp_path / "a.csv").write_text("id,title\n1,望春風\n", encoding="cp950")
    (tmp_path / "a.json").write_text('[{"id": 1, "share": 0.50}]')
    pq.write_table(pa.table({"id": [1], "share": [0.5]}), tmp_path / "a.parquet")
    assert list(records.read(tmp_path / "a.csv")) == [(2, {"id": "1", "title": "望春風"})]
    assert list(records.read(tmp_path / "a.json")) == [(1, {"id": 1, "share": "0.50"})]
    assert list(records.read(tmp_path / "a.parquet")) == [(1, {"id": 1, "share": "0.5"})]
    (tmp_path / "b.csv").write_text("id,title\n1,A\n2\n3,C\n")
    aside: list[InputError] = []
    assert [line for line, _ in records.read(tmp_path / "b.csv", aside)] == [2, 4]
    assert [error.line for error in aside] == [3]
    (tmp_path / "c.csv").write_bytes("id,title\n1,望春風 雨夜花 四季紅\n2,".encode() + b"\xff\xfe\n3,B\n")
    assert [line for line, _ in records.read(tmp_path / "c.csv", aside)] == [2, 4]
    with pytest.raises(InputError, match="throughout"):
        list(records.read(tmp_path / "c.csv"))
    with pytest.raises(InputError, match="1 cells"):
        list(records.read(tmp_path / "b.csv"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"a": NaN}', "NaN"),
        ("a.json", "[" * 100_000, "nested"),
        ("a.jsonl", '{"a": 1}\n{"a"\n', "a.jsonl:2"),
        ("a.csv", "a,a\n1,2\n", "called alike"),
        ("a.csv", 'a,b\n"1,2\n', "cannot be read"),
        ("a.parquet", "PAR1", "Parquet"),
        ("a.pdf", "x", "as a whole"),
    ],
)
def test_files_that_lie_are_refused_with_their_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    """What is no record is told in one line, with the mend."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        list(records.read(tmp_path / name))
