"""Usage lists: what is read, what is set aside, and that nothing gets lost."""

# ruff: noqa: E501, DTZ001  local times, and samples stand as they stand in a list

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from partita import tables
from partita.errors import InputError
from partita.formats import usage


def codes(reading: usage.Reading) -> list[tuple[int, str, int]]:
    """Line, code and held plays of each problem."""
    found = reading.problems
    return list(zip(*(found.column(c).to_pylist() for c in ("line", "code", "plays")), strict=True))


def test_chinese_headers_are_understood(text):
    """A Taiwanese list is read: names by Chinese marks, year of the Republic, language, wide digits."""
    path = text(
        "歌名,演唱者,作曲,作詞,點播次數,點播時間,語別,編號\n"
        "望春風,純純、愛愛,鄧雨賢,李臨秋,１２,108/01/05,台語,7\n"
        '雨夜花,AC/DC,鄧雨賢,周添旺,"1,234",民國108年3月2日,閩南語,8\n'
    )
    reading = usage.read(path, name="ktv", licensee="op")
    first, second = reading.table.to_pylist()
    assert first["performers"] == ["純純", "愛愛"]
    assert first["writers"] == ["鄧雨賢", "李臨秋"]
    assert (first["plays"], first["language"], first["line_id"]) == (12, "nan", "7")
    assert first["used_at"] == dt.datetime(2019, 1, 5)
    assert (second["performers"], second["plays"]) == (["AC/DC"], 1234)
    assert second["used_at"] == dt.datetime(2019, 3, 2)
    assert reading.table.schema == tables.USAGE.schema
    assert reading.problems.num_rows == 0


@pytest.mark.parametrize(
    ("written", "plays"),
    [
        ("", 1),
        ("0", 0),
        ("3.0", 3),
        ("1,234", 1234),
        ("３", 3),
        ("+5", 5),
        ("-1", None),
        ("2.5", None),
        ("many", None),
        ("1,23", None),
    ],
)
def test_plays_are_whole_numbers(text, written, plays):
    """Plays are whole and not negative; what is not is set aside and holds back one play."""
    reading = usage.read(text(f"title;plays\nWaltz;{written}\nPolka;2\n"), name="u")
    if plays is None:
        assert codes(reading) == [(2, "usage.plays", 1)]
    else:
        assert reading.table.column("plays").to_pylist() == [plays, 2]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-01-05", (2019, 1, 5)),
        ("2019/1/5", (2019, 1, 5)),
        ("2019/1/5 下午 03:20:10", (2019, 1, 5, 15, 20, 10)),
        ("2019-01-05T14:03:00+08:00", (2019, 1, 5, 14, 3)),
        ("108/01/05", (2019, 1, 5)),
        ("民國38年12月31日", (1949, 12, 31)),
        ("1080105", (2019, 1, 5)),
        ("20190105", (2019, 1, 5)),
        ("43470.5", (2019, 1, 5, 12)),
        ("2019/13/05", None),
        ("05.01.19", None),
        ("yesterday", None),
        ("9999999999", None),
    ],
)
def test_dates(text, written, moment):
    """Dates are read in the forms that lists use; an ambiguous or impossible one sets the line aside."""
    reading = usage.read(text(f"title\tdate\nWaltz\t{written}\n", "list.tsv"), name="u")
    if moment is None:
        assert codes(reading) == [(2, "usage.used_at", 1)]
    else:
        assert reading.table.column("used_at").to_pylist() == [dt.datetime(*moment)]


def test_quarantined_rows_hold_back_their_plays(text):
    """A line without title holds back the plays that it reports, and every row is in the table or among the problems."""
    path = text(
        "line_id,title,artist,plays\n1,Waltz,A,3\n2,,B,5\n3,Polka,C,x\n1,March,D,7\n,Rondo,E,2\n4,too,many,1,2\n5,few\n"
    )
    reading = usage.read(path, name="u")
    assert codes(reading) == [
        (3, "usage.title", 5), (4, "usage.plays", 1), (5, "usage.line_id_twice", 7), (6, "usage.line_id", 2),
        (7, "row.columns", 1), (8, "row.columns", 1),
    ]  # fmt: skip
    assert (reading.notes.rows, reading.notes.quarantined, reading.table.num_rows) == (7, 6, 1)
    assert "line 2" in reading.problems.column("reason")[2].as_py()


