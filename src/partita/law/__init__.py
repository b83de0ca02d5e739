"""What the law says of machines and likenesses, place by place: dated positions with sources, kept as data.

States facts with their sources and grades; it is not legal advice.
"""

from partita.law.questions import NO_RULE, QUESTIONS, UNKNOWN, Question
from partita.law.records import PLACES, Place, load_place

__all__ = ["NO_RULE", "PLACES", "QUESTIONS", "UNKNOWN", "Place", "Question", "load_place"]
