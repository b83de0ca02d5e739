"""Which lines no society here has to answer for: by the policy alone, and never by a guess for Han or Latin titles."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from partita.identify.policy import IdentifyPolicy
from partita.text.script import guess_language, primary


def apply(matches: pa.Table, usage: pa.Table, policy: IdentifyPolicy) -> pa.Table:
    """The matches with the lines out of scope marked so; the rule says why (`period`, `territory`, `language`)."""
    for rule, out in (
        ("language", _language(matches, usage, policy)),
        ("territory", _territory(usage, policy)),
        ("period", _period(usage, policy)),
    ):
        if out is not None:
            matches = _marked(matches, out, rule)
    return matches


def _marked(matches: pa.Table, out: pa.Array, rule: str) -> pa.Table:
    values = {"outcome": "out_of_scope", "work_id": None, "rule": rule, "probability": 0.0, "candidates": None}
    for name, value in values.items():
        at = matches.schema.get_field_index(name)
        kind = matches.schema.field(name).type
        scalar = pa.scalar([] if name == "candidates" else value, kind)
        matches = matches.set_column(at, matches.schema.field(name), pc.if_else(out, scalar, matches.column(name)))
    return matches


def _territory(usage: pa.Table, policy: IdentifyPolicy) -> pa.Array | None:
    if not policy.territories:
        return None
    stated = pc.utf8_upper(usage.column("territory"))
    inside = pc.is_in(stated, pa.array([t.upper() for t in policy.territories], pa.string()))
    return pc.and_(pc.invert(inside), pc.fill_null(pc.not_equal(stated, ""), fill_value=False))


def _period(usage: pa.Table, policy: IdentifyPolicy) -> pa.Array | None:
    used = usage.column("used_at")
    out = None
    if policy.period_from:
        out = pc.less(used, _moment(policy.period_from))
    if policy.period_to:
        late = pc.greater_equal(used, _moment(policy.period_to + timedelta(days=1)))
        out = late if out is None else pc.or_(out, late)
    return None if out is None else pc.fill_null(out, fill_value=False)


def _moment(day: date) -> pa.Scalar:
    return pa.scalar(datetime.combine(day, time()), pa.timestamp("s"))


def _language(matches: pa.Table, usage: pa.Table, policy: IdentifyPolicy) -> pa.Array | None:
    if not policy.languages_out:
        return None
    out = {primary(tag) for tag in policy.languages_out}
    unmatched = pc.equal(matches.column("outcome"), "unmatched").to_pylist()
    stated, title = usage.column("language").to_pylist(), usage.column("title").to_pylist()
    return pa.array([u and _tongue(s, t, policy) in out for u, s, t in zip(unmatched, stated, title, strict=True)])


def _tongue(stated: str | None, title: str, policy: IdentifyPolicy) -> str | None:
    if stated:
        return primary(stated)
    return guess_language(title) if policy.guess_language else None
