"""TDM-AI declarations: usage preferences in JSON, bound to a content code (ISCC) instead of a place; and the codes.

Source: TDM-AI Protocol, JSON format of 2025-11-04 (github.com/liccium/tdmai), with the labels of the IETF's vocabulary
draft 02; ISCC is ISO 24138:2024, through iscc-core, an optional package. The protocol's pages disagree whether `all`
reaches `ai-use` and `search`: a no does here, a yes does not. A declaration is not signed in itself: who made it is
what its credential or registry says, not what it says.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

from partita.errors import InputError
from partita.formats.carriers import fates
from partita.formats.signals import Artefact, Carrier, Intent, Signal, Stance, cut
from partita.scope import PURPOSES

try:
    import iscc_core
except ImportError:
    iscc_core = None

VERSION = "1.0"
INSTALL = "content codes are made with iscc-core: pip install 'partita[labels]'"
LABELS = {
    "all": PURPOSES["mining"] | PURPOSES["ground"] | PURPOSES["search"],
    "train-ai": PURPOSES["train"],
    "train-genai": PURPOSES["train_generative"],
    "ai-use": PURPOSES["ground"],
    "search": PURPOSES["search"],
}
"""Labels of the vocabulary, and the leaves of `scope.PURPOSES` that each means."""

_ASKED = {
    "data_mining": ("all",),
    "train_generative": ("train-genai", "train-ai", "all"),
    "train_other": ("train-ai", "all"),
    "ground": ("ai-use", "all"),
    "search": ("search", "all"),
}
"""Where each purpose's answer stands: the first label that is there."""

INTENTS = ("activate", "update", "supersede")
_TEXTS = ("reference", "summary", "policy")
SIZE_MOST = 1_000_000
DECLARATIONS_MOST = 10_000
_ISCC = re.compile(r"ISCC:[A-Z2-7]{10,120}")
_PLACE = "declaration"


def read(content: bytes) -> list[Signal]:
    """What a declaration, or an array of them, says of each ISCC; never raises."""
    try:
        parsed = _parsed(content)
    except ValueError as error:
        return [_unknown("", "any_ai", f"the declaration {error}")]
    declarations = parsed if isinstance(parsed, list) else [parsed]
    signals = [signal for one in declarations[:DECLARATIONS_MOST] for signal in _signals(one)]
    if len(declarations) > DECLARATIONS_MOST:
        signals.append(_unknown("", "any_ai", f"more than {DECLARATIONS_MOST:,} declarations; the rest is not read"))
    return signals


def faults(content: bytes) -> list[str]:
    """What a single declaration breaks of the format, in words; empty where it is valid. Never raises."""
    try:
        one = _parsed(content)
    except ValueError as error:
        return [f"the declaration {error}"]
    if not isinstance(one, dict):
        return ["a declaration is a JSON object"]
    known = ("version", "iscc", "intent", *LABELS, *_TEXTS)
    found = [f"{key!r} is no field of a declaration" for key in one if key not in known]
    found += [f"{key} is missing" for key in ("version", "iscc", "intent") if key not in one]
    found += [f"{key} must be a text" for key in _TEXTS if not isinstance(one.get(key, ""), str)]
    found += [
        f'{key} must be the text "true" or "false"' for key in LABELS if one.get(key, "true") not in tuple(_FLAGS)
    ]
    if one.get("version", VERSION) != VERSION:
        found.append(f'version must be "{VERSION}"')
    if one.get("intent", "activate") not in INTENTS:
        found.append(f"intent must be one of {', '.join(INTENTS)}")
    if "iscc" in one and not is_iscc(one["iscc"]):
        found.append("iscc is no content code of ISO 24138")
    if not any(label in one for label in LABELS):
        found.append("no preference is declared")
    return found


_FLAGS = {"true": Stance.PERMIT, "false": Stance.RESERVE}


