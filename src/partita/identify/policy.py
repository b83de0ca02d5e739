"""What the caller decides of identification: thresholds, and which lines no society here has to answer for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IdentifyPolicy:
    """Thresholds are calibrated probabilities; scope rules apply only where they are stated.

    `languages_out`: BCP 47 tags; a line in one of them that matches no work is out of scope. `guess_language` lets kana
    and Hangul speak where the line states no language. `period_from`, `period_to`: first and last day of use that
    counts. `territories`: ISO 3166 codes that count; a line that states none counts.
    """

    accept: float = 0.90
    reject: float = 0.08
    margin: float = 0.50
    languages_out: tuple[str, ...] = ()
    guess_language: bool = False
    period_from: date | None = None
    period_to: date | None = None
    territories: tuple[str, ...] = ()
    candidates_most: int = 5
    chunk_lines: int = 32_768

    def __post_init__(self) -> None:
        """Raises ValueError where the figures make no sense."""
        if not 0 <= self.reject <= self.accept <= 1:
            raise ValueError("policy: 0 <= reject <= accept <= 1 is needed")
        if self.period_from and self.period_to and self.period_from > self.period_to:
            raise ValueError("policy: period_from lies after period_to")
        if self.candidates_most < 1 or self.chunk_lines < 1:
            raise ValueError("policy: candidates_most and chunk_lines must be at least 1")
