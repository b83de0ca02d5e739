"""The rules of `decide` over whole columns, compiled: uses by their numbers in, codes and rows of statements out.

Everything is a number here: things, parties, systems and places by their places in `prepared`. A row of statements is
weighed once for each share that it reaches, into three keys by share and leaf: the first no, the first yes, and the
first weaker reason. A key is nearness, narrowness and order in one number: the lowest wins.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from partita.clear.rows import Bench, Book, Ints, Longs, Masks, Question, Rows
from partita.text.compiled import uncounted

# What is compiled is kept until this file changes, so its codes stand here; a test holds them to those of `reasons`.
STATUTORY, LICENSED, CONSENTED, PERMITTED = 0, 1, 2, 3
CONTRADICTED, IN_PART, BY_UNKNOWN, FOR_SYSTEM, RESERVED = 4, 5, 6, 7, 8
SEVERAL_WORKS, SHARES_OVER = 14, 15
UNREADABLE, WITHDRAWN, NO_MANDATE, OF_UNKNOWN, OTHER_SYSTEM, OTHER_PLACE = 16, 17, 18, 19, 20, 21
CLAIM_ONLY, SILENT, PARTLY, TARGET_UNKNOWN, SHARES_UNKNOWN = 22, 23, 24, 25, 26
SAYS_NO, CANNOT_BE_READ = 4, 5
"""Kinds of statements beside those of a yes, which have the numbers of their codes."""

RECORDING, WORK, PARTY = 2, 3, 4
"""Kinds of things, by their places in `LEVELS`; what stands before a recording links to others as it does."""

NONE, OUTSIDER = -1, -2
"""Nobody, or nobody named; and any of the parties that hold nothing and act for nobody in all the snapshot."""

WHOLE_PPM, STEPS_MOST = 1_000_000, 8
EMPTY = (1 << 62) - 1
_CODE, _NEAR, _DEPTH, _OFFER = 48, 44, 40, 39
_FIRST = (1 << 39) - 1

CHAIN, THINGS, CELLS, LINKED, WORKS, CLAIMS, NOTED, OVER, THE_WORK = 0, 1, 2, 3, 4, 5, 6, 7, 8
ROLE, ON_SYSTEM, COVERS, MEETS, YES, NO, COULD, ACTS, GIVEN, SUMS = 9, 10, 11, 12, 13, 14, 15, 16, 17, 22
"""Places in `counts`: of the use; of the statement that is weighed; of who speaks, which leaves it may license, may
reserve, could license, and whether it acts; five of what a holder gave; seven of the whole."""

COUNTS, CELL = 29, 7
C_PARTY, C_PARTY_THING, C_SOCIETY, C_SOCIETY_THING, C_SHARE, C_BASE, C_WORK = 0, 1, 2, 3, 4, 5, 6
AT_PLACE, HOLDS = 1, 2


@uncounted
def _live(row: Any, question: Question) -> bool:
    """Whether a row of any table counts on the day asked, as known at the moment asked."""
    return bool(row.valid_from <= question.at < row.valid_to and row.recorded <= question.known < row.retired)


@uncounted
def _touches(which: Masks, asked: int, place: int) -> tuple[bool, bool]:
    """Whether a place covers the one asked, and whether it meets it."""
    if place < 0:
        return False, False
    covers = which[place, asked]
    return covers, covers or which[asked, place]


@uncounted
def _system_covers(systems: Rows, wide: int, narrow: int) -> bool:
    if wide == 0:
        return True
    while narrow >= 0:
        if narrow == wide:
            return True
        narrow = systems[narrow].parent
    return False


@uncounted
def _leaves_of(pair_leaf: Ints, pairs: int) -> int:
    found = 0
    for place in range(len(pair_leaf)):
        if pairs >> place & 1:
            found |= pair_leaf[place]
    return found


@uncounted
def _first(keys: Longs, key: int) -> int:
    """Where the rows of a key begin, of rows sorted by key."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@uncounted
