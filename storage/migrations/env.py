"""Alembic's environment: it works on the connection that `storage.schema` hands over."""

from alembic import context

from storage.tables.registry import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
