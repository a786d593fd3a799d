"""Changes that are made only if things still stand as they should: condition and change are one statement.

Of several that try the same at once, in whichever process, the database lets one do it. The session's objects do not
see the change: whoever reads on from one refreshes it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, SQLModel


def change_where(session: Session, table: type[SQLModel], *conditions: ColumnElement[bool], **values: object) -> int:
    """Changes the rows of which the conditions hold. Returns how many these were."""
    statement = update(table).where(*conditions).values(**values).execution_options(synchronize_session=False)
    return session.exec(statement).rowcount


def change_one(session: Session, table: type[SQLModel], *conditions: ColumnElement[bool], **values: object) -> bool:
    """Changes the one row of which the conditions hold. Returns whether it was this call that did so."""
    return change_where(session, table, *conditions, **values) == 1
