"""Works against works: which works of a repertoire, or of several, are probably one and the same.

Nothing is merged here: a pair with its probability, rule and reason is for people to decide. Candidates come from
equi-joins of a title's form with a name, so that a title alone never brings two works together; a group of equal works
is compared with its smallest only where it is large, so that the cost stays in proportion to the works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, tables
from partita.identify import sameness
from partita.identify.clusters import distinct_pairs
from partita.identify.fields import Names
from partita.identify.index import Index, build
from partita.identify.sameness import Facts, Finding, Title
from partita.text.ragged import Hashes, Places, Texts, expand, join

Progress = Callable[[str, int, int], None]
_PERFORMER, _WRITER, _WORD, _PREFIX, _NEAR_PERFORMER, _NEAR_WRITER, _CODE = range(1, 8)
"""Kinds of key; the number salts the hash."""
_GROUP_MOST = {_PERFORMER: 40, _WRITER: 40, _WORD: 20, _PREFIX: 20, _NEAR_PERFORMER: 12, _NEAR_WRITER: 12, _CODE: 40}
"""Entries with one key that are compared each with each; in larger groups each is compared with the smallest."""
_STAR = frozenset((_PERFORMER, _WRITER, _CODE))
"""Kinds whose larger groups still say something."""
_NEAR_LEAST, _NEAR_MOST = 5, 48
_NAMES_MOST = 12
_NOBODY = frozenset(
    ("", "his orchestra", "her orchestra", "orchestra", "friends", "band", "band his", "choir", "all stars", "chorus",
     "cast", "company", "ensemble", "orchestra the", "band the", "trio", "his trio", "guests", "others", "live",
     "live version", "remix")
)  # fmt: skip
"""What is left of names such as `Mantovani & His Orchestra`; its words stand in sorted order."""
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class DuplicatesPolicy:
    """`least`: the probability from which a pair is reported."""

    least: float = 0.75

    def __post_init__(self) -> None:
        """Raises ValueError where the figure makes no sense."""
        if not 0 <= self.least <= 1:
            raise ValueError("policy: least must lie between 0 and 1")


def duplicates(
    repertoire: pa.Table, policy: DuplicatesPolicy | None = None, *, index: Index | None = None,
    registrations: pa.Table | None = None, progress: Progress | None = None,
) -> pa.Table:  # fmt: skip
    """DUPLICATES: pairs of works of a REPERTOIRE table that are probably one, each pair once, the smaller id first.

    `index`: of the same table, where one was built already (`prepare(repertoire).index`). `registrations`: a
    REGISTRATIONS table, which names the societies of works that several have. The order of rows changes nothing.
    """
    policy = policy or DuplicatesPolicy()
    tell = progress or (lambda _stage, _done, _total: None)
    index = index or build(repertoire)
    works = _Works.of(index, repertoire)
    left, right = _candidates(index, repertoire)
    found: dict[tuple[int, int], Finding] = {}
    for begin in range(0, len(left), _CHUNK):
        tell("duplicates", begin, len(left))
        for pair in zip(left[begin : begin + _CHUNK].tolist(), right[begin : begin + _CHUNK].tolist(), strict=True):
            _note(found, works, *pair, policy.least)
    tell("duplicates", len(left), len(left))
    return _table(found, index, _societies(repertoire, registrations))


def _note(found: dict[tuple[int, int], Finding], works: _Works, i: int, j: int, least: float) -> None:
    """Keeps what is found of two entries, where it is the best of their works."""
    a, b = works.of_entry[i], works.of_entry[j]
    if a == b:
        return
    if a > b:
        i, j, a, b = j, i, b, a
    finding = works.compare(i, j, a, b)
    if finding and finding.probability >= least:
        known = found.get((a, b))
        if known is None or (-finding.probability, finding.reason) < (-known.probability, known.reason):
            found[a, b] = finding


class _Works:
    """The works of an index as they are compared; forms are made when they are asked for."""

    def __init__(self, index: Index, iswc: list[str], isrc: dict[int, frozenset[str]]) -> None:
        self.of_entry: list[int] = index.entry_work.tolist()
        self._title_of: list[int] = index.entry_title.tolist()
        self._index, self._iswc, self._isrc = index, iswc, isrc
        self._titles: dict[int, Title] = {}
        self._facts: dict[int, Facts] = {}

    @classmethod
    def of(cls, index: Index, repertoire: pa.Table) -> _Works:
        """The works of an index of this REPERTOIRE."""
        place = {work: k for k, work in enumerate(index.work_ids)}
        iswc, isrc = [""] * index.works, dict[int, frozenset[str]]()
        for work, code, recordings in zip(
            *(repertoire.column(c).to_pylist() for c in ("work_id", "iswc", "isrc")), strict=True
        ):
            valid = ids.iswc(code) if code else None
            if valid:
                iswc[place[work]] = min(valid, iswc[place[work]] or valid)
            codes = {c for r in recordings or () if r and (c := ids.isrc(r))}
            if codes:
                isrc[place[work]] = isrc.get(place[work], frozenset()) | codes
        return cls(index, iswc, isrc)

    def compare(self, i: int, j: int, a: int, b: int) -> Finding | None:
        """What two entries (places `i`, `j`; works `a`, `b`) say."""
        left, right = self._title(self._title_of[i]), self._title(self._title_of[j])
        forms = self._index.titles
        same = forms.loose_hash[self._title_of[i]] == forms.loose_hash[self._title_of[j]] != 0
        return sameness.compare(self._of(a), self._of(b), sameness.titles(left, right, equal=bool(same)), left, right)

    def _title(self, place: int) -> Title:
        if place not in self._titles:
            forms = self._index.titles
            parts = forms.parts_of(place)
            self._titles[place] = Title(forms.core_texts[place], forms.aside_texts[place], parts.core,
                                        int(forms.numbers[place]), sameness.language_tags(parts.tags))  # fmt: skip
        return self._titles[place]

    def _of(self, work: int) -> Facts:
        if work not in self._facts:
            index = self._index
            names = [_parts(n, int(of[work])) for n, of in ((index.performers, index.work_performers),
                                                            (index.writers, index.work_writers))]  # fmt: skip
            self._facts[work] = Facts(names[0], names[1], self._iswc[work], self._isrc.get(work, frozenset()))
        return self._facts[work]


def _parts(names: Names, place: int) -> tuple[str, ...]:
    found = names.part_texts[int(names.starts[place]) : int(names.starts[place + 1])]
    return tuple(sorted({name for name in found if name not in _NOBODY}))


def _candidates(index: Index, repertoire: pa.Table) -> tuple[Places, Places]:
    """Pairs of entries that are worth comparing, the smaller first."""
    pairs = [_together(kind, *keys) for kind, keys in _keys(index, repertoire)]
    return distinct_pairs(np.concatenate([low for low, _ in pairs]), np.concatenate([high for _, high in pairs]))


def _keys(index: Index, repertoire: pa.Table) -> list[tuple[int, tuple[Hashes, Places]]]:
    """The keys of all entries by kind: a form of the title with a name, or part of one; identifiers."""
    loose = index.titles.loose_hash[index.entry_title]
    result: list[tuple[int, tuple[Hashes, Places]]] = [(_CODE, _codes(index, repertoire))]
    hashes, title = _near(index)
    for names, of_work, whole, near in (
        (index.performers, index.work_performers, _PERFORMER, _NEAR_PERFORMER),
        (index.writers, index.work_writers, _WRITER, _NEAR_WRITER),
    ):
        of = of_work[index.entry_work]
        owner, name = _named(names.starts, names.part_hash, of)
        result.append((whole, (_both(loose[owner], name, whole), owner)))
        result.append((whole, (_both(loose, names.bag_hash[of], whole), np.arange(len(of), dtype=np.int64))))
        word_owner, word = _named(names.word_starts, names.word_hash, of)
        result.append((_WORD, (_both(loose[word_owner], word, _WORD), word_owner)))
        begins = names.bag_texts.first_hashes(3)[of]
        result.append((_PREFIX, (_both(loose, begins, _PREFIX), np.arange(len(of), dtype=np.int64))))
        result.append((near, _near_named(hashes, title, index, (names, of), near)))
    return result


def _near(index: Index) -> tuple[Hashes, Places]:
    """Titles as they are and without one character each: those a slip of the pen apart meet."""
    texts = index.titles.core_texts
    chosen = (texts.lengths >= _NEAR_LEAST) & (texts.lengths <= _NEAR_MOST)
    return texts.without_a_letter(chosen)


def _near_named(
    hashes: Hashes, title: Places, index: Index, side: tuple[Names, Places], kind: int
) -> tuple[Hashes, Places]:
    names, of = side
    order = np.argsort(index.entry_title, kind="stable")
    starts = np.searchsorted(index.entry_title[order], np.arange(len(index.titles) + 1))
    count = (starts[1:] - starts[:-1])[title]
    entry, of_title = order[expand(starts[title], count)], np.repeat(hashes, count)
    first = names.starts[of[entry]]
    has = names.starts[of[entry] + 1] > first
    entry, of_title, first = entry[has], of_title[has], first[has]
    return _both(of_title, names.part_hash[first], kind), entry


def _named(starts: Places, values: Hashes, of: Places) -> tuple[Places, Hashes]:
    """For each entry each of its names' hashes: (entry, hash)."""
    count = np.minimum(starts[of + 1] - starts[of], _NAMES_MOST)
    return np.repeat(np.arange(len(of), dtype=np.int64), count), values[expand(starts[of], count)]


