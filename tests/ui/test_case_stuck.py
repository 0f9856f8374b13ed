"""What nobody can approve is said before it is submitted, where the answers are checked and where they are given."""

from __future__ import annotations

import os
from pathlib import Path

from db.records import State
from desktop.casework import requests
from desktop.ui.case.check import CheckPart
from desktop.ui.case.form import SectionForm
from tests.fixtures import Office
from tests.journeys.test_subject_access import answers
from tests.journeys.walking import date_value, received_under, registered
from tests.ui.case_window import Window, make_window, window

__all__ = ["make_window", "window"]


def grab(window: Window, name: str) -> None:
    """A picture, where somebody asks for one."""
    if folder := os.environ.get("PICTURES"):
        window.view.window().grab().save(str(Path(folder) / f"{name}.png"))


def words(part: CheckPart) -> str:
    return f"{part._title.text()}\n{part._said.text()}\n{part._next.text()}"


def test_a_report_that_nobody_can_approve_says_so_and_can_still_be_submitted(window: Window, office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-debt-report")
    later = date_value(received_under(agreement).replace(day=2))
    done = registered(office, agreement, debt__told_on=later)
    window.open(done, "check")
    part = window.view.parts["check"]
    assert isinstance(part, CheckPart)
    window.until(lambda: part.settled)
    said = words(part)
    assert "It cannot be approved as it stands" in said
    assert "the patient was told only after the report was received" in said
    assert "Nobody can approve it while this stands." in said
    row = window.view.sections.rows["check"].row
    assert (row.words, row.colour) == ("To mend", "amber")
    grab(window, "stuck")
    assert office.submit(done).state is State.SUBMITTED


def test_what_bears_on_a_criterion_stands_where_it_is_answered(window: Window, office: Office) -> None:
    agreement = office.entry.agreements.get("m5-query")
    window.open(registered(office, agreement), "criteria")
    form = window.view.parts["criteria"]
    assert isinstance(form, SectionForm)
    assert form.criteria is not None
    form.criteria.open_criterion("cap", focus=True)
    window.settle()
    assert form.criteria.editor.beside.isVisible()
    year = received_under(agreement).year
    assert form.criteria.editor.beside.text() == f"0 of 3,000 requests from United States in {year} are approved."
    grab(window, "cap")
    form.criteria.open_criterion("ground", focus=True)
    assert not form.criteria.editor.beside.isVisible()


def test_how_many_requests_are_undecided_stands_beside_the_search(window: Window, office: Office) -> None:
    like = office.in_state(State.ISSUED)
    command = requests.Register(command_id="mine", agreement_id="sar", answers=answers(office, like))
    done = requests.register(office.caseworker, command)
    window.open(done, "criteria")
    form = window.view.parts["criteria"]
    assert isinstance(form, SectionForm)
    assert form.criteria is not None
    form.criteria.open_criterion("found", focus=True)
    window.settle()
    said = form.criteria.editor.beside.text()
    assert said == "1 other request may be about this person, 1 of them undecided."
    grab(window, "found")
