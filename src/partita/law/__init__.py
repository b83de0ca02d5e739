"""What the law says of machines and likenesses, place by place: dated positions with sources, kept as data.

States facts with their sources and grades; it is not legal advice.
"""

from partita.law.questions import NO_RULE, QUESTIONS, UNKNOWN, Question, Words
from partita.law.records import PLACES, Cell, Holding, Measure, Place, Source, Value, load_place
from partita.law.table import MAKINGS, Law, Position, authorship, load, position

__all__ = [
    "MAKINGS",
    "NO_RULE",
    "PLACES",
    "QUESTIONS",
    "UNKNOWN",
    "Cell",
    "Holding",
    "Law",
    "Measure",
    "Place",
    "Position",
    "Question",
    "Source",
    "Value",
    "Words",
    "authorship",
    "load",
    "load_place",
    "position",
]
