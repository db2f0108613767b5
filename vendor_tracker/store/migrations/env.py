"""Alembic's way in: the engine comes from our own code, or from Flask-Migrate when its command is used."""

from typing import Any

from alembic import context
from sqlalchemy import Engine

import vendor_tracker.store.tables  # noqa: F401 - importing it makes the metadata whole
from vendor_tracker.store.base import Base, Moment, Slug


def _engine() -> Engine:
    engine = context.config.attributes.get("engine")
    if engine is not None:
        return engine  # type: ignore[no-any-return]
    from flask import current_app

    return current_app.extensions["migrate"].db.engine  # type: ignore[no-any-return]


def _plain_type(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write migrations with SQL's own types, so that they outlive our classes."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Slug):
        return "sa.String(length=40)"
    return False


def _run() -> None:
    with _engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_plain_type,
            include_object=lambda _object, name, kind, _reflected, _other: (
                not (kind == "table" and name == "alembic_version")
            ),
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


_run()
