"""What the law says: one answer for people and programs, and the pages of the whole table.

States facts with their sources and grades; it is not legal advice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from partita import __version__, law
from partita.errors import InputError
from partita.formats import law_page
from partita.jobs import run
from partita.law.factors import load_factors

ADVICE = "This is not legal advice."
MARK = "law.json"
"""The same answers for programs; it also marks a folder of pages as one that may be replaced."""
_MAKINGS = (
    (law_page.Said("made with a machine, selection, arrangement or edits kept", "人機共作，留存選擇、編排或修改"),
     "assisted", ("selection", "arrangement", "edits")),
    (law_page.Said("made with a machine, prompts alone kept", "人機共作，僅留存提示詞"), "assisted", ("prompts",)),
    (law_page.Said("made by a machine", "由機器產生"), "generated", ()),
)  # fmt: skip
"""Ways of making as the pages show them: in words, as the registry calls them, and the evidence kept."""
_KEPT = law_page.Said("It depends on the evidence that was kept of the human part.", "取決於所留存之人類參與證據。")
_SPELT = {"UK": "GB", "EL": "GR"}
"""Codes that people write for places whose ISO 3166-1 code is another."""


def ask(question: str, place: str, at: dt.date, known: dt.date | None = None) -> dict[str, Any]:
    """What `place` says on `question` on the day `at`, as it was known on `known`; raises InputError for neither."""
    return _plain(law.position(_code(place), question, at, known))


def ask_everywhere(question: str, at: dt.date, known: dt.date | None = None) -> dict[str, Any]:
    """What every place of the table says on `question`; raises InputError for a question that is none."""
    answers = [_plain(law.position(place, question, at, known)) for place in law.PLACES]
    asked = law.QUESTIONS[question]
    return {"question": question, "english": asked.english, "chinese": asked.chinese, "at": at.isoformat(),
            "advice": ADVICE, "answers": answers}  # fmt: skip


def questions() -> dict[str, Any]:
    """The closed list of questions with the answers that each may have, and the places."""
    return {
        "places": {code: law.load().places[code].name.model_dump() for code in law.PLACES},
        "questions": [
            {"question": name, "english": asked.english, "chinese": asked.chinese, "positions": list(asked.positions)}
            for name, asked in law.QUESTIONS.items()
        ],
    }


def write_pages(out: Path, at: dt.date) -> dict[str, Any]:
    """The table on the day `at`: a page of it, a page per place, and `law.json`, into the folder `out`.

    Raises InputError where `out` holds something else than earlier pages.
    """
    with run.new(out, mark=MARK) as folder:
        names = [page.name for page in law_page.write(folder, view(at))]
        answers = [ask(question, place, at) for place in law.PLACES for question in law.QUESTIONS]
        run.write_json(folder / MARK, {"at": at.isoformat(), "advice": ADVICE, "answers": answers} | questions())
    return {"pages": str(out / law_page.INDEX), "at": at.isoformat(), "files": [*names, MARK], "advice": ADVICE}


def view(at: dt.date) -> law_page.LawView:
    """The table on a day, as the pages show it."""
    asked = tuple(law_page.Asked(name, _said(q), _said(q.short)) for name, q in law.QUESTIONS.items())
    places = tuple(_place(place, at) for place in law.load().places.values())
    return law_page.LawView(at, asked, places, __version__)


def _code(place: str) -> str:
    """The code of a place that is named by its code or, where the table holds it, by its name in either language."""
    said = place.strip()
    names = {
        word.casefold(): code for code, p in law.load().places.items() for word in (p.name.english, p.name.chinese)
    }
    return names.get(said.casefold()) or _SPELT.get(said.upper(), said.upper())


def _plain(found: law.Position) -> dict[str, Any]:
    """A position as JSON has it."""
    asked, words = law.QUESTIONS[found.question], found.words
    return {
        "place": found.place,
        "question": found.question,
        "asked": {"english": asked.english, "chinese": asked.chinese},
        "at": found.at.isoformat(),
        "known": found.known,
        "position": found.position,
        "english": words.english,
        "chinese": words.chinese,
        "status": found.status or law.UNKNOWN,
        "evidence": found.evidence,
        "rule": {"english": found.rule, "chinese": found.chinese},
        "measure": found.measure.model_dump() if found.measure else None,
        "since": _day(found.valid_from) if found.start_known else None,
        "until": _day(found.valid_to),
        "sources": [_cited_plain(source) for source in found.sources],
        "holdings": [
            holding.model_dump(mode="json", exclude={"sources"})
            | {"sources": [_cited_plain(source) for source in _sources(found.source_place, holding.sources)]}
            for holding in found.holdings
        ],
        "as_of": _day(found.as_of),
        "review_by": _day(found.review_by),
        "law_of": found.source_place,
        "note": found.note,
        "advice": ADVICE,
    }


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _cited_plain(source: law.Source) -> dict[str, Any]:
    return source.model_dump(mode="json")


def _sources(place: str, names: Iterable[str]) -> list[law.Source]:
    known = law.load().places[place].sources
    return [known[name] for name in names]


def _place(place: law.Place, at: dt.date) -> law_page.PlaceView:
    cells = tuple(_cell(law.position(place.place, question, at)) for question in law.QUESTIONS)
    lists = (_making(place.place, at), _factors(place.place, at))
    note = _said(place.note) if place.note else None
    return law_page.PlaceView(place.place, _said(place.name), note, cells, tuple(found for found in lists if found))


def _making(place: str, at: dt.date) -> law_page.Listed | None:
    """What ways of making mean for authorship, each with the evidence that may be kept of it."""
    items = []
    for name, making, kept in _MAKINGS:
        finding = law.meaning(place, making, kept, at).finding
        if finding.known:
            answer = law_page.Said(
                f"{name.english}: {finding.words.english}", f"{name.chinese}：{finding.words.chinese}"
            )
            rule = law_page.Said(finding.rule, finding.chinese)
            items.append(law_page.Item(answer, rule, finding.evidence, tuple(_cited(s) for s in finding.sources)))
    return law_page.Listed("making", _KEPT, tuple(items)) if items else None


def _factors(place: str, at: dt.date) -> law_page.Listed | None:
    """What the place looks at when somebody builds upon a work, with the facts that speak for and against."""
    rule = law.rule_of(place)
    if not rule:
        return None
    sources = load_factors().sources
    items = [
        law_page.Item(
            _said(factor),
            law_page.Said(""),
            factor.evidence,
            tuple(_cited(sources[name]) for name in factor.sources),
            tuple((fact.speaks, _said(fact)) for fact in law.facts_for(factor).values()),
        )
        for factor in law.factors_of(place, at).values()
    ]
    above = law_page.Said(f"{rule.name.english}. {rule.note.english}", f"{rule.name.chinese}。{rule.note.chinese}")
    return law_page.Listed("factors", above, tuple(items))


def _cell(found: law.Position) -> law_page.Cell:
    """The cell that answered, its value for the day first and the others apart."""
    holder = law.load().places.get(found.source_place or found.place)
    cell = holder.cells.get(found.question) if holder else None
    entries = (
        [_entry(found.source_place or found.place, found.question, value) for value in cell.values] if cell else []
    )
    now = next(
        (e for e in entries if found.known and e.valid_from == found.valid_from and e.as_of == found.as_of), None
    )
    others = tuple(entry for entry in entries if entry is not now)
    holdings = tuple(_holding(found.source_place, holding) for holding in found.holdings)
    return law_page.Cell(found.question, now, others, holdings, found.source_place, found.note)


def _entry(place: str, question: str, value: law.Value) -> law_page.Entry:
    measure = f"{value.measure.amount} {value.measure.unit.replace('_', ' ')}" if value.measure else ""
    return law_page.Entry(
        value.valid_from,
        value.start is not None,
        value.position,
        _said(law.QUESTIONS[question].words(value.position)),
        value.status,
        value.evidence,
        law_page.Said(value.rule, value.chinese or ""),
        measure,
        tuple(_cited(source) for source in _sources(place, value.sources)),
        value.as_of,
        value.review_by,
    )


def _holding(place: str, holding: law.Holding) -> law_page.Decided:
    said = law_page.Said(holding.holding, holding.chinese or "")
    sources = tuple(_cited(source) for source in _sources(place, holding.sources))
    return law_page.Decided(
        holding.court, holding.ref, holding.date, said, holding.final, holding.evidence, sources
    )  # fmt: skip


def _cited(source: law.Source) -> law_page.Cited:
    return law_page.Cited(source.title, source.date, source.address, source.read_at, source.kind)


def _said(words: law.Words) -> law_page.Said:
    return law_page.Said(words.english, words.chinese)


def day(text: str) -> dt.date:
    """A day as it is written on the command line; raises InputError for another form."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", mend="Write it as 2026-11-22") from None
