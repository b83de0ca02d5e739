"""What can be wrong with a log or a proof, one class for each, in words that a court understands.

Every fault has a `code`, which does not change, and a message that says what differs and where. A fault is an answer
(the proof does not hold), not a slip of the one who asked: those are `InputError`.
"""

from __future__ import annotations

from typing import ClassVar


class Fault(ValueError):  # noqa: N818 - these are outcomes, named as such
    """A log or a proof that must not be relied upon: `FILE: REASON`."""

    code: ClassVar[str] = "fault"

    def __init__(self, reason: str, *, file: str = "") -> None:
        self.reason, self.file = reason, file
        super().__init__(f"{file}: {reason}" if file else reason)


class ForgedProof(Fault):
    """The proof does not lead from what is claimed to the signed root."""

    code = "forged_proof"


class AlteredFigure(Fault):
    """A figure of a document is not what was logged, or does not follow from the others; the message names it."""

    code = "altered_figure"


class ForgedSignature(Fault):
    """A signature in the name of a known key was not made with that key, or not over this text."""

    code = "forged_signature"


class UnknownKey(Fault):
    """No signature is by a key that the reader trusts."""

    code = "unknown_key"


class WrongOrigin(Fault):
    """The checkpoint is of another log than the one asked about."""

    code = "wrong_origin"


class TooFewWitnesses(Fault):
    """Fewer witnesses have signed than the policy asks for."""

    code = "too_few_witnesses"


class RolledBack(Fault):
    """The log is shorter than it was when it was signed or witnessed."""

    code = "rolled_back_log"


class SplitView(Fault):
    """Two signed states of one log contradict each other: no one log holds both."""

    code = "split_view"


class DamagedTile(Fault):
    """A tile or a bundle of entries is not what the tree says that it is."""

    code = "damaged_tile"


class MissingTile(Fault):
    """A tile or a bundle of entries that the tree needs is not there."""

    code = "missing_tile"


class MalformedNote(Fault):
    """A signed note, checkpoint or proof file is not of the form that its specification asks for."""

    code = "malformed_note"


class OldWitnessed(Fault):
    """The request to a witness starts from another size than the one it last signed; `size` is that one."""

    code = "witnessed_elsewhere"

    def __init__(self, reason: str, *, size: int) -> None:
        self.size = size
        super().__init__(reason)


class LogBusy(Fault):
    """Another writer is at work in the same log."""

    code = "log_busy"
