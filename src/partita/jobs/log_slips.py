"""Slips: what a venue signs the moment a play is committed to, so that leaving it out later can be proven.

A slip is a signed note: the state of the day's own tree right after this play (origin, how many commitments, root over
them), then venue, day, the day's own commitment and the play's. So one slip holds every play before it, too.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from partita.errors import InputError
from partita.prove import checkpoint, note
from partita.prove.checkpoint import Checkpoint
from partita.prove.faults import MalformedNote
from partita.prove.note import SigningKey

ORIGIN = "/usage"
"""What a slip's origin adds to that of its log, so that no slip can pass for a checkpoint of the log."""
NAMES = ("venue", "day", "opened", "play")
HASHES = NAMES[2:]


@dataclass(frozen=True, slots=True)
class Slip:
    """One signed play: its log, venue and day, its number from 1, the root over the day until then, two commitments."""

    log: str
    venue: str
    day: str
    number: int
    root: bytes
    opened: bytes
    play: bytes

    @property
    def size(self) -> int:
        """Commitments of the day until then: the day's own, and one a play."""
        return self.number + 1

    def text(self) -> str:
        """The text that is signed; raises InputError where a name cannot stand in it."""
        if any(not name or any(sign < " " for sign in name) for name in (self.venue, self.day)):
            raise InputError("a venue's name has no line breaks", mend="Name the venue in one line")
        said = (self.venue, self.day, _encoded(self.opened), _encoded(self.play))
        lines = tuple(f"{name} {value}" for name, value in zip(NAMES, said, strict=True))
        return Checkpoint(self.log + ORIGIN, self.size, self.root, lines).text()


def sign(slip: Slip, signer: SigningKey) -> str:
    """The slip as it is handed out."""
    text = slip.text()
    return str(note.sign(text, [signer.sign(text)]))


def parse(text: str) -> Slip:
    """The slip that a note's text is, its signature not checked; raises MalformedNote."""
    told = checkpoint.parse(text)
    said = dict(line.partition(" ")[::2] for line in told.extensions)
    if tuple(said) != NAMES or not told.origin.endswith(ORIGIN) or told.size < 2:
        raise MalformedNote("this is no slip of a play")
    try:
        opened, play = (base64.b64decode(said[name], validate=True) for name in HASHES)
    except ValueError as error:
        raise MalformedNote("a commitment of the slip is not in Base64") from error
    origin = told.origin.removesuffix(ORIGIN)
    return Slip(origin, said["venue"], said["day"], told.size - 1, told.root, opened, play)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
