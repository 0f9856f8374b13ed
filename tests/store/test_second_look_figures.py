"""What second looks say together, in the oversight report."""

from __future__ import annotations

from datetime import date, timedelta

from db.records import Action, Role, State
from desktop.casework.oversight import oversight
from desktop.casework.secondlooks import LookCount
from desktop.policy.disclosurecontrol import HIDDEN, NONE, Control
from desktop.policy.reports import Cell
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
    for role in (Role.CASEWORKER, Role.REVIEWER, Role.RECORDS_OFFICER):
        assert "Second looks" not in [one.title for one in oversight(office.desk(role), today, today, NONE).grids]
    table = oversight(office.guardian, today, today, NONE).grids[-1]
    assert (table.title, table.rows[-1].cells) == ("Second looks", (4, 3, 2, 1, 1, 0, "66.7%"))


def test_they_tell_no_requests_that_are_kept_back(office: Office) -> None:
    """How many were received under one agreement is kept back for the sake of another, and so is what tells it."""
    all_drawn(office)
    for _ in range(6):
        office.in_state(State.REFUSED)
    today = office.entry.today()

    def drawn_of(control: Control) -> list[Cell]:
        table = oversight(office.guardian, date(2026, 1, 1), today, control).grids[-1]
        assert table.title == "Second looks"
        return [row.cells[table.columns.index("Drawn")] for row in table.rows]

    assert drawn_of(Control(5)) == [6, 6]
    for person in range(3):
        office.submit(office.register("nhs-status-check", "trust", person))
    assert drawn_of(Control(5)) == [HIDDEN, HIDDEN]
    assert drawn_of(NONE) == [6, 6]
