"""What a training run owes in disclosure: the public summary, an annex per rightsholder, the repertoire's spread.

Pure functions over the tables of `tables.training`, with works and shares. No clock: the day is an argument. What is
not known is said, and never filled in.
"""

from partita.prove.disclosure.annex import Annex, Terms, annexes
from partita.prove.disclosure.counts import count
from partita.prove.disclosure.facts import Provider, Trained
from partita.prove.disclosure.members import members
from partita.prove.disclosure.spread import SPREAD, spread
from partita.prove.disclosure.summary import Asked, summary

__all__ = [
    "SPREAD",
    "Annex",
    "Asked",
    "Provider",
    "Terms",
    "Trained",
    "annexes",
    "count",
    "members",
    "spread",
    "summary",
]
