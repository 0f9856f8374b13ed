"""Schema migrations, one file a revision, run by the program itself. Once landed, a revision is never edited."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sqlalchemy import MetaData

import db
from db.migrations import (
    guards_0001,
    guards_accounts,
    guards_answers,
    guards_beside,
    guards_calendars,
    guards_carried,
    guards_certificates,
    guards_clockright,
    guards_clocks,
    guards_closedsaid,
    guards_counts,
    guards_destruction,
    guards_disposal,
    guards_facts,
    guards_figures,
    guards_firstday,
    guards_holds,
    guards_intake,
    guards_letters,
    guards_letterwords,
    guards_linked,
    guards_links,
    guards_london,
    guards_notices,
    guards_person,
    guards_policy,
    guards_reasons,
    guards_rebasing,
    guards_reopened,
    guards_requesters,
    guards_retention,
    guards_runs,
    guards_safeguards,
    guards_said,
    guards_savedreports,
    guards_savedviews,
    guards_secondlooks,
    guards_transfer,
    guards_turned,
    guards_verdicts,
    guards_wholehold,
)
from db.schema import metadata

_GUARDS = (
    guards_0001,
    guards_links,
    guards_clocks,
    guards_intake,
    guards_safeguards,
    guards_notices,
    guards_policy,
    guards_calendars,
    guards_requesters,
    guards_answers,
    guards_letters,
    guards_certificates,
    guards_facts,
    guards_letterwords,
    guards_disposal,
    guards_retention,
    guards_transfer,
    guards_destruction,
    guards_holds,
    guards_runs,
    guards_clockright,
    guards_verdicts,
    guards_carried,
    guards_figures,
    guards_secondlooks,
    guards_savedviews,
    guards_counts,
    guards_rebasing,
    guards_london,
    guards_savedreports,
    guards_said,
    guards_firstday,
    guards_beside,
    guards_turned,
    guards_linked,
    guards_person,
    guards_accounts,
    guards_reopened,
    guards_wholehold,
    guards_closedsaid,
    guards_reasons,
)
"""In the order of their revisions: a later one may drop an earlier one's trigger, or put another in its place."""


@cache
def guards() -> Mapping[str, str]:
    """Every trigger of the newest revision by its name, as SQL."""
    made: dict[str, str] = {}
    for statement in (one for module in _GUARDS for one in module.statements()):
        if statement.startswith("DROP TRIGGER "):
            del made[statement.split()[2]]
        elif statement.startswith("CREATE TRIGGER "):
            made[statement.split()[2]] = statement
    return MappingProxyType(made)


@cache
def whole_schema() -> MetaData:
    """The metadata with the tables of every schema module."""
    for one in pkgutil.iter_modules(db.__path__):
        if one.name.startswith("schema_"):
            importlib.import_module(f"db.{one.name}")
    return metadata
