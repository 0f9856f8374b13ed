"""Bank holidays that an administrator replaces, having seen which due dates of open cases this changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from db import calendars as stored
from db import casefile
from db.calendars import StoredCalendar
from db.casereads import load_case, pinned_agreement
from db.journal import append, append_each
from db.records import CaseRow, Heading, Json, Role
from db.store import Tx
from desktop.casework.current import catch_up
from desktop.casework.desk import Desk, Invalid, Refused, changing, need_role, touched
from desktop.casework.pinned import decoded
from desktop.casework.projection import due_of
from desktop.policy.agreements import Agreement
from desktop.policy.calendars import Calendar, Joined, join
from desktop.policy.fields import Problem, check_text
from desktop.policy.whatif import WhatIf, what_if

__all__ = ["CalendarPreview", "ReplaceCalendar", "StoredCalendar", "in_force", "preview_calendar", "replace_calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCalendar:
    """A file of bank holidays as GOV.UK publishes them, and where it was had from."""

    name: str
    """The file's name, for messages."""
    content: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An open case whose due date is another one by the new bank holidays."""

    row: CaseRow
    what: WhatIf


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """What a file would change."""

    joined: Joined
    moved: tuple[Moved, ...]
    unmoved: int
    """Open cases with a due date that stays the same."""


def in_force(desk: Desk) -> StoredCalendar | None:
    """The bank holidays in force and who put them so; None while they are the shipped ones."""
    with desk.store.read() as tx:
        return stored.newest_since(tx, 0)


def preview_calendar(desk: Desk, command: ReplaceCalendar) -> CalendarPreview:
    """Which due dates the file would change; nothing is changed. Raises Refused, Invalid or CalendarError."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        catch_up(desk.agreements, desk.calendars, tx)
        return _preview(desk, tx, command)


def replace_calendar(desk: Desk, command: ReplaceCalendar) -> CalendarPreview:
    """Puts the file in force, joined with the years known before, and counts open cases' due dates again.

    Raises Refused, Invalid or CalendarError; then nothing has changed.
    """
    need_role(desk, Role.ADMINISTRATOR)
    with changing(desk) as tx:
        found = _preview(desk, tx, command)
        after = found.joined.calendars
        if dict(after) == dict(desk.calendars):
            raise Refused("These bank holidays are in force already.")
        now = desk.clock()
        digest = hashlib.sha256(after.text.encode()).hexdigest()
        number = stored.add_calendar(
            tx,
            {
                "text": after.text,
                "hash": digest,
                "source": command.source.strip(),
                "first_known": after.first,
                "last_known": after.last,
                "replaced_by": desk.user.id,
                "replaced_at": now,
            },
        )
        for one in found.moved:
            owed = one.what.after
            if owed is not None:
                values = {"due_on": owed.due_on, "provisional": owed.provisional, **touched(desk, now)}
                casefile.update_case(tx, one.row.id, one.row.version, values)
        said: dict[str, Json] = {"calendar": number, "sha256": digest, "moved": len(found.moved)}
        append(tx, at=now, actor_id=desk.user.id, action="replace_calendar", heading=Heading.SYSTEM, data=said)
        if found.moved:
            about: list[tuple[int | None, Mapping[str, Json]]] = [(one.row.id, _due(one)) for one in found.moved]
            append_each(tx, about, at=now, actor_id=desk.user.id, action="recount", heading=Heading.ALTERATION)
    desk.calendars.put(after, number)
    return found


def _due(one: Moved) -> Mapping[str, Json]:
    return {"due": one.what.after.due_on.isoformat()} if one.what.after else {}


def _preview(desk: Desk, tx: Tx, command: ReplaceCalendar) -> CalendarPreview:
    if not command.source.strip():
        raise Invalid((Problem("source", "Say where you have the file from.", hard=True),))
    if unsafe := check_text("source", command.source, most=500, lines=False):
        raise Invalid(unsafe)
    joined = join(desk.calendars, command.content, command.name)
    pinned: dict[str, Agreement] = {}
    moved, unmoved = [], 0
    for case_id in stored.open_with_due_date(tx):
        case = load_case(tx, case_id)
        if case.agreement_hash not in pinned:
            pinned[case.agreement_hash] = decoded(pinned_agreement(tx, case.agreement_hash), case.row.agreement_id)
        agreement = pinned[case.agreement_hash].at(case.row.agreement_version, case.row.received_on)
        now: Mapping[str, Calendar] = desk.calendars
        before, after = (
            due_of(agreement, case.answers, each, case.pauses, case.extensions) for each in (now, joined.calendars)
        )
        what = what_if(before, after)
        if what.moved or (before and before.provisional) != (after and after.provisional):
            moved.append(Moved(case.row, what))
        else:
            unmoved += 1
    return CalendarPreview(joined, tuple(moved), unmoved)
