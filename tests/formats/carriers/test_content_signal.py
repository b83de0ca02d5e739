"""Content-Signal: yes and no, what is neither, and what is written."""

from __future__ import annotations

import pytest

from partita.formats.carriers import content_signal, robots
from partita.formats.signals import Carrier, Effect, Intent, Stance, Statement

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN


def told(value: str) -> dict[str, Stance]:
    """What a Content-Signal line in the group for all says, by purpose."""
    found = robots.read(f"User-agent: *\nContent-Signal: {value}\nAllow: /\n".encode())
    return {one.purpose: one.stance for one in found if one.carrier is Carrier.CONTENT_SIGNAL}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("search=yes, ai-input=no, ai-train=no", {"search": YES, "ground": NO, "train": NO}),
        ("search=yes,ai-train=no", {"search": YES, "train": NO}),
        ("Search = YES , AI-Train=No", {"search": YES, "train": NO}),
        ("ai-train=n", {"train": UNKNOWN}),
        ("ai-train", {"train": UNKNOWN}),
        ("ai-train=yes, ai-train=no", {"train": NO}),
        ("ai-train=yes, ai-train=maybe", {"train": UNKNOWN}),
        ("search-ai=yes", {"any": UNKNOWN}),
        ("", {"any": UNKNOWN}),
        (",,,", {"any": UNKNOWN}),
        ("use=reference", {"any": UNKNOWN}),
    ],
)
def test_yes_and_no(value: str, expected: dict[str, Stance]) -> None:
    """Only `yes` and `no` say something; of two values for a signal the stricter counts; what is absent is not said."""
    assert told(value) == expected


def test_how_far_content_may_be_kept_is_a_term() -> None:
    """`use=` permits nothing; it is kept with the signals of its line."""
    found = content_signal.read_header([("content-signal", "search=yes, use=reference")])
    assert [(one.stance, dict(one.terms)) for one in found] == [(YES, {"use": "reference"})]


def test_a_path_before_the_signals_is_kept() -> None:
    """A line with a path speaks of it alone."""
    content = b"User-agent: *\nContent-Signal: /a/ ai-train=no\n"
    assert [one.target for one in robots.read(content)] == ["/a/"]
    assert robots.read(content, url="https://a.example/b") == []
    assert len(robots.read(content, url="https://a.example/a/1")) == 1


def test_what_is_written() -> None:
    """Labels are written where they mean what is meant; a broader one only by choice, and never for a yes."""
    statements = (Statement("train_generative", NO), Statement("search", YES), Statement("ground", YES, system="suno"))
    narrow = content_signal.write(Intent("p", statements))
    assert narrow.content == b"User-agent: *\nContent-Signal: search=yes\n"
    assert [loss.effect for loss in narrow.fates] == [Effect.LOST, Effect.EXACT, Effect.LOST]
    broad = content_signal.write(Intent("p", statements, broaden=True))
    assert broad.content == b"User-agent: *\nContent-Signal: search=yes, ai-train=no\n"
    assert [loss.effect for loss in broad.fates] == [Effect.BROADER, Effect.EXACT, Effect.LOST]
