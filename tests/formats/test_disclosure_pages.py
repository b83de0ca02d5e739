"""The files of a disclosure: escaped everywhere, the same in both languages, one safe folder for each rightsholder."""

from __future__ import annotations

import csv
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).parents[1] / "prove" / "disclosure"))
import made_training as made

from partita.errors import InputError
from partita.formats import disclosure_annex, disclosure_file, disclosure_page, disclosure_spread
from partita.formats.disclosure_words import LANGUAGES, label, words
from partita.prove import disclosure

HARM = "<script>alert(1)</script> | # [x](javascript:1) `a` \u202e =cmd"
ANSWERS = f"""
general = {{languages = {json.dumps(HARM)}, other = {json.dumps(HARM)}, continuous = true}}
content.text.types = {json.dumps(HARM)}
content.audio.types = "sound"
public.others = {json.dumps(HARM)}
private = {{used = true, known = ["a`|b"], description = "d", modalities = ["text"]}}
crawled = {{purposes = {json.dumps(HARM)}, behaviour = {json.dumps("one" + chr(92) + "n# two")}, description = "x"}}
user = {{services = true, description = "s", modalities = ["text"]}}
synthetic = {{used = true, models = ["m"], other_models = "o", modalities = ["text"]}}
other = {{used = true, description = {json.dumps(HARM)}}}
reservations = {{signatory = false, measures = {json.dumps(HARM)}, kept_out = [{{carrier = "<b>", items = 3}}]}}
""".replace("\\u202e", "")
ITEMS = made.run(
    ({"origin": "public_dataset", "dataset": HARM, "tokens": 9}, {}),
    (
        {"url": "https://a.example/1", "domain": "<i>a.example", "crawler": HARM},
        {"answer": "refused", "carrier": "robots"},
    ),
    ({"modality": "audio", "milliseconds": 5, "language": "<x>"}, {"outcome": "matched", "work_id": "W"}),
    (
        {"modality": ""},
        {"outcome": "matched", "work_id": "W", "claim": "covers", "answer": "refused", "code": "reserved"},
    ),
)
WORKS = made.works({"work_id": "W", "title": HARM, "isrc": ["=1+1"], "society": "A/../B"})
SHARES = made.shares({"work_id": "W", "party_id": "P", "party_name": HARM, "society": "A/../B"})


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    """A summary with harmful texts in every place, and a version before it."""
    first = made.summary(made.run(({"tokens": 1}, {})))
    return made.summary(ITEMS, ANSWERS, previous=first, datasets=made.datasets({"dataset": HARM, "title": HARM}))


@pytest.fixture(scope="module")
def annex() -> dict[str, Any]:
    """An annex whose holder, title and names mean harm."""
    tables = {"items": ITEMS[0], "findings": ITEMS[1], "works": WORKS, "shares": SHARES}
    (one,) = disclosure.annexes(tables, made.PROVIDER, made.TRAINED, disclosure.Terms(), "2026-07-01")
    return one.data


