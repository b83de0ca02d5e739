"""A contribution record agrees with itself, and labels with it and with one another, or each contradiction is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.formats.labels import aigc, art50, c2pa, ddex
from partita.formats.labels.shape import Contribution, Credit, Label, Making, Part, Reason, State
from partita.prove import contribution
from partita.prove.contribution import Extent, check, check_labels, summary

SHOWN = ("drafts: three dated drafts",)
WORDS = Part("lyrics", Making.HUMAN, party="P1", evidence=SHOWN)
TUNE = Part("melody", Making.ASSISTED, "melody/v1", party="P2")
VOICE = Part("vocals", Making.GENERATED, "singer/v2")
RECORD = Contribution("Night Harbour", (WORDS, TUNE, VOICE), "W1", (Credit("W2", share_ppm=250_000),), producer="Desk")
ALL_HUMAN = replace(RECORD, parts=(WORDS,))
ALL_MACHINE = replace(RECORD, parts=(replace(VOICE, part="whole"),))


def codes(record: Contribution) -> set[str]:
    """The codes of what is found in a record."""
    return {finding.code for finding in check(record)}


def label(kind: str, making: Making | None = None, **details: object) -> Label:
    """A label that says so."""
    return Label(kind, State.UNSIGNED, making=making, details=details)


def test_a_summary_tells_kinds_tools_and_claims() -> None:
    """Words are human, music is partly a machine's, the recording wholly; pictures are not spoken of."""
    found = summary(RECORD)
    assert found.kinds == {"words": Extent.NONE, "music": Extent.PARTLY, "recording": Extent.ALL}
    assert (found.whole, found.making) == (Extent.PARTLY, Making.ASSISTED)
    assert (found.tools, found.claims, found.shaped_ppm) == (("melody/v1", "singer/v2"), (), 250_000)


def test_a_whole_speaks_for_every_kind() -> None:
    """What is said of the whole is said of words, music, recording and picture."""
    assert summary(ALL_MACHINE).kinds == dict.fromkeys(contribution.KINDS, Extent.ALL)
    assert summary(replace(ALL_MACHINE, credits=())).shaped_ppm is None


def test_a_good_record_has_nothing_to_say_of() -> None:
    """Evidence, tools, exact shares and a producer leave no finding."""
    assert codes(RECORD) == set()


CASES = {
    "generated_without_tool": replace(RECORD, parts=(replace(VOICE, tool=""),)),
    "assisted_without_tool": replace(RECORD, parts=(replace(TUNE, tool=""),)),
    "human_with_tool": replace(RECORD, parts=(replace(WORDS, tool="writer/v1"),)),
    "human_claim": replace(RECORD, parts=(replace(WORDS, evidence=()),)),
    "hashes_unmatched": replace(RECORD, parts=(replace(WORDS, sha256=("0" * 64, "1" * 64)),)),
    "part_twice": replace(RECORD, parts=(WORDS, replace(WORDS, making=Making.ASSISTED, tool="writer/v1"))),
    "whole_contradicted": replace(RECORD, parts=(replace(WORDS, part="whole"), VOICE)),
    "share_not_exact": replace(RECORD, credits=(Credit("W2", share_ppm=0.25),)),  # type: ignore[arg-type]
    "shares_above_whole": replace(RECORD, credits=(Credit("W2", share_ppm=600_000), Credit("W3", share_ppm=400_001))),
    "credit_twice": replace(RECORD, credits=(Credit("W2"), Credit("W2"))),
    "no_producer": replace(RECORD, producer=""),
}


@pytest.mark.parametrize("code", CASES)
def test_each_fault_of_a_record_has_its_code(code: str) -> None:
    """One fault, one code, in words that name what is concerned."""
    assert codes(CASES[code]) == {code}


def test_a_human_claim_is_said_to_be_a_claim_and_no_fault() -> None:
    """A human part without evidence is noted as a claim; it contradicts nothing, and stays in the summary."""
    (found,) = check(CASES["human_claim"])
    assert found.note
    assert "claim" in found.words
    assert summary(CASES["human_claim"]).claims == ("lyrics",)
    assert not contribution.Finding("human_with_tool", "").note


@pytest.mark.parametrize("making", Making)
def test_labels_written_from_one_record_agree(making: Making) -> None:
    """GB 45438, DDEX, Art. 50 and the source type that C2PA is given go together, for every way of making."""
    record = {Making.HUMAN: ALL_HUMAN, Making.ASSISTED: RECORD, Making.GENERATED: ALL_MACHINE}[making]
    labels = [
        label("c2pa", making, digital_source_types=[c2pa.CREATED[making]]),
        ddex.label(ddex.recording(record, ddex.Track("QMXYZ2600001", "A", 1))),
    ]
    if making is not Making.HUMAN:
        labels += [label("aigc", label=aigc.mark(record, "N1").label), label("art50", layer=art50.layer(making))]
    assert check_labels(labels, record) == ()