def test_a_total_row_is_no_line(text):
    """The sum below a list is set aside and holds nothing back; a song called Total by somebody stays."""
    path = text("曲名,歌手,次數\n望春風,A,3\nTotal,B,4\n小計,,7\n雨夜花,C,5\n總計,,12\n")
    reading = usage.read(path, name="u")
    assert reading.table.column("plays").to_pylist() == [3, 4, 5]
    assert codes(reading) == [(4, "usage.total", 0), (6, "usage.total", 0)]


def test_wrong_codes_are_left_out(text):
    """A wrong ISWC or ISRC is a warning: the line is used without it, unless it has nothing else."""
    path = text("title,iswc,isrc\nA,T-034.524.680-1,TW-A47-19-00001\nB,T-034.524.680-2,nonsense\n,T-034.524.680-2,\n")
    reading = usage.read(path, name="u")
    assert reading.table.column("iswc").to_pylist() == ["T0345246801", None]
    assert reading.table.column("isrc").to_pylist() == ["TWA471900001", None]
    assert codes(reading) == [(3, "id.isrc", 0), (3, "id.iswc", 0), (4, "usage.title", 1)]


def test_line_numbers_are_the_files(text):
    """Rows above the header, blank rows and cells over several lines do not disturb the line numbers."""
    path = text('使用清單,,\n,,\n2019,,\n曲名,歌手,次數\n"望\n春風",A,1\n\n雨夜花,B,x\n')
    reading = usage.read(path, name="u")
    assert reading.notes.header_line == 4
    assert reading.table.column("line").to_pylist() == [5]
    assert reading.table.column("title").to_pylist() == ["望 春風"]
    assert codes(reading) == [(5, "text.controls", 0), (8, "usage.plays", 1)]
    assert reading.problems.column("value").to_pylist()[1] == "x"


def test_an_open_quotation_mark_swallows_nothing(text):
    """A quotation mark that is never closed costs at most its own line."""
    path = text('title,artist,plays\nWaltz,A,1\n"Heroes,B,2\nPolka,C,3\n"Rondo" (live),D,4\n"March, E,5\n')
    reading = usage.read(path, name="u")
    assert reading.table.column("title").to_pylist() == ["Waltz", '"Heroes', "Polka", '"Rondo" (live)', '"March']
    assert [code for _, code, _ in codes(reading)] == ["row.quotes"] * 3


def test_invisible_characters_go_and_formulas_stay_text(text):
    """NUL, direction marks and the like are removed with a warning; a cell like a formula stays as it is."""
    path = text("title,artist\nWa\0l\u202etz\u200b,=1+1\n@SUM(A1),-A\n")
    reading = usage.read(path, name="u")
    assert reading.table.column("title").to_pylist() == ["Waltz", "@SUM(A1)"]
    assert reading.table.column("performers").to_pylist() == [["=1+1"], ["-A"]]
    assert codes(reading) == [(2, "text.controls", 0)]


def test_a_very_long_cell_is_set_aside(text):
    """A cell of more than 2,000 characters sets its row aside."""
    reading = usage.read(text(f"title,artist\n{'x' * 2001},A\n{'x' * 2000},A\n"), name="u")
    assert codes(reading) == [(2, "row.too_long", 1)]
    assert reading.table.num_rows == 1


def test_numbers_that_are_no_ids_are_not_used(text):
    """A 編號 that repeats is no line id: rows are numbered from 0, with a warning; `id` is the list's word."""
    reading = usage.read(text("編號,曲名\n9,望春風\n9,雨夜花\n"), name="u")
    assert reading.table.column("line_id").to_pylist() == ["0", "1"]
    assert codes(reading) == [(3, "usage.line_id_unused", 0)]
    mapped = usage.read(text("編號,曲名\n9,望春風\n9,雨夜花\n"), name="u", columns={"line_id": "編號"})
    assert codes(mapped) == [(3, "usage.line_id_twice", 1)]