def _give(book: Book, question: Question, society: int, cell: Longs, given: Longs) -> None:
    """Into `given`: pairs that a holder gave, by name or as a member, for a yes and a no; leaves taken; rows of it."""
    given[:] = 0
    given[4] = int(society == cell[C_SOCIETY])
    for by_name in range(2):
        key = ((cell[C_PARTY] + 1) << 32) * by_name | society
        row = _first(book.mandate_keys, key) if by_name or society == cell[C_SOCIETY] else len(book.mandate_keys)
        while row < len(book.mandate_keys) and book.mandate_keys[row] == key:
            given_row = book.mandates[row]
            if _live(given_row, question):
                covers, meets = _touches(book.covers, question.place, given_row.place)
                taken = given_row.leaves
                given[0] |= given_row.pairs if covers else 0
                given[1] |= given_row.guards if meets else 0
                given[2] |= taken if meets or given_row.place < 0 else 0
                given[3] |= taken if covers else 0
                given[4] += 1
            row += 1


@uncounted
def _act(book: Book, bench: Bench, question: Question, party: int, cell: Longs) -> None:
    """Into the bench what a society may do for a share: by its own mandate, or by agreement with the holder's."""
    stand, given = bench.counts, bench.counts[GIVEN:SUMS]
    key = (cell[C_SOCIETY] << 32) | party
    row = _first(book.agreement_keys, key)
    agreed = row < len(book.agreement_keys) and book.agreement_keys[row] == key
    for turn in range(2 if agreed else 1):
        _give(book, question, party if turn == 0 else cell[C_SOCIETY], cell, given)
        if turn == 0:
            stand[YES] = _leaves_of(book.pair_leaf, given[0]) & ~given[2]
            stand[NO] = _leaves_of(book.pair_leaf, given[1]) & ~given[3]
            stand[COULD] = _leaves_of(book.pair_leaf, given[0]) & given[2]
            stand[ACTS] = given[4]
    while agreed and row < len(book.agreement_keys) and book.agreement_keys[row] == key:
        agreement = book.agreements[row]
        if _live(agreement, question):
            covers, meets = _touches(book.covers, question.place, agreement.place)
            through = _leaves_of(book.pair_leaf, agreement.pairs & given[0]) if covers else 0
            stand[YES] |= through & ~given[2]
            stand[COULD] |= through & given[2]
            stand[NO] |= (_leaves_of(book.pair_leaf, agreement.guards & given[1]) if meets else 0) & ~given[3]
            stand[ACTS] = 1
        row += 1
    stand[COULD] &= ~stand[YES]


@uncounted
def _stand(book: Book, bench: Bench, question: Question, party: int, cell: Longs) -> None:
    """Into the bench what a party may do for a share: license leaves, reserve them, or no more; and if it acts."""
    if 0 <= party < book.societies and party != cell[C_PARTY] and cell[C_SOCIETY] >= 0:
        _act(book, bench, question, party, cell)
    else:
        bench.counts[YES:GIVEN] = 0
        if party >= 0 and party == cell[C_PARTY]:
            bench.counts[YES] = bench.counts[NO] = -1


@uncounted
def _put(keys: Longs, cell: int, which: int, leaves: int, key: int) -> None:
    """Keeps a key for the leaves of a share, where it is lower than the one that is there."""
    for leaf in range(keys.shape[2]):
        if leaves >> leaf & 1 and key < keys[cell, which, leaf]:
            keys[cell, which, leaf] = key


@uncounted
def _put_weak(keys: Longs, cell: int, leaves: int, code: int, key: int) -> None:
    _put(keys, cell, 2, leaves, (code << _CODE) | key)


@uncounted
def _reaches(book: Book, bench: Bench, place: int, cell: int) -> bool:
    """Whether what hangs on a thing speaks for a share: on the chain for all, else on its holder or the society."""
    if place < bench.counts[CHAIN]:
        return True
    thing = bench.things[place]
    column = C_PARTY_THING if book.things[thing].kind == PARTY else C_SOCIETY_THING
    return bool(bench.cells[cell, column] == thing)


@uncounted
def _speaks_as(counts: Longs, linked: Ints, cells: Longs, party: int) -> int:
    """AT_PLACE: as the place where the thing is, unnamed or in control of it; HOLDS: as a holder; 0: as neither."""
    if party == NONE:
        return AT_PLACE
    for n in range(counts[LINKED]):
        if linked[n] == party:
            return AT_PLACE
    for n in range(counts[CELLS]):
        if party >= 0 and cells[n, C_PARTY] == party:
            return HOLDS
    return 0


