"""The dossier from files to pages: one set of figures for every party, pages that can be trusted, errors that help."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from partita import tables
from partita.errors import InputError
from partita.jobs import run
from partita.jobs.review import review
from partita.price import rates

SHARED_TABLES = ("coverage", "scenarios", "rates", "comparables", "recounts", "problems")
PAGES = ("dossier.html", "dossier.zh-Hant.html")
HOSTILE = "</title><script>alert(1)</script>\u202e"


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """A table of a run."""
    found: list[dict[str, Any]] = run.read_table(folder, tables.ALL[name]).to_pylist()
    return found


def test_every_party_gets_the_same_figures(runs: dict[str, Path]) -> None:
    """Who asks changes what the page puts first, and not one byte of a table or of the sheet."""
    for name in (*(f"{table}.parquet" for table in SHARED_TABLES), "rates.csv"):
        assert len({(folder / name).read_bytes() for folder in runs.values()}) == 1, name
    assert len({json.loads((folder / "run.json").read_text())["run_id"] for folder in runs.values()}) == 1
    assert len({(folder / "dossier.html").read_bytes() for folder in runs.values()}) == 3


def test_every_line_read_is_counted_or_left_out(runs: dict[str, Path]) -> None:
    """Songs and plays of the sample by fate, as one can count them by hand in its files."""
    found = {
        (r["rate"], r["operator"], r["fate"]): (r["lines"], r["plays"]) for r in rows(runs["authority"], "coverage")
    }
    assert found["reproduction", "Lantern", "foreign_language"] == (2, 2)
    assert found["play", "Lantern", "foreign_language"] == (2, 350)
    assert found["play", "Lantern", "quarantined"] == (1, 1)
    assert sum(lines for key, (lines, _) in found.items() if key[0] == "reproduction") == 23
    assert sum(plays for key, (_, plays) in found.items() if key[:2] == ("play", "Ferry")) == 1000


def test_a_work_of_two_societies_counts_in_full_or_by_share(runs: dict[str, Path]) -> None:
    """雨中の信 style: the work that North and South share counts once for each, or half for each."""
    scenarios = [r for r in rows(runs["authority"], "scenarios") if r["level"] == "pooled" and r["rate"] == "play"]
    base = {"foreign": "out", "ambiguous": "against", "unmatched": "in", "quarantined": "out", "matching": "identified"}
    parts = {
        (r["society"], r["counting"]): r["part"]
        for r in scenarios
        if all(r[name] == value for name, value in base.items())
    }
    assert parts["NORTH", "whole"] - parts["NORTH", "share"] == 25_000_000
    assert parts["SOUTH", "whole"] - parts["SOUTH", "share"] == 25_000_000


def test_measured_comparables_follow_each_partys_counts(runs: dict[str, Path]) -> None:
    """South's 5,000 scaled by the counts of this run, for each party, with the counts in the arithmetic."""
    found = {r["comparable_id"]: r for r in rows(runs["authority"], "comparables")}
    parts = {(r["party"], r["society"]): r["part"] for r in rows(runs["authority"], "rates")
             if r["level"] == "pooled" and r["rate"] == "play"}  # fmt: skip
    for party in rates.PARTIES:
        own, other = parts[party, "NORTH"], parts[party, "SOUTH"]
        assert found[f"south-by-play-rate@{party}"]["value_micro"] == 5_000_000_000 * own // other
    assert found["tw-ipca-108-xingzhusu-2:acma-by-play-rate"]["shown"] == "107"
    assert found["songs-against-songs"]["shown"] == "62.5"


def test_counts_are_set_against_each_other_and_against_this_run(runs: dict[str, Path]) -> None:
    """The licensee's 130 against the authority's 90 and against what each party would count here."""
    found = {r["second_party"]: r for r in rows(runs["authority"], "recounts") if r["operator"] == "Lantern"}
    assert (found["authority"]["difference"], found["authority"]["percent"]) == (40, "30.77")
    assert set(found) == {"authority", "partita/authority", "partita/society", "partita/licensee"}


