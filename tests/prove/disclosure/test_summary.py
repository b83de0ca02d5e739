"""The summary: what is computed, what is stated, and what is missing, section by section of the template."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import made_training as made

from partita.formats import disclosure_file

TAKEN = dt.datetime.fromisoformat("2025-03-09T12:00:00")


def gaps(summary: dict[str, Any]) -> set[tuple[str, str]]:
    """What is missing, by field and code."""
    return {(gap["field"], gap["code"]) for gap in summary["missing"]}


def test_a_full_answer_leaves_nothing_missing() -> None:
    """Where manifests and answers say everything that applies, no gap is left, and the schema holds."""
    parts = made.run(
        ({"url": "https://a.example/1", "domain": "a.example", "tokens": 5, "taken_at": TAKEN, "language": "nan",
          "crawler": "Bot/1"}, {"answer": "allowed", "answer_trained": "allowed"}),
    )  # fmt: skip
    answers = """
    general.continuous = false
    content.text.types = "Lyrics"
    crawled = {purposes = "training", behaviour = "reads robots.txt", description = "lyrics"}
    reservations = {signatory = true, measures = "robots.txt"}
    illegal.measures = "filters"
    """
    summary = made.summary(parts, answers)
    assert summary["missing"] == []
    assert disclosure_file.faults(summary, disclosure_file.SUMMARY) == []


def test_nothing_stated_is_missing_and_never_invented() -> None:
    """Without answers each field that applies is listed as missing, stays empty, and the schema holds all the same."""
    parts = made.run(({"domain": ""}, {}))
    summary = made.summary(parts, provider=replace(made.PROVIDER, contact="", representative=""))
    fields = {gap["field"] for gap in summary["missing"]}
    assert {
        "general.provider.contact", "general.provider.representative", "general.modalities.text.band",
        "general.modalities.text.types_of_content", "general.latest_acquisition.date", "general.languages",
        "sources.crawled.crawlers", "sources.crawled.purposes", "sources.crawled.behaviour", "sources.crawled.period",
        "sources.crawled.domains.listed", "processing.reservations.signatory", "processing.reservations.measures",
        "processing.illegal_content.measures",
    } <= fields  # fmt: skip
    assert summary["general"]["modalities"][0]["band"] is None
    assert summary["sources"]["crawled"]["purposes"] == ""
    assert disclosure_file.faults(summary, disclosure_file.SUMMARY) == []


def test_sections_without_items_are_answered_no_only_where_every_origin_is_known() -> None:
    """An item of unknown origin might belong to any section: then no section is answered no by itself."""
    known = made.summary(made.run(({"origin": "crawled"}, {})))
    open_ = made.summary(made.run(({"origin": "crawled"}, {}), ({"origin": ""}, {})))
    assert [known["sources"][name]["used"] for name in ("private", "synthetic", "other")] == [False] * 3
    assert [open_["sources"][name]["used"] for name in ("private", "synthetic", "other")] == [None] * 3
    assert {("items", "no_origin"), ("sources.private.used", "not_stated")} <= gaps(open_)


def test_an_answer_that_the_manifests_contradict_is_noted_and_does_not_count() -> None:
    """Who says no and lists items of it has used it; an earlier date or a smaller band than counted is refused."""
    parts = made.run(
        ({"origin": "synthetic", "tokens": 2 * 10**9, "taken_at": TAKEN}, {}), ({"origin": "user", "tokens": 1}, {})
    )
    summary = made.summary(
        parts,
        """
        general.latest_acquisition = 2024-01-01
        content.text = {types = "x", band = "text_small"}
        synthetic.used = false
        user = {interactions = false, services = false}
        """,
    )
    assert {
        ("sources.synthetic.used", "contradicted"), ("sources.user.interactions", "contradicted"),
        ("general.modalities.text.band", "contradicted"), ("general.latest_acquisition.date", "contradicted"),
    } <= gaps(summary)  # fmt: skip
    assert summary["sources"]["synthetic"]["used"] is True
    assert summary["general"]["modalities"][0]["band"] == "text_middle"
    assert summary["general"]["latest_acquisition"]["date"] == "2025-03-09"


def test_a_stated_band_fills_what_items_of_unknown_size_leave_open() -> None:
    """The provider's band stands where the count is open, and the page says whose word it is."""
    summary = made.summary(made.run(({"tokens": 5}, {}), ({}, {})), 'content.text = {types = "x", band = "text_large"}')
    line = summary["general"]["modalities"][0]
    assert (line["band"], line["basis"], line["items_of_unknown_size"]) == ("text_large", "stated", 1)


