"""Statements that prove themselves: their figures lead to a signed log, and their amounts can be computed again.

Nothing is needed but the statement and the society's public key. Two questions are answered: are these the figures that
were logged (`verify`), and do they follow from each other (`recompute`): each line from its pool, each sum from its
lines, the fee from its rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partita import money
from partita.errors import InputError
from partita.prove import entry as entries
from partita.prove import figures, merkle, proof_file
from partita.prove.checkpoint import Accepted, Policy
from partita.prove.entry import Entry
from partita.prove.faults import AlteredFigure, ForgedProof, MalformedNote
from partita.prove.proof_file import Proof

FORM = "partita.proof/1"
STATEMENT = "partita.statement/1"
_KEYS = {"form", "salt", "hints", "index", "size", "path", "entry", "log"}


@dataclass(frozen=True, slots=True)
class Verified:
    """What holds of a document: when and as what it was logged, where in the log, and who signed that."""

    entry: Entry
    index: int
    accepted: Accepted


def prove(sealed: Sequence[tuple[bytes, figures.Sealed]], entry: Entry, log: Proof) -> Iterator[dict[str, Any]]:
    """The proof of each document, from its salt and seal, the log's entry of them all, and the entry's proof.

    Raises ForgedProof where the entry does not commit to these documents.
    """
    hashes = [merkle.leaf_hash(each.root) for _, each in sealed]
    if entry != Entry(entry.at, entry.kind, *together([each for _, each in sealed])):
        raise ForgedProof("the log's entry does not commit to these documents")
    for place, (salt, each) in enumerate(sealed):
        path = merkle.inclusion_proof(hashes, place)
        yield {
            "form": FORM,
            "salt": figures.as_text(salt),
            "hints": figures.as_text(each.hints),
            "index": place,
            "size": len(sealed),
            "path": [figures.as_text(step) for step in path],
            "entry": entry.data().decode(),
            "log": str(log),
        }


def together(sealed: Sequence[figures.Sealed]) -> tuple[bytes, int]:
    """The commitment to several documents, and how many they are: what the log's entry says."""
    if len(sealed) == 1:
        return sealed[0].root, 1
    return merkle.root([merkle.leaf_hash(each.root) for each in sealed]), len(sealed)


def verify(document: Mapping[str, Any], policy: Policy) -> Verified:
    """That the document stands in a log as it is; raises the fault that says what does not hold."""
    proof = document.get(figures.PROOF)
    if not isinstance(proof, Mapping) or set(proof) != _KEYS or proof["form"] != FORM:
        raise MalformedNote("the document holds no proof of the form " + FORM)
    hints = figures.from_text(proof["hints"], "`hints`")
    root = figures.unseal(document, figures.read_salt(proof["salt"]), hints)
    entry = _entry(proof["entry"])
    _in_batch(root, entry, proof)
    log = proof_file.parse(str(proof["log"]))
    accepted = proof_file.verify(log, entry.data(), policy)
    return Verified(entry, log.index, accepted)


def _entry(text: object) -> Entry:
    try:
        return entries.parse(str(text).encode())
    except (InputError, UnicodeError) as error:
        raise MalformedNote(f"the log's entry: {error}") from None


def _in_batch(root: bytes, entry: Entry, proof: Mapping[str, Any]) -> None:
    """Raises ForgedProof unless the document is among those that the entry commits to."""
    index, size, path = proof["index"], proof["size"], proof["path"]
    if not isinstance(index, int) or not isinstance(size, int) or not isinstance(path, list) or size != entry.count:
        raise ForgedProof(f"the proof is of {size} documents, the log's entry of {entry.count}")
    if size == 1:
        if root != entry.commitment:
            raise ForgedProof("the log's entry commits to another document")
        return
    steps = tuple(figures.from_text(step, "`path`") for step in path)
    merkle.verify_inclusion(index, size, merkle.leaf_hash(root), steps, entry.commitment)


def recompute(document: Mapping[str, Any]) -> int:
    """How many amounts of a statement were computed again; raises `AlteredFigure` that names the first that differs."""
    if document.get("form") != STATEMENT:
        return 0
    try:
        return _recomputed(document)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        if isinstance(error, AlteredFigure):
            raise
        raise AlteredFigure(f"a figure that the amounts rest on is missing or is none: {error}") from None


def _recomputed(document: Mapping[str, Any]) -> int:
    lines, pools, sums = document["lines"], document["pools"], document["money"]
    count = 0
    for place, line in enumerate(lines):
        _same_text(line, "amount", f"/lines/{place}")
        if not document.get("adjusts"):
            _line(line, pools[line["pool_id"]], f"/lines/{place}")
        count += 1
    for name, pool in pools.items():
        _same_text(pool, "amount", f"/pools/{name}")
    for name in ("gross", "fee", "fund", "net", "carried_in", "paid", "carried_out"):
        _same_text(sums, name, "/money")
    gross: dict[str, int] = {}
    for line in lines:
        gross[line["pool_id"]] = gross.get(line["pool_id"], 0) + line["amount_micro"]
    _equal("/money/gross_micro", sums["gross_micro"], sum(gross.values()), "the sum of the lines")
    if not document.get("adjusts"):
        for name in ("fee", "fund"):
            rate = sums[f"{name}_ppm"]
            right = sum(_part(amount, rate) for amount in gross.values())
            _equal(f"/money/{name}_micro", sums[f"{name}_micro"], right, f"{rate} millionths of each pool's part")
    net = sums["gross_micro"] - sums["fee_micro"] - sums["fund_micro"]
    _equal("/money/net_micro", sums["net_micro"], net, "gross less fee and fund")
    left = net + sums["carried_in_micro"] - sums["paid_micro"]
    _equal("/money/carried_out_micro", sums["carried_out_micro"], left, "net and brought forward, less paid")
    return count + 7


def _line(line: Mapping[str, Any], pool: Mapping[str, Any], place: str) -> None:
    """A line is the pool's amount by weight, then by share, each rounded to a millionth by largest remainder."""
    sign = -1 if pool["amount_micro"] < 0 else 1
    work = Fraction(abs(pool["amount_micro"]) * line["weight"], pool["weight"])
    share = Fraction(line["share_ppm"], line["claimed_ppm"])
    right = {low + more for amount in (int(work), int(work) + 1) for low in (int(amount * share),) for more in (0, 1)}
    if sign * line["amount_micro"] not in right:
        told = money.show(sign * min(right))
        raise AlteredFigure(f"{place}/amount_micro is {line['amount_micro']}; its pool, weight and share make {told}")


def _part(amount: int, ppm: int) -> int:
    """A rate of an amount: what is left over stays with the party."""
    return (abs(amount) * ppm // money.PPM) * (-1 if amount < 0 else 1)


def _same_text(row: Mapping[str, Any], name: str, place: str) -> None:
    """The amount in words is the amount in millionths."""
    if money.micro(row[name]) != row[f"{name}_micro"]:
        raise AlteredFigure(f"{place}/{name} is {row[name]!r}, {place}/{name}_micro is {row[f'{name}_micro']}")


def _equal(place: str, found: int, right: int, why: str) -> None:
    if found != right:
        raise AlteredFigure(f"{place} is {found}; {why} make {right}")