@uncounted
def _weigh_no(bench: Bench, leaves: int, cell: int, key: int) -> bool:
    role = bench.counts[ROLE]
    mask = leaves if role == AT_PLACE else leaves & bench.counts[NO]
    _put(bench.keys, cell, 0, mask, key)
    if role == 0:
        _put_weak(bench.keys, cell, leaves & ~mask, CLAIM_ONLY, key)
    return bool(mask != 0)


@uncounted
def _weigh_yes(bench: Bench, said: Any, leaves: int, cell: int, key: int) -> bool:
    role, stand, by_law = bench.counts[ROLE], bench.counts, said.kind == STATUTORY
    held = bench.cells[cell, C_PARTY] >= 0
    on_system, covers = bench.counts[ON_SYSTEM] != 0, bench.counts[COVERS] != 0
    mask = leaves if by_law and held else leaves & stand[YES]
    rest = leaves & ~mask
    if covers:
        _put(bench.keys, cell, 1, mask, key)
    else:
        _put_weak(bench.keys, cell, mask, OTHER_PLACE if on_system else OTHER_SYSTEM, key)
    code = OF_UNKNOWN if role == AT_PLACE else NO_MANDATE
    if by_law:
        code = SHARES_UNKNOWN
    elif role != AT_PLACE and stand[ACTS] == 0:
        claims = role == 0 and bench.counts[MEETS] != 0
        code = CLAIM_ONLY if held or bench.cells[cell, C_BASE] != SILENT else SHARES_UNKNOWN
        rest, covers = rest if claims else 0, True
    elif role != AT_PLACE and covers:
        _put_weak(bench.keys, cell, rest & stand[COULD], WITHDRAWN, key)
        rest &= ~stand[COULD]
    if covers:
        _put_weak(bench.keys, cell, rest, code, key)
    return bool(mask != 0)


@uncounted
def _weigh(book: Book, bench: Bench, question: Question, row: int, place: int) -> bool:
    """Weighs a statement for every share that it reaches; gives whether it is a claim."""
    said = book.statements[row]
    leaves = said.leaves & question.leaves
    if leaves == 0:
        return False
    on_system = said.system >= 0 and _system_covers(book.systems, said.system, question.system)
    covers, meets = _touches(book.covers, question.place, said.place)
    covers, meets = covers and on_system, meets or said.place < 0
    meets = meets and (on_system or said.system < 0 or _system_covers(book.systems, question.system, said.system))
    if said.kind >= SAYS_NO and not meets:
        return False
    counts = bench.counts
    counts[ROLE] = _speaks_as(bench.counts, bench.linked, bench.cells, said.speaker)
    counts[ON_SYSTEM], counts[COVERS], counts[MEETS] = on_system, covers, meets
    depth = book.systems[said.system].depth if said.system >= 0 else 0
    near = max(0, book.things[bench.things[place]].kind - RECORDING)
    key = (near << _NEAR) | ((15 - depth) << _DEPTH) | said.rank
    reached = stands = False
    for cell in range(counts[CELLS]):
        if not _reaches(book, bench, place, cell):
            continue
        reached = True
        _stand(book, bench, question, said.speaker, bench.cells[cell])
        if said.kind == SAYS_NO:
            stands |= _weigh_no(bench, leaves, cell, key)
        elif said.kind < SAYS_NO:
            stands |= _weigh_yes(bench, said, leaves, cell, key)
        elif counts[ROLE] == AT_PLACE or bench.counts[NO] != 0 or bench.counts[ACTS] != 0:
            _put_weak(bench.keys, cell, leaves, UNREADABLE, key)
    claims = said.kind in (LICENSED, CONSENTED, PERMITTED, SAYS_NO)
    return bool(claims and reached and meets and not stands and counts[ROLE] == 0)


@uncounted
def _reduce(book: Book, bench: Bench, question: Question, thing: int) -> None:
    """Of the statements on a large thing those live at the moment, one for all that say the same, with their number."""
    memo = bench.memo[book.things[thing].large]
    at, last = memo.start - 1, NONE
    for row in range(book.things[thing].statements, book.things[thing + 1].statements):
        said = book.statements[row]
        if _live(said, question):
            if said.group != last:
                at, last = at + 1, said.group
                bench.live[at].row, bench.live[at].weight = row, 0
            bench.live[at].weight += 1
    memo.moment, memo.count = question.moment, at + 1 - memo.start


