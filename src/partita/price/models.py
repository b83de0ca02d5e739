"""What a licence for an AI system costs: published models as data, their gaps filled by an offer, figures in, fee out.

A component is a share of an income (with a minimum), a fixed fee, or a fee per unit. What neither the model nor the
offer states, or the licensee does not report, is named as missing: a fee is never guessed. Amounts are exact, and cut
to the millionth of the currency unit once, at the end of each component.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from partita import money, scope
from partita.errors import InputError
from partita.formats.odrl import PROFILE, Constraint, Policy, Rule
from partita.price.steps import Step, figure, money_figure

FOLDER = Path(__file__).parent / "models"
WORKS_MOST = 100_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a term was published, and how it was read."""

    title: str
    url: str
    evidence: Literal["primary", "secondary", "unverified"]
    read_on: dt.date


class Component(_Strict):
    """One part of a fee; `share`, `amount` and `minimum` are exact texts, null where the offer must state them."""

    id: str
    says: dict[str, str]
    kind: Literal["share", "fixed", "per_unit"]
    of: str = ""
    share: str | None = None
    amount: str | None = None
    minimum: str | None = "0"
    split: Literal["equal_per_work", "by_use", "by_attribution"]
    source: str

    def terms(self) -> dict[str, str | None]:
        """The terms that the component needs, by name, with their published values."""
        if self.kind == "share":
            return {"share": self.share, "minimum": self.minimum}
        return {"amount": self.amount}


class Model(_Strict):
    """A licence model: `scope` says whether it is for a provider or for one version of one model."""

    id: str
    name: dict[str, str]
    licensor: str
    status: Literal["published", "model"]
    published: str
    scope: Literal["provider", "version"]
    components: tuple[Component, ...]
    duties: tuple[Literal["inform", "attribute", "delete"], ...]
    sources: dict[str, Source]


