"""What is made of a work by others, step by step, and what a place's rule looks at in it: never a verdict.

A photograph is cut out, captioned, shared for fun, then printed on shirts and sold: each is a step with what can be
observed of it and whether money is earned. `factors` lays the observed facts beside the factors of the place's rule,
each for the side for which the law's own list says that it speaks. It weighs nothing: that is for a court.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from partita.clear.reasons import LANGUAGES
from partita.errors import InputError
from partita.law.factors import Rule, facts_for, load_factors
from partita.law.questions import Words

FOR, AGAINST, OPEN = "for", "against", "open"
STEPS_MOST = 100

_COMMERCIAL = "commercial"


@dataclass(frozen=True, slots=True)
class Character:
    """Whether money is earned with a step: its words and the side for which it speaks."""

    words: Words
    speaks: str


CHARACTERS = {
    name: Character(Words(english=english, chinese=chinese), speaks)
    for name, english, chinese, speaks in (
        ("private", "kept among friends and family", "限於親友之間", FOR),
        ("shared", "shared without pay or promotion", "無償分享，無促銷", FOR),
        ("monetised", "money is earned around it, e.g. with advertising", "藉以營利，例如廣告", AGAINST),
        ("sold", "sold, on goods or by itself", "製成商品或單獨販售", AGAINST),
    )
}
"""The commercial characters of a step, from the most private."""

_NOTHING = Words(english="nothing is recorded of it", chinese="尚無相關紀錄")
_STEP = Words(english="step {step}: {words}", chinese="第 {step} 步：{words}")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing made of the one before: when, by whom (empty: unknown), how it is used, and what is observed of it.

    `observed` names facts of the law's list (`law.factors`), e.g. `cut_out_only`, `new_text`, `person_recognisable`.
    """

    made_on: dt.date
    character: str
    observed: tuple[str, ...] = ()
    party_id: str = ""
    target: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What one observed fact, or the want of any, is to one factor: for, against or open; why; and the sources' ids."""

    factor: str
    words: str
    speaks: str
    why: str
    sources: tuple[str, ...]


def factors(chain: tuple[Step, ...], rule: Rule | None, at: dt.date, language: str = "en") -> tuple[Bearing, ...]:
    """What a place's rule (`law.rule_of`) looks at in the last step of a chain, in the rule's order.

    Facts of earlier steps bear on the last, for it is made of them; money counts as it is earned in the last alone. No
    rule or no step: nothing. Raises InputError for a chain that names what is not in the lists, or is too long.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no reasons in {language}; there are {', '.join(LANGUAGES)}")
    _check(chain)
    if rule is None or not chain:
        return ()
    found = []
    for name, factor in rule.factors.items():
        if factor.valid_from <= at:
            seen = _seen(chain, set(facts_for(factor)), commercial=_COMMERCIAL in factor.looks_at, language=language)
            for speaks, why in seen or [(OPEN, _said(_NOTHING, language))]:
                found.append(Bearing(name, _said(factor, language), speaks, why, factor.sources))
    return tuple(found)


def _seen(chain: tuple[Step, ...], bearing: set[str], *, commercial: bool, language: str) -> list[tuple[str, str]]:
    """For which side each observed fact that bears on a factor speaks, and what it is; in the order of the steps."""
    facts = load_factors().facts
    found: list[tuple[str, str]] = []
    for place, step in enumerate(chain, start=1):
        last = place == len(chain)
        seen = [facts[name] for name in step.observed if name in bearing]
        found += [(_side(fact.speaks), _at(place, fact, language)) for fact in seen
                  if last or fact.aspect != _COMMERCIAL]  # fmt: skip
        if last and commercial:
            character = CHARACTERS[step.character]
            found.append((character.speaks, _at(place, character.words, language)))
    return list(dict.fromkeys(found))


def _side(speaks: str) -> str:
    return speaks if speaks in {FOR, AGAINST} else OPEN


def _said(words: Words, language: str) -> str:
    return words.english if language == LANGUAGES[0] else words.chinese


def _at(place: int, words: Words, language: str) -> str:
    return _said(_STEP, language).format(step=place, words=_said(words, language))


def _check(chain: tuple[Step, ...]) -> None:
    known = load_factors().facts
    if len(chain) > STEPS_MOST:
        raise InputError(f"a chain of {len(chain)} derivatives is too long", mend=f"Record at most {STEPS_MOST} steps")
    for place, step in enumerate(chain, start=1):
        odd = [name for name in step.observed if name not in known]
        if odd:
            raise InputError(
                f"step {place} observes {odd[0][:60]!r}, which is in no list", mend=f"There are {', '.join(known)}"
            )
        if step.character not in CHARACTERS:
            raise InputError(
                f"step {place} is {step.character[:60]!r}, which is no commercial character",
                mend=f"There are {', '.join(CHARACTERS)}",
            )