@uncounted
def _weigh_thing(book: Book, bench: Bench, question: Question, place: int) -> None:
    """Weighs every statement on one of the things."""
    thing = bench.things[place]
    begin, end, large = book.things[thing].statements, book.things[thing + 1].statements, book.things[thing].large
    if large >= 0:
        if bench.memo[large].moment != question.moment:
            _reduce(book, bench, question, thing)
        begin = bench.memo[large].start
        end = begin + bench.memo[large].count
    for n in range(begin, end):
        row, weight = n, 1
        if large >= 0:
            row, weight = bench.live[n].row, bench.live[n].weight
        elif not _live(book.statements[row], question):
            continue
        if _weigh(book, bench, question, row, place):
            bench.counts[CLAIMS] += weight


@uncounted
def _weigh_offer(book: Book, bench: Bench, question: Question, row: int, place: int) -> None:
    """Notes the leaves of shares that an offer would license, and those that it cannot for want of a mandate."""
    offer = book.offers[row]
    leaves = offer.leaves & question.leaves
    covers = _touches(book.covers, question.place, offer.place)[0]
    covers = covers and _system_covers(book.systems, offer.system, question.system)
    if leaves == 0 or not covers or not _live(offer, question):
        return
    near = max(0, book.things[bench.things[place]].kind - RECORDING)
    key = (near << _NEAR) | ((15 - book.systems[offer.system].depth) << _DEPTH) | (1 << _OFFER) | offer.rank
    for cell in range(bench.counts[CELLS]):
        if _reaches(book, bench, place, cell):
            _stand(book, bench, question, offer.licensor, bench.cells[cell])
            stand = bench.counts
            if stand[ACTS] != 0:
                _put_weak(bench.keys, cell, leaves & stand[COULD], WITHDRAWN, key)
                _put_weak(bench.keys, cell, leaves & ~stand[COULD] & ~stand[YES], NO_MANDATE, key)
            for leaf in range(bench.keys.shape[2]):
                if (leaves & stand[YES]) >> leaf & 1:
                    if stand[NOTED] < len(bench.noted):
                        noted = bench.noted[stand[NOTED]]
                        noted.offer, noted.cell, noted.leaf = row, cell, leaf
                    stand[NOTED] += 1


@uncounted
def _see(counts: Longs, seen: Longs, things: Ints, thing: int, number: int) -> None:
    """Adds a thing to those that are weighed, once for each use."""
    if thing >= 0 and seen[thing + 1] != number:
        seen[thing + 1] = number
        things[counts[THINGS]] = thing
        counts[THINGS] += 1


@uncounted
def _follow(book: Book, bench: Bench, question: Question, number: int) -> None:
    """Adds what the first things belong to; notes linked parties and counts works."""
    counts, begin = bench.counts, 0
    for _ in range(STEPS_MOST):
        end = counts[THINGS]
        for n in range(begin, end):
            thing = bench.things[n]
            if book.things[thing].kind <= RECORDING:
                for row in range(book.things[thing].links, book.things[thing + 1].links):
                    if _live(book.links[row], question):
                        _see(bench.counts, bench.seen, bench.things, book.links[row].to, number)
        begin = end
    counts[CHAIN] = counts[THINGS]
    for n in range(counts[CHAIN]):
        thing = book.things[bench.things[n]]
        if thing.kind == PARTY:
            bench.linked[counts[LINKED]] = thing.party
            counts[LINKED] += 1
        elif thing.kind == WORK:
            counts[WORKS] += 1
            counts[THE_WORK] = bench.things[n]


@uncounted
def _add(bench: Bench, base: int) -> int:
    """The place of a new share, of nobody so far; where there is no more room it is counted and lost."""
    place: int = min(bench.counts[CELLS], len(bench.cells) - 1)
    cell = bench.cells[place]
    bench.counts[CELLS] += 1
    cell[:] = NONE
    cell[C_SHARE], cell[C_BASE], cell[C_WORK] = 0, base, 0
    return place


