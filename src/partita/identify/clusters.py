"""Records that may be one thing: who resembles whom, how surely, and which of them belong together.

Knows no field and no table, only texts, answers to questions about pairs, and odds: works are compared with works by it
(duplicates.py), and any list of records can be. Unsupervised: the weight of an answer is learned from the pairs
themselves (Fellegi and Sunter's model, fitted by expectation and maximisation), never from labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from partita.text.ragged import Places, Texts, expand

Floats = NDArray[np.float64]
Answers = NDArray[np.int8]
"""Rows: pairs; columns: questions; values: the number of the answer, or -1 where nothing can be said."""

_WIDE = 0x2E80
_PIECE_BITS = 22
_ROW_BITS = np.uint64(32)
_LOW = np.uint64((1 << 32) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which pieces (three letters; one or two wide characters) each text holds, each once, and what each says.

    Pieces of text `i` are `piece[starts[i]:starts[i + 1]]`, sorted; `weight` of a piece falls with the texts that hold
    it, and each text's weights have length 1, so that the weights of shared pieces multiply to a cosine.
    """

    piece: Places
    starts: Places
    weight: Floats
    holders: Places

    @classmethod
    def of(cls, texts: Texts) -> Pieces:
        """The pieces of every text."""
        packed = np.unique(_packed(texts))
        owner, piece = (packed >> _ROW_BITS).astype(np.int64), (packed & _LOW).astype(np.int64)
        holders = np.bincount(piece, minlength=1 << _PIECE_BITS)
        weight = np.log(1 + len(texts) / np.maximum(holders[piece], 1))
        length = np.sqrt(np.bincount(owner, weight * weight, minlength=len(texts)))
        starts = np.searchsorted(owner, np.arange(len(texts) + 1))
        return cls(piece, starts, weight / length[owner], holders)

    def cosine(self, left: Places, right: Places) -> Floats:
        """How alike the texts of each pair are: 0 nothing shared, 1 the same pieces."""
        count = np.diff(self.starts)
        swap = count[left] > count[right]
        left, right = np.where(swap, right, left), np.where(swap, left, right)
        owner = np.repeat(np.arange(len(count)), count)
        keys = (owner << _PIECE_BITS) | self.piece
        at = expand(self.starts[left], count[left])
        pair = np.repeat(np.arange(len(left)), count[left])
        wanted = (right[pair] << _PIECE_BITS) | self.piece[at]
        found = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        shared = keys[found] == wanted if len(keys) else np.zeros(len(wanted), bool)
        product = self.weight[at[shared]] * self.weight[found[shared]]
        return np.bincount(pair[shared], product, minlength=len(left)).astype(np.float64)


def _packed(texts: Texts) -> NDArray[np.uint64]:
    """Every piece of every text, with the text above it."""
    codes, owners = texts.codes.astype(np.uint64), texts.owners.astype(np.uint64)
    wide, same = codes >= _WIDE, owners[1:] == owners[:-1]
    two = codes[:-1] * np.uint64(0x110000) + codes[1:]
    pair = same & wide[1:] & wide[:-1]
    none = codes[:0]
    long = len(codes) > 2
    three = two[:-1] * np.uint64(0x1F0001) + codes[2:] if long else none
    triple = same[:-1] & same[1:] & ~(wide[:-2] & wide[1:-1] & wide[2:]) if long else none.astype(bool)
    parts = [(codes[wide], owners[wide], 1), (two[pair], owners[:-1][pair], 2),
             (three[triple], owners[: len(triple)][triple], 3)]  # fmt: skip
    shift = np.uint64(64 - _PIECE_BITS)
    return np.concatenate([(of << _ROW_BITS) | ((c * _SPREAD + np.uint64(salt)) >> shift) for c, of, salt in parts])


def neighbours(pieces: Pieces, most: int, *, asked: int = 24, holders_most: int = 400) -> tuple[Places, Places]:
    """Pairs (smaller, larger) of texts: each with the `most` that share the weightiest of its `asked` rarest pieces.

    A piece that more than `holders_most` texts hold is not asked for, so that a million equal texts cost no more than
    as many different ones.
    """
    count = np.diff(pieces.starts)
    owner = np.repeat(np.arange(len(count)), count)
    usable = np.flatnonzero((pieces.holders[pieces.piece] > 1) & (pieces.holders[pieces.piece] <= holders_most))
    order = usable[np.lexsort((pieces.piece[usable], pieces.holders[pieces.piece[usable]], owner[usable]))]
    rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order], side="left")
    ask = order[rank < asked]
    by_piece = np.argsort(pieces.piece, kind="stable")
    begins = np.concatenate(([0], np.cumsum(pieces.holders)))
    sums = [_shared(pieces, owner, ask[part], by_piece, begins, most) for part in _parts(owner[ask], 4096)]
    low = np.concatenate([np.minimum(a, b) for a, b in sums] or [count[:0]])
    high = np.concatenate([np.maximum(a, b) for a, b in sums] or [count[:0]])
    return distinct_pairs(low, high)


def _parts(owner: Places, most: int) -> list[slice]:
    """Slices of rows that belong to at most `most` texts each: the memory that one needs is bounded."""
    last = int(owner[-1]) + 1 if len(owner) else 0
    marks = np.searchsorted(owner, np.arange(0, last + most, most))
    return [slice(int(a), int(b)) for a, b in pairwise(marks)]


