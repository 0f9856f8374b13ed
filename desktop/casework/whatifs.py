"""What the next step would do to the due date of an open case, before it is taken. Nothing is read or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from db.records import Extension, Pause
from desktop.casework.casepage import CasePage
from desktop.casework.returning import pause_for
from desktop.policy.calendars import Calendar
from desktop.policy.clocks import due
from desktop.policy.ledger import Due
from desktop.policy.whatif import WhatIf, what_if


def if_returned(page: CasePage, calendars: Mapping[str, Calendar], on: date, ask_id: str) -> WhatIf:
    """Were it returned to the requester on a day."""
    pause = pause_for(on, "", page.agreement.clock.ask(ask_id))
    return what_if(page.due, _due(page, calendars, pauses=(*page.case.pauses, pause)))


def if_resumed(page: CasePage, calendars: Mapping[str, Calendar], on: date) -> WhatIf:
    """Were it taken up again, the requester having answered on a day."""
    pauses = page.case.pauses
    ended = (*pauses[:-1], *(replace(one, until=max(on, one.since)) for one in pauses[-1:]))
    return what_if(page.due, _due(page, calendars, pauses=ended))


def if_extended(page: CasePage, calendars: Mapping[str, Calendar], length: int, told_on: date) -> WhatIf:
    """Were its time extended, the requester having been told on a day."""
    extensions = (*page.case.extensions, Extension(length, told_on))
    return what_if(page.due, _due(page, calendars, extensions=extensions))


def if_received(page: CasePage, calendars: Mapping[str, Calendar], received: date) -> WhatIf:
    """Were its date of receipt another one."""
    return what_if(page.due, _due(page, calendars, received=received))


def _due(
    page: CasePage,
    calendars: Mapping[str, Calendar],
    *,
    received: date | None = None,
    pauses: Sequence[Pause] | None = None,
    extensions: Sequence[Extension] | None = None,
) -> Due | None:
    received = received or (page.due.received if page.due else None)
    if received is None:
        return None
    return due(
        page.agreement.clock,
        received,
        calendars[page.agreement.clock.calendar],
        page.case.pauses if pauses is None else pauses,
        expedited=page.case.row.expedited,
        extensions=page.case.extensions if extensions is None else extensions,
    )
