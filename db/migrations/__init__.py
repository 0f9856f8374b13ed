"""Schema migrations, one file a revision, run by the program itself. Once landed, a revision is never edited."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import MetaData

import db
from db.schema import metadata


def whole_schema() -> MetaData:
    """The metadata with the tables of every schema module."""
    for one in pkgutil.iter_modules(db.__path__):
        if one.name.startswith("schema_"):
            importlib.import_module(f"db.{one.name}")
    return metadata


def guards() -> tuple[tuple[str, str], ...]:
    """Every trigger that the migrations made: its name and the statement that makes it."""
    modules = (one.name for one in pkgutil.iter_modules(__path__) if one.name.startswith("guards_"))
    made = [importlib.import_module(f"{__name__}.{name}") for name in sorted(modules)]
    return tuple(pair for one in made for pair in zip(one.names(), one.statements(), strict=True))
