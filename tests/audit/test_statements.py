"""Statements past the session's objects: those that change audited tables are listed, for they record it themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from storage.engine.audited_rows import FACTS
from tests.test_house_rules import _sources

STATEMENTS = {"add", "delete", "insert", "insert_new", "update"} | {
    *("change_one", "change_where", "send_new", "send_row"),
    *("write", "write_all", "write_all_new", "write_new"),
}
AUDITED = {table.__name__ for table in FACTS} | {"Shift", "Announcement"}
RECORDED = {
    "concierge_bot/desk/announcements/sending.py: change_one of Announcement",
    "concierge_bot/desk/directory/merging.py: delete of DutyOverride",
    "concierge_bot/desk/people/rosters.py: delete of Shift",
    "concierge_bot/desk/people/villas.py: write_all of Villa",
    "concierge_bot/desk/profiles/newcomers.py: update of Person",
    "concierge_bot/desk/profiles/newcomers.py: write_all of Person",
    "concierge_bot/desk/people/invites.py: change_one of Invite",
    "concierge_bot/desk/people/invites.py: write_all of Invite",
    "concierge_bot/desk/roles/register.py: change_where of Role",
    "concierge_bot/desk/roles/register.py: write_all of Role",
}
"""Those that record what they change, each in a test of the trail."""
OF_NOTHING_AUDITED = {
    "concierge_bot/desk/announcements/drafts.py: change_one of Announcement",  # a draft that nobody got
    "concierge_bot/desk/announcements/drafts.py: update of Announcement",
    "concierge_bot/desk/announcements/progress.py: change_one of Announcement",  # the end of the sending
    "concierge_bot/desk/people/birthdays.py: change_one of Person",  # whether they were congratulated
    "concierge_bot/desk/people/callers.py: update of StaffChat",  # its title, which is the group's
}


def test_statements_past_the_sessions_objects_record_what_they_change() -> None:
    found = {f"{path}: {name} of {table}" for path, tree in _sources() for name, table in _changes(tree)}
    assert found - OF_NOTHING_AUDITED == RECORDED


def _changes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = {one.id for one in node.args if isinstance(one, ast.Name)} if name in STATEMENTS else set()
            yield from ((name, table) for table in named & AUDITED)