def test_the_sheet_holds_every_rate_and_runs_nothing(runs: dict[str, Path]) -> None:
    """rates.csv repeats RATES row for row, in the order of the table."""
    with (runs["authority"] / "rates.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    table = rows(runs["authority"], "rates")
    assert [(r["party"], r["society"], r["part_millionths"], r["whole"]) for r in sheet] == [
        (r["party"], r["society"], str(r["part"]), str(r["whole"])) for r in table
    ]


class Seen(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        values = dict(attrs)
        self.tags.add(tag)
        self.links += [values[name] or "" for name in ("href", "src", "xlink:href", "action") if name in values]
        self.handlers += [name for name in values if name.startswith("on")]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""


@pytest.mark.parametrize("name", PAGES)
def test_pages_allow_no_script_and_no_network(runs: dict[str, Path], name: str) -> None:
    """A policy that forbids everything but inline style, no script, and links to files beside the page alone."""
    seen = Seen()
    seen.feed((runs["authority"] / name).read_text(encoding="utf-8"))
    assert seen.policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not seen.tags & {"script", "iframe", "object", "embed", "link", "base", "form", "img"}
    assert seen.handlers == []
    assert {link for link in seen.links if not (runs["authority"] / link).is_file()} == set()


@pytest.mark.parametrize("name", PAGES)
def test_pages_say_what_they_are(runs: dict[str, Path], name: str) -> None:
    """The page names its language, the case, its sources, and that it is no legal advice."""
    text = (runs["society"] / name).read_text(encoding="utf-8")
    assert f'lang="{"en" if name == "dossier.html" else "zh-Hant"}"' in text
    assert "108年度行著訴字第2號" in text
    assert "貳、三㈠1" in text
    assert "not legal advice" in text or "非法律意見" in text


def test_what_strangers_write_stays_text(job: Path) -> None:
    """Names, labels and sources that mean harm are shown, not obeyed."""
    text = (job / "review.toml").read_text(encoding="utf-8")
    evil = json.dumps(HOSTILE)
    text = text.replace('"Lantern Karaoke"', evil.replace("\\u202e", "")).replace(
        'source = "made up"', f"source = {evil}"
    )
    text = text.replace('en = "Society South"', 'en = "=cmd|x<img src=q onerror=alert(1)>"')
    (job / "review.toml").write_text(text, encoding="utf-8")
    review(job / "review.toml", job.parent / "run")
    for name in PAGES:
        seen = Seen()
        seen.feed((job.parent / "run" / name).read_text(encoding="utf-8"))
        assert not seen.tags & {"script", "img"}
        assert seen.handlers == []


def test_shuffled_files_give_the_same_tables_and_pages(job: Path, runs: dict[str, Path]) -> None:
    """The order of rows in repertoires, shares, catalogues and logs changes no figure."""
    for path in job.glob("*.csv"):
        head, *body = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *reversed(body)]) + "\n", encoding="utf-8")
    review(job / "review.toml", job.parent / "run")
    for table in ("coverage", "scenarios", "rates", "comparables", "recounts"):
        assert (job.parent / "run" / f"{table}.parquet").read_bytes() == (
            runs["authority"] / f"{table}.parquet"
        ).read_bytes()
    page, again = (
        (folder / "dossier.html").read_text(encoding="utf-8") for folder in (job.parent / "run", runs["authority"])
    )
    assert re.sub("<code>[0-9a-f]{64}</code>", "", page) == re.sub("<code>[0-9a-f]{64}</code>", "", again)


def test_run_again_elsewhere_is_the_same_to_the_byte(job: Path, runs: dict[str, Path]) -> None:
    """The same files in another folder give the same run, every byte of it, and replace an earlier one whole."""
    target = Path(shutil.copytree(runs["licensee"], job.parent / "run"))
    elsewhere = Path(shutil.copytree(job, job.parent / "elsewhere with spaces"))
    found = review(elsewhere / "review.toml", target).as_dict()
    assert [row["operator"] for row in found["rates"][-3:]] == ["(all together)"] * 3
    for path in sorted(runs["authority"].iterdir()):
        assert (target / path.name).read_bytes() == path.read_bytes(), path.name


def edit(old: str, new: str) -> Callable[[Path], None]:
    """Replaces text in the review file."""

    def change(job: Path) -> None:
        path = job / "review.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def binary(job: Path) -> None:
    """Puts an executable where a play log should be."""
    (job / "lantern-plays.csv").write_bytes(b"\x7fELF\x00\x01\x02" * 999)


