"""The exceptions that reach a user, each in one line: bad input (exit 2), books that do not balance (exit 1)."""

from __future__ import annotations


class InputError(Exception):
    """What is wrong, where, and how to mend it, in one line: `FILE:LINE: REASON. MEND`."""

    def __init__(self, reason: str, *, file: str = "", line: int = 0, mend: str = "") -> None:
        self.reason, self.file, self.line, self.mend = reason, file, line, mend
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(" ".join(f"{place}{reason}{'. ' + mend if mend else ''}".split()))


class Unbalanced(ValueError):  # noqa: N818 - the word that an accountant uses
    """The books do not balance, or not any more as they lie on the disk; the message says what differs."""
