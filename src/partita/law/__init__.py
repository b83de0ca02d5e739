"""What the law says of machines and likenesses, place by place: dated positions with sources, kept as data.

States facts with their sources and grades; it is not legal advice.
"""

from partita.law.authorship import meaning, society_rule
from partita.law.factors import factors_of, facts_for, rule_of
from partita.law.questions import NO_RULE, QUESTIONS, UNKNOWN, Question, Words
from partita.law.records import PLACES, Cell, Holding, Measure, Place, Source, Value, load_place
from partita.law.table import MAKINGS, Law, Position, load, position

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
    "factors_of",
    "facts_for",
    "load",
    "load_place",
    "meaning",
    "position",
    "rule_of",
    "society_rule",
]
