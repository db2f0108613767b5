"""Writing very many invented rows: ids are given here, so that rows can point at each other before they are written."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from vendor_tracker.store.base import Base


class Writer:
    """Rows waiting to be written, with ids given here so that rows can point at each other."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows = 0
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[str, int] = {}
        self._templates: dict[str, dict[str, Any]] = {}

    def add(self, table: type[Any], **values: Any) -> int:
        """Queue one row; returns its id, or 0 for a table without one."""
        name = table.__tablename__
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = _blank(table)
        unknown = values.keys() - template.keys()
        if unknown:
            message = f"{name} has no columns {sorted(unknown)}."
            raise TypeError(message)
        row = {**template, **values}
        identity = 0
        if "id" in template:
            identity = row["id"] = self._next(table)
            if "lineage" in template and row["lineage"] is None:
                row["lineage"] = identity
        self._waiting[name].append(row)
        return identity

    def _next(self, table: type[Any]) -> int:
        name = table.__tablename__
        if name not in self._last:
            self._last[name] = self.session.scalar(select(func.max(table.id))) or 0
        self._last[name] += 1
        return self._last[name]

    def write(self) -> None:
        """Send what waits, tables that others point at first."""
        for table in Base.metadata.sorted_tables:
            rows = self._waiting.pop(table.name, None)
            if rows:
                self.session.execute(insert(table), rows)
                self.rows += len(rows)
        # An agreement points at its newest revision, which points back; the second pointer is set last.
        self.session.execute(
            text(
                "UPDATE agreement SET current_revision_id = (SELECT MAX(id) FROM agreement_revision "
                "WHERE agreement_revision.agreement_id = agreement.id) WHERE current_revision_id IS NULL"
            )
        )

    def finish(self) -> None:
        """Write the rest, and tell PostgreSQL's sequences which ids are taken."""
        self.write()
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for name, last in self._last.items():
            self.session.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), {"table": f'"{name}"', "last": last}
            )


def _blank(table: type[Any]) -> dict[str, Any]:
    """Return a row of ``table`` in which everything is its default or null."""
    blank: dict[str, Any] = {}
    for column in table.__table__.columns:
        default = column.default
        if default is None:
            blank[column.name] = None
        else:
            blank[column.name] = default.arg(None) if default.is_callable else default.arg
    return blank
