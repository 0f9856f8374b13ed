"""A clock that was wrong and is right again: two people say so, and the days that it ran ahead no longer count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.health import latest_since_right
from db.journal import append
from db.records import Heading, Json, Role
from db.times import moment_text
from desktop.casework.desk import Desk, Refused, changing, need_role
from desktop.casework.disposalchecks import SLACK
from desktop.casework.restoring import confirmed_by


@dataclass(frozen=True, slots=True, kw_only=True)
class SayClockRight:
    """An administrator says it, and a records officer or the guardian confirms with their password."""

    second: str
    password: str


def clock_ahead(desk: Desk) -> datetime | None:
    """The latest moment that the journal knows, where it is still to come by this computer's clock and nobody has said
    since that this clock is right.
    """
    with desk.store.read() as tx:
        latest = latest_since_right(tx)
    return latest if desk.clock() < latest - SLACK else None


def say_clock_right(desk: Desk, command: SayClockRight) -> None:
    """From then on runs go by this clock again, and the check no longer names its way back. Days that it ran ahead and
    that come within a month are waited for all the same.

    What was destroyed before its time while it ran ahead is named for good. Raises Refused.
    """
    need_role(desk, Role.ADMINISTRATOR)
    if clock_ahead(desk) is None:
        raise Refused("The journal knows nothing of a moment that is still to come.")
    second = confirmed_by(desk, command.second, command.password)
    with changing(desk) as tx:
        said: dict[str, Json] = {"confirmed_by": second.user.id, "latest": moment_text(latest_since_right(tx))}
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="clock_right", heading=Heading.SYSTEM, data=said)
