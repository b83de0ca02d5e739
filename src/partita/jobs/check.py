"""May it be used? One question to the registry: what is meant, what bears on it, the answer, the price, and the law.

Whatever goes wrong on the way to an answer (a file that cannot be read, a title that fits several works, a database
that fails) is `unknown`, with the reason; unknown is never allowed. States facts; it is not legal advice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from partita import clear, money, scope
from partita.clear import Answer, Part, Use
from partita.clear.answer import answered
from partita.clear.odrl import Deed, Request
from partita.clear.reasons import REASON
from partita.errors import InputError
from partita.formats import deeds as deeds_file
from partita.formats import odrl
from partita.formats.carriers import embedded, tdm_ai
from partita.formats.signals import INFORMAL, Signal, Stance
from partita.jobs import duties, titles_of
from partita.jobs.law import ADVICE, ask
from partita.price import models
from partita.registry import lookup
from partita.registry.facts import Facts, Offer, Said
from partita.registry.store import Store

FILE_MOST = 256 << 20
"""Bytes of a file that is looked into."""

TEXT_MOST = 2_000
"""Characters of a title or name."""

NAMES_MOST = 100
"""Writers and performers of one title."""

NAMED_MOST = 10
"""Things that are named where a text names several."""

_USER = re.compile(r"(?<=//)[^/?#]*@|^[^/?#\s:]*:(?!//)[^/?#\s]*@")
"""A user and password in a URL, which are shown nowhere."""

QUESTIONS = {
    "data_mining": ("tdm.business", "tdm.research", "training.reservation_respected", "training.reservation_form"),
    "train_generative": ("training.lawful", "training.reservation_respected", "training.reservation_form"),
    "train_other": ("training.lawful", "training.reservation_respected", "training.reservation_form"),
    "ground": ("tdm.business", "training.reservation_respected"),
    "search": ("tdm.business",),
    "imitate": ("output.protected", "parody.exception"),
    "clone_voice": ("likeness.protected", "likeness.term", "likeness.exceptions"),
    "clone_face": ("likeness.protected", "likeness.term", "likeness.exceptions"),
    "perform": (),
    "reproduce": (),
    "make_available": (),
}
"""What of the law table bears on each leaf of a purpose."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the use, the system, the place, and the two times; `figures` are what a price needs."""

    purpose: str
    system: str = scope.ANYONE
    territory: str = scope.EVERYWHERE
    at: dt.date = dt.date.min
    known: dt.datetime | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    deeds: tuple[Deed, ...] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: a text that names it, a file, or a title with writers or performers."""

    text: str = ""
    kind: str = ""
    file: Path | None = None
    title: str = ""
    writers: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Meant:
    """What was meant: kind and target, the signals that a file carries, and how a title was matched; or why nothing."""

    kind: str = ""
    target: str = ""
    signals: tuple[Said, ...] = ()
    matched: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""


def deeds(path: Path) -> tuple[Deed, ...]:
    """What was done under a licence, from a file; raises InputError for one that cannot be read."""
    return tuple(
        Deed(done.action, done.day, done.duty, money.micro(done.amount), done.currency)
        for done in deeds_file.read(path)
    )


def check(store: Store, asked: Asked, question: Question) -> dict[str, Any]:
    """The answer to one question, with its reason, source, dates, offers, price, payee and the law's position.

    Raises InputError for a question that cannot be put (an unknown purpose or territory); what goes wrong afterwards is
    an answer, `unknown`.
    """
    if question.purpose not in scope.PURPOSES:
        raise InputError(f"use {question.purpose!r} is not known", mend=f"Write one of: {', '.join(scope.PURPOSES)}")
    question = replace(question, territory=_place(question.territory))
    try:
        meant = _meant(store, asked, question)
        use = _use(meant, question)
        if meant.why_not:
            nothing = Facts(meant.kind, meant.target)
            return _shown(_unknown(use, meant.why_not, question), use, question, meant, nothing) | {"duties": []}
        facts = lookup.facts(store, meant.kind, meant.target, question.at, question.known)
    except InputError as error:
        meant = _Meant(asked.kind, without_user(asked.text), why_not=str(error))
        use = _use(meant, question)
        return _shown(_unknown(use, str(error), question), use, question, meant, Facts("", "")) | {"duties": []}
    facts = replace(facts, statements=(*facts.statements, *meant.signals))
    answer = clear.decide(use, facts, question.language)
    shown = _shown(answer, use, question, meant, facts)
    listed = _duties(answer, use, question) if answer.answer == "allowed" else []
    return duties.applied(shown, answer, listed, question.language) | {"duties": listed}


def _duties(answer: Answer, use: Use, question: Question) -> list[dict[str, Any]]:
    request = Request(
        action=question.purpose, target=use.target, assignee=question.system,
        at=dt.datetime.combine(question.at, dt.time(12), dt.UTC), deeds=question.deeds or (),
    )  # fmt: skip
    return duties.of_licences(answer.licences, request, question.figures, stated=question.deeds is not None)


def without_user(text: str) -> str:
    """`text` without the user and password that a URL in it may hold."""
    return _USER.sub("", text)


def _place(text: str) -> str:
    """`de` as `DE`: the codes of countries are written in capitals."""
    return text.upper() if len(text) == len("DE") else text


def _use(meant: _Meant, question: Question) -> Use:
    return Use(
        "1", meant.kind, meant.target, question.purpose, question.system, question.territory, question.at,
        question.known,
    )  # fmt: skip


def _unknown(use: Use, why: str, question: Question) -> Answer:
    answer = answered(use, "target_unknown", language=question.language)
    return replace(answer, reason=f"{answer.reason}: {why}")


def _meant(store: Store, asked: Asked, question: Question) -> _Meant:
    if asked.file is not None:
        return _of_file(asked.file)
    if asked.title:
        _look([asked.title, *asked.writers, *asked.performers])
        found = titles_of.match(store, asked.title, asked.writers, asked.performers, question.at, question.known)
        if found["work_id"] is None:
            return _Meant(matched=found, why_not=f"the title is {found['outcome']} ({found['rule']})")
        return _Meant("work", found["work_id"], matched=found)
    if asked.kind:
        return _Meant(asked.kind, lookup.canonical(asked.kind, asked.text))
    things = lookup.find(store, asked.text, question.at, question.known)
    shown = without_user(asked.text)[:80]
    if not things:
        return _Meant(target=shown, why_not=f"{shown!r} names no work of the registry, and is no URL, ISRC or ISCC")
    if len(things) > 1:
        named = ", ".join(f"{kind} {name}" for kind, name in things[:NAMED_MOST])
        return _Meant(target=shown, why_not=f"{shown!r} names {len(things)} things ({named}): ask for one of them")
    return _Meant(*things[0])


def _look(texts: Sequence[str]) -> None:
    """Raises InputError for a title or name that is too long, or no text."""
    for text in texts:
        if len(text) > TEXT_MOST or len(texts) > NAMES_MOST:
            raise InputError(f"a title or name has at most {TEXT_MOST:,} characters, one title {NAMES_MOST} names")
        if text != text.encode("utf-8", "ignore").decode():
            raise InputError("the title or name is no text in UTF-8", mend="Check the terminal's encoding")


def _of_file(path: Path) -> _Meant:
    """A file by its content code, with what it carries itself as statements of an unknown speaker."""
    try:
        if path.exists() and not path.is_file():
            return _Meant(why_not=f"{path.name} is no file, but a folder or device")
        if path.stat().st_size > FILE_MOST:
            return _Meant(why_not=f"{path.name} is larger than {FILE_MOST:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        return _Meant(why_not=f"{path.name} cannot be read: {error.strerror or error}")
    code = tdm_ai.iscc_of(content, embedded.media_type(content, path.name))
    digest = hashlib.sha256(content).hexdigest()
    signals = embedded.read(content, path.name)
    statements = tuple(_statement(signal, number, code, path.name, digest) for number, signal in enumerate(signals, 1))
    return _Meant("content", code, statements)


def _statement(signal: Signal, number: int, code: str, name: str, digest: str) -> Said:
    """A signal in a file as a statement on its content, dated by nothing but the file: it holds on the day asked."""
    kind = {Stance.RESERVE: "reservation", Stance.PERMIT: "permission"}.get(signal.stance, "unreadable")
    return Said(
        f"{signal.carrier.value}:{number}", kind, "content", code, signal.purpose or "any", signal.system,
        signal.territory, "", None, signal.carrier.value, "informal" if signal.carrier in INFORMAL else "machine",
        "served", f"{name} {signal.place}", digest, dt.date.min,
    )  # fmt: skip


def _shown(answer: Answer, use: Use, question: Question, meant: _Meant, facts: Facts) -> dict[str, Any]:
    leaves = scope.leaves(question.purpose)
    return {
        "answer": answer.answer,
        "code": answer.code,
        "reason": answer.reason,
        "reason_zh": _chinese(answer, use, facts),
        "target": {"kind": use.target_kind, "id": use.target, "work_id": answer.work_id, **dict(meant.matched)},
        "use": {"purpose": question.purpose, "leaves": list(leaves), "system": question.system,
                "territory": question.territory},
        "at": question.at.isoformat(),
        "known": question.known.isoformat() if question.known else None,
        "decided_by": {
            "statement": answer.statement_id, "level": answer.level, "carrier": answer.carrier,
            "evidence": answer.evidence, "source": answer.source, "sha256": answer.sha256,
            "since": answer.since.isoformat() if answer.since and answer.since > dt.date.min else None,
        },
        "shares": {"allowed_ppm": answer.allowed_ppm, "refused_ppm": answer.refused_ppm,
                   "parts": [_part(part) for part in answer.parts]},
        "contradicted": answer.contradicted,
        "claims": [claim._asdict() | {"valid_from": claim.valid_from.isoformat()} for claim in answer.claimed],
        "offers": [_offer(offer, question) for offer in answer.licences],
        "payee": answer.payee,
        "law": _law(leaves, question),
        "advice": ADVICE,
    }  # fmt: skip


def _chinese(answer: Answer, use: Use, facts: Facts) -> str:
    if answer.code == "target_unknown" or not facts.target_kind:
        return REASON[answer.code].chinese
    return clear.decide(use, facts, "zh-Hant").reason


def _part(part: Part) -> dict[str, Any]:
    said = part.statement
    return {
        "of": " ".join(part.thing),
        "party": part.held.party_id if part.held else None,
        "society": part.held.society if part.held else None,
        "share_ppm": part.held.share_ppm if part.held else None,
        "use": part.leaf,
        "answer": part.answer,
        "code": part.code,
        "statement": said.statement_id if isinstance(said, Said) else said.offer_id if said else None,
        "against": [other.statement_id for other in part.against],
        "relied_on": [" ".join(str(value) for value in row if value) for row in part.relied_on],
    }


def _offer(offer: Offer, question: Question) -> dict[str, Any]:
    """An offer with what it costs, as far as its model and the figures given say."""
    shown = {"offer": offer.offer_id, "licensor": offer.licensor, "model": offer.model, "payee": offer.payee,
             "currency": offer.currency, "source": offer.source}  # fmt: skip
    try:
        terms = models.terms_of(odrl.read(offer.terms))
        fee = models.fee(models.model(offer.model), terms, question.figures, offer.currency)
    except (ValueError, InputError) as error:
        return shown | {"price_micro": None, "price_why": str(error)}
    steps = [f"{part.component.id}: {step.formula}" for part in fee.parts for step in part.steps]
    missing = f"not stated: {', '.join(fee.missing)}" if fee.missing else ""
    return shown | {"terms": terms, "price_micro": fee.amount_micro, "price_steps": steps, "price_why": missing}


def _law(leaves: tuple[str, ...], question: Question) -> list[dict[str, Any]]:
    """What the place's law says of the purpose; nothing for `world`: there is no law of everywhere."""
    if question.territory == scope.EVERYWHERE:
        return []
    asked = list(dict.fromkeys(name for leaf in leaves for name in QUESTIONS[leaf]))
    known = question.known.date() if question.known else None
    return [ask(name, question.territory, question.at, known) for name in asked]
