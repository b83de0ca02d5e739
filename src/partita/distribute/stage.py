"""The stage: pools, usage, matches and shares become allocations, suspense, payouts and a journal.

May touch the tables given to it and DuckDB in memory; no file, no clock. The arithmetic stands in the `.sql` files.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.distribute import adjust, check
from partita.distribute import pools as pooling
from partita.distribute.books import ORDER, Books, columns
from partita.distribute.policy import DistributePolicy
from partita.engine.duck import Duck

PACKAGE = "partita.distribute"
POINTS = pa.schema([("category", pa.string()), ("points", pa.int64())])


def distribute(  # noqa: PLR0913 - the tables that a distribution rests on
    pools: pa.Table,
    usage: pa.Table,
    matches: pa.Table,
    shares: pa.Table,
    policy: DistributePolicy,
    *,
    charges: pa.Table,
    problems: pa.Table,
    points: pa.Table | None = None,
    previous: Books | None = None,
    carried: pa.Table | None = None,
    threads: int | None = None,
) -> Books:
    """POOLS to parties, by USAGE and its MATCHES and the works' SHARES.

    `charges` and `problems` (quarantined usage rows hold money back) are the run's own. `points`: category to point
    value, for pools allocated by points. `previous`: the books that this run corrects; the result then holds
    differences only, and every pool of those books must be given again. `carried`: the latest PAYOUTS, whose
    `carried_out_micro` is brought forward (default: those of `previous`). Raises ValueError for tables that break the
    contract (a pool twice, a line twice, a negative count, a line without the weight that its pool asks for).
    """
    with Duck(threads=threads) as duck:
        duck.put("usage", usage)
        duck.put("matches", matches.drop_columns(["candidates"]))
        duck.put("match_candidates", _candidates(matches))
        duck.put("problems", problems)
        duck.run(PACKAGE, "lines.sql")
        put_shared(duck, pools, shares, policy, charges=charges, points=points)
        check.unique(duck)
        allocate(duck, policy)
        account(duck, pools, shares, policy, previous=previous, carried=carried)
        return Books(**{name: _result(duck, name) for name in ORDER})


def put_shared(
    duck: Duck,
    pools: pa.Table,
    shares: pa.Table,
    policy: DistributePolicy,
    *,
    charges: pa.Table,
    points: pa.Table | None,
) -> None:
    """Names in the session what both entries of the stage share: pools, claims, charges, rates, units, points."""
    numbered = pooling.number(pools, policy)
    duck.put("pools", numbered.pools)
    duck.put("baskets", numbered.baskets)
    duck.put("claim_groups", numbered.groups)
    duck.put("charges", charges)
    duck.put("points", (points or POINTS.empty_table()).select(["category", "points"]).cast(POINTS))
    put_shares(duck, shares)


def put_shares(duck: Duck, shares: pa.Table) -> None:
    """Names the shares in the session, with the right that each belongs to: empty where the table has none."""
    rights = shares.column("right") if "right" in shares.column_names else pa.array([""] * shares.num_rows, pa.string())
    duck.put("shares", tables.conform(shares, tables.SHARES).append_column("share_right", pc.fill_null(rights, "")))


def allocate(duck: Duck, policy: DistributePolicy) -> None:
    """From lines, pools and shares to amounts, pieces, allocations and suspense, in the session."""
    given = check.counts(duck)
    duck.run(PACKAGE, "claims.sql")
    duck.run(PACKAGE, "count.sql")
    check.weights(duck, given=given)
    duck.run(PACKAGE, "weigh.sql")
    duck.run(PACKAGE, "allocate.sql")
    duck.run(PACKAGE, "split.sql", f"pieces_by_{policy.detail}.sql")
    duck.run(PACKAGE, "results.sql")


def account(
    duck: Duck,
    pools: pa.Table,
    shares: pa.Table,
    policy: DistributePolicy,
    *,
    previous: Books | None,
    carried: pa.Table | None,
) -> None:
    """From allocations and suspense to payouts and journal, in the session; differences where `previous` is given."""
    by_party = int(policy.detail == "work")
    duck.put("rates", rates(shares, policy))
    duck.run(PACKAGE, "earned.sql", by_party=by_party)
    if previous is not None:
        adjust.subtract(duck, previous)
        carried = previous.payouts if carried is None else carried
    carried = tables.PAYOUTS.empty() if carried is None else carried
    duck.put("carried", carried)
    duck.put("units", units(pools, carried, policy))
    duck.run(PACKAGE, "payouts.sql", by_party=by_party)


def rates(shares: pa.Table, policy: DistributePolicy) -> pa.Table:
    """Society, fee and fund in parts per million, for each society that claims."""
    found = pc.unique(shares.column("society")).to_pylist()
    rows = [{"society": s, "fee_ppm": policy.rates(s)[0], "fund_ppm": policy.rates(s)[1]} for s in found]
    schema = pa.schema([("society", pa.string()), ("fee_ppm", pa.int64()), ("fund_ppm", pa.int64())])
    return pa.Table.from_pylist(rows, schema)


def units(pools: pa.Table, carried: pa.Table, policy: DistributePolicy) -> pa.Table:
    """Currency, payout unit and minimum payout in micro-units, for each currency in the run."""
    found = {currency for table in (pools, carried) for currency in pc.unique(table.column("currency")).to_pylist()}
    rows = [
        {"currency": c, "unit_micro": policy.unit(c), "minimum_micro": policy.minimum_micro.get(c, 0)}
        for c in sorted(found)
    ]
    schema = pa.schema([("currency", pa.string()), ("unit_micro", pa.int64()), ("minimum_micro", pa.int64())])
    return pa.Table.from_pylist(rows, schema)


def _candidates(matches: pa.Table) -> pa.Table:
    lists = matches.column("candidates").combine_chunks()
    lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    lines = matches.column("line_id").take(pc.list_parent_indices(lists))
    return pa.table({"line_id": lines, "work_id": pc.struct_field(pc.list_flatten(lists), "work_id")})


def _result(duck: Duck, name: str) -> pa.Table:
    return tables.conform(
        duck.get(f"SELECT {columns(name)} FROM {name} ORDER BY {', '.join(ORDER[name])}"), tables.ALL[name]
    )
