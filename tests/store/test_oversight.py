"""The oversight report, counted of what was done, with the cases behind each figure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from db import journal
from db.records import Leads, Role, State
from desktop.casework import decisions, issuing, outcomes, oversight, requests
from desktop.casework.desk import Refused
from desktop.casework.reporting import Form, Made
from desktop.policy.disclosurecontrol import HIDDEN, NHS, NONE, Control
from desktop.policy.reports import Cell, Grid, Report
from tests.fixtures import Office, on
from tests.journeys.walking import approved, decided, judged, letter, recorded, registered
from tests.store.disposing import destroyed, pass_days
from tests.store.holding import place, reference, same_person
from tests.store.looking import all_drawn
from tests.store.test_publication import trigger_texts

WHOLE = (date(2016, 1, 1), date(2026, 12, 31))


def report(office: Office, first: date = WHOLE[0], last: date = WHOLE[1]) -> Report:
    return oversight.oversight(office.desk(Role.AUDITOR), first, last, NONE)


def grid(of: Report, title: str) -> Grid:
    return next(one for one in of.grids if one.title.startswith(title))


def cell(of: Report, title: str, row: str, column: str) -> int | str:
    """A figure by the beginnings of its titles."""
    table = grid(of, title)
    at = next(n for n, name in enumerate(table.columns) if name.startswith(column))
    return next(one.cells[at] for one in table.rows if one.title.startswith(row))


def behind(office: Office, of: Report, title: str, row: str, column: str) -> list[int]:
    table = grid(of, title)
    number = of.grids.index(table)
    at = next(n for n, name in enumerate(table.columns) if name.startswith(column))
    line = next(n for n, one in enumerate(table.rows) if one.title.startswith(row))
    return list(oversight.behind(office.desk(Role.AUDITOR), *WHOLE, number, line, at))


def test_every_figure_of_requests_has_as_many_cases_behind_it(sample_office: Office) -> None:
    made = report(sample_office)
    for number, table in enumerate(made.grids[:3]):
        for line, row in enumerate(table.rows):
            for at, count in enumerate(row.cells):
                found = oversight.behind(sample_office.desk(Role.AUDITOR), *WHOLE, number, line, at)
                assert len(found) == (count if isinstance(count, int) else 0)


def test_whatever_has_cases_behind_it_leads_to_them(sample_office: Office) -> None:
    made = report(sample_office)
    with sample_office.entry.store.read() as tx:
        known = set(tx.execute(text("SELECT id FROM cases")).scalars())
    for number, table in enumerate(made.grids):
        for line, row in enumerate(table.rows):
            for at, count in enumerate(row.cells):
                found = oversight.behind(sample_office.desk(Role.AUDITOR), *WHOLE, number, line, at)
                assert set(found) <= known
                assert isinstance(count, str) or len(found) <= count
                assert list(found) == sorted(set(found))


def test_grounds_and_disclosures_are_counted_by_what_they_are(office: Office) -> None:
    for state in (State.REFUSED, State.REJECTED, State.RELEASED):
        done = office.in_state(state)
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    made = report(office)
    grounds = grid(made, "Refusals")
    assert [(row.title, row.cells, row.inset) for row in grounds.rows] == [
        ("Law enforcement tracing: Police", (1, 1), False),
        ("Requester and countersigner authorised", (0, 1), True),
        ("Contact lost, usual sources tried", (1, 0), True),
        ("All", (1, 1), False),
    ]
    assert cell(made, "Disclosures", "Law enforcement tracing: section 261", "Disclosures") == 1
    assert cell(made, "Disclosures", "All", "Last known address") == 1
    assert len(behind(office, made, "Refusals", "Contact lost", "Refused")) == 1


def test_how_reviewers_agree_is_known_until_the_cases_go(office: Office) -> None:
    office.in_state(State.SENT_BACK)
    done = office.submit(office.register())
    views = dict(office.decide(done).views)
    views["tried"] = {"view": "disagree", "note": 'It says so too: "view":"agree".'}
    command = office.decide(done, views=views, reasons="Not met.", because_of=("tried",))
    done = decisions.refuse(office.reviewer, command)
    issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    found = office.in_state(State.RECORDED)
    outcomes.return_outcome(office.reviewer, requests.WithReasons(**on(found), reasons="Which record?"))
    title = "Caseworkers and reviewers"
    row = next(one for one in grid(report(office), title).rows if one.title == "Law enforcement tracing")
    assert row.cells == (3, 1, 3, 1, 1, 1, "33.3%", "33.3%", "100.0%")
    pass_days(office, 3 * 366)
    destroyed(office, done)
    row = next(one for one in grid(report(office), title).rows if one.title == "Law enforcement tracing")
    # One of the views is gone, and what was decided is not.
    assert row.cells[:4] == (3, 1, 2, 0)


def test_reasons_that_repeat_are_counted_and_never_told(office: Office) -> None:
    secret = "The very same words, with Ruritania in them."
    for person, words in enumerate((secret, secret, "Something else.", secret)):
        done = office.submit(office.register(person=person))
        decisions.send_back(office.reviewer, office.decide(done, reasons=words))
    made = report(office)
    row = grid(made, "Reasons that repeat").rows[0]
    assert row.cells == (4, 3, 1, "75.0%")
    assert len(behind(office, made, "Reasons that repeat", "Law", "In the same words as another")) == 3
    assert "Ruritania" not in str(made)


def test_people_who_were_asked_about_more_than_once(office: Office) -> None:
    first, second, third, other = (office.register(person=n) for n in range(4))
    assert cell(report(office), "People asked about", "Under any", "People") == 0
    same_person(office, first, second, same=True)
    same_person(office, second, third, same=True)
    made = report(office)
    assert grid(made, "People asked about").rows[0].cells == (1, 3)
    found = behind(office, made, "People asked about", "Law", "People")
    assert found == [first.case_id, second.case_id, third.case_id]
    assert other.case_id not in found
    # About each person are two at least: three requests are about one.
    kept = oversight.oversight(office.desk(Role.AUDITOR), *WHOLE, Control(3))
    assert {row.cells for row in grid(kept, "People asked about").rows} == {(HIDDEN, HIDDEN)}
    # By a number that both requests have.
    for number in (5, 6):
        office.register(person=number, person__passport="533380006")
    assert grid(report(office), "People asked about").rows[0].cells == (2, 5)


def test_what_is_kept_back_is_not_said_to_add_up(office: Office) -> None:
    office.in_state(State.ISSUED)
    auditor = office.desk(Role.AUDITOR)
    first = [oversight.oversight(auditor, *WHOLE, control).grids[0] for control in (NONE, NHS)]
    assert [one.title for one in first] == ["Requests", "Requests"]
    assert (
        first[0].note == "Received and brought forward together are answered, withdrawn and carried forward together."
    )
    assert first[1].note == ""


def test_holds_and_destruction(office: Office) -> None:
    done, kept = office.in_state(State.ISSUED), office.in_state(State.ISSUED)
    place(office.officers[0], case=reference(office, kept))
    pass_days(office, 3 * 366)
    destroyed(office, done)
    made = report(office, WHOLE[0], office.entry.today())
    assert [row.cells[0] for row in grid(made, "Holds").rows] == [1, 0, 1]
    assert [row.cells[0] for row in grid(made, "Destruction").rows] == [1, 1, 0, 1, 0, 0, 1]


def test_the_use_of_a_cap(office: Office) -> None:
    agreement = office.entry.agreements.get("m5-query")
    made = report(office)
    caps = grid(made, "Use of yearly caps")
    assert all(row.cells == (0, 3000, "0.0%") for row in caps.rows)
    office.approve(office.submit(registered(office, agreement, requester__kind="ca")))
    made = report(office)
    assert cell(made, "Use of yearly caps", "M5 query: Canada, 2026", "Approved") == 1
    assert len(behind(office, made, "Use of yearly caps", "M5 query: Canada, 2026", "Approved")) == 1
    # The cap itself is no count of anybody.
    kept = oversight.oversight(office.desk(Role.AUDITOR), *WHOLE, NHS)
    row = next(one for one in grid(kept, "Use of yearly caps").rows if "Canada" in one.title)
    assert row.cells == ("*", 3000, "*")


def test_other_tables_do_not_tell_what_is_kept_back_of_the_requests(office: Office) -> None:
    agreement = office.entry.agreements.get("m5-query")
    first = approved(office, agreement)
    for one in (first, *(approved(office, agreement) for _ in range(3))):
        if one is not first:
            same_person(office, first, one, same=True)
        letter(office, recorded(office, agreement, one, agreement.answers[0]))
    criterion = next(one for one in judged(agreement) if one.leads is Leads.REFUSE)
    issuing.issue(office.caseworker, issuing.Issue(**on(decided(office, agreement, criterion))))
    made = oversight.oversight(office.desk(Role.AUDITOR), *WHOLE, Control(3))
    assert cell(made, "What was answered", "All", "Total") == 5
    assert cell(made, "What was answered", "All", "Refused") == "*"
    # The report of each month of the year has them: what was approved since is the difference.
    assert {row.cells for row in grid(made, "Use of yearly caps").rows} == {("*", 3000, "*")}
    for title in ("Caseworkers and reviewers", "Reasons that repeat", "People asked about"):
        cells = {one for row in grid(made, title).rows for one in row.cells if isinstance(one, int)}
        assert cells <= {0}, title


def test_each_word_over_a_column_means_one_thing_and_a_day_is_named_once(office: Office) -> None:
    day = date(2026, 1, 1)
    made = report(office, day, day)
    assert "Status given" in grid(made, "What was answered").columns
    assert "Answered" not in grid(made, "What was answered").columns
    assert made.days == "1 January 2026"


def test_days_before_and_after_have_none_of_it(office: Office) -> None:
    office.in_state(State.ISSUED)
    office.in_state(State.ESCALATED)
    today = office.entry.today()
    for first, last in ((date(2016, 1, 1), date(2016, 12, 31)), (today.replace(year=2027), today.replace(year=2028))):
        made = report(office, first, last)
        for table in made.grids[1:]:
            for row in table.rows:
                shown = row.cells[:1] if table.title == "Use of yearly caps" else row.cells
                assert {one for one in shown if isinstance(one, int)} <= {0}, table.title
    with pytest.raises(Refused, match="before the first"):
        report(office, today, today.replace(year=2025))


@pytest.mark.parametrize("form", [one for one in Form if one is not Form.PDF])
def test_a_saved_report_names_nobody_and_is_journalled(sample_office: Office, tmp_path: Path, form: Form) -> None:
    out = tmp_path / f"report.{form.value}"
    days = (WHOLE[0], sample_office.entry.today())
    oversight.save_oversight(sample_office.desk(Role.AUDITOR), *days, NONE, Made(out, form))
    with sample_office.entry.store.read() as tx:
        names = set(tx.execute(text("SELECT family_name FROM cases WHERE family_name <> ''")).scalars())
        names |= set(tx.execute(text("SELECT name FROM user")).scalars())
        last = max(journal.entries(tx, limit=100_000), key=lambda one: one.seq)
    assert names
    content = out.read_bytes()
    if form is Form.JSON:
        assert json.loads(content)["title"] == "Oversight"
    assert all(name.encode() not in content for name in names)
    assert (last.action, dict(last.data)["control"]) == ("save_oversight", "none")


def test_a_report_that_does_not_add_up_names_its_cases_and_does_not_leave_the_desk(
    office: Office, tmp_path: Path
) -> None:
    office.in_state(State.ISSUED)
    auditor, out = office.desk(Role.AUDITOR), tmp_path / "report.csv"
    days = (WHOLE[0], office.entry.today())
    oversight.save_oversight(auditor, *days, NONE, Made(out, Form.CSV))
    out.unlink()
    with office.entry.store.write() as tx:
        for name, _words in trigger_texts(tx):
            tx.execute(text(f"DROP TRIGGER {name}"))
        tx.execute(text("UPDATE cases SET received_on = '2027-01-01'"))
    assert "TR-000001-7" in " ".join(report(office).faults)
    with pytest.raises(Refused, match=r"does not add up.*TR-000001-7"):
        oversight.save_oversight(auditor, *days, NONE, Made(out, Form.CSV))
    assert not out.exists()


def test_who_does_not_oversee_takes_no_report_out(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "report.csv"
    for role in (Role.CASEWORKER, Role.REVIEWER):
        assert oversight.oversight(office.desk(role), *WHOLE, NONE).grids
        with pytest.raises(Refused, match="save and print these figures"):
            oversight.save_oversight(office.desk(role), *WHOLE, NONE, Made(out, Form.CSV))
    assert not out.exists()


def test_second_looks_are_not_shown_where_anything_is_kept_back(office: Office) -> None:
    """They go on after the days are over: a later report of the same days has one look more, and with what both say a
    figure that only one keeps back could be worked out.
    """
    all_drawn(office)
    for _ in range(6):
        office.in_state(State.REFUSED)
    today = office.entry.today()

    def of(control: Control) -> set[tuple[Cell, ...]]:
        table = oversight.oversight(office.desk(Role.AUDITOR), date(2026, 1, 1), today, control).grids[-1]
        assert table.title == "Second looks"
        return {row.cells for row in table.rows}

    assert of(Control(3)) == of(NHS) == {(HIDDEN,) * 7}
    assert of(NONE) == {(6, 0, 0, 0, 6, 0, "–")}


def test_who_was_asked_about_under_several_agreements_is_told_by_no_row_of_all(office: Office) -> None:
    """About four people was asked more than once, about three of them under one agreement: the fourth is one person."""
    for person in range(3):
        once, again = (office.register(person=person) for _ in range(2))
        same_person(office, once, again, same=True)
    here, there = office.register(person=3), office.register("nhs-status-check", "trust", person=3)
    same_person(office, here, there, same=True)

    def of(control: Control) -> dict[str, tuple[Cell, ...]]:
        made = oversight.oversight(office.guardian, date(2026, 1, 1), office.entry.today(), control)
        table = next(one for one in made.grids if one.title == "People asked about more than once")
        return {row.title: row.cells for row in table.rows}

    assert of(NONE) == {"Law enforcement tracing": (3, 6), "Under any agreement": (4, 8)}
    assert of(Control(3))["Under any agreement"] == (HIDDEN, HIDDEN)
