"""Structured fields: what is read, what is refused, and the vectors of the HTTP working group."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import http_sf
import pytest

from partita.formats.carriers import structured


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"alpha=y, beta=n", {"alpha": "y", "beta": "n"}),
        (b"  alpha=y ,\t beta=n  ", {"alpha": "y", "beta": "n"}),
        (b"alpha=y, beta=n, alpha=n", {"alpha": "n", "beta": "n"}),
        (b"alpha=n;why=contract;until=2030, beta=y", {"alpha": "n", "beta": "y"}),
        (b"alpha, beta=?0, gamma=1, delta=1.5", {"alpha": None, "beta": None, "gamma": None, "delta": None}),
        (b'alpha="n", beta=:bg==:, gamma=(n y)', {"alpha": None, "beta": None, "gamma": None}),
        (b"*star=y, a.b-c_d=n", {"*star": "y", "a.b-c_d": "n"}),
        (b"", {}),
        (b"   ", {}),
    ],
)
def test_a_dictionary_gives_its_tokens(value: bytes, expected: dict[str, str | None]) -> None:
    """Keys have their last token; a value of another type is None; parameters do not count."""
    assert structured.tokens([value]) == expected


@pytest.mark.parametrize(
    "value",
    [
        b"Alpha=y", b"alpha=y,", b"alpha=y beta=n", b"alpha=", b"=y", b"alpha=y,,beta=n", b"alpha=y; Why=no",
        b'alpha="n', b"alpha=(y", b"1alpha=y", "alpha=é".encode(), b"alpha=y\x00", b"alpha=y\r\nbeta=n", b"\xff",
        b"alpha=1234567890123456",
    ],
)  # fmt: skip
def test_what_is_no_dictionary_says_why(value: bytes) -> None:
    """A value that RFC 9651 refuses is refused whole, with a reason."""
    with pytest.raises(structured.NotStructuredError, match=r"is no structured field: ."):
        structured.tokens([value])


def test_lines_of_a_field_are_one_value() -> None:
    """Several lines are joined, and a later one overrules an earlier one."""
    assert structured.tokens([b"alpha=y", b"beta=y, alpha=n"]) == {"alpha": "n", "beta": "y"}


def test_a_value_has_a_limit() -> None:
    """A value of megabytes is refused before it is parsed."""
    with pytest.raises(structured.NotStructuredError, match="longer than 65,536 bytes"):
        structured.tokens([b"a=y, " * 20_000])


def test_the_vectors_of_the_working_group_agree(vectors: Callable[[str], Path]) -> None:
    """All parsing vectors of httpwg/structured-field-tests give the value, or the refusal, that they state."""
    wrong, count = [], 0
    for file in sorted(vectors("structured-field-tests").glob("*.json")):
        for case in http_sf.from_json(file.read_text(encoding="utf-8")):
            count += 1
            right = _right(case)
            wrong += [] if right else [f"{file.name}: {case['name']}"]
    assert wrong == []
    assert count == 1591


def _right(case: dict[str, Any]) -> bool:
    """Whether a vector is read as it states: refused, or the same value of the same types."""
    try:
        found = structured.parse([line.encode("utf-8") for line in case["raw"]], case["header_type"])
    except structured.NotStructuredError:
        return bool(case.get("must_fail") or case.get("can_fail"))
    return not case.get("must_fail") and _plain(found) == _plain(case["expected"])


def _plain(value: object) -> str:
    """A value with its types, decimals without the zeros that mean nothing."""
    return re.sub(r"Decimal\('([^']+)'\)", lambda found: f"Decimal({Decimal(found[1]).normalize()})", repr(value))
