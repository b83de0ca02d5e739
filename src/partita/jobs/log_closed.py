"""Closed days of a log, and whether the play of a receipt is counted in one: what anybody with a receipt can check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from partita.errors import InputError
from partita.jobs import log_batches, log_receipts
from partita.jobs.log_faults import AlteredPlay, ClosedTwice, CountDiffers, MissingPlay, NotClosed, RewrittenDay
from partita.jobs.log_receipts import Receipt
from partita.jobs.log_slips import Slip
from partita.prove import entry, merkle
from partita.prove.checkpoint import Policy
from partita.prove.entry import Entry
from partita.prove.faults import DamagedTile, Fault, ForgedProof, SplitView
from partita.prove.log import Log

Slips = Mapping[tuple[str, str, str], Sequence[Slip]]
"""Slips by log, venue and day."""

ONE = b'"count":1,'
"""Stands in the data of every entry that is no batch."""


def batch_of(data: bytes) -> Entry | None:
    """The entry of a batch that a leaf's data says, None where it is that of one record, or of another form."""
    if ONE in data:
        return None
    try:
        return entry.parse(data)
    except InputError:
        return None


@dataclass
class Closed:
    """The batches of a log that its checkpoint covers, found by their root or by their first commitment."""

    log: Log
    _listed: dict[bytes, list[bytes]] = field(default_factory=dict, repr=False)
    _proven: set[int] = field(default_factory=set, repr=False)

    @property
    def size(self) -> int:
        """Entries that the checkpoint covers."""
        return self.log.checkpoint.size if self.log.checkpoint else 0

    @cached_property
    def signers(self) -> list[dict[str, str]]:
        """Who signed the checkpoint; the log was opened with the keys that are trusted."""
        return [
            {"name": key.name}
            for key in self.log.keys
            if self.log.note and any(map(key.made, self.log.note.signatures))
        ]

    @cached_property
    def entries(self) -> dict[bytes, list[tuple[int, Entry]]]:
        """By root: the number of each entry that holds it, and the entry."""
        found: dict[bytes, list[tuple[int, Entry]]] = {}
        for index, data in enumerate(self.log.entries(0, self.size)):
            told = batch_of(data)
            if told is not None:
                found.setdefault(told.commitment, []).append((index, told))
        return found

    @cached_property
    def heads(self) -> dict[bytes, list[bytes]]:
        """By the first commitment of a list, its group's own: the roots of the lists that begin so and are entered."""
        found: dict[bytes, list[bytes]] = {}
        for path in log_batches.files(self.log.folder):
            root = bytes.fromhex(path.stem) if len(path.stem) == 64 else b""
            first = log_batches.first(path) if root in self.entries else None
            if first is not None:
                found.setdefault(first, []).append(root)
        return found

    def listed(self, root: bytes, count: int) -> list[bytes]:
        """The commitments behind an entry, checked; the last few lists are kept."""
        if root not in self._listed:
            if len(self._listed) > 8:
                self._listed.pop(next(iter(self._listed)))
            self._listed[root] = log_batches.read(self.log.folder, root, count)
        return self._listed[root]

    def proves(self, index: int) -> None:
        """Proves, once, that an entry as it is read stands under the checkpoint; raises Fault."""
        if index not in self._proven and self.log.checkpoint:
            leaf = merkle.leaf_hash(self.log.entry(index))
            proof = self.log.prove(index, self.size)
            try:
                merkle.verify_inclusion(index, self.size, leaf, proof, self.log.checkpoint.root)
            except ForgedProof as error:
                raise DamagedTile(f"entry {index} is not the one under the checkpoint: {error.reason}") from None
            self._proven.add(index)

    def of_day(self, slip: Slip) -> tuple[int, Entry]:
        """The one entry into which a slip's day was closed; raises NotClosed and ClosedTwice."""
        found = [each for root in self.heads.get(slip.opened, []) for each in self.entries[root]]
        if not found:
            lacking = sum(1 for root in self.entries if not log_batches.place(self.log.folder, root).exists())
            also = f"; {lacking} entries have no published list" if lacking else ""
            raise NotClosed(f"{slip.venue}, {slip.day}: no entry of the log holds this day{also}")
        if len(found) > 1:
            numbers = ", ".join(str(index) for index, _ in sorted(found, key=lambda each: each[0]))
            raise ClosedTwice(f"{slip.venue}, {slip.day} was closed into the entries {numbers}")
        return found[0]


@dataclass(frozen=True, slots=True)
class Counted:
    """A play that is counted where its slip says: the number of the entry, the entry, the commitments behind it."""

    index: int
    entry: Entry
    listed: list[bytes]


def check(closed: Closed, receipt: Receipt, policy: Policy, known: Slips) -> Counted:
    """Whether a play is counted where its slip says. Raises Fault.

    `known` are slips of other receipts by day, which tell a play left out from one altered.
    """
    slip = log_receipts.check_slip(receipt, policy)
    others = known.get(day_of(slip), ())
    contradicted(slip, others)
    index, told = closed.of_day(slip)
    listed = closed.listed(told.commitment, told.count)
    plays = f"{slip.venue}, {slip.day}, closed with {told.count - 1} plays"
    if slip.play not in listed:
        _absent(slip, listed, others, plays)
    place = listed.index(slip.play)
    if slip.size > told.count:
        raise CountDiffers(f"{plays}: {slip.number} had been played when the receipt was given")
    if place != slip.number or log_batches.root_of(listed[: slip.size]) != slip.root:
        reason = f"the play is number {place} and was number {slip.number} when its receipt was given"
        if place == slip.number:
            reason = f"the plays before number {place} are not those for which its receipt was given"
        raise RewrittenDay(f"{plays}: {reason}")
    closed.proves(index)
    return Counted(index, told, listed)


def day_of(slip: Slip) -> tuple[str, str, str]:
    """The day of a slip: log, venue, day."""
    return slip.log, slip.venue, slip.day


def by_day(slips: Iterable[Slip]) -> Slips:
    """Slips sorted by their day."""
    found: dict[tuple[str, str, str], list[Slip]] = {}
    for slip in slips:
        found.setdefault(day_of(slip), []).append(slip)
    return found


def _absent(slip: Slip, listed: Sequence[bytes], known: Sequence[Slip], plays: str) -> None:
    if slip.number >= len(listed):
        raise MissingPlay(f"{plays}: play number {slip.number}, for which a receipt was given, is not counted")
    later = {each.play for each in known if each.opened == slip.opened and each.number > slip.number}
    if listed[slip.number] in later:
        raise MissingPlay(f"{plays}: play number {slip.number} was left out; a later play stands in its place")
    raise AlteredPlay(f"{plays}: in the place of play number {slip.number} stands another")


def contradicted(slip: Slip, others: Sequence[Slip]) -> None:
    """Raises where a slip and another of its day cannot both be true: that needs no log."""
    for other in others:
        if other.opened != slip.opened:
            raise ClosedTwice(f"{slip.venue}, {slip.day} was opened twice: two slips name different days of that name")
        if other.number == slip.number and other != slip:
            raise SplitView(f"{slip.venue}, {slip.day}: two different plays were signed as number {slip.number}")


def outcome(error: Fault) -> dict[str, str]:
    """A fault as plain data."""
    return {"outcome": error.code, "reason": str(error)}
