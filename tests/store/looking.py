"""Short ways to second looks: a share, another reviewer, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import text

from db.records import Action, Role
from desktop.casework import accounts, secondlooks
from desktop.casework.desk import Desk, Done
from desktop.casework.verifying import verify_store
from desktop.policy.wording import LONDON
from tests.fixtures import Office


def another(office: Office, role: Role = Role.REVIEWER, name: str = "Nia Rees") -> Desk:
    """The desk of one more person, who has signed in before."""
    username = name.lower().replace(" ", ".")
    new = accounts.NewUser(username, name, role, f"odd words for {name}")
    user_id = accounts.add_user(office.desk(Role.ADMINISTRATOR), new)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("UPDATE user SET must_change_password = 0 WHERE id = ?", (user_id,))
    user = next(one for one in accounts.users(office.entry) if one.id == user_id)
    return replace(office.reviewer, user=user)


def all_drawn(office: Office, percent: int = 100) -> None:
    """Every decision from now on goes to a second look, or so many of a hundred."""
    secondlooks.set_share(office.desk(Role.ADMINISTRATOR), percent)


def look(desk: Desk, decision_id: int, action: Action = Action.APPROVE, reasons: str = "It is all there.") -> Done:
    """Takes a second look."""
    command = secondlooks.SecondLook(command_id=str(uuid4()), decision_id=decision_id, action=action, reasons=reasons)
    return secondlooks.second_look(desk, command)


def waiting(desk: Desk) -> list[int]:
    """The decisions that wait for this person's second look."""
    return [one.decision_id for one in secondlooks.second_looks(desk)]


def faults(office: Office) -> list[str]:
    return [fault for name, found in verify_store(office.entry).checks if name != "Bank holidays" for fault in found]


def figures(office: Office) -> secondlooks.LookFigures:
    today = office.entry.today()
    return looked_at(office, today - timedelta(days=1), today + timedelta(days=1))


def looked_at(office: Office, first: date, last: date) -> secondlooks.LookFigures:
    """How the second looks stand at the decisions of these days, both ends too."""
    since, until = (datetime.combine(on, time(), LONDON) for on in (first, last + timedelta(days=1)))
    with office.entry.store.read() as tx:
        return secondlooks.looked(tx, since, until)


def last_decision(office: Office) -> int:
    with office.entry.store.read() as tx:
        return int(tx.execute(text("SELECT MAX(id) FROM decision")).scalar_one())
