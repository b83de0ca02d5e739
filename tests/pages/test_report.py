"""The report, the Art. 38 table and the review queue: what they say is what the books hold."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import made
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from partita import distribute, money, tables
from partita.formats import pages
from partita.formats.pages import session, text, totals


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a CSV below its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def sha(folder: Path) -> dict[str, str]:
    """What every file of a folder is."""
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def test_the_totals_are_those_of_the_books(run: pages.RunView) -> None:
    """Collected is the sum of the pools, and everything in it is accounted for."""
    with session.opened(run) as duck:
        sums = totals.of(run, duck)
    assert sums.collected_micro == pc.sum(run.pools.column("amount_micro")).as_py()
    assert sums.difference_micro == 0


def test_outcomes_count_every_line_and_every_unit_of_money(folder: Path, run: pages.RunView) -> None:
    """The total row says how many lines were read, set-aside rows included, and all the money collected."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    bad = {(r["file"], r["line"]) for r in run.problems.to_pylist() if r["plays"] > 0}
    foot = re.search(r'id="outcomes".*?<tfoot>(.*?)</tfoot>', page, re.DOTALL)
    assert foot
    assert f"{run.usage.num_rows + len(bad):,}" in foot[1]
    assert money.show(pc.sum(run.pools.column("amount_micro")).as_py(), "TWD").removeprefix("TWD ") in foot[1]


def test_books_that_do_not_balance_write_nothing(tmp_path: Path, run: pages.RunView) -> None:
    """A page about money that is not all there would be a lie: nothing is written."""
    broken = replace(run, suspense=run.suspense.slice(1))
    with pytest.raises(pages.Unbalanced, match="differ by"):
        pages.write(tmp_path, broken)
    assert list(tmp_path.iterdir()) == []


