"""The metadata of all tables, for the migrations: importing this module imports each module of the package."""

from importlib import import_module
from pkgutil import iter_modules

from sqlmodel import SQLModel

from storage import tables

METADATA = SQLModel.metadata
MODULES = tuple(
    import_module(f"{tables.__name__}.{found.name}")
    for found in iter_modules(tables.__path__)
    if found.name != "registry"
)
