"""Every table in one place, for the migrations."""

from sqlmodel import SQLModel

from storage import people, queues, requests

METADATA = SQLModel.metadata
MODULES = (people, requests, queues)
