"""Identifiers: check digits, forms, and that a column says what one text says."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partita import ids

ISWCS = {
    "T-034.524.680-1": "T0345246801",
    "T0345246801": "T0345246801",
    "t 034 524 680 1": "T0345246801",
    "ISWC T-034.524.680-1": "T0345246801",
    "ISWC: T-034.524.680-1": "T0345246801",
    "Ｔ－０３４．５２４．６８０－１": "T0345246801",
    "T‐034.524.680‐1": "T0345246801",
    "T-000.000.001-0": "T0000000010",
    "T-010.190.391-3": None,
    "T-034.524.680-2": None,
    "T-034.524.681-1": None,
    "T-043.524.680-1": None,
    "T034524680": None,
    "T03452468011": None,
    "D0345246801": None,
    "T٠٣٤٥٢٤٦٨٠١": None,
    "": None,
}  # fmt: skip
ISRCS = {
    "TW-A47-19-00001": "TWA471900001",
    "twa471900001": "TWA471900001",
    "ISRC TW-A47-19-00001": "TWA471900001",
    "ＧＢＡＹＥ０６０１４７７": "GBAYE0601477",
    "US RC1 76 07839": "USRC17607839",
    "TWA47190000": None,
    "TWA4719000011": None,
    "1WA471900001": None,
    "TWA47190000I": None,
    "中国A471900001": None,
    "TWA47١٩00001": None,
    "=HYPERLINK(1)": None,
}  # fmt: skip
_NOISE = st.text(st.sampled_from("T0123456789-. ‐ＴISWCisrcGBAYE\u202e\u200b中"), max_size=20)


@pytest.mark.parametrize(("text", "canonical"), ISWCS.items())
def test_an_iswc_has_one_form_and_a_check_digit(text: str, canonical: str | None) -> None:
    """Any punctuation and width; one wrong or exchanged figure is found; other scripts' figures are none."""
    assert ids.iswc(text) == canonical


@pytest.mark.parametrize(("text", "canonical"), ISRCS.items())
def test_an_isrc_has_one_form(text: str, canonical: str | None) -> None:
    """Two letters, three letters or figures, seven figures; no check digit."""
    assert ids.isrc(text) == canonical


def test_every_single_wrong_figure_of_an_iswc_is_found_but_by_tens() -> None:
    """The weights are 1 to 9: a wrong figure shows wherever weight times difference is no multiple of ten."""
    good = "0345246801"
    missed = [
        (place, figure) for place in range(9) for figure in "0123456789"
        if figure != good[place] and ids.iswc(f"T{good[:place]}{figure}{good[place + 1 :]}")
    ]  # fmt: skip
    assert all((place + 1) * (int(figure) - int(good[place])) % 10 == 0 for place, figure in missed)
    assert {place for place, _ in missed} <= {1, 3, 4, 5, 7}


def test_the_length_of_what_is_tried_is_limited() -> None:
    """A text of a megabyte is no identifier, and costs nothing."""
    assert ids.iswc("T-034.524.680-1" + " " * 1_000_000) is None
    assert ids.isrc("-" * 1_000_000 + "TWA471900001") is None


def test_lone_surrogates_and_nul_bytes_are_no_identifier() -> None:
    """What is no text in UTF-8 is refused like any other text."""
    assert ids.iswc("T0345246801\ud800") is None
    assert ids.isrc("TWA471900001\0") is None


@given(st.lists(st.one_of(st.none(), _NOISE, st.sampled_from([*ISWCS, *ISRCS]), st.text(max_size=30)), max_size=20))
@example([None, "", "T0345246801", " " * 60 + "T0345246801"])
def test_a_column_says_what_one_text_says(texts: list[str | None]) -> None:
    """The fast way through a column and the plain way agree, whatever stands there."""
    texts = [t if t is None else t.encode("utf-8", "replace").decode() for t in texts]
    column = pa.array(texts, pa.string())
    assert ids.iswcs(column).to_pylist() == [(t and ids.iswc(t)) or None for t in texts]
    assert ids.isrcs(column).to_pylist() == [(t and ids.isrc(t)) or None for t in texts]
    large = column.cast(pa.large_string())
    assert ids.iswcs(large).to_pylist() == ids.iswcs(column).to_pylist()


OTHERS = {
    ("isni", "0000 0001 2281 955X"): "000000012281955X",
    ("isni", "ISNI 0000-0001-2103-2683"): "0000000121032683",
    ("isni", "000000012281955x"): "000000012281955X",
    ("isni", "0000 0001 2281 9550"): None,
    ("isni", "000000012281955"): None,
    ("isni", "00000001X2281955"): None,
    ("ipi", "00017798450"): "00017798450",
    ("ipi", "17798450"): "00017798450",
    ("ipi", "IPI 000.177.984-50"): "00017798450",
    ("ipi", "00017798451"): None,
    ("ipi", "00071798450"): None,
    ("ipi", "000177984500"): None,
    ("ipi", "I-001779845-0"): None,
    ("ipi", ""): None,
    ("iscc", "iscc:kacypxw445ftynj3cysxhafjma2huwulunrfe3blhrscxyh2m5aegqy"): (
        "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY"
    ),
    ("iscc", "KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQZ"): None,
    ("iscc", "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQ"): None,
    ("iscc", "ISCC:8ACYPXW445FTYNJ3"): None,
    ("iscc", "ISCC:"): None,
}


@pytest.mark.parametrize(("kind", "text"), OTHERS)
def test_other_identifiers_have_one_form(kind: str, text: str) -> None:
    """ISNI, IPI and ISCC come out in one form, or not at all where form or check digits are wrong."""
    read = getattr(ids, kind)
    assert read(text) == OTHERS[kind, text]
    assert OTHERS[kind, text] is None or read(OTHERS[kind, text]) == OTHERS[kind, text]


@given(st.integers(0, 14), st.integers(1, 9))
def test_an_isni_with_one_wrong_digit_is_none(place: int, change: int) -> None:
    """Each single wrong digit is found by the check character."""
    good = "000000012281955X"
    digit = str((int(good[place]) + change) % 10)
    assert ids.isni(good[:place] + digit + good[place + 1 :]) is None


def test_every_iscc_of_the_standard_s_examples_is_one() -> None:
    """The codes of the reference implementation's test data are recognised as they stand, and none cut short is."""
    core = pytest.importorskip("iscc_core", reason="iscc-core is not installed: it brings the standard's examples")
    text = (Path(core.__file__).parent / "data.json").read_text(encoding="utf-8")
    codes = sorted(set(re.findall(r'"(ISCC:[A-Z0-9]+)"', text)))
    assert len(codes) > 50
    assert [code for code in codes if ids.iscc(code) != code] == []
    assert [code for code in codes if ids.iscc(code[:-1]) is not None] == []
