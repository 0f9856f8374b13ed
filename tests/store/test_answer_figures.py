"""A table of figures goes into an answer as it was counted, approved by a second person, and published in one way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from db.records import Action, Outcome, Role, State
from desktop.casework import issuing, outcomes, publication
from desktop.casework.answerfigures import check_figures
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.casework.outcomes import Record, carried_items
from desktop.casework.publication import Asked
from desktop.casework.reporting import Form, Made
from desktop.casework.requests import WithReasons
from desktop.policy.answertables import PART, packed, table_in, unpacked
from desktop.policy.disclosurecontrol import NHS, NONE, Control
from desktop.policy.publication import Per
from tests.fixtures import Office, on
from tests.journeys.walking import approved
from tests.letters.conformance import problems, structure
from tests.letters.reading import text_of
from tests.store.disposing import destroyed, pass_days

TRACING = "Tracing requests"


def asked(control: Control = NONE, per: Per = Per.QUARTER, first: date = date(2026, 1, 1)) -> Asked:
    """Up to the day of the store; where small figures are kept back, these days have to be over."""
    last = date(2026, 6, 9 if control.below else 10)
    return Asked(table=TRACING, first=first, last=last, per=per, control=control)


def command(office: Office, done: Done, answer: str = "given", table: Asked | None = None) -> Record:
    page = case_page(office.caseworker, done.case_id)
    items = carried_items(page.agreement, page.case, answer)
    found = page.agreement.answer(answer)
    return Record(
        **on(done),
        outcome=Outcome.STATUS,
        status_answer=answer,
        matched=tuple(MATCHED_WORDS)[:3] if found is not None and found.matched else (),
        values={key: {"value": "The table below.", "recorded_on": ""} for key in items},
        table=table,
    )


@pytest.fixture
def request_for_figures(office: Office) -> Done:
    """A request under the Act that a second person approved, after requests that count."""
    office.in_state(State.ISSUED)
    office.in_state(State.SUBMITTED)
    return approved(office, office.entry.agreements.get("foi"))


def recorded(office: Office, done: Done, table: Asked) -> Done:
    return outcomes.record(office.caseworker, command(office, done, table=table))


def issued(office: Office, done: Done) -> Done:
    return issuing.issue(office.caseworker, issuing.Issue(**on(office.release(done))))


def letter_of(office: Office, done: Done) -> bytes:
    return issuing.read_letter(office.caseworker, done.case_id)


@pytest.mark.parametrize("per", list(Per))
def test_the_letter_has_the_table_as_it_is_published(
    office: Office, request_for_figures: Done, tmp_path: Path, per: Per
) -> None:
    # Three months, or the part of a quarter or of a year: poppler takes seconds for each table more.
    wanted = asked(per=per, first=date(2026, 4, 1))
    counted = publication.publication(office.caseworker, wanted).report
    pdf = letter_of(office, issued(office, recorded(office, request_for_figures, wanted)))
    said = text_of(pdf)
    for grid in counted.grids:
        assert f"{TRACING}, {grid.title}" in said
    for words in (*counted.notes, *counted.grids[0].columns, "Total accounted for", "Counted on "):
        # A line may end at a hyphen of an address, which the reader then takes for one of its own.
        assert "".join(filter(str.isalnum, words)) in "".join(filter(str.isalnum, said))
    assert problems(pdf) == []
    tree = structure(pdf, tmp_path)
    rows = sum(len(grid.rows) for grid in counted.grids)
    parts = tree.count("/Scope /Row") - 2
    assert parts >= rows
    assert parts % rows == 0, "each row is a row of each part of the table"


def test_its_figures_are_those_of_the_day_on_which_it_was_recorded(office: Office, request_for_figures: Done) -> None:
    done = recorded(office, request_for_figures, asked())
    finding = case_page(office.reviewer, done.case_id).case.finding
    before = table_in(finding.values) if finding else None
    office.in_state(State.SUBMITTED)
    done = issued(office, done)
    finding = case_page(office.reviewer, done.case_id).case.finding
    assert finding is not None
    assert before is not None
    assert table_in(finding.values) == before
    received = before.grids[0].rows[0]
    assert received.title == "Received"
    now = publication.publication(office.caseworker, asked()).report.grids
    assert now != before.grids, "one more came in"


def test_what_a_second_person_approves_has_the_table_bound_in_it(office: Office, request_for_figures: Done) -> None:
    done = recorded(office, request_for_figures, asked())
    with_table = case_page(office.reviewer, done.case_id).case.finding
    done = outcomes.return_outcome(office.reviewer, WithReasons(**on(done), reasons="Without the table."))
    outcomes.record(office.caseworker, command(office, done))
    without = case_page(office.reviewer, done.case_id).case.finding
    assert with_table is not None
    assert without is not None
    assert table_in(without.values) is None
    assert with_table.snapshot_hash != without.snapshot_hash


def test_a_table_that_would_tell_what_a_published_one_keeps_back_is_refused(
    office: Office, request_for_figures: Done, tmp_path: Path
) -> None:
    officer = office.desk(Role.RECORDS_OFFICER)
    publication.publish(officer, asked(NHS), Made(tmp_path / "one.csv", Form.CSV))
    for other in (asked(), asked(Control(10)), asked(NHS, Per.MONTH), asked(NHS, first=date(2026, 2, 1))):
        with pytest.raises(Refused, match=r"published in another way|with other figures"):
            recorded(office, request_for_figures, other)
        with pytest.raises(Invalid, match=r"published in another way|with other figures"):
            check_figures(office.caseworker, other)
    assert issued(office, recorded(office, request_for_figures, asked(NHS))).state is State.ISSUED


def test_a_letter_with_a_table_publishes_it(office: Office, request_for_figures: Done, tmp_path: Path) -> None:
    done = recorded(office, request_for_figures, asked(NHS))
    officer = office.desk(Role.RECORDS_OFFICER)
    issued(office, done)
    with pytest.raises(Refused, match=r"published in another way|with other figures"):
        publication.publish(officer, asked(), Made(tmp_path / "one.csv", Form.CSV))
    publication.publish(officer, asked(NHS), Made(tmp_path / "two.csv", Form.CSV))


def test_a_table_published_in_another_way_meanwhile_keeps_the_letter_from_going(
    office: Office, request_for_figures: Done, tmp_path: Path
) -> None:
    done = office.release(recorded(office, request_for_figures, asked(NHS)))
    publication.publish(office.desk(Role.GUARDIAN), asked(), Made(tmp_path / "one.csv", Form.CSV))
    with pytest.raises(Refused, match=r"published in another way|with other figures"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert case_page(office.caseworker, done.case_id).case.row.state is State.RELEASED


def test_figures_are_never_typed(office: Office, request_for_figures: Done) -> None:
    forged = packed(check_figures(office.caseworker, asked()))
    typed = command(office, request_for_figures)
    values = {key: {**value, PART: forged} for key, value in typed.values.items()}
    with pytest.raises(Invalid, match="counted by the desk"):
        outcomes.record(office.caseworker, replace(typed, values=values))


def test_an_answer_that_gives_nothing_takes_no_table(office: Office, request_for_figures: Done) -> None:
    for answer in ("withheld", "neither", "not_held"):
        with pytest.raises(Invalid, match="takes no table"):
            outcomes.record(office.caseworker, command(office, request_for_figures, answer, asked()))


def test_a_trace_takes_no_table(office: Office) -> None:
    done = office.in_state(State.APPROVED)
    found = Record(**on(done), outcome=Outcome.NO_TRACE, table=asked())
    with pytest.raises(Invalid, match="takes no table"):
        outcomes.record(office.caseworker, found)


def test_subject_access_takes_a_table(office: Office) -> None:
    agreement = office.entry.agreements.get("sar")
    done = approved(office, agreement, agreement.answer("given"))
    assert case_page(office.caseworker, done.case_id).actions[Action.RECORD] == ""
    done = outcomes.record(office.caseworker, command(office, done, "given", asked()))
    pdf = letter_of(office, issued(office, done))
    assert f"{TRACING}, January to March 2026" in text_of(pdf)
    assert problems(pdf) == []


def test_the_table_goes_with_its_case(office: Office, request_for_figures: Done) -> None:
    done = issued(office, recorded(office, request_for_figures, asked()))
    pass_days(office, 3 * 366 + 40)
    destroyed(office, done)
    with office.entry.store.read() as tx:
        kept = (
            tx.execute(text("SELECT released FROM finding WHERE case_id = :id"), {"id": done.case_id}).scalars().all()
        )
    assert not any("Received" in str(one) for one in kept)


def test_a_table_is_kept_as_it_was_counted(office: Office, request_for_figures: Done) -> None:
    counted = check_figures(office.caseworker, asked(NHS))
    assert unpacked(packed(counted)) == counted