GENERATIVE = {"special": "GenerativeAI", "ai": "All"}
PERSON = {"name": "Writer One", "ai": "Partly"}
WRONG: dict[str, tuple[list[Label], Contribution | None]] = {
    "ddex_all_with_people": ([label("ddex", contains_ai="All", contributors=[GENERATIVE, PERSON])], None),
    "ddex_none_with_ai": ([label("ddex", contains_ai="None", contributors=[PERSON])], None),
    "ddex_party_all": ([label("ddex", contains_ai="Partly", contributors=[PERSON | {"ai": "All"}])], None),
    "ddex_machine_not_all": ([label("ddex", contains_ai="Partly", contributors=[GENERATIVE | {"ai": "None"}])], None),
    "ddex_unknown_value": ([label("ddex", contains_ai="Some")], None),
    "source_type_differs": ([label("c2pa", Making.HUMAN, digital_source_types=[c2pa.CREATED[Making.GENERATED]])], None),
    "aigc_unknown_label": ([label("aigc", label="4")], None),
    "aigc_on_human": ([label("aigc", label="1")], ALL_HUMAN),
    "aigc_understated": ([label("aigc", label="2")], ALL_MACHINE),
    "art50_differs": ([label("art50", layer="modified")], ALL_MACHINE),
    "differs_from_record": ([label("c2pa", Making.HUMAN)], RECORD),
    "labels_contradict": ([label("c2pa", Making.HUMAN), label("aigc", label="1")], None),
    "label_twice": ([label("aigc", label="1", fields={}), label("aigc", label="1", fields={})], None),
    "label_invalid": ([Label("c2pa", State.INVALID, (Reason("a", "changed after signing"),), Making.HUMAN)], RECORD),
    "too_many_labels": ([label("ddex", contains_ai="All")] * 201, None),
}


@pytest.mark.parametrize("code", WRONG)
def test_each_contradiction_of_labels_has_its_code(code: str) -> None:
    """Within one label, between two, and against the record: each contradiction is named, and nothing else is."""
    labels, record = WRONG[code]
    assert {finding.code for finding in check_labels(labels, record)} == {code}


def test_every_code_has_a_test() -> None:
    """No code is left that no test brings about."""
    assert set(contribution.CODES) == set(CASES) | set(WRONG)


def test_every_code_is_explained(repository: Path) -> None:
    """The page on labels has each code, in the words that the program says, and whether it is a note."""
    page = (repository / "docs/labels-gb-ddex-eu.md").read_text(encoding="utf-8")
    for code, words in contribution.CODES.items():
        kind = "note" if contribution.Finding(code, words).note else "contradiction"
        assert f"| `{code}` | {words} | {kind} |" in page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (label("c2pa", Making.HUMAN), label("ddex", contains_ai="All")),
        (label("c2pa", Making.GENERATED), label("ddex", contains_ai="Partly")),
        (label("ddex", contains_ai="None"), label("aigc", label="1")),
    ],
)
def test_contradictions_between_kinds_are_found_in_either_order(one: Label, other: Label) -> None:
    """C2PA, DDEX and GB 45438 are held against each other, whichever was read first."""
    assert [f.code for f in check_labels([one, other])] == ["labels_contradict"]
    assert [f.code for f in check_labels([other, one])] == ["labels_contradict"]


def test_what_leaves_it_open_contradicts_nothing() -> None:
    """GB 45438's label 1 holds for partly and wholly generated; a guess and a silent label hold for anything."""
    silent = [label("c2pa"), Label("ddex", State.NONE)]
    for value, guess in (("All", "1"), ("Partly", "1"), ("None", "3")):
        assert check_labels([label("ddex", contains_ai=value), label("aigc", label=guess), *silent]) == ()


def test_steps_by_people_and_by_machines_are_assisted() -> None:
    """Steps of both source types together are assisted, and neither all human nor all generated."""
    types = [c2pa.CREATED[Making.HUMAN], c2pa.CREATED[Making.GENERATED]]
    found = {m: check_labels([label("c2pa", m, digital_source_types=types)]) for m in Making}
    assert {m for m, findings in found.items() if not findings} == {Making.ASSISTED}


def test_a_composite_goes_with_anything_and_others_types_too() -> None:
    """IPTC's composite leaves the making open; a source type of somebody else is not judged."""
    for making in (Making.HUMAN, Making.ASSISTED):
        assert contribution.goes_with(making, "http://cv.iptc.org/newscodes/digitalsourcetype/composite")
    assert contribution.goes_with(Making.HUMAN, "http://c2pa.org/digitalsourcetype/empty")


PARTS = st.builds(
    Part, st.sampled_from(["lyrics", "melody", "vocals", "whole"]), st.sampled_from(Making), st.sampled_from(["", "t"])
)
DETAILS = st.dictionaries(
    st.sampled_from(["label", "contains_ai", "contributors", "layer", "digital_source_types", "fields"]),
    st.sampled_from(["1", "All", "None", "generated", 3, None, [], ["x"], [{"special": 1}], {"a": 1}]),
)
LABELS = st.builds(
    lambda kind, state, making, details: Label(kind, state, making=making, details=details),
    st.sampled_from(["c2pa", "aigc", "ddex", "art50", "other"]), st.sampled_from(State),
    st.sampled_from([None, *Making]), DETAILS,
)  # fmt: skip


@given(st.lists(PARTS, min_size=1, max_size=5), st.lists(LABELS, max_size=5))
def test_any_record_and_labels_are_judged(parts: list[Part], labels: list[Label]) -> None:
    """Whatever labels hold, the judgement has known codes, and does not depend on the order of the labels."""
    record = Contribution("A", tuple(parts))
    found = check_labels(labels, record)
    assert {f.code for f in (*found, *check(record))} <= set(contribution.CODES)
    assert {f.code for f in check_labels(labels[::-1], record)} == {f.code for f in found}
    whole = summary(record)
    assert (whole.whole is Extent.ALL) is (whole.making is Making.GENERATED)
