"""Repertoires and shares: rows of one work become one work, shares are exact."""

# ruff: noqa: E501  samples stand as they stand in a list

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest

from partita import tables
from partita.formats import repertoire, shares


def test_rows_of_one_song_become_one_work(text):
    """A list of one row per writer gives one work with several writers, its id the same whatever the order."""
    rows = ["Waltz,Orchestra A,Ada", "WALTZ,orchestra  a,Bea", "Waltz,Orchestra B,Cyd", "Polka,Orchestra A,Ada"]
    seen = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)  # noqa: S311  a fixed order
        reading = repertoire.read(text("title,artist_name,writer\n" + "\n".join(rows) + "\n"), name="r", society="S")
        seen.append(reading.table.to_pylist())
    assert seen[0] == seen[1] == seen[2]
    found = {(row["title"], *row["performers"]): row["writers"] for row in seen[0]}
    assert found["Waltz", "Orchestra B"] == ["Cyd"]
    assert ["Ada", "Bea"] in found.values()
    assert len({row["work_id"] for row in seen[0]}) == 3
    assert reading.table.schema == tables.REPERTOIRE.schema


def test_one_number_with_two_titles(text):
    """Rows that give one number two titles become one work with an alternative title, and a warning."""
    path = text(
        "作品編號,曲名,又名,作詞,作曲\n7,望春風,,李臨秋,鄧雨賢\n7,望春風,Bāng Chhun-hong；春風,李臨秋,鄧雨賢\n7,雨夜花,,周添旺,鄧雨賢\n"
    )
    reading = repertoire.read(path, name="r", society="S")
    row = reading.table.to_pylist()[0]
    assert (row["work_id"], row["title"]) == ("7", "望春風")
    assert row["alt_titles"] == ["Bāng Chhun-hong", "春風", "雨夜花"]
    assert reading.problems.column("code").to_pylist() == ["repertoire.titles_differ"]
    assert reading.problems.column("line").to_pylist() == [4]


def test_roles_are_kept_for_the_split_table(text):
    """Composer and lyricist columns give shares without parts per million; a work without roles gets equal parts."""
    path = text("work_id,title,composer,lyricist,writers\n1,望春風,鄧雨賢,李臨秋,\n2,Waltz,,,Ada / Bea / Unknown\n")
    reading = repertoire.read(path, name="r", society="S")
    found = {(r["work_id"], r["party_name"]): (r["role"], r["share_ppm"]) for r in reading.shares.to_pylist()}
    assert found == {
        ("1", "鄧雨賢"): ("C", 0), ("1", "李臨秋"): ("A", 0), ("2", "Ada"): ("W", 333_334), ("2", "Bea"): ("W", 333_333),
    }  # fmt: skip
    assert reading.shares.schema == tables.SHARES.schema
    assert reading.table.column("writers").to_pylist() == [["鄧雨賢", "李臨秋"], ["Ada", "Bea", "Unknown"]]
    assert repertoire.read(text("work_id,title,writers\n1,A,B\n"), name="r").shares is None


def test_equal_parts_sum_to_the_whole():
    """Equal parts sum to 1,000,000; the spelling of a name does not make a second party."""
    row = {"work_id": "1", "title": "A", "alt_titles": [], "writers": ["Ada", "ADA", "Bea", "Cyd"], "performers": [],
           "iswc": None, "isrc": [], "language": None, "society": ""}  # fmt: skip
    found = shares.equal(pa.Table.from_pylist([row], schema=tables.REPERTOIRE.schema))
    assert found.column("share_ppm").to_pylist() == [333_334, 333_333, 333_333]
    assert shares.equal(tables.REPERTOIRE.empty()).num_rows == 0


@pytest.mark.parametrize(
    ("header", "written", "ppm"),
    [
        ("share", ["1/3", "1/3", "1/3"], [333_334, 333_333, 333_333]),
        ("share", ["33.33", "33.33", "33.34"], [333_300, 333_300, 333_400]),
        ("share", ["33.33 %", "33.33%", "33.34％"], [333_300, 333_300, 333_400]),
        ("share", ["0.5", "0.25", "0.25"], [500_000, 250_000, 250_000]),
        ("比例", ["50", "25", "25"], [500_000, 250_000, 250_000]),
        ("share (%)", ["50", "25", "25"], [500_000, 250_000, 250_000]),
        ("share_ppm", ["500000", "250000", "250000"], [500_000, 250_000, 250_000]),
        ("share", ["1/7", "2/7", "4/7"], [142_857, 285_714, 571_429]),
        ("share", ["1/7", "2/7", "3/7"], [142_857, 285_714, 428_571]),
    ],
)
def test_shares_are_exact(text, header, written, ppm):
    """Percent, fractions, parts of one and parts per million; exact wholes stay whole, others are rounded down."""
    body = "".join(f"1,{party},C,{share}\n" for party, share in zip("ABC", written, strict=True))
    reading = shares.read(text(f"work_id,party_id,role,{header}\n{body}"), name="s", society="S")
    assert reading.table.column("share_ppm").to_pylist() == ppm
    assert reading.table.schema == tables.SHARES.schema
    assert set(reading.table.column("society").to_pylist()) == {"S"}


def test_bad_shares_are_set_aside(text):
    """A negative share, one above the whole, text, a huge number or a missing party or work: the row is set aside."""
    path = text(
        "作品編號,姓名,身分,權利比例\n1,甲,作曲,50\n1,乙,作詞,-1\n1,丙,詞,100.01\n1,丁,曲,much\n1,戊,曲,1e30\n1,,曲,10\n,己,曲,10\n1,庚,?,10\n1,辛,曲,\n"
    )
    reading = shares.read(path, name="s")
    assert [r["role"] for r in reading.table.to_pylist()] == ["W", "C"]
    assert reading.problems.column("code").to_pylist() == [
        "shares.share", "shares.share", "shares.share", "shares.share", "shares.party", "shares.work_id", "shares.role",
        "shares.share",
    ]  # fmt: skip


def test_real_songs_with_their_writers(shared: Path):
    """The real title-by-writer list gives 3,075 songs; nothing is set aside."""
    reading = repertoire.read(shared / "data/songwriters/writerKey.csv", name="real")
    assert (reading.notes.rows, reading.table.num_rows, reading.notes.quarantined) == (8_048, 3_075, 0)
    assert len(set(reading.table.column("work_id").to_pylist())) == 3_075


def test_the_large_repertoire(shared: Path):
    """151,066 works are read; two without a title are set aside."""
    reading = repertoire.read(shared / "data/bench_repertoire.parquet", name="real")
    assert (reading.table.num_rows, reading.notes.quarantined) == (151_064, 2)
