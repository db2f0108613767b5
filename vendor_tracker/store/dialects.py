"""What SQLite and PostgreSQL say differently: one of many ids, and insert-or-replace."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, func, literal, select, true
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session


def among(
    session: Session, column: InstrumentedAttribute[Any] | ColumnElement[Any], ids: Collection[int] | None
) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``, as one bound value however many there are.

    SQLite bounds the variables of a statement, and a statement whose text grows with the list is never cached.
    ``None`` means all.
    """
    if ids is None:
        return true()
    wanted = sorted(set(ids))
    if len(wanted) == 1:
        return column == wanted[0]
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(Integer)))
    values = func.json_each("[" + ",".join(map(str, wanted)) + "]").table_valued("value")
    return column.in_(select(values.c.value))


def insert_into(session: Session, table: Any) -> Any:
    """Begin an insertion that may say what to do about a row that is already there."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    return insert_into_postgresql(table) if postgresql else insert_into_sqlite(table)


def upsert(session: Session, table: Any, rows: Sequence[Mapping[str, object]], key: tuple[str, ...]) -> None:
    """Insert rows, or replace those with the same key; each mapping has every column."""
    if not rows:
        return
    query = insert_into(session, table)
    changed = {name: query.excluded[name] for name in rows[0] if name not in key}
    session.execute(query.on_conflict_do_update(index_elements=list(key), set_=changed), list(rows))