MISTAKES: list[tuple[Callable[[Path], None], str]] = [
    (edit('party = "authority"', 'party = "judge"'), "party"),
    (edit('society = "NORTH"   ', 'sosiety = "NORTH"   '), "society"),
    (edit('id = "Ferry"', 'id = "Lantern"'), "Lantern stands twice"),
    (edit('catalogue = "lantern-catalogue.csv"', 'catalogue = "none.csv"'), "none.csv"),
    (edit('catalogue = "lantern-catalogue.csv"', 'catalogue = "https://example.org/x.csv"'), "not a path"),
    (edit('catalogue = "lantern-catalogue.csv"', "catalogue = []"), "catalogue"),
    (edit("tw-ipca-108-xingzhusu-2", "../../../etc/passwd"), "case"),
    (edit("[[operator]]", "[[operator"), "TOML"),
    (edit('quarantined = "out"', 'quarantined = "perhaps"'), "quarantined"),
    (edit("plays = 130", "plays = -1"), "plays"),
    (edit("value = 5000", 'value = "many"'), "exact number"),
    (edit('rate = "play"', 'rate = "play"\noperator = "Nobody"'), "Nobody"),
    (binary, "lantern-plays.csv"),
]


@pytest.mark.parametrize(("spoil", "said"), MISTAKES)
def test_a_mistake_is_one_line_that_names_it_and_writes_nothing(
    job: Path, spoil: Callable[[Path], None], said: str
) -> None:
    """A wrong value, key, file or case ends in one line, and no run folder is left behind."""
    spoil(job)
    with pytest.raises(InputError, match=re.escape(said)) as error:
        review(job / "review.toml", job.parent / "run")
    assert "\n" not in str(error.value)
    assert [path.name for path in job.parent.iterdir()] == ["job"]


def test_what_was_not_counted_is_said(job: Path) -> None:
    """A society without plays gives a remark in place of a comparable; an operator without plays has no rate."""
    edit('other = "SOUTH"\nrate = "play"', 'other = "WEST"\nrate = "play"')(job)
    (job / "lantern-plays.csv").write_text("歌名,點播次數\n港邊的燈,many\n", encoding="utf-8")
    review(job / "review.toml", job.parent / "run")
    problems = [r for r in rows(job.parent / "run", "problems") if r["code"] == "review.measured"]
    assert [r["column"] for r in problems] == [f"south-by-play-rate@{party}" for party in sorted(rates.PARTIES)]
    found = rows(job.parent / "run", "rates")
    lantern = [r for r in found if (r["operator"], r["rate"], r["party"]) == ("Lantern", "play", "authority")]
    assert {r["rate_ppm"] for r in lantern} == {None}
    assert "Lantern Karaoke" in (job.parent / "run" / "dossier.html").read_text(encoding="utf-8")


def test_the_run_folder_lists_its_files(runs: dict[str, Path]) -> None:
    """run.json names each file with its checksum, each input with its own, and each party's assumptions."""
    folder = runs["authority"]
    record = run.read_json(folder)
    assert set(record["files"]) == {path.name for path in folder.iterdir()} - {"run.json"}
    assert all(record["files"][name] == run.digest(folder / name) for name in record["files"])
    assert record["policy"]["assumptions"]["licensee"]["quarantined"] == "out"
    assert {note["file"] for note in record["inputs"]} >= {"north.csv", "ferry-plays-2.csv"}
    assert pq.read_schema(folder / "rates.parquet").names == tables.RATES.schema.names


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_load_quietly_and_fit(browser: Any, runs: dict[str, Path], width: int) -> None:
    """In a real browser: no message, no request but the page itself, nothing wider than the window."""
    for name in PAGES:
        page = browser.new_page(viewport={"width": width, "height": 900})
        errors, requests = [], []
        page.on("console", lambda message, errors=errors: errors.append(message.text))
        page.on("request", lambda request, requests=requests: requests.append(request.url))
        address = (runs["authority"] / name).as_uri()
        page.goto(address)
        assert errors == []
        assert requests == [address]
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.close()
