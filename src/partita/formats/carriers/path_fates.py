"""An intent in a carrier whose rules have paths, of which the longest that matches decides alone.

A rule for a longer path therefore repeats what shorter paths say and it does not. Where it is not certain which of two
paths is the nearer one, nothing is permitted that the other reserves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from partita.formats.carriers import paths
from partita.formats.carriers.fates import Axes, Labels, by_labels, fates, weigh
from partita.formats.signals import Effect, Intent, Loss, Stance, Statement


@dataclass(frozen=True, slots=True)
class Written:
    """What each path's rule says, by label, the path empty for all that is left; and the fate of each statement."""

    rules: dict[str, dict[str, Stance]]
    fates: tuple[Loss, ...]


def targets(statement: Statement) -> tuple[list[str], list[str]]:
    """The paths that a statement names, percent-encoded, and what else it names; no target is one empty path.

    Raises InputError for a path with control characters.
    """
    if not statement.targets:
        return [""], []
    named = [paths.writable(target) for target in statement.targets if target.startswith("/")]
    return list(dict.fromkeys(named)), [target for target in statement.targets if not target.startswith("/")]


def by_path(intent: Intent, labels: Labels) -> Written:
    """The rules that say an intent in a carrier of these labels. Raises InputError for a path with line breaks."""
    places = [targets(statement)[0] for statement in intent.statements]
    order = list(dict.fromkeys(path for named in places for path in named))
    own = {path: _own(intent, path, places, labels) for path in order}
    rules = {path: _with_inherited(path, own, labels) for path in order if own[path]}
    losses: list[list[Loss]] = [[] for _ in intent.statements]
    doubts = {path: _settle(path, rules, own, labels, broaden=intent.broaden) for path in order}
    for path in order:
        kept = own[path].items() & rules.get(path, {}).items()
        mine = replace(intent, statements=tuple(_at(intent, path, places)))
        found = fates(weigh(mine, Axes(names=None)), [(stance, labels[label]) for label, stance in kept])
        numbers = [number for number, named in enumerate(places) if path in named]
        for number, loss in zip(numbers, found, strict=True):
            losses[number].append(_doubted(loss, doubts[path]))
    unnamed = [targets(statement)[1] for statement in intent.statements]
    pairs = zip(intent.statements, losses, unnamed, strict=True)
    return Written(rules, tuple(joined(statement, found, names) for statement, found, names in pairs))


def _doubted(loss: Loss, doubt: tuple[Effect, str] | None) -> Loss:
    """A reservation's fate, where another path may take some of its URLs away or was given it too."""
    if doubt is None or loss.effect is Effect.LOST or loss.statement.stance is not Stance.RESERVE:
        return loss
    effect, why = doubt
    effect = Effect.BROADER if Effect.BROADER in (effect, loss.effect) else effect
    return Loss(loss.statement, effect, "; ".join(text for text in (loss.why, why) if text))


def _at(intent: Intent, path: str, places: list[list[str]]) -> list[Statement]:
    """The statements that name one path, without their targets."""
    pairs = zip(intent.statements, places, strict=True)
    return [replace(statement, targets=()) for statement, named in pairs if path in named]


def _own(intent: Intent, path: str, places: list[list[str]], labels: Labels) -> dict[str, Stance]:
    mine = replace(intent, statements=tuple(_at(intent, path, places)))
    return by_labels(weigh(mine, Axes(names=None)), labels, broaden=intent.broaden)


def _with_inherited(path: str, own: dict[str, dict[str, Stance]], labels: Labels) -> dict[str, Stance]:
    """A path's own labels, and those of wider paths, the nearest first, for what it leaves unsaid."""
    rule = dict(own[path])
    wider = [other for other in own if other != path and (not other or (path and paths.covers(other, path)))]
    for other in sorted(wider, key=paths.octets, reverse=True) if path else []:
        for label, stance in own[other].items():
            if not any(labels[label] & labels[taken] for taken in rule):
                rule[label] = stance
    return {label: rule[label] for label in labels if label in rule}


def _settle(
    path: str, rules: dict[str, dict[str, Stance]], own: dict[str, dict[str, Stance]], labels: Labels, *, broaden: bool
) -> tuple[Effect, str] | None:
    """Makes sure that no path which may or may not be the nearer one permits what this one reserves.

    Where the other leaves it unsaid, it is said there too if the intent chose to broaden; else the doubt is told.
    """
    reserved = [label for label, stance in own[path].items() if stance is Stance.RESERVE]
    doubt = None
    for other, rule in rules.items():
        if not (path and other and other != path and crossing(path, other)):
            continue
        for label in reserved:
            for taken in [one for one in rule if labels[one] & labels[label] and rule[one] is Stance.PERMIT]:
                del rule[taken]
            if any(labels[taken] & labels[label] for taken in rule):
                continue
            if broaden:
                rule[label] = Stance.RESERVE
                doubt = (Effect.BROADER, f"{other} is reserved too, which may meet {path}")
            elif paths.octets(other) >= paths.octets(path) and rule:
                doubt = doubt or (Effect.NARROWER, f"where {other} matches too, its rule decides alone")
    return doubt


def crossing(one: str, other: str) -> bool:
    """Whether a URL may match both patterns while neither holds the other."""
    return paths.may_meet(one, other) and not paths.covers(one, other) and not paths.covers(other, one)


def joined(statement: Statement, found: Sequence[Loss], unnamed: Sequence[str]) -> Loss:
    """The fate of a statement from its fates at each of its paths, and from targets that have no path."""
    effects = {loss.effect for loss in found}
    whys = [loss.why for loss in found if loss.why]
    if unnamed:
        effects.add(Effect.LOST)
        whys.append(f"{', '.join(unnamed)[:100]} is no path of the site")
    why = "; ".join(dict.fromkeys(whys))
    if Effect.BROADER in effects:
        return Loss(statement, Effect.BROADER, why)
    if effects == {Effect.LOST}:
        return Loss(statement, Effect.LOST, why)
    return Loss(statement, Effect.EXACT if effects == {Effect.EXACT} else Effect.NARROWER, why)
