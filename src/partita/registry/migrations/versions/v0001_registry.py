"""The registry's first form: nine tables in two times, the entries, and the triggers that keep what was recorded."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TYPES: dict[str, Any] = {
    "text": sa.Text(),
    "count": sa.BigInteger(),
    "day": sa.Date().with_variant(sa.Text, "sqlite"),
    "moment": sa.TIMESTAMP().with_variant(sa.Text, "sqlite"),
}
_TIMES = "valid_from:day valid_to:day? recorded_at:moment retired_at:moment? recorded_by"
_TARGET = "target_kind target"
_SCOPE = "purpose system territory"
_TABLES = {
    "parties": f"party_id name kind ipi? isni? {_TIMES}",
    "works": f"work_id title alt_titles writers performers iswc? language? {_TIMES}",
    "links": f"{_TARGET} parent_kind parent {_TIMES} url_key?",
    "holdings": f"{_TARGET} party_id role society share_ppm:count {_TIMES}",
    "mandates": f"society party_id kind right purpose territory source {_TIMES}",
    "reciprocals": f"grantor grantee right purpose territory source {_TIMES}",
    "authorship": f"work_id part party_id making tool evidence sha256 source {_TIMES}",
    "statements": f"statement_id kind {_TARGET} {_SCOPE} party_id offer_id? carrier form evidence source sha256 note "
    f"{_TIMES} url_key?",
    "offers": f"offer_id licensor {_TARGET} {_SCOPE} model payee currency terms source {_TIMES} url_key?",
}
"""Columns as `name:type`, text where no type is named; `?` where null is allowed."""

_INDEXES = {
    "parties": ("party_id",),
    "works": ("work_id", "iswc"),
    "links": (_TARGET, "url_key"),
    "holdings": (_TARGET,),
    "mandates": ("party_id society",),
    "reciprocals": ("grantor grantee",),
    "authorship": ("work_id",),
    "statements": (_TARGET, "statement_id", "url_key"),
    "offers": (_TARGET, "offer_id", "url_key"),
}
_KEPT = "the registry keeps what was recorded: rows are never"


def upgrade() -> None:
    """Makes tables, indexes and triggers."""
    for name, columns in _TABLES.items():
        op.create_table(name, _key("row_id"), *map(_column, columns.split()))
        for index in _INDEXES[name]:
            op.create_index(f"{name}_by_{'_'.join(index.split())}", name, index.split())
    entries = "recorded_at:moment recorded_by act added:count retired:count"
    op.create_table("entries", _key("entry_id"), *map(_column, entries.split()))
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for name, columns in {**_TABLES, "entries": entries}.items():
        guard(name, [c.partition(":")[0].removesuffix("?") for c in columns.split()])


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, sa.Identity(always=True), primary_key=True)


def _column(text: str) -> sa.Column[Any]:
    name, _, kind = text.removesuffix("?").partition(":")
    return sa.Column(name, _TYPES[kind or "text"], nullable=text.endswith("?"))


def _guard_sqlite(table: str, columns: list[str]) -> None:
    """No delete, no replacing insert, no update but of `retired_at` from null to a moment."""
    key = "entry_id" if table == "entries" else "row_id"
    same = " AND ".join(f"OLD.{c} IS NEW.{c}" for c in [key, *columns] if c != "retired_at")
    retiring = "OLD.retired_at IS NULL AND NEW.retired_at >= OLD.recorded_at" if "retired_at" in columns else "FALSE"
    guards = {
        "delete": f"BEFORE DELETE ON {table}",
        "replace": f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})",
        "change": f"BEFORE UPDATE ON {table} WHEN ({retiring} AND {same}) IS NOT TRUE",
    }
    for name, when in guards.items():
        said = "deleted" if name == "delete" else "changed"
        op.execute(f"CREATE TRIGGER {table}_{name} {when} BEGIN SELECT RAISE(ABORT, '{_KEPT} {said}'); END")


def _guard_postgresql(table: str, columns: list[str]) -> None:
    """As on SQLite; truncating is deleting."""
    key = "entry_id" if table == "entries" else "row_id"
    same = " AND ".join(f"OLD.{c} IS NOT DISTINCT FROM NEW.{c}" for c in [key, *columns] if c != "retired_at")
    retiring = "OLD.retired_at IS NULL AND NEW.retired_at >= OLD.recorded_at" if "retired_at" in columns else "FALSE"
    op.execute(f"""
        CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {retiring} AND {same} THEN RETURN NEW; END IF;
                RAISE EXCEPTION '{_KEPT} changed';
            END IF;
            RAISE EXCEPTION '{_KEPT} deleted';
        END $$
    """)
    op.execute(
        f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
    )