def test_a_mapping_wins_over_aliases(text):
    """`columns` decides; a header that the file does not have is an error that lists the file's headers."""
    path = text("Title,Real,hits\nwrong,Waltz,4\n")
    reading = usage.read(path, name="u", columns={"title": "real", "plays": "Hits"})
    assert reading.table.column("title").to_pylist() == ["Waltz"]
    assert reading.table.column("plays").to_pylist() == [4]
    assert reading.notes.columns == {"plays": "hits", "title": "Real"}
    with pytest.raises(InputError, match=r"'Name'.*'Title', 'Real', 'hits'"):
        usage.read(path, name="u", columns={"title": "Name"})
    with pytest.raises(InputError, match="no column of a usage file"):
        usage.read(path, name="u", columns={"colour": "Real"})


def test_headers_that_stand_twice(text):
    """Of two columns of one meaning the better name is used, with a warning; lists of names are joined."""
    reading = usage.read(text("Song,Title,Artist,Singer\nwrong,Waltz,A,B\n"), name="u")
    assert reading.table.column("title").to_pylist() == ["Waltz"]
    assert reading.table.column("performers").to_pylist() == [["A", "B"]]
    assert [code for _, code, _ in codes(reading)] == ["file.header_twice"]


def test_sheets(sheet):
    """The first sheet with a known header row is read and named; dates and numbers keep their meaning."""
    path = sheet(
        封面=[["使用清單"], ["2019"]],
        明細=[["公司"], [], ["歌曲名稱", "原唱", "點唱次數", "日期", "時長"],
              ["望春風", "純純", 3.0, dt.datetime(2019, 1, 5, 20, 30), "3:05"], ["雨夜花", "愛愛", "x", dt.date(2019, 1, 6), 200]],
    )  # fmt: skip
    reading = usage.read(path, name="u")
    assert (reading.notes.sheet, reading.notes.header_line, reading.notes.format) == ("明細", 3, "xlsx")
    line = reading.table.to_pylist()[0]
    assert (line["plays"], line["used_at"], line["seconds"]) == (3, dt.datetime(2019, 1, 5, 20, 30), 185)
    assert codes(reading) == [(0, "file.sheet", 0), (5, "usage.plays", 1)]
    with pytest.raises(InputError, match=r"no sheet is called 'x'; the workbook has '封面', '明細'"):
        usage.read(path, name="u", sheet="x")
    with pytest.raises(InputError, match="no header row"):
        usage.read(path, name="u", sheet="封面")


def test_parquet_types(tmp_path: Path):
    """Parquet columns keep their types: lists, unsigned and floating numbers, dates, dictionaries, nulls."""
    data = pa.table({
        "line": pa.array([5, 6, 7], pa.uint32()), "title": pa.array(["A", None, "C"], pa.large_string()).dictionary_encode(),
        "performers": pa.array([["x", " y "], None, []], pa.large_list(pa.string())), "plays": pa.array([2.0, 1.0, 1.5]),
        "date": pa.array([dt.date(2019, 1, 5)] * 3), "isrc": pa.nulls(3),
    })  # fmt: skip
    path = tmp_path / "list.parquet"
    pq.write_table(data, path)
    reading = usage.read(path, name="u")
    assert reading.table.select(["line_id", "performers", "plays"]).to_pylist() == [
        {"line_id": "5", "performers": ["x", "y"], "plays": 2}
    ]
    assert codes(reading) == [(2, "usage.title", 1), (3, "usage.plays", 1)]
    pq.write_table(data.set_column(3, "plays", pa.array([-1, None, 2**63], pa.decimal128(20, 0))), path)
    assert codes(usage.read(path, name="u"))[0] == (1, "usage.plays", 1)
    for kind in (pa.uint64(), pa.int8(), pa.int64()):
        pq.write_table(pa.table({"title": ["A", "B"], "plays": pa.array([100, None], kind)}), path)
        assert usage.read(path, name="u").table.column("plays").to_pylist() == [100, 1]


