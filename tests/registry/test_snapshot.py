"""The whole registry as tables: the contract's schemas, the same bytes from either database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from registry_rows import authorship, holding, link, mandate, moment, offer, party, reciprocal, statement, work

from partita.errors import InputError
from partita.registry import record, snapshot
from partita.registry.store import Store, open_store
from partita.tables import rights

ROWS = {
    "parties": [party("B", isni="0000 0001 2281 955X"), party("A", ipi="17798450")],
    "works": [work("w", alt_titles=['歌 "one"', "a\\b"], writers=["A", "B"], iswc="T-034.524.680-1", language="")],
    "links": [link("url", "https://Example.org/*", "work", "w")],
    "holdings": [holding("w", "A", 333_333), holding("w", "B", 666_667)],
    "mandates": [mandate("NORTH", valid_to=dt.date(2030, 1, 1)), mandate("NORTH", "A")],
    "reciprocals": [reciprocal("NORTH", "SOUTH")],
    "authorship": [authorship("w", "whole", "assisted", evidence=["edits: a new chorus"], sha256=["a" * 64])],
    "statements": [statement("2", "work", "w", note="a\ttab\nand a line"),
                   statement("1", "work", "w", system="Suno/V5")],
    "offers": [offer("o", "NORTH", "repertoire", "NORTH", terms='{"a": "歌"}')],
}  # fmt: skip


def filled(store: Store) -> None:
    """Rows in every table, and some history."""
    record.add_all(store, ROWS, "clerk", moment(1))
    record.withdraw(store, "statements", [{"statement_id": "1"}], dt.date(2024, 1, 1), "clerk", moment(2))
    record.retire(store, "parties", [{"party_id": "B"}], "other clerk", moment(3))


def test_a_snapshot_has_the_contract_s_tables(store: Store) -> None:
    """Each table has exactly its schema, canonical values, history and all, sorted by its key."""
    filled(store)
    found = snapshot.read(store)
    assert {name: table.schema for name, table in found.items()} == {t.name: t.schema for t in rights.REGISTRY}
    assert found["works"].drop_columns(["recorded_at", "retired_at", "recorded_by"]).to_pylist() == [
        {
            "work_id": "w", "title": "Song w", "alt_titles": ['歌 "one"', "a\\b"], "writers": ["A", "B"],
            "performers": [], "iswc": "T0345246801", "language": None, "valid_from": dt.date(2000, 1, 1),
            "valid_to": None,
        }
    ]  # fmt: skip
    columns = ["statement_id", "system", "valid_to", "recorded_at", "retired_at", "recorded_by"]
    assert [tuple(row.values()) for row in found["statements"].select(columns).to_pylist()] == [
        ("1", "suno/v5", None, moment(1), moment(2), "clerk"),
        ("1", "suno/v5", dt.date(2024, 1, 1), moment(2), None, "clerk"),
        ("2", "*", None, moment(1), None, "clerk"),
    ]
    assert found["parties"].column("retired_at").to_pylist() == [None, moment(3)]
    assert found["parties"].column("ipi").to_pylist() == ["00017798450", None]


def test_an_empty_registry_has_empty_tables(store: Store) -> None:
    """Without a row every table is there, with its schema."""
    assert snapshot.read(store) == {table.name: table.empty() for table in rights.REGISTRY}


def test_both_databases_give_the_same(tmp_path: Path, postgresql: Callable[[str], str]) -> None:
    """The same acts on SQLite and PostgreSQL give snapshots equal in every value and in every byte."""
    found = []
    for where in (tmp_path / "registry.db", postgresql("side_by_side")):
        store = open_store(where)
        filled(store)
        found.append(snapshot.read(store))
        store.close()
    assert found[0] == found[1]
    assert [serialised(found[0]), serialised(found[0])] == [serialised(found[1])] * 2


def serialised(tables: dict[str, pa.Table]) -> list[bytes]:
    """The tables as bytes of Arrow's own format."""
    made = []
    for table in tables.values():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(pa.Table.from_pylist(table.to_pylist(), schema=table.schema))
        made.append(sink.getvalue().to_pybytes())
    return made


def test_nulls_first_and_texts_later(store: Store) -> None:
    """A column that is null for many rows and text afterwards is read whole."""
    rows = [work(f"w{n:06d}", language=None if n < 70_000 else "nan") for n in range(70_010)]
    record.add(store, "works", rows, "clerk", moment(1))
    assert snapshot.read(store)["works"].column("language").null_count == 70_000


def test_a_registry_that_vanished_is_said(tmp_path: Path) -> None:
    """Where the file is damaged after it was opened, the snapshot says so in one line."""
    store = open_store(tmp_path / "registry.db")
    store.close()
    (tmp_path / "registry.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(InputError, match="the registry cannot be read whole"):
        snapshot.read(store)
