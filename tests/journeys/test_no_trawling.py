"""One person to a case, and whoever asks about many people stands out."""

from __future__ import annotations

from datetime import date

import pytest

from db.records import State
from desktop.casework import requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid
from tests.fixtures import Office, on


def ask(office: Office, number: int, **changes: str) -> Done:
    changes = {"person__family_name": f"Okafor-{number}", "person__given_names": f"Ade {number}"} | changes
    return office.register("law-enforcement-tracing", "police", 0, date(2026, 6, 1), **changes)


def test_a_list_of_people_cannot_be_submitted(office: Office) -> None:
    done = ask(office, 1, person__family_name="Okafor; Brown; Green")
    page = case_page(office.caseworker, done.case_id)
    assert any("more than one person" in one.message for one in page.problems)
    with pytest.raises(Invalid, match="more than one person"):
        office.submit(done)


def test_an_officer_who_asks_about_many_people_stands_out_and_is_not_barred(office: Office) -> None:
    made = [ask(office, number) for number in range(10)]
    assert case_page(office.reviewer, made[-1].case_id).repeats == ()
    # The same person again is no other person.
    again = ask(office, 3)
    assert case_page(office.reviewer, again.case_id).repeats == ()
    last = ask(office, 11)
    said = case_page(office.reviewer, last.case_id).repeats
    assert len(said) == 1
    assert "asked about 11 people from 2 May 2026 to 1 June 2026" in said[0]
    assert office.approve(office.submit(last)).state is State.APPROVED


def test_a_unit_counts_for_all_its_officers_and_withdrawn_requests_do_not(office: Office) -> None:
    made = [ask(office, number, requester__officer=f"Officer {number}") for number in range(52)]
    said = case_page(office.reviewer, made[-1].case_id).repeats
    assert len(said) == 1
    assert "asked about 52 people" in said[0]
    for one in made[:2]:
        requests.withdraw(office.caseworker, requests.WithReasons(**on(one), reasons="No longer asked."))
    assert case_page(office.reviewer, made[-1].case_id).repeats == ()


def test_what_was_long_ago_does_not_count(office: Office) -> None:
    for number in range(12):
        office.register(received=date(2026, 4, 1), person__family_name=f"Okafor-{number}")
    assert case_page(office.reviewer, ask(office, 99).case_id).repeats == ()
