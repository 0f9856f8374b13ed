"""What second looks say together, in the oversight report."""

from __future__ import annotations

from datetime import timedelta

from db.records import Action, Role, State
from desktop.casework.oversight import oversight
from desktop.casework.secondlooks import LookCount
from desktop.policy.disclosurecontrol import NONE
from tests.fixtures import Office
from tests.store.looking import all_drawn, another, figures, last_decision, look, looked_at


def test_agreement_is_counted_by_agreement(office: Office) -> None:
    all_drawn(office)
    nia, tom = another(office), another(office, name="Tom Hale")
    asked = []
    for state in (State.APPROVED, State.REFUSED, State.REFUSED, State.REJECTED):
        office.in_state(state)
        asked.append(last_decision(office))
    look(nia, asked[0])
    look(nia, asked[1], Action.APPROVE)
    look(tom, asked[2], Action.REFUSE)
    found = figures(office)
    assert found.total == LookCount(agreed=2, differed=1, waiting=1)
    assert found.total.drawn == 4
    assert found.by_agreement == (("law-enforcement-tracing", found.total),)
    today = office.entry.today()
    assert looked_at(office, today + timedelta(days=1), today + timedelta(days=9)).total.drawn == 0
    for role in (Role.CASEWORKER, Role.REVIEWER, Role.RECORDS_OFFICER, Role.GUARDIAN):
        assert "Second looks" not in [one.title for one in oversight(office.desk(role), today, today, NONE).grids]
    table = oversight(office.desk(Role.AUDITOR), today, today, NONE).grids[-1]
    assert (table.title, table.rows[-1].cells) == ("Second looks", (4, 3, 2, 1, 1, 0, "66.7%"))