def test_a_size_in_other_words_will_do_where_the_band_is_open() -> None:
    """The template lets a provider state the size in another unit; then nothing is missing."""
    summary = made.summary(made.run(({}, {})), 'content.text = {types = "x", size = "about 3 million pages"}')
    assert not {gap for gap in gaps(summary) if gap[0].startswith("general.modalities")}
    assert summary["general"]["modalities"][0]["size"] == "about 3 million pages"


def test_exact_sizes_are_published_only_by_choice() -> None:
    """The template asks for bands; what is finer is the provider's secret."""
    parts = made.run(({"tokens": 5}, {}))
    assert made.summary(parts)["general"]["modalities"][0]["exact"] is None
    assert made.summary(parts, exact_sizes=True)["general"]["modalities"][0]["exact"] == "5"


def test_public_datasets_are_named_by_what_their_metadata_says() -> None:
    """Large ones by title, address, version and licence; of the others only how many, with a description asked for."""
    rows = [({"origin": "public_dataset", "dataset": "big", "tokens": 970}, {}),
            ({"origin": "public_dataset", "dataset": "edge", "tokens": 30}, {})]  # fmt: skip
    described = made.datasets({"dataset": "big", "title": "Big", "url": "https://big.example", "version": "1"})
    summary = made.summary(made.run(*rows), datasets=described)
    section = summary["sources"]["public_dataset"]
    assert [(d["title"], d["url"], d["modalities"]) for d in section["large"]] == [
        ("Big", "https://big.example", ["text"])
    ]
    assert section["others_count"] == 1
    assert ("sources.public_dataset.others", "not_stated") in gaps(summary)


def test_licences_are_disclosed_by_their_ids_alone() -> None:
    """Whether, for which modalities, and under which ids; and no ids where the provider lists none."""
    trained = replace(made.TRAINED, licences=("b-2", "a-1"))
    parts = made.run(({"origin": "licensed", "modality": "audio"}, {}))
    section = made.summary(parts, trained=trained)["sources"]["licensed"]
    assert section == {"used": True, "modalities": ["audio"], "licences": ["a-1", "b-2"], "comments": ""}
    hidden = made.summary(parts, 'licensed.ids = "none"', trained=trained)["sources"]["licensed"]
    assert hidden["licences"] == []


def test_modalities_of_what_a_licence_covers_are_licensed_ones() -> None:
    """A crawled page whose song is licensed is licensed data too."""
    parts = made.run(({"modality": "text"}, {"licences": ["a-1"]}), ({"modality": "image"}, {}))
    trained = replace(made.TRAINED, licences=("a-1",))
    assert made.summary(parts, trained=trained)["sources"]["licensed"]["modalities"] == ["text"]


def test_the_period_of_crawling_is_from_month_to_month() -> None:
    """From the first to the last item; what is stated can widen it; undated items leave it open."""
    dated = ({"taken_at": dt.datetime.fromisoformat("2024-12-31T23:59:59"), "tokens": 1}, {})
    late = ({"taken_at": TAKEN, "tokens": 1}, {})
    assert made.summary(made.run(dated, late))["sources"]["crawled"]["period"] == {
        "from": "12/2024", "to": "03/2025", "undated_items": 0,
    }  # fmt: skip
    undated = made.summary(made.run(dated, ({}, {})))
    assert ("sources.crawled.period", "undated") in gaps(undated)
    stated = made.summary(made.run(dated, ({}, {})), 'crawled = {period_from = "09/2024", period_to = "01/2025"}')
    assert stated["sources"]["crawled"]["period"]["from"] == "09/2024"
    assert ("sources.crawled.period", "undated") not in gaps(stated)


