"""What becomes of an intent in a carrier's vocabulary: which labels say it, what is said too broadly, what is lost.

A permission is said only by labels that mean no more than was permitted. A reservation is said by a broader label only
where the intent chose to broaden. Where labels overlap, the narrower label decides, and at equal width the reservation.
No carrier can say a beginning: whoever writes an intent leaves out what does not hold yet on the day of writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partita.errors import InputError
from partita.formats.signals import Effect, Intent, Loss, Stance, Statement
from partita.scope import ANYONE, EVERYWHERE, LEAVES, PURPOSES

Labels = Mapping[str, int]
"""A carrier's labels, each with the leaves of `scope.PURPOSES` that it means, as bits."""

Said = Mapping[str, Stance]
"""The labels that are written, each with what it says."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A statement as far as a carrier's axes can say it: the leaves left, and why it is wider, shorter or gone."""

    statement: Statement
    bits: int
    wider: str = ""
    unsaid: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """What a carrier can say besides purposes. `names`: what the asset at hand is called; None: targets can be said."""

    territory: bool = False
    price: bool = False
    names: frozenset[str] | None = frozenset()


def weigh(intent: Intent, axes: Axes) -> list[Weighed]:
    """Each statement of an intent against the axes of a carrier. Raises InputError for a purpose that is none."""
    return [_weighed(statement, intent.broaden, axes) for statement in intent.statements]


def _weighed(statement: Statement, broaden: bool, axes: Axes) -> Weighed:
    if statement.purpose not in PURPOSES:
        raise InputError(f"no purpose is called {statement.purpose!r}", mend=f"Use one of {', '.join(PURPOSES)}")
    if statement.stance is Stance.UNKNOWN:
        return Weighed(statement, 0, lost="it neither reserves nor permits")
    if axes.names is not None and statement.targets and not axes.names & set(statement.targets):
        return Weighed(statement, 0, lost=f"it speaks of {', '.join(statement.targets)[:100]}, not of what is at hand")
    if statement.stance is Stance.PERMIT and statement.price:
        return Weighed(statement, 0, lost="a permission for money is an offer: state a reservation with a price")
    limits = _limits(statement, axes)
    if limits and statement.stance is Stance.PERMIT:
        return Weighed(statement, 0, lost=f"the carrier cannot say {limits}, so it would permit more")
    if limits and not broaden:
        return Weighed(statement, 0, lost=f"the carrier cannot say {limits}, and to reserve more was not chosen")
    unsaid = "the price is not said" if statement.price and not axes.price else ""
    return Weighed(statement, PURPOSES[statement.purpose], wider=limits and f"{limits} is not said", unsaid=unsaid)


def _limits(statement: Statement, axes: Axes) -> str:
    """The limits of a statement that a carrier has no words for."""
    found = []
    if statement.system != ANYONE:
        found.append(f"that only {statement.system} is meant")
    if statement.territory != EVERYWHERE and not axes.territory:
        found.append(f"that only {statement.territory} is meant")
    if statement.valid_to is not None:
        found.append(f"that it ends on {statement.valid_to}")
    return " and ".join(found)


def meant(weighed: Sequence[Weighed], stance: Stance) -> int:
    """The leaves that statements of one stance mean."""
    bits = 0
    for one in weighed:
        bits |= one.bits if one.statement.stance is stance else 0
    return bits


def by_labels(weighed: Sequence[Weighed], labels: Labels, *, broaden: bool) -> dict[str, Stance]:
    """The labels to write in a carrier that gives each label a yes or a no of its own, in the carrier's order."""
    reserved, permitted = meant(weighed, Stance.RESERVE), meant(weighed, Stance.PERMIT)
    chosen = dict.fromkeys(_within(reserved, labels), Stance.RESERVE)
    if broaden:
        covered = _joined(chosen, labels)
        for name, bits in sorted(labels.items(), key=lambda item: ((item[1] & permitted).bit_count(), _width(item))):
            if bits & reserved & ~covered:
                chosen[name] = Stance.RESERVE
                covered |= bits
    for name in _within(permitted & ~reserved, labels):
        chosen.setdefault(name, Stance.PERMIT)
    return {name: chosen[name] for name in labels if name in chosen}


def _within(bits: int, labels: Labels) -> list[str]:
    """The fewest labels that mean nothing beyond `bits`, the widest first."""
    found: list[str] = []
    covered = 0
    for name, meaning in sorted(labels.items(), key=_width, reverse=True):
        if meaning and not meaning & ~bits and meaning & ~covered:
            found.append(name)
            covered |= meaning
    return found


def _width(item: tuple[str, int]) -> int:
    return item[1].bit_count()


def _joined(names: Mapping[str, Stance], labels: Labels) -> int:
    bits = 0
    for name in names:
        bits |= labels[name]
    return bits


def by_code(weighed: Sequence[Weighed], codes: Mapping[str, tuple[int, int]], *, broaden: bool) -> str:
    """The one code to write in a carrier of a single value; codes mean (leaves reserved, leaves permitted).

    Empty where every code would reserve more than was chosen, or permit more than was meant.
    """
    reserved, permitted = meant(weighed, Stance.RESERVE), meant(weighed, Stance.PERMIT)
    best, best_rank = "", (0, 0, 0)
    for name, (no, yes) in codes.items():
        if yes & ~(permitted & ~reserved) or (no & ~reserved and not (broaden and no & reserved)):
            continue
        rank = ((no & reserved).bit_count(), (yes & permitted).bit_count(), -(no & ~reserved).bit_count())
        if rank[:2] != (0, 0) and (not best or rank > best_rank):
            best, best_rank = name, rank
    return best


def fates(weighed: Sequence[Weighed], said: Sequence[tuple[Stance, int]]) -> tuple[Loss, ...]:
    """The fate of every statement, where `said` is what was written: a stance and the leaves that its label means."""
    reserved = permitted = 0
    for leaf in range(len(LEAVES)):
        touching = [(bits.bit_count(), stance is not Stance.RESERVE) for stance, bits in said if bits >> leaf & 1]
        if touching:
            reserved |= (not min(touching)[1]) << leaf
            permitted |= min(touching)[1] << leaf
    beyond = reserved & ~meant(weighed, Stance.RESERVE)
    return tuple(_fate(one, said, reserved, permitted, beyond) for one in weighed)


def _fate(one: Weighed, said: Sequence[tuple[Stance, int]], reserved: int, permitted: int, beyond: int) -> Loss:
    if one.lost:
        return Loss(one.statement, Effect.LOST, one.lost)
    reserving = one.statement.stance is Stance.RESERVE
    got = one.bits & (reserved if reserving else permitted)
    missing = words(one.bits & ~got)
    if not got:
        clash = one.bits & (permitted if reserving else reserved)
        why = "a reservation stands against it" if clash and not reserving else f"no label means {missing} and no more"
        return Loss(one.statement, Effect.LOST, why)
    extra = 0
    for stance, bits in said:
        extra |= bits & beyond if reserving and stance is Stance.RESERVE and bits & one.bits else 0
    wider = [one.wider, f"{words(extra)} is reserved too" if extra else ""]
    shorter = [f"{missing} is not said" if missing else "", one.unsaid]
    why = "; ".join(text for text in (*wider, *shorter) if text)
    effect = Effect.BROADER if any(wider) else Effect.NARROWER if any(shorter) else Effect.EXACT
    return Loss(one.statement, effect, why)


def words(bits: int) -> str:
    """Leaves in English: `data mining, search`."""
    return ", ".join(leaf.english for place, leaf in enumerate(LEAVES) if bits >> place & 1)