class Tags(HTMLParser):
    """The elements of a page, and how many stand open at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element; void ones do not stay open."""
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.seen.add(tag)
        if tag not in {"meta", "br", "link", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end closes what was opened last."""
        assert self.open.pop() == tag


def tags(page: str) -> Tags:
    """The page, parsed whole."""
    found = Tags()
    found.feed(page)
    assert found.open == []
    return found


@pytest.mark.parametrize("name", [disclosure_file.SUMMARY, disclosure_file.ANNEX])
def test_the_schemas_are_schemas(name: str) -> None:
    """Each schema that is shipped is one by draft 2020-12, and refuses what is not of its form."""
    Draft202012Validator.check_schema(disclosure_file.schema(name))
    assert disclosure_file.faults({}, name)
    assert disclosure_file.faults([], name)


def test_the_words_are_there_in_both_languages() -> None:
    """No text is missing or empty, and both languages fill in the same fields."""
    english, chinese = (words(tag) for tag in LANGUAGES)
    assert set(english) == set(chinese)
    assert all(english.values())
    for key, text in english.items():
        assert re.findall(r"{\w+}", text) == [] or sorted(re.findall(r"{\w+}", text)) == sorted(
            re.findall(r"{\w+}", chinese[key])
        )


def test_no_text_of_a_stranger_becomes_markup(summary: dict[str, Any], annex: dict[str, Any]) -> None:
    """Every page is whole, has no script, and asks for nothing from anywhere."""
    spread = disclosure.spread(*ITEMS, WORKS, SHARES, made.MODEL).to_pylist()
    head = disclosure_spread.Head({"en": HARM}, HARM, made.MODEL, "2026-07-01")
    for language in LANGUAGES:
        pages = [
            disclosure_page.html(summary, language),
            disclosure_annex.html(annex, language),
            disclosure_spread.html(spread, head, language),
        ]
        for page in pages:
            assert not tags(page).seen & {"script", "i", "x", "img", "iframe", "object", "link"}
            assert "default-src 'none'" in page


def test_no_text_of_a_stranger_becomes_markdown(summary: dict[str, Any]) -> None:
    """No raw HTML, no link and no heading comes from an answer; each row of a table keeps its cells."""
    text = disclosure_page.markdown(summary, "en")
    assert not re.search(r"(?<!\\)<[a-z/]", text)
    assert "](javascript" not in text.replace("\\]", "")
    assert "\n# two" not in text
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_both_languages_show_the_same_fields(summary: dict[str, Any]) -> None:
    """As many headings, rows and answers in Chinese as in English."""
    counts = []
    for language in LANGUAGES:
        page = disclosure_page.html(summary, language)
        counts.append([page.count(mark) for mark in ("<h2", "<h3", "<h4", "<dt>", "<tr", "☒", "☐")])
    assert counts[0] == counts[1]


def test_every_open_point_has_words(summary: dict[str, Any]) -> None:
    """Each field that can be missing is named by its section and a word, in both languages."""
    empty = made.summary(made.run(({"origin": ""}, {}), ({"modality": "other", "origin": "user"}, {})))
    for gap in [*summary["missing"], *empty["missing"]]:
        for language in LANGUAGES:
            t = words(language)
            assert t[f"code_{gap['code']}"]
            assert gap["field"] == "items" or re.match(r"\d(\.\d)+ \S", label(gap["field"], t)), gap
            assert gap["field"] == "items" or gap["field"] not in label(gap["field"], t)


def test_every_change_has_words(summary: dict[str, Any]) -> None:
    """So does each field that changed."""
    assert summary["changes"]
    for change in summary["changes"]:
        assert change["field"] not in label(change["field"], words("zh-Hant")), change


def test_files_are_written_once_and_json_is_read_back(summary: dict[str, Any], tmp_path: Path) -> None:
    """What was written is what is read; a second writing does not replace it."""
    files = disclosure_page.write(tmp_path, summary)
    assert sorted(path.name for path in files) == [
        "summary.html", "summary.json", "summary.md", "summary.zh-Hant.html", "summary.zh-Hant.md",
    ]  # fmt: skip
    assert disclosure_file.read_summary(tmp_path / "summary.json") == summary
    with pytest.raises(FileExistsError):
        disclosure_page.write(tmp_path, summary)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"schema": 1e999}'])
def test_what_is_no_summary_is_refused_in_one_line(content: bytes, tmp_path: Path) -> None:
    """Broken, foreign and deeply nested files are named with the mend."""
    path = tmp_path / "s.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        disclosure_file.read_summary(path)
    assert "s.json" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_annex_s_sheet_runs_nothing_and_has_a_line_for_each_use(annex: dict[str, Any], tmp_path: Path) -> None:
    """Cells that a spreadsheet would run are made harmless; the folder's name is safe."""
    folder = disclosure_annex.write(tmp_path, annex)
    assert folder.parent == tmp_path
    assert {path.name for path in folder.iterdir()} == {"annex.json", "annex.csv", "annex.html", "annex.zh-Hant.html"}
    with (folder / "annex.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert tuple(rows[0]) == disclosure_annex.CSV_HEADER
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_the_index_tells_totals_and_nothing_else(annex: dict[str, Any], tmp_path: Path) -> None:
    """Names, works and items; no title, no source, no claim."""
    disclosure_annex.write_index(tmp_path, [annex])
    found = json.loads((tmp_path / "annexes.json").read_text(encoding="utf-8"))
    assert found["annexes"] == [{"holder": annex["holder"], "works": 1, "items": 2}]
    assert "alert" not in (tmp_path / "annexes.json").read_text(encoding="utf-8")


@given(st.text(max_size=80), st.text(max_size=80))
def test_names_of_folders_are_safe_and_never_shared(one: str, other: str) -> None:
    """Letters, digits and hyphens, none too long, and two holders never in one folder, not even by case."""
    first, second = (disclosure_annex.safe_name("society", name) for name in (one, other))
    assert re.fullmatch(r"society-[a-z0-9_-]{1,80}", first)
    assert (first == second) == (one == other)


def test_the_spread_s_sheet_adds_up(tmp_path: Path) -> None:
    """Each dimension's lines have all items together."""
    spread = disclosure.spread(*ITEMS, WORKS, SHARES, made.MODEL)
    disclosure_spread.write(tmp_path, spread, disclosure_spread.Head({"en": "P"}, "M", made.MODEL, "2026-07-01"))
    with (tmp_path / "spread.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for dimension in disclosure_spread.DIMENSIONS:
        assert sum(int(row["items"]) for row in rows if row["dimension"] == dimension) == 4
