"""The closed list of reasons: worded in both languages, with fields that exist, and no answer but the three."""

from __future__ import annotations

from pathlib import Path

import pytest

from partita.clear import reasons
from partita.scope import PURPOSES


@pytest.mark.parametrize("reason", reasons.REASONS, ids=lambda reason: reason.code)
def test_every_reason_is_worded_in_both_languages(reason: reasons.Reason) -> None:
    """Each code means one of three answers and has words in English and in Chinese, with the fields that there are."""
    assert reason.answer in {reasons.ALLOWED, reasons.REFUSED, reasons.UNKNOWN}
    assert reason.english.isascii()
    assert not reason.chinese.isascii()
    for language in reasons.LANGUAGES:
        fields = {field for _, field in reasons.pieces(reason.code, language)} - {""}
        assert fields <= set(reasons.FIELDS)


def test_every_purpose_has_words() -> None:
    """Each purpose that can be asked is worded in both languages, differently."""
    english = {reasons.purpose_words(name) for name in PURPOSES}
    chinese = {reasons.purpose_words(name, "zh-Hant") for name in PURPOSES}
    assert len(english) == len(chinese) == len(PURPOSES)
    assert not any(text.isascii() for text in chinese)


def test_every_code_is_explained(repository: Path) -> None:
    """The page on how an answer comes about names each code with its answer."""
    page = (repository / "docs/clear.md").read_text(encoding="utf-8")
    assert [r.code for r in reasons.REASONS if f"| `{r.code}` | {r.answer} |" not in page] == []


def test_a_language_without_words_is_named() -> None:
    """Asking in another language says which there are."""
    with pytest.raises(ValueError, match="there are en, zh-Hant"):
        reasons.REASON["silent"].template("fr")
