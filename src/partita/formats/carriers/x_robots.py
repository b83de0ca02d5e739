"""noai and noimageai (DeviantArt, 2022) in X-Robots-Tag headers and robots meta tags: a convention without a standard.

`noai` is read as a reservation of any use by AI, `noimageai` as the same for the images of a page, `noml` as one of
training. It can only refuse: there is no word that permits.
"""

from __future__ import annotations

from collections.abc import Iterator

from partita.formats.carriers import crawlers, fields
from partita.formats.carriers.fates import Axes, by_labels, fates, weigh
from partita.formats.signals import Artefact, Carrier, Intent, Signal, Stance, cut
from partita.scope import ANYONE, PURPOSES

HEADER = "X-Robots-Tag"
META = "robots"
WORDS = {"noai": ("any_ai", ""), "noimageai": ("any_ai", "of images alone"), "noml": ("train", "")}
"""Each word with the purpose that it reserves, and of what it speaks if not of all."""

_BITS = {"noai": PURPOSES["any_ai"]}
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Rules that have a value after a colon, which is no crawler's name."""
PARTS_MOST = 200
"""Parts of one line that are read."""


def read_header(headers: fields.Headers) -> list[Signal]:
    """What X-Robots-Tag lines say of the response's content; a rule may be for one crawler: `otherbot: noai`."""
    return [
        signal
        for value in fields.lines(headers, HEADER)
        for signal in signals(Carrier.X_ROBOTS_TAG, fields.words(value), f"header {HEADER}", ANYONE)
    ]


def signals(carrier: Carrier, text: str, place: str, agent: str) -> Iterator[Signal]:
    """The reservations in one list of rules; `agent` is whom they bind where they do not say."""
    raw = cut(text)
    for part in text.split(",")[:PARTS_MOST]:
        name, colon, rule = part.partition(":")
        first = name.strip().lower()
        if colon and (first in _VALUED or not first[:1].isalpha()):
            continue
        agent = first if colon else agent
        rule = rule if colon else name
        word = rule.strip().lower()
        if word in WORDS:
            purpose, note = WORDS[word]
            yield Signal(carrier, purpose, Stance.RESERVE, place, raw, crawlers.system_of(agent), note=note)


def write_header(intent: Intent) -> Artefact:
    """The header, for reservations that the intent makes of all its content; empty where it cannot say them."""
    return _written(intent, Carrier.X_ROBOTS_TAG, f"header: {HEADER}")


def write_meta(intent: Intent) -> Artefact:
    """The meta element for the head of a page; see `write_header`."""
    return _written(intent, Carrier.META_ROBOTS, "embed: html head")


def _written(intent: Intent, carrier: Carrier, where: str) -> Artefact:
    weighed = weigh(intent, Axes())
    asked = by_labels(weighed, _BITS, broaden=intent.broaden)
    said = {label: stance for label, stance in asked.items() if stance is Stance.RESERVE}
    text = "noai, noimageai"
    line = f"{HEADER}: {text}\r\n" if carrier is Carrier.X_ROBOTS_TAG else f'<meta name="{META}" content="{text}">\n'
    result = fates(weighed, [(stance, _BITS[label]) for label, stance in said.items()])
    return Artefact(carrier, where, line.encode("ascii") if said else b"", result)
