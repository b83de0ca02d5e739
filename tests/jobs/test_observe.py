"""Observing: saved and live sites into dated observations, and into the registry, where they are decided on."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from partita import clear
from partita.errors import InputError
from partita.jobs import observe
from partita.registry import lookup
from partita.registry.store import open_store
from partita.tables import rights

SITE = "https://example.org"
FIRST = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def quiet(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches, of which nothing is shown."""


@dataclass
class Desk:
    """A saved site, and a registry beside it."""

    folder: Path

    def save(self, **files: str | bytes) -> None:
        """Writes files of the site; `__` stands for a slash, `_` for a full stop."""
        for name, content in files.items():
            path = self.folder / "site" / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def seen(self, at: dt.datetime = FIRST, origin: str = SITE) -> observe.Seen:
        """The site as it is observed."""
        (self.folder / "site").mkdir(exist_ok=True)
        return observe.saved(self.folder / "site", origin, at, quiet)

    def told(self, at: dt.datetime = FIRST) -> dict[str, Any]:
        """The site as it is recorded."""
        return observe.recorded(self.seen(at), str(self.folder / "r.db"), "the web desk", at)

    def answer(self, url: str, purpose: str, at: dt.datetime = FIRST) -> clear.Answer:
        """What `clear` decides on an address."""
        store = open_store(self.folder / "r.db", create=False)
        facts = lookup.facts(store, "url", url, at.date())
        return clear.decide(clear.Use("1", "url", facts.target, purpose, "*", "world", at.date(), None), facts)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty desk."""
    return Desk(tmp_path)


def said(seen: observe.Seen, **wanted: str) -> list[dict[str, Any]]:
    """The rows that have these values."""
    return [row for row in seen.rows if all(row[name] == value for name, value in wanted.items())]


def test_every_carrier_of_a_saved_site_is_read(desk: Desk) -> None:
    """Files of the site, headers, pages, and what lies in them; each with place, target and hash."""
    desk.save(
        robots_txt="User-agent: *\nContent-Usage: train-ai=n\nContent-Signal: ai-train=no\n\n"
        "User-agent: GPTBot\nDisallow: /\n",
        headers_json='{"/": {"tdm-reservation": "1", "X-Robots-Tag": "noai"}}',
        index_html='<html><head><meta name="tdm-reservation" content="1"><meta name="robots" content="noai"></head>',
        rsl_xml='<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        '<prohibits type="usage">ai-train</prohibits></license></content></rsl>',
    )
    (desk.folder / "site/.well-known").mkdir()
    (desk.folder / "site/.well-known/tdmrep.json").write_text('[{"location": "/", "tdm-reservation": 1}]')
    seen = desk.seen()
    assert {row["carrier"] for row in seen.rows} >= {
        "robots", "content_usage_robots", "content_signal", "tdmrep_file", "tdm_header", "x_robots_tag", "tdm_meta",
        "meta_robots", "rsl",
    }  # fmt: skip
    page = said(seen, carrier="tdm_meta")[0]
    assert (page["source"], page["target"], page["stance"]) == (f"{SITE}/", f"{SITE}/$", "reserve")
    assert all(len(row["sha256"]) == 64 for row in seen.rows if row["status"] == "read")
    assert {row["observed_at"] for row in seen.rows} == {dt.datetime(2026, 1, 5, 12)}  # noqa: DTZ001 - as the table has it


def test_observations_are_written_whole(desk: Desk) -> None:
    """As Parquet of the contract's columns; the same site gives the same bytes."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    outs = [desk.folder / f"{name}.parquet" for name in "ab"]
    for out in outs:
        observe.kept(desk.seen(), out)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert pq.read_table(outs[0]).column_names == [column.name for column in rights.OBSERVATIONS.columns]
    with pytest.raises(InputError, match=r"Parquet"):
        observe.kept(desk.seen(), desk.folder / "out.csv")