@dataclass(frozen=True, slots=True)
class Part:
    """What one component comes to, step by step; None and what is missing where it cannot be computed."""

    component: Component
    amount_micro: int | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fee:
    """The parts of a fee; the whole is None as long as any part is missing something."""

    model: Model
    currency: str
    parts: tuple[Part, ...]

    @property
    def amount_micro(self) -> int | None:
        """The sum of the parts, in micro-units."""
        amounts = [part.amount_micro for part in self.parts]
        return None if None in amounts else sum(amount for amount in amounts if amount is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Every term or figure that is missing, as `component.name`."""
        return tuple(name for part in self.parts for name in part.missing)


@cache
def models() -> Mapping[str, Model]:
    """The shipped models by id; raises InputError for a file that is none."""
    found = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        try:
            model = Model.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            raise InputError(f"is no licence model: {error}", file=file.name) from None
        found[model.id] = model
    return found


def model(name: str) -> Model:
    """The model of that id; raises InputError that names the ones there are."""
    if name not in models():
        raise InputError(f"licence model {name!r} is not known", mend=f"Write one of: {', '.join(models())}")
    return models()[name]


def covers(licence: Model, system: str) -> bool:
    """Whether a licence on this model may speak of `system`: one per version must name a version, `suno/v5`."""
    return licence.scope == "provider" or scope.system_depth(system) >= 2


def fee(licence: Model, terms: Mapping[str, str], figures: Mapping[str, str], currency: str) -> Fee:
    """The fee from an offer's terms (`model.share`, `model.minimum`) and the licensee's figures (`net_income`).

    Raises InputError for a term or figure that is no exact number, or is negative.
    """
    return Fee(licence, currency, tuple(_part(component, terms, figures) for component in licence.components))


def _part(component: Component, terms: Mapping[str, str], figures: Mapping[str, str]) -> Part:
    stated = {name: terms.get(f"{component.id}.{name}", published) for name, published in component.terms().items()}
    missing = [f"{component.id}.{name}" for name, value in stated.items() if value is None]
    if component.of and component.of not in figures:
        missing.append(component.of)
    if missing:
        return Part(component, None, (), tuple(missing))
    values = {name: _exact(value, f"{component.id}.{name}") for name, value in stated.items() if value is not None}
    base = _exact(figures[component.of], component.of) if component.of else Fraction(0)
    steps = tuple(_steps(component, values, base))
    return Part(component, money.floor_micro(steps[-1].amount), steps)


def _steps(component: Component, values: Mapping[str, Fraction], base: Fraction) -> list[Step]:
    source = component.source
    if component.kind == "fixed":
        return [Step("fixed", figure(values["amount"]), values["amount"], source)]
    if component.kind == "per_unit":
        amount = values["amount"] * base
        return [Step("rate", f"{figure(values['amount'])} x {figure(base)} {component.of}", amount, source)]
    share = values["share"]
    steps = [Step("share", f"{figure(share * 100)} % x {figure(base)} {component.of}", share * base, source)]
    if values["minimum"] > steps[-1].amount:
        steps.append(Step("minimum", f"at least {money_figure(values['minimum'])}", values["minimum"], source))
    return steps


def _exact(text: str, name: str) -> Fraction:
    try:
        value = money.exact(text)
    except ValueError as error:
        raise InputError(f"{name}: {error}") from None
    if value < 0:
        raise InputError(f"{name}: {text} is negative", mend="State what was earned or agreed, not what was lost")
    return value


def per_work(part: Part, works: Sequence[str]) -> dict[str, int]:
    """A part split equally per work, to the micro-unit: sums to it exactly; the left-over units go to the first ids."""
    if part.amount_micro is None:
        raise ValueError(f"{part.component.id} is not computed: {', '.join(part.missing)} missing")
    listed = sorted(set(works))
    if not listed or len(listed) > WORKS_MOST:
        raise ValueError("a fee is split among at least one work")
    return dict(zip(listed, money.split_v1(part.amount_micro, [1] * len(listed)), strict=True))


def policy(licence: Model, terms: Mapping[str, str], currency: str, rule: Rule) -> Policy:
    """An offer on this model as ODRL 2.2: `rule` names action, target and assignee; each component is a duty to pay."""
    duties = [_compensate(component, terms, currency) for component in licence.components]
    duties += [Rule("duty", uid=f"{PROFILE}:duty:{action}", actions=(action,)) for action in licence.duties]
    permission = Rule(
        "permission",
        uid=rule.uid,
        actions=rule.actions,
        targets=rule.targets,
        assigners=rule.assigners,
        assignees=rule.assignees,
        conditions=rule.conditions,
        duties=tuple(duties),
    )
    return Policy(f"{PROFILE}:model:{licence.id}", "Offer", (permission,), profile=PROFILE)


def _compensate(component: Component, terms: Mapping[str, str], currency: str) -> Rule:
    refinements = [Constraint(f"{PROFILE}:kind", "eq", (component.kind,))]
    if component.of:
        refinements.append(Constraint(f"{PROFILE}:of", "eq", (component.of,)))
    for name, published in component.terms().items():
        value = terms.get(f"{component.id}.{name}", published)
        if value is not None:
            refinements.append(Constraint(f"{PROFILE}:{name}", "eq", (value,), currency if name != "share" else ""))
    return Rule("duty", uid=f"{PROFILE}:duty:{component.id}", actions=("compensate",), refinements=tuple(refinements))


def terms_of(offer: Policy) -> dict[str, str]:
    """The terms of an offer written by `policy`, as `fee` takes them; foreign policies have none."""
    found = {}
    for rule in offer.rules:
        for duty in rule.duties:
            component = duty.uid.removeprefix(f"{PROFILE}:duty:")
            for part in duty.refinements:
                if isinstance(part, Constraint) and part.left in {
                    f"{PROFILE}:{n}" for n in ("share", "minimum", "amount")
                }:
                    found[f"{component}.{part.left.rsplit(':', 1)[-1]}"] = part.right[0]
    return found


def owed(licence_fee: Fee) -> dict[str, int]:
    """What each duty to compensate owes in micro-units, by the duty's uid: for `clear.odrl.Request.owed_micro`."""
    return {
        f"{PROFILE}:duty:{part.component.id}": part.amount_micro
        for part in licence_fee.parts
        if part.amount_micro is not None
    }