@uncounted
def _shares_of(book: Book, bench: Bench, question: Question, thing: int) -> None:
    """Adds the shares of one work or recording, and what is left of it."""
    known, odd, some, is_work = 0, False, False, book.things[thing].kind == WORK
    for row in range(book.things[thing].holdings, book.things[thing + 1].holdings):
        held = book.holdings[row]
        if _live(held, question):
            cell = bench.cells[_add(bench, SILENT)]
            cell[C_PARTY], cell[C_PARTY_THING] = held.party, held.party_thing
            cell[C_SOCIETY], cell[C_SOCIETY_THING] = held.society, held.society_thing
            cell[C_SHARE], cell[C_WORK] = min(max(held.share, 0), WHOLE_PPM), is_work
            some, odd = True, odd or held.share < 0 or held.share > WHOLE_PPM
            known += cell[C_SHARE]
    odd = odd or known > WHOLE_PPM
    bench.counts[OVER] |= odd
    if (is_work or some) and (odd or known < WHOLE_PPM):
        _add(bench, SHARES_UNKNOWN if some else SILENT)


@uncounted
def _shares(book: Book, bench: Bench, question: Question, number: int, kind: int) -> bool:
    """Adds all shares of a use; their holders and societies are things to weigh too. False: there was no room."""
    for n in range(bench.counts[CHAIN]):
        if book.things[bench.things[n]].kind in (RECORDING, WORK):
            _shares_of(book, bench, question, bench.things[n])
    if bench.counts[WORKS] == 0:
        _add(bench, SILENT if kind == WORK else TARGET_UNKNOWN)
    if bench.counts[CELLS] > len(bench.cells):
        return False
    bench.keys[: bench.counts[CELLS]] = EMPTY
    for n in range(bench.counts[CELLS]):
        _see(bench.counts, bench.seen, bench.things, bench.cells[n, C_PARTY_THING], number)
        _see(bench.counts, bench.seen, bench.things, bench.cells[n, C_SOCIETY_THING], number)
    return True


@uncounted
def _is_allowed(keys: Longs, cell: int, leaf: int) -> bool:
    no, yes, weak = keys[cell, 0, leaf], keys[cell, 1, leaf], keys[cell, 2, leaf]
    return bool(yes != EMPTY and no >> _DEPTH > yes >> _DEPTH and weak >> _CODE != UNREADABLE)


@uncounted
def _sum_up(book: Book, bench: Bench, question: Question) -> None:
    """Into the bench: the lowest keys refused, allowed, unknown; if the first is contradicted, if any is; shares."""
    sums = bench.counts[SUMS:]
    sums[:3], sums[3:] = EMPTY, 0
    for n in range(bench.counts[CELLS]):
        refused = waits = False
        for leaf in range(bench.keys.shape[2]):
            if not question.leaves >> leaf & 1:
                continue
            no, yes, weak = bench.keys[n, 0, leaf], bench.keys[n, 1, leaf], bench.keys[n, 2, leaf]
            if _is_allowed(bench.keys, n, leaf):
                kind = np.int64(book.statements[book.row_of_rank[yes & _FIRST]].kind)
                sums[1] = min(sums[1], (kind << _CODE) | yes)
            elif no != EMPTY and no >> _DEPTH <= yes >> _DEPTH:
                against = np.int64(no >> _DEPTH == yes >> _DEPTH)
                sums[3] = against if no < sums[0] else sums[3] | against if no == sums[0] else sums[3]
                sums[0], sums[4], refused = min(sums[0], no), sums[4] | against, True
            else:
                base = (bench.cells[n, C_BASE] << _CODE) | ((1 << _CODE) - 1)
                sums[2], waits = min(sums[2], base if weak == EMPTY else weak), True
        if bench.cells[n, C_WORK] == 1:
            sums[5] += 0 if refused or waits else bench.cells[n, C_SHARE]
            sums[6] += bench.cells[n, C_SHARE] if refused else 0


@uncounted
def _refusal(book: Book, bench: Bench) -> int:
    said = book.statements[book.row_of_rank[bench.counts[SUMS + 0] & _FIRST]]
    if bench.counts[SUMS + 3]:
        return CONTRADICTED
    if bench.counts[SUMS + 1] != EMPTY:
        return IN_PART
    if _speaks_as(bench.counts, bench.linked, bench.cells, said.speaker) == AT_PLACE:
        return BY_UNKNOWN
    return RESERVED if said.system == 0 else FOR_SYSTEM


