"""Every table in one place, for the migrations."""

from sqlmodel import SQLModel

from storage.tables import announcements, boards, menus, people, queues, refusals, requests, rosters, troubles

METADATA = SQLModel.metadata
MODULES = (people, requests, announcements, queues, refusals, troubles, menus, boards, rosters)