@pytest.mark.parametrize(
    "content",
    [b"{", b"[" * 100_000, b"\xff\xfe\x00", b'{"location": "/"}', b"<html>", b"[1, 2"],
)
def test_what_cannot_be_read_is_a_row_of_its_own(desk: Desk, content: bytes) -> None:
    """A broken tdmrep.json is unreadable and unknown; it is never a yes, nor absent."""
    (desk.folder / "site/.well-known").mkdir(parents=True)
    (desk.folder / "site/.well-known/tdmrep.json").write_bytes(content)
    rows = said(desk.seen(), source=f"{SITE}/.well-known/tdmrep.json")
    assert [(row["status"], row["stance"]) for row in rows] == [("unreadable", "unknown")]
    assert rows[0]["note"]


def test_what_is_silent_or_absent_says_so(desk: Desk) -> None:
    """A picture without metadata says nothing; a site without robots.txt has none."""
    desk.save(page_html="<html><head><title>x</title></head></html>")
    seen = desk.seen()
    assert [row["status"] for row in said(seen, source=f"{SITE}/robots.txt")] == ["absent"]
    assert [row["note"] for row in said(seen, source=f"{SITE}/page.html")] == ["says nothing"]


def test_links_out_of_a_saved_site_are_not_followed(desk: Desk) -> None:
    """A link to a file elsewhere is not read."""
    (desk.folder / "secret.html").write_text('<html><head><meta name="robots" content="noai"></head></html>')
    desk.save(page_html="<html></html>")
    (desk.folder / "site/link.html").symlink_to(desk.folder / "secret.html")
    (desk.folder / "site/robots.txt").symlink_to(desk.folder / "secret.html")
    seen = desk.seen()
    assert said(seen, carrier="meta_robots") == []
    assert [row["status"] for row in said(seen, source=f"{SITE}/robots.txt")] == ["unreadable"]


def test_the_protocol_s_own_order_is_noted(desk: Desk) -> None:
    """A page that lifts what the site's tdmrep.json reserves overrules it, and both are told."""
    desk.save(page_html='<html><head><meta name="tdm-reservation" content="0"></head></html>')
    (desk.folder / "site/.well-known").mkdir()
    (desk.folder / "site/.well-known/tdmrep.json").write_text('[{"location": "/", "tdm-reservation": 1}]')
    seen = desk.seen()
    assert "overrules tdmrep_file" in said(seen, carrier="tdm_meta")[0]["note"]
    assert observe.contradictions(seen.rows) == []


def test_an_unchanged_signal_is_recorded_once(desk: Desk) -> None:
    """The same site observed again adds nothing and ends nothing."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    assert desk.told()["started"] == 1
    again = desk.told(LATER)
    assert (again["started"], again["ended"], again["kept"]) == (0, 0, 1)
    assert desk.answer(f"{SITE}/x", "train_generative", LATER).since == FIRST.date()


def test_a_changed_signal_ends_the_old_statement_and_begins_a_new_one(desk: Desk) -> None:
    """On the day on which it was seen; the day before is answered as it was."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    desk.told()
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=y\n")
    told = desk.told(LATER)
    assert (told["started"], told["ended"]) == (1, 1)
    before = dt.datetime(2026, 2, 28, tzinfo=dt.UTC)
    assert desk.answer(f"{SITE}/x", "train_generative", before).answer == "refused"
    now = desk.answer(f"{SITE}/x", "train_generative", LATER)
    assert (now.answer, now.code) == ("unknown", "permission_of_unknown")


