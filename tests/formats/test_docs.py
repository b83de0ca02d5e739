"""The docs say what the code does: every problem code and every column is explained."""

from __future__ import annotations

from pathlib import Path

from partita.formats import headers, problems
from partita.jobs import training_problems
from partita.registry import notes


def test_every_code_is_documented(repository: Path):
    """docs/problems.md has one row per code, with its severity, reason and mend, and no others."""
    text = (repository / "docs/problems.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    known = {code: (kind.severity, kind.reason, kind.mend) for code, kind in problems.CODES.items()} | notes.CODES
    known |= training_problems.CODES
    assert set(rows) == set(known)
    for code, parts in known.items():
        assert [cell.strip() for cell in rows[code].strip("|").split("|")] == [f"`{code}`", *parts]


def test_every_column_is_documented(repository: Path):
    """docs/inputs.md names each of our columns."""
    text = (repository / "docs/inputs.md").read_text(encoding="utf-8")
    ours = {name for kind in ("usage", "repertoire", "shares") for name, _ in headers.words(kind).values()}
    assert sorted(name for name in ours - {"share_percent"} if f"`{name}`" not in text) == []