def _parsed(content: bytes) -> Any:
    """The JSON of a declaration; raises ValueError with the reason. A key that stands twice is refused."""
    if len(content) > SIZE_MOST:
        raise ValueError(f"is larger than {SIZE_MOST:,} bytes")
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except _TwiceError as error:
        raise ValueError(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {cut(str(error))}") from None


class _TwiceError(Exception):
    """A key stands twice in an object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError("says a thing twice, and readers would differ on which counts")
    return found


def _signals(one: object) -> list[Signal]:
    """The signals of one declaration, each about its ISCC."""
    if not isinstance(one, dict):
        return [_unknown(cut(str(one)), "any_ai", "a declaration is a JSON object")]
    iscc = one.get("iscc")
    if not is_iscc(iscc):
        return [_unknown(cut(json.dumps(one)), "any_ai", "the declaration is not bound to a valid ISCC")]
    terms = {key: cut(str(one[key])) for key in (*_TEXTS, "intent") if key in one}
    version = "" if one.get("version") == VERSION else f"the version is not {VERSION}"
    signals = []
    for purpose, labels in _ASKED.items():
        label = next((label for label in labels if label in one), None)
        if label is not None:
            stance, note = _stance(one[label], label, purpose)
            told = "; ".join(text for text in (note, version) if text)
            raw = cut(f"{label}: {json.dumps(one[label])}")
            signals.append(Signal(Carrier.TDM_AI, purpose, stance, f"{_PLACE} {label}", raw,
                                  target=str(iscc), terms=terms, note=told))  # fmt: skip
    return signals


def _stance(value: object, label: str, purpose: str) -> tuple[Stance, str]:
    """What a value says of a purpose: texts are meant; of a JSON boolean only the no is taken."""
    if isinstance(value, bool):
        stance = Stance.UNKNOWN if value else Stance.RESERVE
        return stance, 'the value should be the text "true" or "false"'
    stance = _FLAGS.get(value, Stance.UNKNOWN) if isinstance(value, str) else Stance.UNKNOWN
    if stance is Stance.UNKNOWN:
        return stance, f'{cut(json.dumps(value))} is neither "true" nor "false"'
    if label == "all" and purpose in ("ground", "search") and stance is Stance.PERMIT:
        return Stance.UNKNOWN, "whether all reaches it is not settled in the protocol"
    return stance, ""


def _unknown(raw: str, purpose: str, why: str) -> Signal:
    return Signal(Carrier.TDM_AI, purpose, Stance.UNKNOWN, _PLACE, raw, note=why)


def write(intent: Intent, iscc: str, *, names: frozenset[str] = frozenset(), step: str = "activate") -> Artefact:
    """The declaration of an intent for one content code, unsigned; every label is said that follows from it.

    `names` are further targets (an ISRC, an address) that mean this content; `step` is one of `INTENTS`. Raises
    InputError for what is no ISCC.
    """
    if not is_iscc(iscc):
        raise InputError(f"{cut(iscc)!r} is no ISCC", mend="Make one with iscc_of")
    if step not in INTENTS:
        raise InputError(f"{cut(step)!r} is no step of a declaration", mend=f"Use one of {', '.join(INTENTS)}")
    weighed = fates.weigh(intent, fates.Axes(names=names | {iscc}))
    said = fates.by_labels(weighed, LABELS, broaden=intent.broaden)
    losses = fates.fates(weighed, [(stance, LABELS[label]) for label, stance in said.items()])
    declaration = {"version": VERSION, "iscc": iscc, "intent": step, **_spelled_out(said)}
    if intent.policy:
        declaration["policy"] = intent.policy
    content = json.dumps(declaration, indent=2, ensure_ascii=False).encode() + b"\n"
    return Artefact(Carrier.TDM_AI, f"registry: {iscc}", content, losses)


def _spelled_out(said: fates.Said) -> dict[str, str]:
    """Each label that what is said decides, so that no reader has to infer one from another."""
    words = {Stance.PERMIT: "true", Stance.RESERVE: "false"}
    found: dict[str, str] = {}
    for label, bits in LABELS.items():
        deciding = [other for other in said if not bits & ~LABELS[other]]
        if deciding:
            found[label] = words[said[min(deciding, key=lambda other: LABELS[other].bit_count())]]
    return found


def is_iscc(code: object) -> bool:
    """Whether a text is an ISCC; without iscc-core only its form is looked at."""
    if not isinstance(code, str) or not _ISCC.fullmatch(code):
        return False
    if iscc_core is None:
        return True
    try:
        return bool(iscc_core.iscc_validate(code, strict=False))
    except Exception:  # noqa: BLE001 - whatever it trips over is no code
        return False


def iscc_of(content: bytes, media_type: str) -> str:
    """The ISCC of a file's bytes, made offline: data and instance code, and for text a text code before them.

    Pictures, sound and film are coded by their bytes alone: codes of what they show or sound like need decoders that
    are not here. The same bytes give the same code; bytes alike have codes alike. Raises InputError without iscc-core,
    or where a text is no UTF-8.
    """
    if iscc_core is None:
        raise InputError(INSTALL)
    codes = [
        iscc_core.gen_data_code(io.BytesIO(content))["iscc"],
        iscc_core.gen_instance_code(io.BytesIO(content))["iscc"],
    ]
    if media_type.split(";", maxsplit=1)[0].strip().lower().startswith("text/"):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError("the text is no UTF-8", mend="Save it as UTF-8") from None
        codes.insert(0, iscc_core.gen_text_code(iscc_core.text_clean(text))["iscc"])
    return str(iscc_core.gen_iscc_code(codes)["iscc"])