def test_reservations_are_counted_on_each_item_s_own_day_by_carrier() -> None:
    """Reserved and used, reserved but licensed before the training, reserved only later, allowed, unknown."""
    parts = made.run(
        ({}, {"answer": "refused", "carrier": "robots", "answer_trained": "refused"}),
        ({}, {"answer": "refused", "carrier": "robots", "answer_trained": "allowed"}),
        ({}, {"answer": "refused", "carrier": "tdmrep", "answer_trained": "unknown", "dated": False}),
        ({}, {"answer": "unknown", "answer_trained": "refused"}),
        ({}, {"answer": "allowed", "answer_trained": "allowed"}),
    )
    summary = made.summary(parts, 'reservations.kept_out = [{carrier = "robots", items = 7}]')
    section = summary["processing"]["reservations"]
    assert section["checked"] == {
        "items": 5, "reserved_when_taken": 3, "reserved_and_used": 2, "reserved_later": 1, "allowed": 1, "unknown": 1,
        "undated": 1,
        "carriers": [{"carrier": "robots", "reserved_when_taken": 2, "reserved_and_used": 1},
                     {"carrier": "tdmrep", "reserved_when_taken": 1, "reserved_and_used": 1}],
    }  # fmt: skip
    assert section["kept_out"] == [{"carrier": "robots", "items": 7}]
    assert ("processing.reservations.checked", "reserved_and_used") in gaps(summary)


def test_only_the_model_s_own_items_count() -> None:
    """An item that was found for another model is not this one's."""
    items = made.items({"tokens": 1}, {"tokens": 2})
    findings = made.findings({}, {"model": "harbour/other"})
    assert made.summary((items, findings), exact_sizes=True)["general"]["modalities"][0]["exact"] == "1"


def test_rows_that_were_set_aside_are_said() -> None:
    """What could not be read is counted nowhere, so it must be said."""
    assert ("items", "set_aside") in gaps(made.summary(made.run(({"tokens": 1}, {})), set_aside=3))


@pytest.mark.parametrize("number", [2**62, 2**63 - 1])
def test_sums_beyond_sixty_four_bits_are_exact(number: int) -> None:
    """Three of the largest sizes that a table holds add up without a fault."""
    parts = made.run(*[({"tokens": number}, {})] * 3)
    assert made.summary(parts, exact_sizes=True)["general"]["modalities"][0]["exact"] == str(3 * number)


ITEM = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(
            ["public_dataset", "licensed", "private", "crawled", "user", "synthetic", "other", ""]
        ),
        "modality": st.sampled_from(["text", "image", "audio", "video", "other", ""]),
        "dataset": st.sampled_from(["a", "b"]),
        "domain": st.sampled_from(["", "a.example", "b.tw"]),
        "tokens": st.one_of(st.none(), st.integers(0, 10**14)),
        "bytes": st.one_of(st.none(), st.integers(0, 10**9)),
        "taken_at": st.one_of(st.none(), st.dates(dt.date(1990, 1, 1), dt.date(2026, 1, 1))),
        "language": st.one_of(st.none(), st.sampled_from(["nan", "ja"])),
    }
)


@settings(max_examples=40)
@given(st.lists(ITEM, max_size=12), st.booleans())
def test_every_manifest_gives_a_summary_that_fits_the_schema(rows: list[dict[str, Any]], small: bool) -> None:
    """Whatever is known or not, in any order of rows, the same valid summary."""
    pairs = [
        ({**row, "taken_at": row["taken_at"] and dt.datetime.combine(row["taken_at"], dt.time(8))}, {}) for row in rows
    ]
    provider = replace(made.PROVIDER, small=small)
    summary = made.summary(made.run(*pairs), provider=provider)
    assert disclosure_file.faults(summary, disclosure_file.SUMMARY) == []
    assert made.summary(made.run(*pairs[::-1]), provider=provider) == summary
