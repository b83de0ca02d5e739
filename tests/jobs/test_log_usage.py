"""Usage logs: who rewrites, drops or adds plays after receipts were given is caught, and the outcome says how."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.jobs import log, log_audit, log_days, log_keys, log_openings, log_plays, log_prove, log_verify
from partita.jobs.log_days import Play, Venue
from partita.jobs.log_prove import Wanted
from partita.jobs.log_verify import Asked
from partita.prove import Policy, open_log
from partita.prove.commitment import Opening, canonical
from partita.prove.faults import DamagedTile, WrongOrigin

AT = "2026-11-22T10:00:00Z"
ORIGIN = "operator.example/log"
DAY = dt.date(2019, 1, 5)
HEAD = {"group": {"day": "2019-01-05", "venue": "B1"}, "kind": "usage", "log": ORIGIN}
"""What the day's own opening says; under another salt it is another day."""
SONGS = ["望春風", "雨夜花", "四季紅", "月夜愁", "補破網"]


class House:
    """An operator with a log, a folder of days, and the receipts that its guests hold."""

    def __init__(self, top: Path, origin: str = ORIGIN) -> None:
        self.top, self.folder, self.days = top, top / "log", top / "plays"
        log.init(self.folder, origin)
        self.signer = log_keys.signing(log_keys.beside(self.folder, ".key"))
        self.receipts: list[dict[str, Any]] = []

    @property
    def policy(self) -> Policy:
        """Whoever trusts the operator's key."""
        return Policy((self.signer.verifier,))

    def play(self, *songs: str, venue: str = "B1", day: dt.date = DAY) -> None:
        """Plays songs, one after the other; the guests keep their receipts."""
        first = len(self.receipts)
        plays = [Play(venue, day, {"line_id": f"L{first + n}", "title": song, "room": "7", "used_at": str(day)})
                 for n, song in enumerate(songs)]  # fmt: skip
        self.receipts += log_days.play(Venue(self.days, self.signer.name, self.signer), plays)

    def close(self, days: Path | None = None) -> None:
        """Closes every open day and signs."""
        log_days.close(open_log(self.folder), days or self.days, AT)
        log.sign(self.folder)

    def rewrite(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """The operator changes what it has on its disk of an open day."""
        (path,) = log_openings.files(self.days)
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    def outcome(self, *numbers: int) -> str:
        """What a guest finds who holds the receipts of these plays, from 1."""
        path = self.top / "held.jsonl"
        path.write_text("".join(json.dumps(self.receipts[number - 1]) + "\n" for number in numbers))
        return str(log_verify.verify(path, Asked(self.policy, self.folder))["outcome"])

    def audit(self, rows: list[dict[str, Any]], **asked: Any) -> dict[str, Any]:
        """Holds a usage list against the log."""
        path = self.top / "usage.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        given = log_audit.Asked(self.folder, (self.days,), self.policy, **asked)
        return log_audit.audit(path, given, self.top / "wrong.csv")

    def rows(self) -> list[dict[str, Any]]:
        """The usage list as it is true."""
        return [dict(receipt["record"]) for receipt in self.receipts]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An operator whose guests sang five songs."""
    made = House(tmp_path)
    made.play(*SONGS)
    return made


def line(record: dict[str, Any]) -> bytes:
    """A forged line of openings."""
    return log_openings.line(Opening(canonical(record), bytes(32)))


def test_a_closed_day_counts_every_receipt(house: House) -> None:
    """Before it is closed a receipt is in no entry; afterwards each is proven, and proven without the log, too."""
    assert house.outcome(1) == "day_not_closed"
    house.close()
    assert house.outcome(1, 2, 3, 4, 5) == "proven"
    path = house.top / "one.json"
    path.write_text(json.dumps(house.receipts[2]))
    log_prove.prove(house.folder, Wanted(receipt=path), house.policy, out=path)
    found = log_verify.verify(path, Asked(house.policy))
    assert (found["outcome"], found["number"], found["record"]["title"]) == ("proven", 3, "四季紅")


def test_what_is_published_hides_songs_and_rooms(house: House) -> None:
    """The folder of the log shows the count and nothing of what was sung, where or when."""
    house.close()
    published = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    assert b"count 6" in published
    for secret in (*SONGS, "B1", "2019-01-05", "room"):
        assert secret.encode() not in published


@pytest.mark.parametrize(
    ("change", "numbers", "said"),
    [
        (lambda lines: lines[:-1], (5,), "missing_play"),
        (lambda lines: [*lines[:2], *lines[3:]], (2,), "altered_play"),
        (lambda lines: [*lines[:2], *lines[3:]], (2, 3), "missing_play"),
        (lambda lines: [*lines[:2], *lines[3:]], (4,), "day_rewritten"),
        (lambda lines: [*lines[:2], line({"title": "else"}), *lines[3:]], (2,), "altered_play"),
        (lambda lines: [*lines[:2], line({"title": "else"}), *lines[3:]], (5,), "day_rewritten"),
        (lambda lines: [*lines[:2], line({"title": "added"}), *lines[2:]], (5,), "day_rewritten"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], (5,), "day_rewritten"),
        (lambda lines: [line(HEAD), *lines[1:]], (1,), "day_not_closed"),
    ],
)  # fmt: skip
def test_a_day_rewritten_before_it_is_closed_is_caught(
    house: House, change: Callable[[list[bytes]], list[bytes]], numbers: tuple[int, ...], said: str
) -> None:
    """Dropping, changing, adding and swapping plays, or the day's own opening: one later receipt is enough."""
    house.rewrite(change)
    house.close()
    assert house.outcome(*numbers) == said


@given(data=st.data())
def test_any_change_is_caught_by_the_last_receipt(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever is done to the plays before the last one, the receipt of the last play alone tells."""
    house = House(tmp_path_factory.mktemp("house"))
    house.play(*data.draw(st.lists(st.sampled_from(SONGS), min_size=2, max_size=9)))
    (path,) = log_openings.files(house.days)
    head, *plays = path.read_bytes().splitlines(keepends=True)
    changed = data.draw(
        st.lists(st.sampled_from([*plays, line({"title": "else"})]), min_size=1, max_size=12, unique=True)
    )
    same = changed[: len(plays)] == plays
    house.rewrite(lambda _: [head, *changed])
    house.close()
    assert (house.outcome(len(plays)) == "proven") == same


def test_plays_added_after_the_last_receipt_are_not_caught_by_it(house: House) -> None:
    """What a receipt does not tell: that nothing came after it. The list held against the log does."""
    house.rewrite(lambda lines: [*lines, line({"line_id": "L9", "title": "added", "room": "1", "used_at": str(DAY)})])
    house.close()
    assert house.outcome(5) == "proven"
    assert house.audit(house.rows())["outcome"] == "missing_play"


def test_a_day_closed_twice_is_seen_by_everybody(house: House) -> None:
    """The same day in two entries, or two days of one name: each has its name."""
    shutil.copytree(house.days, house.top / "again")
    house.close()
    (path,) = log_openings.files(house.top / "again")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    house.close(house.top / "again")
    assert house.outcome(1) == "day_closed_twice"
    assert house.audit(house.rows(), shared=True)["outcome"] == "proven"
    shutil.copytree(house.top / "again", house.days / "again")
    assert house.audit(house.rows())["outcome"] == "day_closed_twice"


def test_two_slips_that_cannot_both_be_true_need_no_log(house: House) -> None:
    """Two plays signed as one number of a day, and a day that was opened twice."""
    (path,) = log_openings.files(house.days)
    kept = path.read_bytes()
    path.write_bytes(b"".join(kept.splitlines(keepends=True)[:-1]))
    house.play("else")
    assert house.outcome(5, 6) == "split_view"
    path.unlink()
    house.play("again")
    assert house.outcome(1, 7) == "day_closed_twice"


def test_an_entry_that_was_swapped_in_a_copy_is_damage(house: House) -> None:
    """Tiles and checkpoint as they were, and another entry beside them: the entry is held against its tile."""
    house.close()
    (bundle,) = (path for path in (house.folder / "tile/entries").rglob("*") if path.is_file())
    bundle.write_bytes(bundle.read_bytes().replace(b"2026-11-22T10:00:00Z", b"2026-11-21T10:00:00Z"))
    assert house.outcome(1) == "damaged_tile"
    with pytest.raises(DamagedTile):
        house.audit(house.rows())


def test_a_receipt_of_another_log_is_named(tmp_path: Path, house: House) -> None:
    """Its slip speaks of another log; a slip in this log's name by a stranger's key is of an unknown key."""
    (tmp_path / "else").mkdir()
    other = House(tmp_path / "else", "stranger.example/log")
    other.play("望春風")
    house.close()
    house.receipts.append(other.receipts[0])
    assert house.outcome(6) == "receipt_of_another_log"
    (tmp_path / "same").mkdir()
    twin = House(tmp_path / "same")
    twin.play("望春風")
    house.receipts.append(twin.receipts[0])
    assert house.outcome(7) == "unknown_key"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("record", {"title": "else"}, "altered_record"),
        ("salt", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "altered_record"),
        ("opened", {"record": {}, "salt": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, "altered_record"),
    ],
)
def test_a_receipt_that_was_changed_holds_no_more(house: House, name: str, value: Any, said: str) -> None:
    """Another song, another salt, another day under the same slip."""
    house.close()
    house.receipts[0] = {**house.receipts[0], name: value}
    assert house.outcome(1) == said


def test_a_changed_slip_is_forged(house: House) -> None:
    """One digit of the running number."""
    house.close()
    slip = house.receipts[0]["slip"]
    house.receipts[0]["slip"] = slip.replace("\n2\n", "\n3\n")
    assert house.outcome(1) == "forged_signature"


def test_a_closed_day_takes_nothing_more(house: House) -> None:
    """Neither a play nor a second closing."""
    house.close()
    with pytest.raises(InputError, match="is closed"):
        house.play("late")
    with pytest.raises(InputError, match="no such day is open"):
        house.close()


def test_a_killed_closing_is_taken_up_and_not_repeated(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the entry came: the day has one entry all the same. Killed before: the day is open again."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("partita.jobs.log_append.enter_batches", "partita.jobs.log_days._finish"):
        with monkeypatch.context() as patched:
            patched.setattr(step, killed)
            with pytest.raises(KeyboardInterrupt):
                house.close()
    house.close()
    assert open_log(house.folder).size == 1
    assert house.outcome(1, 5) == "proven"


def test_a_play_that_a_crash_left_unfinished_is_dropped(house: House) -> None:
    """Its receipt was never given; the next play takes its number."""
    (path,) = log_openings.files(house.days)
    path.write_bytes(path.read_bytes() + b'{"record":{"title":"cut o')
    house.play("after")
    house.close()
    assert house.outcome(5, 6) == "proven"


def test_a_list_is_held_against_the_log(house: House) -> None:
    """Proven lines, an altered one with its column, a missing play and an extra line are told apart."""
    house.play(*SONGS, day=dt.date(2019, 1, 6))
    house.close()
    rows = house.rows()
    assert house.audit(rows)["outcome"] == "proven"
    rows[1]["title"] = "else"
    del rows[7]
    found = house.audit([*rows, {**rows[0], "line_id": "X1"}])
    assert found["counts"] == {"altered_play": 1, "extra_play": 1, "missing_play": 1, "proven": 8}
    assert found["outcome"] == "altered_play"
    assert [(each["outcome"], each["line_id"], each["columns"]) for each in found["wrong"]] == [
        ("altered_play", "L1", {"title": ["雨夜花", "else"]}), ("extra_play", "X1", {}), ("missing_play", "L7", {}),
    ]  # fmt: skip
    assert "雨夜花,else" in (house.top / "wrong.csv").read_text(encoding="utf-8-sig")


def test_columns_are_known_by_their_meaning_and_lines_without_ids_by_all_they_say(house: House) -> None:
    """The society's own headers do; a column that was never committed to is named as not proven."""
    house.close()
    rows = [{"曲名": row["title"], "包廂": "7", "點播次數": "1"} for row in house.rows()]
    found = house.audit(rows)
    assert found["outcome"] == "proven"
    assert (found["not_committed"], found["not_listed"]) == (["plays", "包廂"], ["line_id", "room", "used_at"])
    rows[0]["曲名"] = "else"
    assert house.audit(rows)["counts"] == {"extra_play": 1, "missing_play": 1, "proven": 4}


def test_days_that_are_not_opened_are_named(house: House) -> None:
    """A day left out of the openings, a day that is open still, plays whose openings are withheld."""
    house.play("x", venue="B2")
    assert house.audit(house.rows())["outcome"] == "day_not_closed"
    house.close()
    hidden = house.days / "B2"
    hidden.rename(house.top / "hidden")
    assert house.audit(house.rows()[:5])["outcome"] == "unopened_day"
    assert house.audit(house.rows()[:5], shared=True)["outcome"] == "proven"
    (path,) = log_openings.files(house.days)
    log.erase(path, place=3)
    found = house.audit([row for row in house.rows()[:5] if row["title"] != "四季紅"], shared=True)
    assert (found["outcome"], found["withheld"]) == ("withheld", 1)
    assert house.outcome(1, 2, 4, 5) == "proven"


def test_an_erased_play_leaves_the_day_as_it_was(house: House) -> None:
    """Erased before the day is closed: the count and every other receipt hold; the guest's own holds, too."""
    (path,) = log_openings.files(house.days)
    log.erase(path, house.receipts[1]["record"])
    house.play("after")
    house.close()
    assert "雨夜花" not in path.read_text()
    assert house.outcome(1, 2, 6) == "proven"


def test_a_file_of_plays_names_the_rows_that_are_none(tmp_path: Path, house: House) -> None:
    """A row without a date is set aside with its line; the receipts of the others are JSON lines."""
    (tmp_path / "p.csv").write_text("played_at,branch,title\n2019-02-01 20:00,B7,A\n2019-02-30,B7,B\n2019-02-01,B7\n")
    aside: list[InputError] = []
    plays = log_plays.of_file(tmp_path / "p.csv", log_plays.Columns(venue_column="branch"), aside)
    key = log_keys.beside(house.folder, ".key")
    done = log_plays.play(house.days, key, "", plays, tmp_path / "r.jsonl")
    assert (done["plays"], done["touched"]) == (1, [["B7", "2019-02-01"]])
    assert sorted(error.line for error in aside) == [3, 4]
    assert log_verify.verify(tmp_path / "r.jsonl", Asked(house.policy))["outcome"] == "signed"


@pytest.mark.parametrize("venue", ["../../x", "甲一店", "a/b", "..", "%", "A B"])
def test_a_venue_s_name_leads_nowhere_else(tmp_path: Path, venue: str) -> None:
    """Whatever a venue is called, its days lie in the folder of days, each venue's in one of its own."""
    place = log_days.place(tmp_path / "days", venue, DAY)
    assert place.resolve().parent.parent == (tmp_path / "days").resolve()
    assert place.parent != log_days.place(tmp_path / "days", venue.replace("/", "-"), DAY).parent or "/" not in venue


def test_a_key_of_a_venue_signs_for_its_log_alone(tmp_path: Path, house: House) -> None:
    """`ORIGIN/VENUE` may sign receipts and no checkpoint; another log's key may not sign."""
    venue = log_keys.make(tmp_path / "b1.key", f"{ORIGIN}/b1")
    log_plays.play(house.days, tmp_path / "b1.key", ORIGIN, log_plays.one("B1", "X", None, "2019-01-05", {}))
    with pytest.raises(WrongOrigin):
        log.sign(house.folder, tmp_path / "b1.key")
    house.receipts = list(log_days.play(Venue(house.days, ORIGIN, venue), [Play("B1", DAY, {"title": "Y"})]))
    house.close()
    path = tmp_path / "r.json"
    path.write_text(json.dumps(house.receipts[0]))
    both = Policy((house.signer.verifier, venue.verifier))
    assert log_verify.verify(path, Asked(both, house.folder))["outcome"] == "proven"
    assert log_verify.verify(path, Asked(house.policy, house.folder))["outcome"] == "unknown_key"
    log_keys.make(tmp_path / "x.key", "stranger.example/x")
    with pytest.raises(InputError, match="cannot sign for the log"):
        log_plays.play(house.days, tmp_path / "x.key", ORIGIN, [])