def test_a_vanished_signal_ends(desk: Desk) -> None:
    """A line that is gone, and a file that is gone; and what returns begins anew."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    desk.told()
    (desk.folder / "site/robots.txt").unlink()
    assert desk.told(LATER)["ended"] == 1
    assert desk.answer(f"{SITE}/x", "train_generative", LATER).answer == "unknown"
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    third = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    assert desk.told(third)["started"] == 1
    assert desk.answer(f"{SITE}/x", "train_generative", third).since == third.date()
    assert desk.answer(f"{SITE}/x", "train_generative", LATER).statement_id is None


def test_what_cannot_be_read_ends_nothing(desk: Desk) -> None:
    """Not to be readable is not to be gone."""
    folder = desk.folder / "site/.well-known"
    folder.mkdir(parents=True)
    (folder / "tdmrep.json").write_text('[{"location": "/", "tdm-reservation": 1}]')
    desk.told()
    (folder / "tdmrep.json").write_text("[{")
    told = desk.told(LATER)
    assert (told["ended"], told["kept"]) == (0, 1)
    assert desk.answer(f"{SITE}/x", "data_mining", LATER).answer == "refused"


def test_contradictory_carriers_refuse_and_the_contradiction_is_told(desk: Desk) -> None:
    """One site says no in robots.txt and yes in a header: the no counts, and the observer says that they differ."""
    desk.save(
        robots_txt="User-agent: *\nContent-Usage: train-ai=n\n",
        headers_json='{"/": {"Content-Usage": "train-ai=y"}}',
    )
    found = observe.contradictions(desk.seen().rows)
    assert found == [
        {"purpose": "train_generative", "reserve": ["content_usage_robots"], "permit": ["content_usage_header"]}
    ]
    desk.told()
    answer = desk.answer(f"{SITE}/songs/1", "train_generative")
    assert (answer.answer, answer.carrier) == ("refused", "content_usage_robots")
    store = open_store(desk.folder / "r.db", create=False)
    facts = lookup.facts(store, "url", f"{SITE}/songs/1", FIRST.date())
    assert {(one.carrier, one.kind) for one in facts.statements} == {
        ("content_usage_robots", "reservation"), ("content_usage_header", "permission"),
    }  # fmt: skip


def test_a_site_without_address_is_not_recorded(desk: Desk) -> None:
    """Nobody could ask about it; the observations are still there."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    seen = desk.seen(origin="")
    assert said(seen, carrier="content_usage_robots")[0]["target"] == "/"
    with pytest.raises(InputError, match="--origin"):
        observe.recorded(seen, str(desk.folder / "r.db"), "desk", FIRST)


def test_what_the_registry_cannot_name_is_left_out_and_told(desk: Desk) -> None:
    """A pattern with dots in it, an absolute address that is none: the rest is recorded."""
    desk.save(robots_txt="User-agent: GPTBot\nDisallow: /a/../b\nDisallow: /c\n")
    told = desk.told()
    assert told["started"] >= 1
    assert any("dots" in reason for reason in told["left_out"])


def test_a_declaration_is_recorded_for_its_content(desk: Desk) -> None:
    """A TDM-AI declaration on a site speaks of an ISCC wherever the work is."""
    code = "ISCC:KUAJCFWFTB5RG7GH3H4ZDDAUI4Q2U"
    desk.save(work_json=f'{{"version": "1.0", "iscc": "{code}", "intent": "activate", "train-ai": "false"}}')
    desk.told()
    store = open_store(desk.folder / "r.db", create=False)
    facts = lookup.facts(store, "content", code, FIRST.date())
    assert {one.purpose for one in facts.statements} == {"train_generative", "train_other"}


class Live(http.server.BaseHTTPRequestHandler):
    """A site with a robots.txt, a page with headers and a link to a licence, and a tdmrep.json that fails."""

    pages: dict[str, tuple[int, dict[str, str], bytes]]

    def do_GET(self) -> None:
        """Answers from `pages`."""
        status, headers, body = self.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class has
        """Says nothing."""


