"""What a summary still lacks, and where what was stated contradicts what was counted: collected, never invented."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


class Gaps:
    """Collects gaps by field; a field is a dotted path in the summary."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def need(self, field: str, value: T, code: str = "not_stated", count: int = 0) -> T:
        """`value`; notes the field as missing where it is None or empty."""
        if value is None or value == "" or value in ((), []):
            self.note(field, code, count)
        return value

    def note(self, field: str, code: str, count: int = 0) -> None:
        """Notes a gap: `not_stated`, `unknown_size`, `undated`, `no_origin` ... with the number of items concerned."""
        self.found.append({"field": field, "code": code, "items": count})
