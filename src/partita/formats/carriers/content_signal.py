"""Content-Signal (Cloudflare's Content Signals Policy, 2025-09-24): yes or no in robots.txt, or in a header.

Its labels are near those of the IETF and its values are not: `yes` and `no`, never `y` and `n`. What is absent is
neither granted nor refused. `use=` (2026) says how far content may be kept and shown again; it is kept as a term.
"""

from __future__ import annotations

from partita.formats.carriers import fields, paths
from partita.formats.carriers import robots_lines as lines
from partita.formats.carriers.content_usage import split
from partita.formats.carriers.fates import Axes, by_labels, fates, weigh
from partita.formats.signals import Artefact, Carrier, Intent, Signal, Stance, cut
from partita.scope import PURPOSES

LABELS = {"search": "search", "ai-input": "ground", "ai-train": "train"}
"""Each label with the purpose that it means."""
HEADER = "Content-Signal"

_WORDS = {"yes": Stance.PERMIT, "no": Stance.RESERVE}
_USES = ("immediate", "reference", "full")
_BITS = {label: PURPOSES[purpose] for label, purpose in LABELS.items()}
PARTS_MOST = 100
"""Parts of one line that are read."""


def read_header(headers: fields.Headers) -> list[Signal]:
    """What the Content-Signal header of a response says of its content, line by line."""
    return [signal for value in fields.lines(headers, HEADER) for signal in _signals(value, f"header {HEADER}", "")]


def in_group(group: lines.Group, url: str = "") -> list[Signal]:
    """The Content-Signal lines of one robots.txt group; with `url`, those whose path, if they have one, matches it."""
    found = []
    for line in group.of(lines.CONTENT_SIGNAL):
        path, value = split(line.value)
        if not (url and path) or paths.matches(path, url):
            found += _signals(value, line.place, path or "/")
    return found


def _signals(value: bytes, place: str, target: str) -> list[Signal]:
    raw = cut(fields.words(value))
    said: dict[str, set[Stance]] = {}
    terms: dict[str, str] = {}
    notes: list[str] = []
    for part in fields.words(value).split(",")[:PARTS_MOST]:
        key, _, word = (text.strip().lower() for text in part.partition("="))
        if key in LABELS:
            said.setdefault(key, set()).add(_WORDS.get(word, Stance.UNKNOWN))
        elif key == "use" and word in _USES:
            terms["use"] = word
        elif key:
            notes.append(f"{part.strip()[:40]} is no signal")
    note = "; ".join(notes[:5])
    found = []
    for label, stances in said.items():
        stance = next(one for one in (Stance.RESERVE, Stance.UNKNOWN, Stance.PERMIT) if one in stances)
        why = f"{label} is neither yes nor no" if stance is Stance.UNKNOWN else note
        why = f"{label} is said twice; the stricter counts" if len(stances) > 1 else why
        found.append(
            Signal(Carrier.CONTENT_SIGNAL, LABELS[label], stance, place, raw, target=target, terms=terms, note=why)
        )
    nothing = Signal(
        Carrier.CONTENT_SIGNAL,
        "any",
        Stance.UNKNOWN,
        place,
        raw,
        target=target,
        terms=terms,
        note=note or "says nothing",
    )
    return found or [nothing]


def write(intent: Intent) -> Artefact:
    """A robots.txt group for `*` with one Content-Signal line, for all that the intent speaks of without targets."""
    weighed = weigh(intent, Axes())
    said = by_labels(weighed, _BITS, broaden=intent.broaden)
    words = {stance: word for word, stance in _WORDS.items()}
    text = ", ".join(f"{label}={words[stance]}" for label, stance in said.items())
    content = f"User-agent: *\n{HEADER}: {text}\n" if text else ""
    result = fates(weighed, [(stance, _BITS[label]) for label, stance in said.items()])
    return Artefact(Carrier.CONTENT_SIGNAL, "robots.txt", content.encode("ascii"), result)
