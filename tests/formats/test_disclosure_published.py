"""Summaries that providers published fit the schema, and come out of the pages with the same answers.

Vectors: AIAccountabilityLab/gpai-training-transparency keeps the PDF files as they were published. Set
PARTITA_VECTORS to the folder that holds a checkout of it.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "prove" / "disclosure"))
import made_training as made

from partita.formats import disclosure_file, disclosure_page
from partita.formats.disclosure_words import words
from partita.jobs.disclosurefile import Disclosure
from partita.prove import disclosure

PUBLISHED = ["Apertus_2025_11_12", "GPT-55_2026_07_14", "Grok-45_2026_07_17", "Inkling_2026_07_17"]
"""Those whose files keep the template's ticked boxes as text."""

PROMPTS = {
    "representative": "Authorised representative name and contact details",
    "names": "Versioned model name",
    "placed": "Date of placement of the model",
    "modalities": "Types of content",
    "latest": "Latest date of data acquisition",
    "languages": "Description of the linguistic characteristics of the overall training data",
    "characteristics": "Other relevant characteristics of the overall training data",
    "public": "Have you used publicly available datasets to train the model",
    "large": "List of large publicly available datasets",
    "others": "General description of other publicly available datasets not listed above",
    "licensed": "Have you concluded transactional commercial licensing agreement",
    "private": "Have you obtained private datasets from third parties",
    "crawled": "Were crawlers used by the provider",
    "purposes": "Purposes of the crawler",
    "behaviour": "General description of crawler behaviour",
    "period": "Period of data collection",
    "interactions": "Was data from user interactions with the AI model",
    "services": "Was data collected from user interactions with the provider",
    "synthetic": "Was synthetic AI-generated data created by the provider",
    "other": "Have data sources other than those described in Sections 2.1 to 2.5 been used",
    "signatory": "Are you a Signatory",
    "measures": "Describe the measures implemented",
    "illegal": "General description of measures taken",
    "end": "Other information (optional)",
}
"""The template's questions in its order, as the published files print them."""

ANSWERS = ("public", "licensed", "private", "crawled", "interactions", "services", "synthetic", "other", "signatory")
BANDS = {
    "text": (r"Less than 1 ?billion tokens", r"1 ?billion to ?10 trillions? tokens", r"More than 10 trillions? tokens"),
    "image": (r"Less than 1 ?million images", r"1 ?million to ?1 ?billion images", r"More than 1 ?billion images"),
    "audio": (r"Less than 10 000 hours", r"10 000 to ?1 million hours", r"More than 1 million hours"),
}
SIZES = ("small", "middle", "large")


def parts(text: str) -> dict[str, str]:
    """What stands behind each of the template's questions."""
    places, start = [], 0
    for key, prompt in PROMPTS.items():
        found = text.find(prompt, start)
        if found >= 0:
            places.append((key, found, found + len(prompt)))
            start = found + len(prompt)
    ends = [place[1] for place in places[1:]] + [len(text)]
    return {key: text[begin:end].lstrip(" :?").strip() for (key, _, begin), end in zip(places, ends, strict=True)}


def ticked(text: str) -> bool | None:
    """The first pair of boxes; None where none is ticked."""
    found = re.search(r"([☒☐]) ?Yes.{0,6}?([☒☐])? ?No", text)
    return None if not found or found[1] == found[2] else found[1] == "☒"


def bands(text: str) -> dict[str, str]:
    """The ticked size band of each modality; sound and film have the same bands, so the table is cut between them."""
    sound, _, film = text.partition("Video")
    found = {}
    for modality, forms in {**BANDS, "video": BANDS["audio"]}.items():
        where = film if modality == "video" else sound
        for size, form in zip(SIZES, forms, strict=True):
            if re.search(rf"☒ ?{form}", where, re.IGNORECASE):
                found[modality] = f"{modality}_{size}"
    return found


def stated(given: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The published answers as those of a disclosure file."""
    yes = {key: ticked(given.get(key, "")) for key in ANSWERS}
    content = {name: {"types": "as published", "band": band} for name, band in bands(given["modalities"]).items()}
    crawler = {key: given.get(key, "") for key in ("purposes", "behaviour")}
    data = {
        "general": {"representative": given["representative"], "languages": given["languages"],
                    "other": given["characteristics"], "comments": given["latest"]},
        "content": content,
        "public": {"used": yes["public"], "others": given.get("others", "")},
        "licensed": {"used": yes["licensed"]},
        "private": {"used": yes["private"]},
        "crawled": {"used": yes["crawled"], **crawler},
        "user": {"interactions": yes["interactions"], "services": yes["services"]},
        "synthetic": {"used": yes["synthetic"]},
        "other": {"used": yes["other"]},
        "reservations": {"signatory": yes["signatory"], "measures": given["measures"]},
        "illegal": {"measures": given["illegal"]},
    }  # fmt: skip
    return Disclosure.model_validate(data).stated(made.MODEL)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_summary_fits_and_comes_out_the_same(name: str, vectors: Callable[[str], Path]) -> None:
    """Each answer, band and text that a provider published stands on our pages, and the JSON fits the schema."""
    file = vectors("gpai-training-transparency") / "public" / "archive" / f"{name}.pdf"
    whole = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    given = parts(" ".join(whole.split()))
    answers = stated(given)
    assert bands(given["modalities"]), "no band was read"
    assert sum(ticked(given.get(key, "")) is not None for key in ANSWERS) >= 8

    counts = disclosure.count(*made.run(), made.MODEL)
    asked = disclosure.Asked(made.PROVIDER, made.TRAINED, answers, made.TRAINED_ON)
    summary = {"partita": "0", **disclosure.summary(counts, made.datasets(), asked)}
    assert disclosure_file.faults(summary, disclosure_file.SUMMARY) == []

    t, markdown = words("en"), disclosure_page.markdown(summary, "en")
    for key in ANSWERS:
        question = re.escape(t[f"q_{key}"])
        line = re.search(rf"^- {question} (.*)$", markdown, re.MULTILINE)
        assert line, key
        assert ticked(line[1]) == ticked(given.get(key, "")), key
    for band in bands(given["modalities"]).values():
        assert f"☒ {t[band]}" in markdown
    page = html.unescape(disclosure_page.html(summary, "en"))
    for key in ("representative", "languages", "measures", "illegal"):
        assert given[key] in page
