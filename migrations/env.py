"""Run by Alembic: migrates the connection that `matching.store.Store.create` hands over, inside its transaction."""

from alembic import context

from matching.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
