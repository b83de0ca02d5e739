"""FINDINGS: what was found of each item for one model, in one row: whose work, whether it might be, by which licence.

The developer's own claim (this was taken under that licence) is checked, never believed: each way in which it can be
wrong has a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import scope, tables
from partita.clear.items import Covered, Licence, Trained, taken_on
from partita.tables import training

Masks = NDArray[np.bool_]

_FROM_ANSWERS = (
    "answer", "code", "reason", "statement_id", "carrier", "evidence", "source", "sha256", "since", "allowed_ppm",
    "offers", "payee",
)  # fmt: skip


def findings(
    items: pa.Table,
    matches: pa.Table,
    model: Trained,
    answered: tuple[pa.Table, pa.Table],
    licences: Mapping[str, tuple[Licence, Covered]],
) -> pa.Table:
    """FINDINGS of one model. `answered`: ANSWERS on the day of taking and on that of training, in the order of ITEMS.

    `licences`: every licence of the job with what it covers of the items, by its id; those for other systems cover
    nothing.
    """
    taken, trained = answered
    count = items.num_rows
    columns: dict[str, Any] = {name: taken.column(name) for name in _FROM_ANSWERS}
    columns |= {
        "model": pa.repeat(model.system, count),
        "item_id": items.column("item_id"),
        **{name: matches.column(name) for name in ("outcome", "work_id", "rule", "probability")},
        "taken_on": taken_on(items, model.trained_on),
        "dated": pc.is_valid(items.column("taken_at")),
        "trained_on": pa.repeat(pa.scalar(model.trained_on, pa.date32()), count),
        "answer_trained": trained.column("answer"),
        "code_trained": trained.column("code"),
        "licences": _covering(licences, count),
        "claim": _claims(items, matches, model, licences),
    }
    names = training.FINDINGS.schema.names
    return tables.conform(pa.table({name: columns[name] for name in names}), training.FINDINGS)


def _covering(licences: Mapping[str, tuple[Licence, Covered]], count: int) -> pa.Array:
    """Of each item the licences that cover it on both days, by id."""
    names = sorted(licences)
    if not names:
        return pa.array([[]] * count, tables.TEXTS)
    grid = np.stack([licences[name][1].both for name in names], axis=1)
    offsets = np.concatenate(([0], np.cumsum(grid.sum(axis=1))))
    values = pa.array(names, pa.string()).take(pa.array(np.nonzero(grid)[1]))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def _claims(
    items: pa.Table, matches: pa.Table, model: Trained, licences: Mapping[str, tuple[Licence, Covered]]
) -> pa.Array:
    """What became of the developer's claim on each item; the first reason that holds counts."""
    claim = items.column("licence_claim")
    days = np.asarray(taken_on(items, model.trained_on).cast(pa.int32()))
    unmatched = np.asarray(pc.is_null(matches.column("work_id")))
    result = np.where(np.asarray(pc.equal(claim, "")), "", "no_such_licence").astype(object)
    for name, (licence, found) in licences.items():
        mine = np.asarray(pc.equal(claim, name))
        reasons = _reasons(licence, model, days, unmatched, found)
        result[mine] = np.select([mask for _, mask in reasons], [code for code, _ in reasons], "covers")[mine]
    return pa.array(result.tolist(), pa.string())


def _reasons(
    licence: Licence, model: Trained, days: NDArray[np.int32], unmatched: Masks, found: Covered
) -> Sequence[tuple[str, Masks]]:
    first, last = _number(licence.valid_from), None if licence.valid_to is None else _number(licence.valid_to)
    then = _number(model.trained_on)
    every = np.ones(len(days), np.bool_)
    covers_system = any(scope.system_covers(system, model.system) for system in licence.systems)
    after = every & False if last is None else days >= last
    ended = every & (last is not None and then >= last)
    return (
        ("other_model", every & (not covers_system)),
        ("expired", after),
        ("not_yet", (days < first) | (then < first)),
        ("expired_before_training", ended),
        ("unmatched", unmatched),
        ("other_repertoire", ~found.both),
    )


def _number(day: Any) -> int:
    return int(pa.scalar(day, pa.date32()).cast(pa.int32()).as_py())
