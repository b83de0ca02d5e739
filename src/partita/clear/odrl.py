"""ODRL 2.2 policies evaluated: which rules a request activates, which duties are fulfilled, and a three-valued answer.

What a policy asks for and nobody states is unknown, never satisfied. A permission whose duty is violated is inactive;
one whose duty is still open is active, and the duty is named. Source: ODRL Information Model 2.2, sections 2.5 to 2.9.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from partita import money, scope
from partita.formats.odrl import PROFILE, Condition, Constraint, Logical, Policy, Rule

Truth = bool | None
"""True, False, or None for what nobody knows."""

_MINING = "http://www.w3.org/ns/tdmrep/mine"
_PURPOSE_OF = {"tdm:mine": "mining", _MINING: "mining", "http://www.w3.org/ns/tdmrep#mine": "mining"}
"""Actions of other profiles that are purposes of ours."""

_TRANSFER = ("transfer", "sell", "give")
_DATES = frozenset({"dateTime", "date", "delayPeriod"})
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done under a duty: `compensate` with an amount, `inform`, `attribute`, `delete`; `duty` is its uid."""

    action: str
    on: dt.date
    duty: str = ""
    amount_micro: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to do what with what, when; `world` states left operands, `member_of` the collections of a thing.

    `owed_micro` gives what `price` computed for a duty to compensate whose amount is a formula; `states` what is
    reported of duties from elsewhere: `fulfilled`, `violated` or `open`.
    """

    action: str
    target: str
    assignee: str
    at: dt.datetime
    world: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    member_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deeds: tuple[Deed, ...] = ()
    owed_micro: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Premise:
    """One thing that a rule asks for: `target`, `party`, `action` or a condition in words, and whether it is so."""

    what: str
    holds: Truth


@dataclass(frozen=True, slots=True)
class DutyReport:
    """The state of one duty: `fulfilled`, `open`, `violated`; what is still owed, by when, in words."""

    duty: Rule
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule: what it asks for, its duties, and whether it is active."""

    rule: Rule
    premises: tuple[Premise, ...]
    duties: tuple[DutyReport, ...]
    active: Truth


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """`allowed`, `refused` or `unknown`, why in words, and every rule's report."""

    answer: str
    reason: str
    rules: tuple[RuleReport, ...]


def evaluate(policy: Policy, request: Request) -> PolicyReport:
    """The policy's answer to a request, rule by rule."""
    reports = tuple(_rule(rule, request) for rule in policy.rules)
    permitted = _any(report.active for report in reports if report.rule.kind == "permission")
    prohibited = _any(report.active for report in reports if report.rule.kind == "prohibition")
    return PolicyReport(*_answer(permitted, prohibited, policy.conflict), reports)


def _answer(permitted: Truth, prohibited: Truth, conflict: str) -> tuple[str, str]:
    if prohibited and permitted and conflict == "perm":
        return "allowed", "a permission and a prohibition apply; the policy lets the permission win"
    if prohibited and permitted and conflict == "invalid":
        return "unknown", "a permission and a prohibition apply, and the policy calls itself void then"
    if prohibited and conflict == "perm" and permitted is None:
        return "unknown", "a prohibition applies; whether the permission that would win applies is not known"
    if prohibited:
        return "refused", "a prohibition applies"
    if prohibited is None and not (permitted and conflict == "perm"):
        return "unknown", "whether a prohibition applies is not known"
    if permitted:
        return "allowed", "a permission applies"
    if permitted is None:
        return "unknown", "whether a permission applies is not known"
    return "unknown", "no rule of the policy speaks of it"


def _rule(rule: Rule, request: Request) -> RuleReport:
    premises: list[Premise] = []
    if rule.targets:
        premises.append(Premise("target", _among(request.target, rule.targets, request)))
    if rule.assignees:
        premises.append(Premise("party", _among(request.assignee, rule.assignees, request)))
    if rule.actions:
        premises.append(Premise("action", _acts(rule, request.action)))
    premises += [Premise(said(part), holds(part, request)) for part in (*rule.conditions, *rule.refinements)]
    duties = tuple(duty(part, request) for part in rule.duties)
    active = _all(premise.holds for premise in premises)
    if any(report.state == "violated" for report in duties):
        active = False
    return RuleReport(rule, tuple(premises), duties, active)


def _among(thing: str, listed: Iterable[str], request: Request) -> bool:
    return bool({thing, *request.member_of.get(thing, ())} & set(listed))


def _acts(rule: Rule, action: str) -> bool:
    """A permission must hold all of the action, a prohibition some of it."""
    return any(_action(listed, action, whole=rule.kind != "prohibition") for listed in rule.actions)


def _action(listed: str, asked: str, *, whole: bool) -> bool:
    one, other = _purpose(listed), _purpose(asked)
    if one and other:
        return not other & ~one if whole else bool(one & other)
    if listed == asked:
        return True
    if listed == "use":
        return asked not in _TRANSFER
    return listed == "transfer" and asked in _TRANSFER


def _purpose(action: str) -> int:
    """The leaves of an action that is a purpose; 0 for one that is none."""
    return scope.PURPOSES.get(_PURPOSE_OF.get(action, action.removeprefix(f"{PROFILE}:")), 0)


