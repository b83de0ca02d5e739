"""What Alembic runs for each migration: over the connection that `registry.store` hands in, within its transaction."""

from __future__ import annotations

from alembic import context

from partita.registry import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    version_table=schema.VERSION_TABLE,
)
context.run_migrations()
