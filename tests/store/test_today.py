"""The desk today, as each role sees it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from db import journal, people
from db.casereads import load_case
from db.records import Role, State
from desktop.casework import accounts, requests, today
from desktop.casework.desk import Desk, Refused
from desktop.casework.reporting import Form, Made
from desktop.policy.reports import Grid, Report
from tests.fixtures import Office, on
from tests.store.disposing import pass_days
from tests.store.looking import another

MANAGERS = (Role.GUARDIAN, Role.RECORDS_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


def grid(of: Report, title: str) -> Grid:
    return next(one for one in of.grids if one.title.startswith(title))


def cells(of: Report, title: str) -> dict[str, tuple[int | str, ...]]:
    return {row.title: row.cells for row in grid(of, title).rows}


@pytest.mark.parametrize("role", list(Role))
def test_every_count_has_as_many_cases_behind_it(sample_office: Office, role: Role) -> None:
    desk = sample_office.desk(role)
    made = today.today(desk)
    for number, table in enumerate(made.grids):
        for line, row in enumerate(table.rows):
            assert len(row.cells) == len(table.columns)
            for at, cell in enumerate(row.cells):
                found = today.behind(desk, number, line, at)
                assert isinstance(cell, str) or len(found) == cell, (table.title, row.title, at)
    for chart in made.charts:
        assert chart.title == made.grids[chart.grid].title
        assert chart.categories == tuple(row.title for row in made.grids[chart.grid].rows)


def test_the_tables_count_the_same_requests(sample_office: Office) -> None:
    made = today.today(sample_office.desk(Role.AUDITOR))
    late_in = {
        "Open requests by state": 1,
        "Open requests by age": 1,
        "Who waits": 1,
        "What will be late": 3,
        "Open requests by person": 3,
    }
    totals = {sum(int(row[0]) for row in cells(made, title).values()) for title in late_in}
    late = {sum(int(row[at]) for row in cells(made, title).values()) for title, at in late_in.items()}
    assert len(totals) == len(late) == 1
    assert not {0} & (totals | late)


def another_caseworker(office: Office) -> Desk:
    """A second caseworker, who has chosen a password."""
    user = next(one for one in accounts.users(office.entry) if one.role is Role.CASEWORKER)
    with office.entry.store.write() as tx:
        number = people.add_user(
            tx,
            {
                "username": "other.worker",
                "name": "Other Worker",
                "role": Role.CASEWORKER.value,
                "password_hash": "x",
                "active": True,
                "failed": 0,
                "must_change_password": False,
            },
        )
    return replace(office.caseworker, user=replace(user, id=number, username="other.worker", name="Other Worker"))


def test_a_caseworker_sees_their_own_and_a_manager_everybodys(office: Office) -> None:
    other = another_caseworker(office)
    mine = office.register()
    with office.entry.store.read() as tx:
        answers = load_case(tx, mine.case_id).answers
    requests.register(
        other, requests.Register(command_id=str(uuid4()), agreement_id="law-enforcement-tracing", answers=answers)
    )
    for desk in (office.caseworker, other):
        assert cells(today.today(desk), "Open requests by state") == {"Draft": (1, 0)}
        assert [one.title for one in today.today(desk).grids if "person" in one.title] == []
    for role in MANAGERS:
        by_person = cells(today.today(office.desk(role)), "Open requests by person")
        assert sorted(by_person) == sorted([office.caseworker.user.name, "Other Worker"])
        assert set(by_person.values()) == {(1, 1, 0, 0, 0)}


def test_a_reviewer_sees_the_queue(office: Office) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.RECORDED, State.ESCALATED, State.APPROVED):
        office.in_state(state)
    made = today.today(office.reviewer)
    assert cells(made, "Open requests by state") == {"With the reviewer": (1, 0), "Outcome recorded": (1, 0)}
    assert cells(made, "Received and answered")["1 June"] == (5, 0)


def test_the_pace_is_that_of_the_twenty_working_days_before_today(office: Office) -> None:
    office.in_state(State.ISSUED)
    office.in_state(State.SUBMITTED)
    title = "What will be late"
    # What is answered today is not of the days before.
    assert cells(today.today(office.caseworker), title)["Law enforcement tracing"][1:3] == (0, "0.0")
    pass_days(office, 1)
    row = cells(today.today(office.caseworker), title)["Law enforcement tracing"]
    # One in twenty working days: its turn comes after it is due.
    assert row == (1, 1, "0.1", 0, 1, 1)
    pass_days(office, 60)
    row = cells(today.today(office.caseworker), title)["Law enforcement tracing"]
    assert row == (1, 0, "0.0", 1, 0, 0)


def test_what_was_returned_is_late_for_no_one_meanwhile(office: Office) -> None:
    office.in_state(State.RETURNED)
    pass_days(office, 60)
    made = today.today(office.caseworker)
    assert cells(made, "Who waits")["Its requester"][:2] == (1, 0)
    assert cells(made, "What will be late")["Law enforcement tracing"][3:] == (0, 0, 0)


def test_what_is_withdrawn_is_no_answer(office: Office) -> None:
    done = office.register()
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))
    made = today.today(office.caseworker)
    assert {row[1] for row in cells(made, "Received and answered").values()} == {0}
    assert cells(made, "Open requests by state") == {}


def test_a_desk_without_cases_has_its_tables(office: Office) -> None:
    for role in Role:
        made = today.today(office.desk(role))
        assert all(cell in (0, "–") for table in made.grids for row in table.rows for cell in row.cells)


def test_caseworkers_without_names_stand_in_the_order_of_their_figures(office: Office) -> None:
    """By their names, a list of the staff would say who is who; and of one or two, everybody knows."""

    def unnamed() -> list[tuple[int | str, ...]]:
        made = today.today(office.desk(Role.ADMINISTRATOR), named=False)
        assert any(note.startswith("Nobody is named") for note in made.notes)
        return [(row.title, row.cells[0]) for one in made.grids if one.title.endswith("by person") for row in one.rows]

    for count, name in ((1, "Mia Moss"), (3, "Zoe Young"), (2, "Aaron Abel")):
        assert unnamed() == []
        own = another(office, Role.CASEWORKER, name)
        for _ in range(count):
            replace(office, desks={**office.desks, Role.CASEWORKER: own}).register()
    assert unnamed() == [("Caseworker 1", 3), ("Caseworker 2", 2), ("Caseworker 3", 1)]
    said = cells(today.today(office.desk(Role.ADMINISTRATOR)), "Open requests by person")
    assert {name: found[0] for name, found in said.items()} == {"Aaron Abel": 2, "Mia Moss": 1, "Zoe Young": 3}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_saved_file_names_nobody_and_is_journalled(sample_office: Office, tmp_path: Path, role: Role) -> None:
    desk = sample_office.desk(role)
    out = tmp_path / "today.csv"
    today.save_today(desk, Made(out, Form.CSV))
    said = out.read_text("utf-8-sig")
    assert all(one.name not in said for one in accounts.users(sample_office.entry))
    assert "Nobody is named" in said
    with sample_office.entry.store.read() as tx:
        last = max(journal.entries(tx, limit=100_000), key=lambda one: one.seq)
    assert (last.action, last.actor_id) == ("publish_today", desk.user.id)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER])
def test_who_looks_at_their_own_takes_no_figures_out(office: Office, tmp_path: Path, role: Role) -> None:
    """They would keep the desk's own tables of those weeks back."""
    out = tmp_path / "today.csv"
    with pytest.raises(Refused, match="auditors save and print these figures"):
        today.save_today(office.desk(role), Made(out, Form.CSV))
    assert not out.exists()
    with office.entry.store.read() as tx:
        assert "publish_today" not in {one.action for one in journal.entries(tx, limit=1000)}
