"""The defects of the look-up library datadiligence 0.1.7 (2024-10), each as a test that our readers do not have it.

Found by reading and running it: `benchmarks/carriers.py` runs both side by side.
"""

from __future__ import annotations

import dataclasses

import pytest

from partita.formats.carriers import content_signal, content_usage, html_head, robots, tdmrep, x_robots
from partita.formats.signals import Carrier, Signal, Stance


@pytest.mark.parametrize("name", ["tdm-reservation", "TDM-Reservation", "TDM-RESERVATION", "Tdm-reservation"])
def test_defect_1_header_names_have_any_case(name: str) -> None:
    """A reservation is seen however a server spells the header's name, in a dictionary or a list."""
    for headers in ({name: "1"}, [(name, "1")], [(name.encode().decode(), b"1")]):
        assert [one.stance for one in tdmrep.read_header(headers)] == [Stance.RESERVE]


def test_defect_2_tdm_reservations_are_read_beyond_the_header() -> None:
    """The file on the origin and the page's meta elements are read as the header is."""
    assert [one.stance for one in tdmrep.read_file(b'[{"location": "/", "tdm-reservation": 1}]')] == [Stance.RESERVE]
    assert [one.stance for one in html_head.read(b'<meta name="tdm-reservation" content="1">')] == [Stance.RESERVE]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"{", b"\xff" * 64, b"<" * 64, b""])
def test_defect_5_what_cannot_be_read_is_never_allowed(content: bytes) -> None:
    """Garbage in any carrier permits nothing; where something should have stood, it is unknown and says why."""
    text = content.decode("latin-1")
    found = [
        *robots.read(content),
        *robots.read(content, url="https://a.example/"),
        *tdmrep.read_file(content),
        *html_head.read(content),
        *tdmrep.read_header({"tdm-reservation": text}),
        *content_usage.read_header({"content-usage": text}),
        *content_signal.read_header({"content-signal": text}),
        *x_robots.read_header({"x-robots-tag": text}),
        *robots.read(content, status=503),
        *tdmrep.read_file(content, status=0),
    ]
    assert Stance.PERMIT not in {one.stance for one in found}
    assert all(one.note for one in found if one.stance is Stance.UNKNOWN)
    assert {Carrier.TDMREP_FILE, Carrier.TDM_HEADER, Carrier.CONTENT_USAGE_HEADER} <= {one.carrier for one in found}


def test_defect_6_the_carriers_that_it_does_not_know_are_read() -> None:
    """robots.txt groups, the IETF's preferences in both places, Content Signals and RSL's pointer are read."""
    text = (
        b"License: https://a.example/rsl.xml\nUser-agent: *\nContent-Usage: train-ai=n\nContent-Signal: ai-train=no\n"
    )
    found = robots.read(text + b"\nUser-agent: GPTBot\nDisallow: /\n")
    found += content_usage.read_header({"Content-Usage": "train-ai=n"})
    carriers = {one.carrier for one in found}
    assert carriers == {
        Carrier.RSL,
        Carrier.CONTENT_USAGE_ROBOTS,
        Carrier.CONTENT_SIGNAL,
        Carrier.ROBOTS,
        Carrier.CONTENT_USAGE_HEADER,
    }
    assert {one.stance for one in found if one.carrier is not Carrier.RSL} == {Stance.RESERVE}


def test_defect_7_an_answer_is_more_than_a_boolean() -> None:
    """Each signal says what for, to whom, where it stood and what stood there."""
    (found,) = robots.read(b"User-agent: GPTBot\nDisallow: /songs/\n")
    assert dataclasses.astuple(found)[:8] == (
        Carrier.ROBOTS,
        "train",
        Stance.RESERVE,
        "line 2 (user-agent gptbot)",
        "Disallow: /songs/",
        "openai",
        "world",
        "/songs/",
    )
    assert isinstance(found, Signal)
