"""The training and data mining assertion of CAWG in C2PA content credentials: read with its signature, written, signed.

Source: CAWG Training and Data Mining Assertion 1.1, ratified by DIF 2025-05-16; C2PA up to 1.4 had the same assertion
with the prefix `c2pa.`. `ai_training` means models that generate nothing; generative ones have an entry of their own.
`constrained` is no permission: with or without information it is a reservation. Signatures need c2pa-python, an
optional package; without it reading answers unknown, and the assertion can still be written.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partita.errors import InputError
from partita.formats.carriers import fates
from partita.formats.signals import Artefact, Carrier, Intent, Loss, Signal, Stance, cut
from partita.scope import PURPOSES

try:
    import c2pa
except ImportError:
    c2pa = None

LABEL = "cawg.training-mining"
LABELS = (LABEL, "c2pa.training-mining")
ENTRIES = {
    "data_mining": "data_mining",
    "ai_inference": "ground",
    "ai_training": "train_other",
    "ai_generative_training": "train_generative",
}
"""Entries without their prefix, and the purpose of each."""

INSTALL = "content credentials are read with c2pa-python: pip install 'partita[labels]'"
UNTRUSTED = "signed with a certificate of one's own: whoever does not trust its issuer sees it as untrusted"
GRADES = {"Trusted": "signed", "Valid": "signed"}
"""Evidence grade by the state of validation; any other state makes every signal unknown."""

SIZE_MOST = 500 << 20
"""Bytes of a file."""
ENTRIES_MOST = 1_000
_PLACE = "C2PA"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: certificate chain (leaf first) and private key in PEM, and the algorithm, e.g. `es256`."""

    certificates: bytes
    key: bytes
    algorithm: str = "es256"


def read(content: bytes, media_type: str, *, anchors: str = "") -> list[Signal]:
    """What the content credentials of a file say; none where it has none, or they are silent. Never raises.

    `anchors` are certificates in PEM that are trusted. Each signal's terms hold `validation` and `evidence`.
    Only the active manifest speaks. A manifest that is not embedded is not looked for: nothing is fetched.
    """
    if c2pa is None:
        return _unknown(INSTALL)
    if len(content) > SIZE_MOST:
        return _unknown(f"the file is larger than {SIZE_MOST:,} bytes")
    try:
        with _context(anchors) as context, c2pa.Reader(media_type, io.BytesIO(content), context=context) as reader:
            store, state = json.loads(reader.json()), str(reader.get_validation_state())
    except c2pa.C2paError.ManifestNotFound:
        return []
    except Exception as error:  # noqa: BLE001 - the library is native code over hostile bytes
        return _unknown(f"the content credentials cannot be read: {type(error).__name__} {cut(str(error))}")
    return _of_store(store, state)


def _of_store(store: Any, state: str) -> list[Signal]:
    """The signals of a manifest store as the library tells it in JSON."""
    manifests = store.get("manifests", {}) if isinstance(store, dict) else {}
    manifest = manifests.get(store.get("active_manifest", ""), {}) if isinstance(manifests, dict) else {}
    listed = manifest.get("assertions", []) if isinstance(manifest, dict) else []
    return [
        signal
        for assertion in (listed if isinstance(listed, list) else [])
        if isinstance(assertion, dict) and str(assertion.get("label", "")).split("__")[0] in LABELS
        for signal in read_assertion(assertion.get("data"), state)
    ]


def read_assertion(data: object, state: str = "") -> list[Signal]:
    """The signals of one assertion's data, in a manifest of that state of validation; never raises.

    Without a state nobody vouches for it: it is read as it stands, and no evidence grade is given.
    """
    entries = data.get("entries") if isinstance(data, Mapping) else None
    if not isinstance(entries, Mapping):
        return _unknown("the assertion has no entries", {"validation": state} if state else {})
    signals: list[Signal] = []
    for name, entry in list(entries.items())[:ENTRIES_MOST]:
        prefix, _, bare = str(name).partition(".")
        if prefix in ("cawg", "c2pa") and bare in ENTRIES:
            signals.append(_signal(str(name), ENTRIES[bare], entry, state))
    return signals