@pytest.fixture
def live() -> Iterator[str]:
    """The origin of a server on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Live)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_live_page_is_read_with_its_site(live: str) -> None:
    """robots.txt, tdmrep.json (which fails here), the page's headers and head, and the licence that it points to."""
    licence = (b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
               b'<prohibits type="usage">ai-input</prohibits></license></content></rsl>')  # fmt: skip
    Live.pages = {
        "/robots.txt": (200, {}, b"User-agent: *\nContent-Usage: train-ai=n\n"),
        "/.well-known/tdmrep.json": (503, {}, b""),
        "/page": (200, {"Content-Usage": "search=y", "Link": '</l.xml>; rel="license"; type="application/rsl+xml"'},
                  b'<!doctype html><html><head><meta name="robots" content="noai"></head></html>'),
        "/l.xml": (200, {}, licence),
    }  # fmt: skip
    seen = observe.live(f"{live}/page", FIRST, quiet, loopback=True)
    found = {(row["carrier"], row["purpose"], row["stance"]) for row in seen.rows}
    assert {
        ("content_usage_robots", "train_generative", "reserve"), ("content_usage_header", "search", "permit"),
        ("meta_robots", "any_ai", "reserve"), ("rsl", "ground", "reserve"),
    } <= found  # fmt: skip
    assert [row["status"] for row in said(seen, source=f"{live}/.well-known/tdmrep.json")] == ["unreadable"]


def test_a_page_that_robots_txt_refuses_is_not_fetched(live: str) -> None:
    """The observer is a crawler too; so is a site whose robots.txt cannot be had."""
    Live.pages = {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /\n"), "/page": (200, {}, b"")}
    seen = observe.live(f"{live}/page", FIRST, quiet, loopback=True)
    assert [row["status"] for row in said(seen, source=f"{live}/page")] == ["refused"]
    Live.pages = {"/robots.txt": (500, {}, b""), "/page": (200, {}, b"")}
    seen = observe.live(f"{live}/page", FIRST, quiet, loopback=True)
    assert [row["status"] for row in said(seen, source=f"{live}/page")] == ["refused"]


def test_a_site_that_cannot_be_reached_is_unreadable_and_not_silent(live: str) -> None:
    """Without the tests' parameter this machine is refused; an address that is none stops the job."""
    seen = observe.live(f"{live}/page", FIRST, quiet)
    assert {row["status"] for row in seen.rows} == {"refused"}
    assert all(row["stance"] == "unknown" for row in seen.rows)
    with pytest.raises(InputError, match="credentials"):
        observe.live("https://user:pw@example.org/", FIRST, quiet)


def test_a_site_that_says_too_much_is_read_and_says_that_it_was_not_compared_whole(desk: Desk) -> None:
    """Thousands of groups and rules: each is a row, and the result says that contradictions were sought in a part."""
    names = [f"{one}{other}bot" for one in "abcdefghijklmnopqrstuvwxyz" for other in "abcdefghijklmnopqrstuvwxyz"]
    desk.save(robots_txt="\n".join(f"User-agent: {n}\nContent-Signal: ai-train=no, search=yes\n" for n in names))
    result = observe.kept(desk.seen(), desk.folder / "o.parquet")
    assert result["rows"] > 2 * len(names)
    assert not result["compared_whole"]
    desk.save(robots_txt="User-agent: *\nContent-Signal: ai-train=no\n")
    assert observe.kept(desk.seen(), desk.folder / "o.parquet")["compared_whole"]


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"x": {}}', '{"/": []}', '{"/": {"a": {}}}', '{"/": {"a": true}}', "[" * 100_000, "\udcff"]
)
def test_headers_that_cannot_be_read_are_a_row_and_no_crash(desk: Desk, content: str) -> None:
    """A headers.json that is none is unreadable, and all else is still read."""
    desk.save(robots_txt="User-agent: *\nContent-Usage: train-ai=n\n")
    (desk.folder / "site/headers.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    seen = desk.seen()
    assert [row["status"] for row in said(seen, source=f"{SITE}/headers.json")] == ["unreadable"]
    assert said(seen, carrier="content_usage_robots")


def test_a_line_break_in_a_saved_header_adds_no_header(desk: Desk) -> None:
    """What stands behind a line break is part of the value, which is then no permission."""
    broken = {"X-Note": "a\r\nContent-Usage: train-ai=y", "Content-Usage": "search=y\r\ntrain-ai=y"}
    desk.save(headers_json=json.dumps({"/": broken}))
    assert [row for row in desk.seen().rows if row["stance"] == "permit"] == []
