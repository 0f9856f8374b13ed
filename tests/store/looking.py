"""Short ways to second looks: a share, another reviewer, and what they say."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from db.records import Action, Role
from desktop.casework import accounts, secondlooks
from desktop.casework.desk import Desk, Done
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