@uncounted
def _code(book: Book, bench: Bench) -> tuple[int, int]:
    """The code of the whole and the key that it names (EMPTY: none)."""
    sums = bench.counts[SUMS:]
    if sums[0] != EMPTY:
        return _refusal(book, bench), sums[0]
    if bench.counts[WORKS] > 1 or bench.counts[OVER]:
        return (SEVERAL_WORKS if bench.counts[WORKS] > 1 else SHARES_OVER), EMPTY
    if sums[2] == EMPTY:
        return sums[1] >> _CODE, sums[1]
    code = sums[2] >> _CODE
    if sums[1] != EMPTY and code in (CLAIM_ONLY, SILENT):
        return PARTLY, EMPTY
    return code, (sums[2] if code < CLAIM_ONLY else EMPTY)


@uncounted
def _write(book: Book, bench: Bench, answered: Any) -> None:
    """Writes an answer but for its offers."""
    code, key = _code(book, bench)
    answered.code, answered.claims, answered.contradicted = code, bench.counts[CLAIMS], bench.counts[SUMS + 4] != 0
    answered.statement = answered.offer = answered.work = NONE
    if key != EMPTY and key >> _OFFER & 1:
        answered.offer = key & _FIRST
    elif key != EMPTY:
        answered.statement = book.row_of_rank[key & _FIRST]
    if bench.counts[WORKS] == 1:
        answered.work, answered.allowed, answered.refused = (
            bench.counts[THE_WORK],
            bench.counts[SUMS + 5],
            bench.counts[SUMS + 6],
        )


@uncounted
def _is_taken_up(book: Book, bench: Bench, name: int) -> bool:
    """Whether a statement that allows takes up the terms of an offer."""
    for cell in range(bench.counts[CELLS]):
        for key in bench.keys[cell, 1]:
            if name >= 0 and key != EMPTY and book.statements[book.row_of_rank[key & _FIRST]].offer == name:
                return True
    return False


@uncounted
def _list(book: Book, bench: Bench, question: Question, code: int, listed: Longs, total: int) -> int:
    """Lists the offers that an allowed use rests on, or that would license another; gives how many are listed then."""
    if code > PERMITTED:
        for n in range(bench.counts[NOTED]):
            noted = bench.noted[n]
            if not _is_allowed(bench.keys, noted.cell, noted.leaf):
                if total < len(listed):
                    listed[total] = noted.offer
                total += 1
        return total
    for place in range(bench.counts[THINGS]):
        thing = bench.things[place]
        for row in range(book.things[thing].offers, book.things[thing + 1].offers):
            if _live(book.offers[row], question) and _is_taken_up(book, bench, book.offers[row].name):
                if total < len(listed):
                    listed[total] = row
                total += 1
    return total


@uncounted
def answer(
    book: Book, bench: Bench, asked: Rows, starts: Ints, answered: Rows, listed: Longs, ends: Longs
) -> tuple[int, int, int, int]:
    """Writes the answers of uses, and places of offers with how many there are after each use.

    Gives how many uses were answered, and where it stopped for want of room how much is needed: shares, notes of
    offers, offers listed. The caller makes room and goes on from there.
    """
    total, counts = 0, bench.counts
    for use in range(len(answered)):
        one = asked[use]
        question = Question(one.leaves, one.system, one.place, one.at, one.known, one.moment)
        counts[:], bench.seen[0] = 0, bench.seen[0] + 1
        for n in range(one.start, asked[use + 1].start):
            _see(bench.counts, bench.seen, bench.things, starts[n], bench.seen[0])
        _follow(book, bench, question, bench.seen[0])
        if not _shares(book, bench, question, bench.seen[0], one.kind):
            return use, counts[CELLS], 0, 0
        for place in range(counts[THINGS]):
            _weigh_thing(book, bench, question, place)
        for place in range(counts[THINGS]):
            thing = bench.things[place]
            for row in range(book.things[thing].offers, book.things[thing + 1].offers):
                _weigh_offer(book, bench, question, row, place)
        if counts[NOTED] > len(bench.noted):
            return use, 0, counts[NOTED], 0
        _sum_up(book, bench, question)
        _write(book, bench, answered[use])
        more = _list(book, bench, question, answered[use].code, listed, total)
        if more > len(listed):
            return use, 0, 0, more
        total = more
        ends[use] = total
    return len(answered), 0, 0, 0
