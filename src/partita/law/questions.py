"""The closed list of questions that the law table answers, and the closed list of answers of each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from partita.law.text import Record, problem, read

NO_RULE = "no_rule"
"""The place has no rule on the question: a finding, with sources like any other."""
UNKNOWN = "unknown"
"""The table holds nothing for the day asked: never a yes."""


class Words(Record):
    """One thing in English and in Chinese."""

    english: str
    chinese: str


class Question(Words):
    """A question in full and in short, and the words that may answer it."""

    short: Words
    positions: dict[str, Words]

    def words(self, position: str) -> Words:
        """What a position means; raises KeyError for one that is not of this question."""
        return _COMMON[position] if position in _COMMON else self.positions[position]


_COMMON = {
    NO_RULE: Words(english="the place has no rule on it", chinese="該地無相關規定"),
    UNKNOWN: Words(english="not known for that day", chinese="該日情形不明"),
}


def _read() -> Mapping[str, Question]:
    file = resources.files("partita.law").joinpath("questions.yaml")
    try:
        found = TypeAdapter(dict[str, Question]).validate_python(read(file))
    except ValidationError as error:
        raise problem(error, file.name) from None
    return MappingProxyType(found)


QUESTIONS: Mapping[str, Question] = _read()
"""Every question by its id, in the order in which they are shown."""
