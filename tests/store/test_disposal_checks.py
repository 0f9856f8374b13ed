"""Who approves a run, under which account, and what is typed of it for good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import journal
from db.casereads import answers_of
from db.journal import append
from db.migrations import guards
from db.migrations.conditions_0043 import open_beside
from db.records import Heading, Json, Role, State
from desktop.casework import accounts, disposal, holds, issuing
from desktop.casework.casepage import case_page
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.casework.disposal import DecideRun, ProposeRun, TakeOff
from desktop.casework.register import find
from desktop.casework.restoring import Restore, restore
from desktop.casework.sample import sample_password
from desktop.policy.dates import MONTHS
from desktop.policy.identifiers import postcodes_in
from tests.fixtures import Office, on
from tests.store.backing import backed_up, held
from tests.store.disposing import approved, closed, faults, many_closed, pass_days, pass_grace, proposed, state_of


def decide(desk: Desk, run: int, *, yes: bool = True) -> None:
    disposal.decide_run(desk, DecideRun(run_id=run, approved=yes, reasons="" if yes else "Look again."))


def test_an_account_that_was_made_or_given_a_password_since_approves_nothing(office: Office) -> None:
    first, second = many_closed(office, 2)
    before = proposed(office, first)
    other = office.officers[1]
    with office.entry.store.write() as tx:
        now, said = office.entry.clock(), {"user": other.user.id}
        append(tx, at=now, actor_id=5, action="reset_password", heading=Heading.SYSTEM, data=said)
    with pytest.raises(Refused, match="after this was proposed"):
        decide(other, before)
    decide(other, before, yes=False)
    decide(other, proposed(office, second))
    assert state_of(office, first) is State.ISSUED


def test_an_account_that_was_given_a_password_since_releases_no_hold_and_confirms_no_restore(
    office: Office, tmp_path: Path
) -> None:
    done = closed(office)
    first, other = office.officers
    administrator = office.desk(Role.ADMINISTRATOR)
    path = backed_up(office, tmp_path / "backups")
    number = held(office, done.case_id)
    holds.propose_release(first, holds.ProposeRelease(hold_id=number, because="It is over."))
    given = "a first password 1"
    accounts.reset_password(administrator, other.user.id, given)
    command = Restore(file=path, second=other.user.username, password=given)
    with pytest.raises(Refused, match="Choose a password of your own first"):
        restore(administrator, command)
    other = accounts.change_password(other, given, sample_password())
    release = holds.DecideRelease(hold_id=number, release=True, because="It is over.")
    with pytest.raises(Refused, match="after this was proposed"):
        holds.decide_release(other, release)
    holds.decide_release(office.guardian, release)


def test_an_account_with_the_name_of_who_proposed_approves_nothing(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = proposed(office, done)
    first, other = office.officers
    same = replace(other, user=replace(other.user, name=first.user.name.upper()))
    with pytest.raises(Refused, match="has your name"):
        decide(same, run)


def test_what_stays_for_good_has_no_name_and_no_date_of_birth(office: Office) -> None:
    (done,) = many_closed(office, 1)
    (row,) = find(office.caseworker, "TR-000001-7")
    office.register(person=3, person__family_name="Fernsby", person__given_names="Oluwaseun")
    (other,) = find(office.caseworker, "TR-000002-5")
    with office.entry.store.read() as tx:
        said = " ".join(str(one) for one in answers_of(tx, done.case_id).values())
    postcode = postcodes_in(said)[0]
    year, month, day = row.born.split("-")
    first, second = office.officers
    bad = (
        f"{row.given_names} {row.family_name} has died.",
        f"The {row.family_name}’s family asked.",
        f"Born on {int(day)}/{month}/{year}.",
        f"Born {row.born}.",
        f"Born on the {int(day)}th of {MONTHS[int(month) - 1]} {year}.",
        f"{MONTHS[int(month) - 1]} {int(day)}th, {year}",
        f"All of the {row.family_name}s.",
        "NHS 943 476 5870 asked.",
        "The one with QQ 12 34 56 C.",
        "The patient born in 1984.",
        "D.O.B. 3/9/1980",
        "401  023  2137 asked.",
        "AB/12/34/56/C",
        f"At {postcode.replace(' ', '-')}.",
        f"She lives at {postcode}.",
        f"Not about {other.given_names} {other.family_name}.",
    )
    for words in bad:
        with pytest.raises(Invalid, match="name, date of birth or a number") as caught:
            disposal.propose_run(first, ProposeRun(case_ids=(done.case_id,), because=words))
        assert caught.value.problems[0].field == "because"
        with pytest.raises(Invalid) as caught:
            disposal.propose_run(first, ProposeRun(case_ids=(done.case_id,), because="It is due.", transfer_to=words))
        assert caught.value.problems[0].field == "transfer_to"
    for words in (
        "Claim KB-2024-000001 is before the court.",
        "Records aged 20 years are appraised.",
        "People born before 1995 may ask.",
        "The date of birth field was wrong in 2019.",
    ):
        disposal.decide_run(second, DecideRun(run_id=proposed(office, done), approved=False, reasons=words))
    run = proposed(office, done)
    for words in bad:
        with pytest.raises(Invalid) as caught:
            disposal.decide_run(second, DecideRun(run_id=run, approved=False, reasons=words))
        assert caught.value.problems[0].field == "reasons"
    disposal.decide_run(second, DecideRun(run_id=run, approved=False, reasons="The court may ask for it in 2030."))
    run = approved(office, done)
    for words in bad:
        with pytest.raises(Invalid) as caught:
            disposal.take_off(first, TakeOff(run_id=run, case_id=done.case_id, why=words))
        assert caught.value.problems[0].field == "why"
    disposal.take_off(first, TakeOff(run_id=run, case_id=done.case_id, why="An appeal may follow."))


def test_other_names_of_somebody_stand_in_no_reason_either(office: Office) -> None:
    rows: list[Json] = [{"name": "Anna Nowakowska", "kind": "former"}, {"name": "Tomek Kowal", "kind": "alias"}]
    recorded = office.traced(office.approve(office.submit(office.register(person__other_names=rows))))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(office.release(recorded))))
    pass_days(office, 5 * 366)
    for words in ("née Nowakowska", "Tomek Kowal asked for it.", "The KOWALS asked."):
        with pytest.raises(Invalid, match="name, date of birth or a number"):
            disposal.propose_run(office.officers[0], ProposeRun(case_ids=(done.case_id,), because=words))
    proposed(office, done)


def test_whoever_proposed_a_run_takes_it_back_and_nobody_approves_it_after(office: Office) -> None:
    done, first, second = closed(office), *office.officers
    run = proposed(office, done)
    with pytest.raises(Invalid, match="taking it back"):
        disposal.decide_run(first, DecideRun(run_id=run, approved=False))
    disposal.decide_run(first, DecideRun(run_id=run, approved=False, reasons="The wrong year was chosen."))
    (one,) = disposal.runs(first)
    assert one.verdict is not None
    assert (one.verdict.approved, one.verdict.by_id, one.verdict.not_before) == (False, first.user.id, None)
    with office.entry.store.read() as tx:
        last = next(journal.of_action(tx, "withdraw_run"))
    assert (last.actor_id, last.heading) == (first.user.id, Heading.ERASURE)
    assert last.data == {"run": run, "reasons": "The wrong year was chosen."}
    for desk in (first, second):
        with pytest.raises(Refused, match="decided already"):
            disposal.decide_run(desk, DecideRun(run_id=run, approved=True))
        with pytest.raises(Refused):
            disposal.carry_out(desk, run)
    assert faults(office) == []
    assert proposed(office, done) != run, "its cases can be proposed again"


def test_a_run_that_was_decided_is_not_taken_back(office: Office) -> None:
    run = approved(office, closed(office))
    with pytest.raises(Refused, match="decided already"):
        decide(office.officers[0], run, yes=False)


@pytest.mark.parametrize(
    "names",
    [
        {"person__given_names": "Tomasz"},
        {"person__given_names": "T P"},
        {"person__given_names": "Thomas"},
        {"person__given_names": ""},
        {"person__born": {"day": "", "month": "", "year": "1984"}},
        {"person__born": {"day": "", "month": "", "year": ""}},
        {"person__family_name": "Tomasz Paweł", "person__given_names": "Kowalczyk"},
        {"person__family_name": "Tomasz Pawel KOWALCZYK", "person__given_names": ""},
        {"person__family_name": "", "person__given_names": "Tomasz Paweł Kowalczyk", "person__born": {}},
        {"person__family_name": "Kowalczyk-Nowak", "person__given_names": "T"},
        {"person__family_name": "Nowak", "person__given_names": "Anna Kowalczyk"},
    ],
)
def test_a_pending_request_for_information_that_may_be_about_the_person_holds_the_case(
    office: Office, names: dict[str, Any]
) -> None:
    """However the names are typed: what the desk itself lists as maybe the same person is not destroyed meanwhile."""
    done = office.in_state(State.ISSUED)
    pass_days(office, 3 * 366)
    asked = office.register("sar", "police", received=office.entry.today(), **{"person__nhs_number": "", **names})
    assert {one.row.id for one in case_page(office.caseworker, asked.case_id).earlier} == {done.case_id}
    (found,) = disposal.candidates(office.officers[0])
    assert "beside" in found.kept_by


def test_it_holds_a_case_of_a_run_that_is_approved_already(office: Office) -> None:
    done = closed(office)
    run = approved(office, done)
    pass_grace(office)
    answers: dict[str, Any] = {"person__given_names": "Tomasz", "person__nhs_number": ""}
    office.register("sar", "police", received=office.entry.today(), **answers)
    disposal.carry_out(office.officers[0], run)
    assert state_of(office, done) is State.ISSUED
    # So does the database, whoever asks.
    assert open_beside("OLD") in guards()["cases_beside"]


def test_a_pending_request_about_somebody_else_of_the_name_holds_nothing(office: Office) -> None:
    office.in_state(State.ISSUED)
    pass_days(office, 3 * 366)
    other: dict[str, Any] = {"person__given_names": "Anna", "person__born": {"day": "1", "month": "2", "year": "1950"}}
    office.register("sar", "police", received=office.entry.today(), person__nhs_number="", **other)
    (found,) = disposal.candidates(office.officers[0])
    assert "beside" not in found.kept_by
