"""Content-Usage, in robots.txt and as a header: the IETF's AI preferences, drafts attach-05 and vocab-08.

The vocabulary has changed its labels with nearly every draft. `LABELS` holds what each draft meant by each, so that a
statement is read by the draft that it was written for; it is written in `DRAFT` alone. In drafts with a hierarchy the
narrower label decides. A label of another draft is not dropped silently: it is a signal of stance unknown.
"""

from __future__ import annotations

from partita.formats.carriers import fields, paths
from partita.formats.carriers import robots_lines as lines
from partita.formats.carriers.fates import Axes, by_labels, fates, weigh
from partita.formats.carriers.path_fates import by_path
from partita.formats.carriers.structured import NotStructuredError, tokens
from partita.formats.signals import Artefact, Carrier, Intent, Signal, Stance, cut
from partita.scope import LEAF, PURPOSES

DRAFT = "08"
"""The draft of the vocabulary that is written, and that is read unless another is named."""

_MINING: dict[str, tuple[str, ...]] = {"tdm": ("mining",), "ai": ("train",), "genai": ("train_generative",)}
_SINCE_05: dict[str, tuple[str, ...]] = {"train-ai": ("train_generative",), "search": ("search",)}
_ALL = ("mining", "ground", "search")
LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "00": _MINING,
    "01": {**_MINING, "search": ("search",), "inference": ("ground",)},
    "02": {
        "all": _ALL,
        "train-ai": ("train",),
        "train-genai": ("train_generative",),
        "ai-use": ("ground",),
        "search": ("search",),
    },
    "03": {"bots": _ALL, "train-ai": ("train",), "train-genai": ("train_generative",), "search": ("search",)},
    "04": {"bots": _ALL, "train-ai": ("train_generative",), "ai-output": ("ground", "search"), "search": ("search",)},
    "05": _SINCE_05,
    "06": _SINCE_05,
    "07": _SINCE_05,
    "08": {"train-ai": ("train_generative",), "ai-use": ("ground",), "search": ("search",)},
}
"""By draft of draft-ietf-aipref-vocab: each label with the purposes that it means. From -04 on, `train-ai` is the
training of models that make content; other training has no label any more."""

_WORDS = {"y": Stance.PERMIT, "n": Stance.RESERVE}
HEADER = "Content-Usage"


def preferences(values: list[bytes], draft: str = DRAFT) -> dict[str, Stance]:
    """What a statement says for each label of a draft that it names. Raises NotStructuredError."""
    return _preferences(tokens(values), draft)


def _preferences(keys: dict[str, str | None], draft: str) -> dict[str, Stance]:
    return {key: _WORDS.get(word or "", Stance.UNKNOWN) for key, word in keys.items() if key in LABELS[draft]}


def read_header(headers: fields.Headers, *, draft: str = DRAFT) -> list[Signal]:
    """What the Content-Usage header of a response says of its content; several lines are one field."""
    values = fields.lines(headers, HEADER)
    if not values:
        return []
    return _signals(Carrier.CONTENT_USAGE_HEADER, values, f"header {HEADER}", "", draft)


def in_group(group: lines.Group, url: str = "", draft: str = DRAFT) -> list[Signal]:
    """The Content-Usage rules of one group; with `url`, those of the longest path that matches it."""
    rules = [(*split(line.value), line) for line in group.of(lines.CONTENT_USAGE)]
    if url:
        rules = [rule for rule in rules if not rule[0] or paths.matches(rule[0], url)]
        longest = max((paths.octets(path) for path, _, _ in rules), default=0)
        rules = [rule for rule in rules if paths.octets(rule[0]) == longest]
    found = []
    for path, value, line in rules:
        found += _signals(Carrier.CONTENT_USAGE_ROBOTS, [value], line.place, path or "/", draft)
    return found


def split(value: bytes) -> tuple[str, bytes]:
    """A rule's path, empty where it has none, and its statement."""
    if not value.startswith(b"/"):
        return "", value
    path, _, statement = value.replace(b"\t", b" ").partition(b" ")
    return lines.escaped(path), statement.strip()


