"""Rules, pauses and ledgers that the tests of clocks share."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import structs

from db.records import Pause, Role
from desktop.policy.agreements import Because, ClockRule, ExtensionRule
from desktop.policy.ledger import Due

ONE_DAY = timedelta(days=1)


def pause(since: date, until: date | None) -> Pause:
    return Pause(since, until, "Dates and results of the sources tried")


def restart(since: date, until: date | None) -> Pause:
    return Pause(since, until, "Which year do you mean?", "clarification", restarts=True)


def rule(kind: str, length: int, calendar: str = "uk-any-part", expedited: int | None = None) -> ClockRule:
    return ClockRule(
        kind=kind,  # type: ignore[arg-type]
        length=length,
        calendar=calendar,
        source="Test",
        expedited_length=expedited,
    )


def extendable(kind: str, length: int, *, longest: int, tell_within: int) -> ClockRule:
    extension = ExtensionRule(
        longest=longest,
        tell_within=tell_within,
        tell="why",
        who=(Role.CASEWORKER,),
        reasons=(Because(id="complex", label="It is complex", source="Test"),),
        source="Test",
    )
    return structs.replace(rule(kind, length), extension=extension)


def adds_up(owed: Due) -> None:
    """The ledger has each day once, numbers without a gap, and a sum that is right."""
    days = (owed.due_on - owed.received).days
    assert [one.on for one in owed.ledger] == [owed.received + n * ONE_DAY for n in range(days + 1)]
    counts = [one.count for one in owed.ledger if one.count is not None]
    assert counts == list(range(1, owed.days_counted + 1))
    total = owed.totals
    assert total.days == days
    assert total.counted == owed.days_counted
    left_out = total.weekend + total.holidays + total.paused + total.moved + total.dropped
    assert total.days == left_out + total.counted
    assert owed.ledger[-1].kind == ("due" if days else "received")
