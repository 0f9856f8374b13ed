"""The first start: a new store, its key, its first administrator, and the recovery sheet to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import people
from db.journal import append
from db.records import Heading, Organisation
from db.store import Store, Tx, create_store
from desktop.casework.accounts import NewUser, account_problems, insert_user, organisation_problems, organisation_values
from desktop.casework.desk import Invalid
from desktop.security.passwords import hash_password


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the set-up asks for."""

    organisation: Organisation
    administrator: NewUser


def fill_new_store(tx: Tx, now: datetime, organisation: Organisation, store_id: str) -> None:
    """Writes what every store holds from its first moment."""
    people.put_fact(tx, "store_id", store_id)
    people.put_organisation(tx, organisation_values(organisation, sample=organisation.sample))
    append(tx, at=now, actor_id=None, action="set_up", heading=Heading.SYSTEM)