def _signals(carrier: Carrier, values: list[bytes], place: str, target: str, draft: str) -> list[Signal]:
    raw = cut(", ".join(fields.words(value) for value in values))

    def signal(purpose: str, stance: Stance, note: str = "") -> Signal:
        return Signal(carrier, purpose, stance, place, raw, target=target, note=note)

    if draft not in LABELS:
        return [signal("any", Stance.UNKNOWN, f"no draft of the vocabulary is numbered {draft!r}")]
    try:
        keys = tokens(values)
    except NotStructuredError as error:
        return [signal("any", Stance.UNKNOWN, f"{HEADER} {error}, so nothing is known of any use")]
    said = _preferences(keys, draft)
    found = [signal(purpose, stance) for purpose, stance in _by_purpose(said, draft)]
    for label, stance in said.items():
        if stance is Stance.UNKNOWN:
            note = f"{label} has a value other than y and n"
            found += [signal(purpose, stance, note) for purpose in LABELS[draft][label]]
    for label, (other, purposes) in _other_drafts(draft).items():
        if label in keys:
            note = f"{label} is a label of draft {other}, not of {draft}, and is ignored there"
            found += [signal(purpose, Stance.UNKNOWN, note) for purpose in purposes]
    return found or [signal("any", Stance.UNKNOWN, f"says nothing in the words of draft {draft}")]


def _by_purpose(said: dict[str, Stance], draft: str) -> list[tuple[str, Stance]]:
    """Each purpose with what is said of it, where of several labels the narrowest decides."""
    bits = {label: _bits(LABELS[draft][label]) for label, stance in said.items() if stance is not Stance.UNKNOWN}
    left = 0
    meant: dict[str, int] = {}
    for label in sorted(bits, key=lambda one: bits[one].bit_count()):
        meant[label] = bits[label] & ~left
        left |= bits[label]
    return [(purpose, said[label]) for label in bits for purpose in _named(meant[label])]


def _bits(purposes: tuple[str, ...]) -> int:
    bits = 0
    for purpose in purposes:
        bits |= PURPOSES[purpose]
    return bits


def _named(bits: int) -> list[str]:
    """The fewest purposes that mean these leaves."""
    found = []
    for purpose in ("mining", "train", *LEAF):
        if bits & PURPOSES[purpose] == PURPOSES[purpose]:
            found.append(purpose)
            bits &= ~PURPOSES[purpose]
    return found


def _other_drafts(draft: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Labels that a draft does not know, each with the last draft that did and what it meant there."""
    return {
        label: (number, purposes)
        for number, labels in LABELS.items()
        for label, purposes in labels.items()
        if label not in LABELS[draft]
    }


_WRITTEN = {label: _bits(purposes) for label, purposes in LABELS[DRAFT].items()}
_LETTER = {stance: letter for letter, stance in _WORDS.items()}


def write_header(intent: Intent) -> Artefact:
    """The header for all that the intent speaks of, without targets; its content is empty where nothing can be said."""
    weighed = weigh(intent, Axes())
    said = by_labels(weighed, _WRITTEN, broaden=intent.broaden)
    text = f"{HEADER}: {_statement(said)}\r\n" if said else ""
    result = fates(weighed, [(stance, _WRITTEN[label]) for label, stance in said.items()])
    return Artefact(Carrier.CONTENT_USAGE_HEADER, f"header: {HEADER}", text.encode("ascii"), result)


def write_robots(intent: Intent) -> Artefact:
    """A group for `*` with one rule for each path that the intent names, and one without a path for the rest."""
    written = by_path(intent, _WRITTEN)
    rules = [
        f"{HEADER}: {f'{path} ' if path else ''}{_statement(said)}" for path, said in written.rules.items() if said
    ]
    text = "\n".join(["User-agent: *", *rules, ""]) if rules else ""
    return Artefact(Carrier.CONTENT_USAGE_ROBOTS, "robots.txt", text.encode("ascii"), written.fates)


def _statement(said: dict[str, Stance]) -> str:
    return ", ".join(f"{label}={_LETTER[stance]}" for label, stance in said.items())