def _shared(
    pieces: Pieces, owner: Places, ask: Places, by_piece: Places, begins: Places, most: int
) -> tuple[Places, Places]:
    """The best pairs of the texts that `ask`; packed into single numbers, which sort several times as fast."""
    first = int(owner[ask[0]]) if len(ask) else 0
    held = pieces.holders[pieces.piece[ask]]
    other = by_piece[expand(begins[pieces.piece[ask]], held)]
    asker = np.repeat(ask, held)
    product = (pieces.weight[asker] * pieces.weight[other] * float(1 << 16)).astype(np.uint64)
    pair = ((owner[asker] - first).astype(np.uint64) << _ROW_BITS) | owner[other].astype(np.uint64)
    packed = np.sort((pair << np.uint64(16)) | np.minimum(product, np.uint64(0xFFFF)))
    pair = packed >> np.uint64(16)
    new = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1]))) if len(pair) else np.zeros(0, np.int64)
    total = np.add.reduceat((packed & np.uint64(0xFFFF)).astype(np.int64), new) if len(new) else new
    a, b = (pair[new] >> _ROW_BITS).astype(np.int64) + first, (pair[new] & _LOW).astype(np.int64)
    a, b, total = a[a != b], b[a != b], total[a != b]
    ranked = np.lexsort((b, -total, a))
    a, b = a[ranked], b[ranked]
    kept = np.arange(len(a)) - np.searchsorted(a, a, side="left") < most
    return a[kept], b[kept]


def distinct_pairs(low: Places, high: Places) -> tuple[Places, Places]:
    """Each pair once, sorted."""
    packed = np.unique((low.astype(np.uint64) << _ROW_BITS) | high.astype(np.uint64))
    return (packed >> _ROW_BITS).astype(np.int64), (packed & _LOW).astype(np.int64)


def alike(keys: NDArray[np.uint64], owners: Places, most: int) -> tuple[Places, Places]:
    """Pairs of rows with an equal key; key 0 and keys of more than `most` rows say nothing."""
    kept = keys != 0
    order = np.lexsort((owners[kept], keys[kept]))
    keys, owners = keys[kept][order], owners[kept][order]
    first = np.searchsorted(keys, keys, side="left")
    last = np.searchsorted(keys, keys, side="right")
    later = np.where(last - first <= most, last - np.arange(len(keys)) - 1, 0)
    left = np.repeat(owners, later)
    right = owners[expand(np.arange(len(keys)) + 1, later)]
    differ = left != right
    return distinct_pairs(np.minimum(left, right)[differ], np.maximum(left, right)[differ])


def weights(answers: Answers, start: Floats, *, rounds: int = 40) -> Floats:
    """The logit of each pair: expectation and maximisation over its answers, from the first guess `start` (0 to 1).

    An answer's weight is the logarithm of how much more often pairs that are one give it than pairs that are two.
    """
    share = start.astype(np.float64)
    codes = [(column, np.flatnonzero(answers[:, column] >= 0)) for column in range(answers.shape[1])]
    logit = np.zeros(len(answers))
    for _ in range(rounds):
        prior = np.clip(share.mean(), 1e-9, 1 - 1e-9) if len(share) else 0.5
        logit = np.full(len(answers), np.log(prior / (1 - prior)))
        for column, there in codes:
            answer = answers[there, column]
            size = int(answer.max(initial=0)) + 1
            one = np.bincount(answer, share[there], size) + 0.5
            two = np.bincount(answer, 1 - share[there], size) + 0.5
            logit[there] += np.log((one / one.sum()) / (two / two.sum()))[answer]
        share = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    return logit


def grouped(
    count: int, left: Places, right: Places, logit: Floats, kind: Places | None = None, *, absent: float = -2.0
) -> Places:
    """For each of `count` records the smallest record of its group.

    Pairs are taken best first; two groups are joined where the mean logit of the pairs between them is above 0 (a pair
    that nobody proposed counts `absent`). Where `kind` is given no group holds two records of one kind, as where each
    source lists a thing once. Ties go to the smaller records, so that the order of pairs changes nothing.
    """
    between: dict[tuple[int, int], float] = dict(
        zip(zip(left.tolist(), right.tolist(), strict=True), logit.tolist(), strict=True)
    )
    of = list(range(count))
    members: dict[int, list[int]] = {}
    kinds = kind.tolist() if kind is not None else None
    order = np.lexsort((right, left, -logit))
    for place in order[logit[order] > 0].tolist():
        a, b = of[left[place]], of[right[place]]
        if a == b:
            continue
        first, second = members.get(a, [a]), members.get(b, [b])
        if kinds and {kinds[m] for m in first} & {kinds[m] for m in second}:
            continue
        pairs = [(min(x, y), max(x, y)) for x in first for y in second]
        if sum(between.get(p, absent) for p in pairs) > 0:
            low, high = min(a, b), max(a, b)
            members[low] = first + second
            members.pop(high, None)
            for m in members[low]:
                of[m] = low
    return np.array(of, np.int64)


def pairs_of(group: Places) -> tuple[Places, Places]:
    """All pairs of records of one group."""
    order = np.argsort(group, kind="stable")
    marks = np.flatnonzero(np.diff(group[order])) + 1
    parts = [sorted(part.tolist()) for part in np.split(order, marks) if len(part) > 1]
    found = [pair for part in parts for pair in combinations(part, 2)]
    both = np.array(found, np.int64).reshape(-1, 2)
    return distinct_pairs(both[:, 0], both[:, 1])