def _both(left: Hashes, right: Hashes, kind: int) -> Hashes:
    out = join(left, right, kind)
    out[(left == 0) | (right == 0)] = 0
    return out


def _codes(index: Index, repertoire: pa.Table) -> tuple[Hashes, Places]:
    """The identifiers of each work, on its first entry."""
    first = np.searchsorted(index.entry_work, np.arange(index.works))
    if len(index.entry_work) and (np.diff(index.entry_work) < 0).any():
        order = np.argsort(index.entry_work, kind="stable")
        first = order[np.searchsorted(index.entry_work[order], np.arange(index.works))]
    place = {work: k for k, work in enumerate(index.work_ids)}
    owners, codes = list[int](), list[str]()
    for work, iswc, recordings in zip(
        *(repertoire.column(c).to_pylist() for c in ("work_id", "iswc", "isrc")), strict=True
    ):
        valid = ((ids.iswc(iswc) if iswc else None), *((ids.isrc(r) if r else None) for r in recordings or ()))
        for code in valid:
            if code:
                owners.append(int(first[place[work]]))
                codes.append(code)
    return _both(Texts.of(codes).hashes(), np.full(len(codes), 1, np.uint64), _CODE), np.array(owners, np.int64)


def _together(kind: int, keys: Hashes, owners: Places) -> tuple[Places, Places]:
    """Pairs of entries with an equal key."""
    kept = keys != 0
    order = np.lexsort((owners[kept], keys[kept]))
    keys, owners = keys[kept][order], owners[kept][order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    keys, owners = keys[new], owners[new]
    first, last = np.searchsorted(keys, keys, side="left"), np.searchsorted(keys, keys, side="right")
    here = np.arange(len(keys))
    small = last - first <= _GROUP_MOST[kind]
    later = np.where(small, last - here - 1, 0)
    left, right = np.repeat(owners, later), owners[expand(here + 1, later)]
    if kind in _STAR:
        rest = np.flatnonzero(~small & (here > first))
        left, right = np.concatenate((left, owners[first[rest]])), np.concatenate((right, owners[rest]))
    return np.minimum(left, right), np.maximum(left, right)


def _societies(repertoire: pa.Table, registrations: pa.Table | None) -> dict[str, str]:
    """The societies of each work, in order, with commas between."""
    parts = [t.select(["work_id", "society"]) for t in (repertoire, registrations) if t is not None]
    pairs = pa.concat_tables(parts).filter(pc.not_equal(pa.concat_tables(parts).column("society"), ""))
    found: dict[str, list[str]] = {}
    for row in pairs.group_by(["work_id", "society"]).aggregate([]).to_pylist():
        found.setdefault(row["work_id"], []).append(row["society"])
    return {work: ", ".join(sorted(names)) for work, names in found.items()}


def _table(found: dict[tuple[int, int], Finding], index: Index, societies: dict[str, str]) -> pa.Table:
    work_ids = index.work_ids
    pairs = sorted(found)
    rows = [(work_ids[a], work_ids[b], found[a, b]) for a, b in pairs]
    columns = {
        "work_id": [a for a, _, _ in rows], "other_work_id": [b for _, b, _ in rows],
        "society": [societies.get(a, "") for a, _, _ in rows],
        "other_society": [societies.get(b, "") for _, b, _ in rows],
        "probability": [f.probability for _, _, f in rows], "rule": [f.rule for _, _, f in rows],
        "reason": [f.reason for _, _, f in rows],
    }  # fmt: skip
    schema = tables.DUPLICATES.schema
    return tables.conform(
        pa.table({n: pa.array(v, schema.field(n).type) for n, v in columns.items()}), tables.DUPLICATES
    )
