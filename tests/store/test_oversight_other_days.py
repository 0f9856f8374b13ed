"""What the oversight report tells of other days than its own is held beside the figures of those days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.errors import RuleKept
from db.figures import Told, add_publication
from db.records import Role
from desktop.casework.desk import Refused
from desktop.casework.oversight import save_oversight
from desktop.casework.reporting import Form, Printed
from desktop.casework.sample import MovingClock
from desktop.policy.disclosurecontrol import NHS, NONE, Control
from tests.fixtures import Office
from tests.journeys.walking import registered
from tests.store.disposing import faults

JANUARY, FEBRUARY, MARCH = ((date(2027, n, 1), date(2027, n, last)) for n, last in ((1, 31), (2, 28), (3, 31)))


def saved(office: Office, days: tuple[date, date], control: Control) -> str:
    taken: list[bytes] = []
    save_oversight(office.desk(Role.GUARDIAN), *days, control, Printed(taken.append, Form.CSV))
    return taken[0].decode("utf-8-sig")


def at(office: Office, month: int, day: int) -> None:
    """Moves the clock to a day of 2027."""
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = datetime(2027, month, day, 10, tzinfo=UTC)


def with_caps_used(office: Office) -> Office:
    """An office in April, with approved requests of each month before under an agreement with a cap."""
    agreement = office.entry.agreements.get("m5-query")
    for days, count in ((JANUARY, 2), (FEBRUARY, 1), (MARCH, 2)):
        at(office, days[0].month, 9)
        for _ in range(count):
            office.approve(office.submit(registered(office, agreement, days[0], requester__kind="ca")))
    at(office, 4, 2)
    return office


def test_the_use_of_a_cap_does_not_leave_after_figures_of_that_year_that_are_kept_back(office: Office) -> None:
    saved(with_caps_used(office), FEBRUARY, NHS)
    for days in (JANUARY, MARCH):
        with pytest.raises(Refused, match="“Oversight, use of yearly caps” tells of 2027"):
            saved(office, days, NONE)


def test_no_figures_are_kept_back_of_a_year_of_whose_caps_the_use_has_left(office: Office) -> None:
    assert 'Canada, 2027",5,3000' in saved(with_caps_used(office), JANUARY, NONE)
    assert 'Canada, 2027",5,3000' in saved(office, MARCH, NONE)
    with pytest.raises(Refused, match="“Oversight, use of yearly caps” of"):
        saved(office, FEBRUARY, NHS)
    told = Told("Any", *FEBRUARY, "month", "nhs", ("m5-query",), "figures")
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        add_publication(tx, told, office.guardian.user.id, office.entry.clock())
    assert faults(office) == []


def test_a_year_without_use_of_a_cap_is_told_of_by_its_days_alone(office: Office) -> None:
    at(office, 4, 2)
    saved(office, FEBRUARY, NHS)
    saved(office, MARCH, NONE)