def test_the_same_run_gives_the_same_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    """Pages of shuffled tables are the same files, byte for byte."""
    run = made.run(works=25, lines=400)
    dice = random.Random(1)  # noqa: S311
    shuffled = {}
    for name in (
        "usage",
        "matches",
        "repertoire",
        "pools",
        "allocations",
        "suspense",
        "payouts",
        "journal",
        "problems",
    ):
        data = getattr(run, name)
        order = list(range(data.num_rows))
        dice.shuffle(order)
        shuffled[name] = data.take(pa.array(order, pa.int64()))
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    pages.write(one, run)
    pages.write(two, replace(run, **shuffled))
    assert sha(one) == sha(two)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder that has pages already is left alone."""
    run = made.run(works=5, lines=20)
    pages.write(tmp_path, run)
    before = sha(tmp_path)
    with pytest.raises(FileExistsError):
        pages.write(tmp_path, run)
    assert sha(tmp_path) == before


def test_a_run_without_anything_has_a_report(tmp_path: Path) -> None:
    """No usage, no works, one pool: all of it waits, and the page says so."""
    empty = {t.name: t.empty() for t in tables.ALL.values() if t.name != "licences"}
    pools = made.run(works=1, lines=1).pools.slice(0, 1)
    policy = distribute.DistributePolicy()
    books = distribute.distribute(
        pools, empty["usage"], empty["matches"], empty["shares"], policy, charges=empty["charges"],
        problems=empty["problems"],
    )  # fmt: skip
    view = replace(
        made.run(works=1, lines=1), **{name: empty[name] for name in ("usage", "matches", "repertoire", "problems")},
        pools=pools, allocations=books.allocations, suspense=books.suspense, payouts=books.payouts,
        journal=books.journal, files=(),
    )  # fmt: skip
    pages.write(tmp_path, view)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No usage reported" in page
    assert "Nothing waits for a decision" in page


def test_an_adjusting_run_shows_differences(tmp_path: Path) -> None:
    """A run that adjusts an earlier one balances by what it changes, not by what the pools hold."""
    first = made.run(works=20, lines=200)
    earlier = distribute.Books(
        allocations=first.allocations, suspense=first.suspense, payouts=first.payouts, journal=first.journal
    )
    matches = first.matches.to_pylist()
    late = next(r for r in matches if r["outcome"] == "unmatched")
    late.update(outcome="matched", work_id="W00003")
    corrected = pa.Table.from_pylist(matches, schema=tables.MATCHES.schema)
    policy = distribute.DistributePolicy(fees=made.FEES, unit_micro={"TWD": 1_000_000})
    books = distribute.distribute(
        first.pools, first.usage, corrected, first.shares, policy, charges=first.charges, problems=first.problems,
        previous=earlier,
    )  # fmt: skip
    view = replace(
        first, matches=corrected, allocations=books.allocations, suspense=books.suspense, payouts=books.payouts,
        journal=books.journal, adjusts=first.run_id, run_id="b" * 12,
    )  # fmt: skip
    pages.write(tmp_path, view)
    assert first.run_id in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("society", list(made.SOCIETIES))
def test_the_six_items_add_up_to_the_books(folder: Path, run: pages.RunView, society: str) -> None:
    """(4) = (2) - (3), the sum of (6) is what the payouts net, and (1) names every work of every rightholder."""
    name = f"{pages.safe_name(made.SOCIETIES[society]['en'], society)}.csv"
    found = rows_of(folder / "art38" / name)
    sums: dict[str, Decimal] = {}
    for row in found:
        if row[13]:
            sums[row[0]] = sums.get(row[0], Decimal(0)) + Decimal(row[13])
    assert sums["2"] == sums["2 總額"]
    assert sums["3"] == sums["3 總額"]
    assert sums["6"] == sums["6 總額"]
    assert sums["4 可供分配"] == sums["2 總額"] - sums["3 總額"]
    paid = [r for r in run.payouts.to_pylist() if r["society"] == society]
    net = sum(r["gross_micro"] - r["fee_micro"] - r["fund_micro"] for r in paid)
    assert sums["6"] * 1_000_000 == net
    assert sums["3"] * 1_000_000 == sum(r["fee_micro"] for r in paid)
    assert {r[1] for r in found if r[0] == "1"} == {r["party_id"] for r in paid if r["gross_micro"]}


def test_a_party_of_two_societies_is_in_both_tables(tmp_path: Path) -> None:
    """A publisher with shares in two societies stands in each with its part, and the fees still add up."""
    run = made.run(works=20, lines=300)
    shares = [
        {**row, "party_id": "PUB", "party_name": "Publisher (fictional)"} if row["role"] == "E" else row
        for row in run.shares.to_pylist()
    ]
    table = pa.Table.from_pylist(shares, schema=tables.SHARES.schema)
    books = made.booked(run.pools, run.usage, run.matches, table, run.problems)
    view = replace(run, shares=table, allocations=books.allocations, suspense=books.suspense, payouts=books.payouts,
                   journal=books.journal)  # fmt: skip
    pages.write(tmp_path, view)
    for society, names in made.SOCIETIES.items():
        found = rows_of(tmp_path / "art38" / f"{pages.safe_name(names['en'], society)}.csv")
        own = [r for r in run.journal.to_pylist() if r["account"] == "fee" and r["party_id"] == society]
        assert own
        assert "PUB" in {row[1] for row in found if row[0] == "6"}
        gross = sum(Decimal(row[13]) for row in found if row[0] == "1")
        fee = next(Decimal(row[13]) for row in found if row[0] == "3 總額")
        net = next(Decimal(row[13]) for row in found if row[0] == "6 總額")
        payouts = [r for r in books.payouts.to_pylist() if r["society"] == society]
        fund = sum(r["fund_micro"] for r in payouts)
        assert (gross - fee - net) * 1_000_000 == fund
        one = next(r for r in payouts if r["party_id"] == "PUB")
        own = one["gross_micro"] - one["fee_micro"] - one["fund_micro"]
        assert [Decimal(r[13]) * 1_000_000 for r in found if r[:2] == ["6", "PUB"]] == [own]
    statements = json.loads((tmp_path / "statements/statements.json").read_text(encoding="utf-8"))
    assert {s["payee"]["society"] for s in statements if s["payee"]["party_id"] == "PUB"} == set(made.SOCIETIES)
    assert len({s["reference"] for s in statements}) == len(statements)


def test_the_queue_has_every_waiting_line_and_its_money(folder: Path, run: pages.RunView) -> None:
    """Lines, plays and money of the queue are those of the ambiguous and unmatched lines; most money comes first."""
    found = rows_of(folder / "review_queue.csv")
    waiting = {r["line_id"] for r in run.matches.to_pylist() if r["outcome"] in ("ambiguous", "unmatched")}
    assert sum(int(r[7]) for r in found) == len(waiting)
    held = sum(r["amount_micro"] for r in run.suspense.to_pylist() if r["reason"] in ("ambiguous", "unmatched"))
    amounts = [Decimal(r[9]) for r in found]
    assert sum(amounts) * 1_000_000 == held
    assert amounts == sorted(amounts, reverse=True)
    assert all(r[15] for r in found if r[2] == "ambiguous")


def test_hostile_titles_are_text_on_every_page(folder: Path) -> None:
    """A tag in a title is shown, not obeyed; in a sheet a formula is text."""
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>", "", page, flags=re.DOTALL)
    assert "'=cmd|' /C calc'!A0" in (folder / "review_queue.csv").read_text(encoding="utf-8-sig")


def test_every_page_forbids_the_network_and_scripts(folder: Path) -> None:
    """The policy stands in each page, and no page names anything outside its folder but the law's address."""
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        for target in re.findall(r'(?:href|src)="([^"]*)"', page):
            assert "://" not in target
            if not target.startswith("#"):
                assert (path.parent / target.replace("%20", " ")).exists() or "%" in target, (path.name, target)


def test_both_languages_have_the_same_texts() -> None:
    """No text is missing in a language, and the same names are filled in."""
    english, chinese = text.words("en"), text.words("zh-Hant")
    assert english.keys() == chinese.keys()
    for key, value in english.items():
        assert set(re.findall(r"\{\w+\}", value)) == set(re.findall(r"\{\w+\}", chinese[key])), key


def test_every_text_is_used() -> None:
    """A text that no page shows is deleted with the page that showed it."""
    folder = Path(pages.__file__).parent
    code = "".join(p.read_text(encoding="utf-8") for p in [*folder.glob("*.py"), *folder.glob("templates/*.html")])
    kinds = ("outcome_", "reason_", "severity_", "role_", "key_", "step_", "said_", "phrase_", "answer_", "clearance_",
             "making_")  # fmt: skip
    unused = [k for k in text.words("en") if not k.startswith(kinds) and not re.search(rf"\b{k}\b", code)]
    assert unused == []


def test_an_unknown_language_is_refused(tmp_path: Path, run: pages.RunView) -> None:
    """A language without texts is named, and nothing is written."""
    with pytest.raises(ValueError, match="'fr'"):
        pages.write(tmp_path, run, languages=("fr",))
    assert list(tmp_path.iterdir()) == []
