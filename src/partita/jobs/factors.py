"""What a place's rule looks at in something made of a work: for, against, open. Never a verdict, and no advice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from partita import law
from partita.clear.derivatives import Step, factors
from partita.errors import InputError
from partita.formats import chain_file
from partita.jobs.law import ADVICE
from partita.law.factors import load_factors

LANGUAGES = {"english": "en", "chinese": "zh-Hant"}


def weigh(path: Path, place: str, at: dt.date) -> dict[str, Any]:
    """The factors of `place` (empty: of every place that the list holds) for the chain at `path` on the day `at`."""
    chain = chain_file.read(path)
    steps = tuple(Step(s.made_on, s.character, s.observed, s.party_id, s.target, s.note) for s in chain.steps)
    places = [place.strip().upper()] if place else list(load_factors().places)
    return {
        "title": chain.title,
        "at": at.isoformat(),
        "steps": [step.model_dump(mode="json") for step in chain.steps],
        "places": [_of(code, steps, at) for code in places],
        "advice": ADVICE,
    }


def _of(place: str, steps: tuple[Step, ...], at: dt.date) -> dict[str, Any]:
    rule = law.rule_of(place)
    if rule is None:
        known = ", ".join(load_factors().places)
        raise InputError(f"the list holds no rule of {place!r}", mend=f"Ask one of {known}")
    found = {name: factors(steps, rule, at, language) for name, language in LANGUAGES.items()}
    bearings = [
        {"factor": one.factor, "words": {"english": one.words, "chinese": two.words}, "speaks": one.speaks,
         "why": {"english": one.why, "chinese": two.why}, "sources": list(one.sources)}
        for one, two in zip(found["english"], found["chinese"], strict=True)
    ]  # fmt: skip
    counted = {side: sum(b["speaks"] == side for b in bearings) for side in ("for", "against", "open")}
    return {"place": place, "rule": rule.name.model_dump(), "factors": bearings, "counted": counted}