def holds(condition: Condition, request: Request) -> Truth:
    """Whether a constraint is satisfied; None where the world does not say, or the operator is not known."""
    if isinstance(condition, Logical):
        found = [holds(part, request) for part in condition.parts]
        if condition.kind in ("and", "andSequence"):
            return _all(found)
        if condition.kind == "or":
            return _any(found)
        return None if None in found else found.count(True) == 1
    stated = request.world.get(condition.left, ())
    if condition.left in ("dateTime", "date") and not stated:
        stated = (request.at.isoformat(),)
    return _compare(stated, condition) if stated else None


def _compare(stated: tuple[str, ...], condition: Constraint) -> Truth:
    left, right, relation = stated[0], condition.right, condition.operator
    if relation in _ORDERED or relation in ("eq", "neq"):
        if len(stated) != 1 or len(right) != 1:
            return None
        return _ordered(left, right[0], condition)
    if relation in ("isAnyOf", "isNoneOf"):
        found = bool(set(stated) & set(right))
        return found if relation == "isAnyOf" else not found
    if relation == "isAllOf":
        return set(stated) <= set(right)
    if relation in ("isA", "isPartOf", "hasPart"):
        return all(_part(left, item, condition) for item in right)
    return None


def _part(left: str, right: str, condition: Constraint) -> bool:
    wide, narrow = (left, right) if condition.operator == "hasPart" else (right, left)
    if condition.left == "spatial":
        return scope.place_covers(_place(wide), _place(narrow))
    return wide == narrow


def _place(text: str) -> str:
    """`urn:iso:3166:DE` as `DE`."""
    return text.rsplit(":", 1)[-1]


def _ordered(left: str, right: str, condition: Constraint) -> Truth:
    first, second = _figure(left, condition.left), _figure(right, condition.left)
    if condition.operator in ("eq", "neq"):
        same = _place(left) == _place(right) if condition.left == "spatial" else left == right
        if first is not None and second is not None:
            same = first == second
        return same is (condition.operator == "eq")
    if first is None or second is None:
        return None
    return _ORDERED[condition.operator](first, second)


def _figure(text: str, left: str) -> dt.datetime | Fraction | None:
    """A moment for dates, else an exact number; None for what is neither."""
    if left in _DATES:
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    try:
        return money.exact(text)
    except ValueError:
        return None


def duty(rule: Rule, request: Request) -> DutyReport:
    """The state of a duty on the request's day: by what was done, what is owed, and its deadline."""
    stated = request.states.get(rule.uid)
    if stated in ("fulfilled", "violated", "open"):
        return DutyReport(rule, stated, f"reported as {stated}")
    deadline = _deadline(rule)
    done = [deed for deed in request.deeds if deed.action in rule.actions and deed.duty in ("", rule.uid)]
    in_time = [deed for deed in done if deed.on <= request.at.date() and (deadline is None or deed.on <= deadline)]
    missing = _missing(rule, in_time, request) if "compensate" in rule.actions else None if in_time else "not done"
    if missing is None:
        return DutyReport(rule, "fulfilled", "done")
    until = f", due by {deadline}" if deadline else ""
    if deadline is not None and request.at.date() > deadline:
        done_instead = bool(rule.consequences) and all(
            duty(part, request).state == "fulfilled" for part in rule.consequences
        )
        return DutyReport(rule, "fulfilled" if done_instead else "violated", f"{missing}{until}")
    return DutyReport(rule, "open", f"{missing}{until}")


def _missing(rule: Rule, paid: Iterable[Deed], request: Request) -> str | None:
    """What is still to be paid, in words; None where nothing is."""
    amount = next((part for part in _flat(rule) if part.left == "payAmount"), None)
    currency = amount.unit.rsplit(":", 1)[-1].rsplit("/", 1)[-1] if amount else ""
    owed = request.owed_micro.get(rule.uid)
    if owed is None:
        owed = _micro(amount.right[0]) if amount and amount.right else None
    if owed is None:
        return "the amount owed is not computed"
    rest = owed - sum(deed.amount_micro for deed in paid if not currency or deed.currency == currency)
    return f"{money.show(rest, currency)} to be paid" if rest > 0 else None


def _micro(text: str) -> int | None:
    try:
        return money.micro(text)
    except ValueError:
        return None


def _deadline(rule: Rule) -> dt.date | None:
    """The last day of a duty: a constraint `dateTime lteq DAY` or `lt DAY`."""
    for part in _flat(rule):
        if part.left in ("dateTime", "date") and part.operator in ("lt", "lteq") and part.right:
            moment = _figure(part.right[0], "dateTime")
            if isinstance(moment, dt.datetime):
                return moment.date() - dt.timedelta(days=1 if part.operator == "lt" and _midnight(moment) else 0)
    return None


def _midnight(moment: dt.datetime) -> bool:
    return moment.timetz().replace(tzinfo=None) == dt.time(0)


def _flat(rule: Rule) -> list[Constraint]:
    return [part for part in (*rule.conditions, *rule.refinements) if isinstance(part, Constraint)]


def said(condition: Condition) -> str:
    """A condition in words: `dateTime lt 2026-01-01`."""
    if isinstance(condition, Logical):
        return f" {condition.kind} ".join(f"({said(part)})" for part in condition.parts)
    return f"{condition.left} {condition.operator} {', '.join(condition.right)} {condition.unit}".strip()


def _all(found: Iterable[Truth]) -> Truth:
    listed = list(found)
    return False if False in listed else None if None in listed else True


def _any(found: Iterable[Truth]) -> Truth:
    listed = list(found)
    return True if True in listed else None if None in listed else False