def _signal(name: str, purpose: str, entry: object, state: str) -> Signal:
    """One entry's signal: allowed, notAllowed, or constrained, which is no permission."""
    use = entry.get("use") if isinstance(entry, Mapping) else entry
    info = (entry.get("constraint_info") or entry.get("constraints_info")) if isinstance(entry, Mapping) else None
    stances = {"allowed": Stance.PERMIT, "notAllowed": Stance.RESERVE, "constrained": Stance.RESERVE}
    stance = stances.get(use, Stance.UNKNOWN) if isinstance(use, str) else Stance.UNKNOWN
    note = "" if stance is not Stance.UNKNOWN else f"{cut(str(use))!r} is none of allowed, notAllowed, constrained"
    terms = {"validation": state, "evidence": GRADES.get(state, "")} if state else {}
    if use == "constrained":
        note = "constrained: to be had on terms" if info else "constrained without information counts as notAllowed"
        terms |= {"constraint": cut(str(info))} if info else {}
    if state and state not in GRADES:
        stance, note = Stance.UNKNOWN, f"the signature is not valid ({cut(state)}), so nothing is taken from it"
    return Signal(Carrier.CAWG, purpose, stance, f"{_PLACE} {name}", cut(json.dumps(entry)), terms=terms, note=note)


def _unknown(why: str, terms: Mapping[str, str] | None = None) -> list[Signal]:
    return [Signal(Carrier.CAWG, "any_ai", Stance.UNKNOWN, _PLACE, "", terms=terms or {}, note=why)]


def assertion(
    intent: Intent, *, names: frozenset[str] = frozenset()
) -> tuple[dict[str, dict[str, dict[str, str]]], tuple[Loss, ...]]:
    """The assertion's data for an intent, without entries where nothing can be said; and every statement's fate.

    A reservation is always `notAllowed`: readers are known that take `constrained` for a yes. `names` are the targets
    (an ISRC, an ISCC) that mean the file at hand.
    """
    labels = {f"cawg.{name}": PURPOSES[purpose] for name, purpose in ENTRIES.items()}
    weighed = fates.weigh(intent, fates.Axes(names=names))
    said = fates.by_labels(weighed, labels, broaden=intent.broaden)
    uses = {Stance.PERMIT: "allowed", Stance.RESERVE: "notAllowed"}
    entries = {name: {"use": uses[stance]} for name, stance in said.items()}
    return {"entries": entries}, fates.fates(weighed, [(stance, labels[name]) for name, stance in said.items()])


def write(intent: Intent, *, names: frozenset[str] = frozenset()) -> Artefact:
    """The assertion as JSON, to be put into a C2PA manifest by whoever signs it; every statement's fate."""
    data, losses = assertion(intent, names=names)
    content = json.dumps({"label": LABEL, "data": data}, indent=2).encode() + b"\n"
    return Artefact(Carrier.CAWG, f"embed: C2PA assertion {LABEL}", content, losses)


def embed(
    intent: Intent, content: bytes, media_type: str, signer: Signer, *, names: frozenset[str] = frozenset()
) -> Artefact:
    """The file with the assertion in signed content credentials, without a time stamp, which would need a network.

    The file as it was becomes the parent of the signed one, with the credentials that it had. `where` says `untrusted
    outside`: see `UNTRUSTED`. The file is as given where nothing can be said. Raises InputError where c2pa-python is
    missing, or the file, certificate or key is not taken.
    """
    data, losses = assertion(intent, names=names)
    if not data["entries"]:
        return Artefact(Carrier.CAWG, f"embed: C2PA in {media_type}", content, losses)
    if c2pa is None:
        raise InputError(INSTALL)
    manifest = {
        "claim_version": 2,
        "claim_generator_info": [{"name": "Partita", "version": "1", "specVersion": "2.4.0"}],
        "format": media_type,
        "assertions": [{"label": LABEL, "data": data}],
    }
    out = io.BytesIO()
    try:
        info = c2pa.C2paSignerInfo(signer.algorithm.encode(), signer.certificates, signer.key, None)
        with c2pa.Signer.from_info(info) as signing, _context("") as context:
            builder = c2pa.Builder(json.dumps(manifest), context=context)
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            builder.sign(signing, media_type, io.BytesIO(content), out)
    except Exception as error:  # noqa: BLE001 - the library raises by kinds of its own
        mend = "Give a file of a type that C2PA knows, the chain with its leaf first, and its key"
        raise InputError(f"the file could not be signed: {cut(str(error))}", mend=mend) from None
    return Artefact(Carrier.CAWG, f"embed: C2PA in {media_type}, untrusted outside", out.getvalue(), losses)


def _context(anchors: str) -> Any:
    """Settings of the library: trust these certificates, fetch nothing."""
    settings: dict[str, Any] = {"verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}}
    if anchors:
        settings["trust"] = {"user_anchors": anchors}
    return c2pa.Context(settings=c2pa.Settings.from_dict(settings))
