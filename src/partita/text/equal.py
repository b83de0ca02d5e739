"""By what two lines are equal to a person: the folded title, and the folded names in any order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain

from partita.text.fold import fold_all

BETWEEN = " / "
"""What stands between names in one text."""

Key = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Title, performers, writers; two lines with one key are one decision."""


def keys(titles: Sequence[str], performers: Sequence[Sequence[str]], writers: Sequence[Sequence[str]]) -> list[Key]:
    """The key of each line; a name may itself be several with ` / ` between."""
    return list(zip(fold_all(titles), _names(performers), _names(writers), strict=True))


def _names(lists: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    split = [[part for name in names for part in name.split(BETWEEN)] for names in lists]
    folded = iter(fold_all(list(chain.from_iterable(split))))
    return [tuple(sorted(filter(None, (next(folded) for _ in names)))) for names in split]


def item_id(key: Key) -> str:
    """`q` and twelve hex digits of a key: the same in every run that reports the same text, and never a number."""
    whole = "\0".join((key[0], "\1".join(key[1]), "\1".join(key[2])))
    return "q" + hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:12]