@pytest.mark.parametrize(
    ("file", "lines", "quarantined"),
    [
        ("hot100/hot100_weekly.parquet", 354_887, 0),
        ("radio/history.csv", 9_950, 0),
        ("bench_usage_100k.parquet", 99_999, 1),
    ],
)
def test_real_lists(shared: Path, file, lines, quarantined):
    """The real lists are read whole; what is set aside is counted."""
    reading = usage.read(shared / "data" / file, name="real")
    assert (reading.table.num_rows, reading.notes.quarantined) == (lines, quarantined)
    assert reading.notes.rows == lines + quarantined


def test_words_of_karaoke_lists_are_understood(text):
    """主唱, 點唱數, 日期民國, 作詞/作曲 and the one-character languages of song books are known."""
    path = text(
        "歌曲名稱;作詞/作曲;主唱;語別;點唱數;日期民國\n望春風;李臨秋/鄧雨賢;純純;台;12;1080105\n何日君再來;;;國;3;1080106\n"
    )
    reading = usage.read(path, name="ktv")
    first, second = reading.table.to_pylist()
    assert (first["writers"], first["performers"]) == (["李臨秋", "鄧雨賢"], ["純純"])
    assert (first["plays"], first["language"], first["used_at"]) == (12, "nan", dt.datetime(2019, 1, 5))
    assert second["language"] == "cmn"
    assert codes(reading) == []


def test_a_list_that_counts_no_plays_says_so(text):
    """Where no column is known to count plays and one is unused, each row is one play, with a warning that names it."""
    reading = usage.read(text("歌名,熱門指數\n望春風,12\n"), name="ktv")
    assert reading.table.column("plays").to_pylist() == [1]
    assert codes(reading) == [(1, "usage.plays_absent", 0)]
    assert "'熱門指數'" in reading.problems.column("reason")[0].as_py()
    assert codes(usage.read(text("歌名\n望春風\n"), name="ktv")) == []


def test_a_list_without_rows_says_so(text):
    """A header row alone is no error, and does not pass unsaid."""
    assert codes(usage.read(text("歌名,次數\n"), name="ktv")) == [(1, "file.no_rows", 0)]


def test_hidden_sheets_come_last(tmp_path):
    """Of two sheets with lists the visible one is read, and the other one is named."""
    book = openpyxl.Workbook()
    hidden, seen = book.worksheets[0], book.create_sheet("一月")
    hidden.sheet_state = "hidden"
    for page, title in ((hidden, "old"), (seen, "new")):
        for row in (["歌名", "次數"], [title, 3]):
            page.append(row)
    book.save(tmp_path / "book.xlsx")
    reading = usage.read(tmp_path / "book.xlsx", name="ktv")
    assert (reading.notes.sheet, reading.table.column("title").to_pylist()) == ("一月", ["new"])
    assert codes(reading) == [(0, "file.sheet", 0)]


def test_cells_without_a_value_are_counted(sheet):
    """Error cells and formulas whose result was not saved are read as empty, and one warning counts them."""
    reading = usage.read(
        sheet(log=[["歌名", "次數"], ["望春風", "=1+2"], ["雨夜花", "#N/A"], ["月夜愁", 4]]), name="ktv"
    )
    assert reading.table.column("plays").to_pylist() == [1, 1, 4]
    assert codes(reading) == [(0, "file.cells_lost", 0)]
    assert reading.problems.column("reason")[0].as_py().endswith(": 2 in the workbook")


def test_nameless_columns_at_the_end_may_be_left_out(text):
    """A header that ends in a delimiter does not set aside rows that do not."""
    reading = usage.read(text("歌名,次數,\n望春風,3,\n雨夜花,4\n月夜愁\n"), name="ktv")
    assert reading.table.column("plays").to_pylist() == [3, 4]
    assert codes(reading) == [(4, "row.columns", 1)]
