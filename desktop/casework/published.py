"""What left the desk as figures: no two tables tell of the same requests and days where small figures are kept back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from db import figures
from db.figures import Told
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.policy.disclosurecontrol import NONE, Control
from desktop.policy.publication import Period
from desktop.policy.reports import Grid, figures_hash
from desktop.policy.today import DESK_TODAY
from desktop.policy.wording import day, london


def told_of(
    title: str,
    days: tuple[date, date],
    per: str,
    control: Control,
    agreements: Collection[str],
    grids: Sequence[Grid],
) -> Told:
    """What a table tells."""
    return Told(title, *days, per, control.id, tuple(agreements), figures_hash(grids))


def too_soon(last: date, control: str, today: date) -> str:
    """Why a table whose last day this is may not leave the desk yet, by the id of its control; "" where it may."""
    if last > today:
        return f"The last day is still to come: choose one up to {day(today)}."
    if control != NONE.id and last == today:
        return (
            "These days are not over, and the same table would say more tomorrow: the two together could tell what one"
            " keeps back. Choose a last day before today."
        )
    return ""


def check_told(desk: Desk, tx: Tx, told: Told) -> None:
    """Raises Refused for what may not leave the desk: days that are still to come; with small figures kept back, days
    that are not over, for the same table would say more tomorrow; and what was published in another way.
    """
    if why := too_soon(told.last, told.control, desk.today()):
        raise Refused(why)
    for one in (told, *told.also):
        if (before := figures.told_otherwise(tx, one)) is not None:
            # Its days are those up to now, which nobody chooses.
            todo = (
                "It may leave the desk once none of its weeks is among those days: read it on the screen until then."
                if told.title == DESK_TODAY
                else "Choose what was published before, or other days."
            )
            more = f"“{one.title}” tells of {Period(one.first, one.last).title}. " if one is not told else ""
            raise Refused(
                f"{more}Requests of these days were published in another way, or with other figures, and the two"
                f" together could tell what one keeps back. “{before.title}” of"
                f" {Period(before.first, before.last).title} left the desk on {day(london(before.at).date())}."
                f" {todo}"
            )


def keep_told(desk: Desk, tx: Tx, told: Told) -> None:
    """Keeps that it left the desk. Raises RuleKept where it was in another way."""
    figures.add_publication(tx, told, desk.user.id, desk.clock())
