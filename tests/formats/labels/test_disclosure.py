"""The AI disclosure: one for each machine, in C2PA's own words; what is not in its words is named before signing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.formats.labels import disclosure
from partita.formats.labels.disclosure import MODEL, MODEL_TYPES, OVERSIGHT, disclosures, faults
from partita.formats.labels.shape import Contribution, Making, Part


def test_the_words_are_those_of_the_table() -> None:
    """Twenty-four kinds of model, three of oversight: the specification's tables of April 2026."""
    assert (len(MODEL_TYPES), sorted(OVERSIGHT)) == (24, ["fully_autonomous", "human_validated", "prompt_guided"])
    assert {MODEL, f"{MODEL}.onnx", f"{MODEL}.huggingface.transformers"} <= MODEL_TYPES


def test_people_need_no_disclosure_and_each_machine_one(record: Callable[[Making], Contribution]) -> None:
    """Two parts by one machine are one disclosure; a machine of unknown kind is a model."""
    assert disclosures(record(Making.HUMAN)) == []
    parts = [("vocals", "A"), ("lyrics", "A"), ("artwork", "B")]
    made = Contribution("Waltz", tuple(Part(part, Making.GENERATED, tool) for part, tool in parts))
    assert disclosures(made) == [
        {"modelType": MODEL, "modelName": "A"},
        {"modelType": MODEL, "modelName": "B"},
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "no object"),
        ({}, "modelType None"),
        ({"modelType": "c2pa.types.model.suno"}, "no word of C2PA's table"),
        ({"modelType": ["c2pa.types.model"]}, "no word of C2PA's table"),
        ({"modelType": MODEL, "modelName": ""}, "modelName"),
        ({"modelType": MODEL, "modelName": "x" * 257}, "modelName"),
        ({"modelType": MODEL, "modelName": "two\nlines"}, "modelName"),
        ({"modelType": MODEL, "modelIdentifier": 5}, "modelIdentifier"),
        ({"modelType": MODEL, "humanOversightLevel": "human_validated"}, "no meaning"),
        ({"modelType": MODEL, "contentProfile": []}, "contentProfile is no object"),
        ({"modelType": MODEL, "contentProfile": {"humanOversightLevel": "approved"}}, "humanOversightLevel"),
        ({"modelType": MODEL, "contentProfile": {"humanOversightLevel": None}}, "humanOversightLevel"),
        ({"modelType": MODEL, "contentProfile": {"scientificDomain": "cs.SD"}}, "scientificDomain"),
        ({"modelType": MODEL, "contentProfile": {"scientificDomain": []}}, "scientificDomain"),
        ({"modelType": MODEL, "contentProfile": {"other": 1}}, "no meaning"),
    ],
)
def test_what_the_specification_does_not_allow_is_named(data: object, words: str) -> None:
    """The signing library takes all of these."""
    assert words in " ".join(faults(data))


def test_a_full_disclosure_is_without_fault() -> None:
    """Every field that the specification has."""
    profile = {"scientificDomain": ["cs.SD", "eess.AS"], "humanOversightLevel": "prompt_guided"}
    assert faults({"modelType": MODEL, "modelName": "M", "modelIdentifier": "urn:m:1", "contentProfile": profile}) == []


PARTS = st.builds(
    Part,
    part=st.sampled_from(["lyrics", "vocals"]),
    making=st.sampled_from(list(Making)),
    tool=st.sampled_from(["", "Model 5", "模型五"]),
    model_type=st.sampled_from(["", *sorted(MODEL_TYPES)]),
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from([MODEL, *OVERSIGHT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*sorted(disclosure.FIELDS), "humanOversightLevel"]), inner, max_size=4)
    ),
)


@given(st.lists(PARTS, min_size=1, max_size=6), st.sampled_from(["", *OVERSIGHT]))
def test_what_is_written_is_without_fault(parts: list[Part], oversight: str) -> None:
    """Of any record in the words of the tables."""
    for data in disclosures(Contribution("Waltz", tuple(parts), oversight=oversight)):
        assert faults(data) == []


@given(ANY)
def test_any_data_is_judged(data: object) -> None:
    """Whatever stands in a disclosure: it has a known kind of model, or a fault."""
    kind = data.get("modelType") if isinstance(data, dict) else None
    assert faults(data) or (isinstance(kind, str) and kind in MODEL_TYPES)
