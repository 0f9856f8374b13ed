"""Who asks, held against the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from db.records import Json
from db.records_requesters import Accreditation, Body, Officer
from desktop.policy.agreements import Agreement, load_agreements
from desktop.policy.people import name_key
from desktop.policy.requesters import address_problem, asks_officially, ends_soon, standings

ON = date(2026, 6, 1)
NOT_THEIRS = "is not an address that we hold for Northshire Police. Reply to one that we hold."
ANSWERS: dict[str, Json] = {
    "requester.body": "Northshire  POLICE",
    "requester.officer": "Joanne Hale",
    "requester.unit": "Economic Crime Unit",
    "requester.email": "ECU@northshire.police.uk.example",
    "countersigner.name": "Martin Sallow",
}
GIVEN = Accreditation(1, "law-enforcement-tracing", "AC/1", date(2026, 1, 1), date(2026, 12, 31), None, "")
BODY = Body(
    1,
    "Northshire Police",
    name_key("Northshire Police"),
    ("@northshire.police.uk.example",),
    "",
    1,
    (
        Officer(
            1, "Joanne Hale", name_key("Joanne Hale"), "Economic Crime Unit", "Detective Inspector", "", False, None
        ),
        Officer(2, "Martin Sallow", name_key("Martin Sallow"), "", "Superintendent", "", True, None),
    ),
    (GIVEN,),
)


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return load_agreements().get("law-enforcement-tracing")


def said(
    agreement: Agreement, body: Body | None, on: date = ON, changes: Mapping[str, Json] | None = None
) -> list[tuple[bool, str]]:
    return [(one.good, one.words) for one in standings(agreement, body, {**ANSWERS, **(changes or {})}, on)]


def test_a_request_that_is_as_on_record_is_good_throughout(agreement: Agreement) -> None:
    assert said(agreement, BODY) == [
        (True, "Accredited for Law enforcement tracing until 31 December 2026 (AC/1)"),
        (True, "Joanne Hale is on record: Detective Inspector, Economic Crime Unit"),
        (True, "ecu@northshire.police.uk.example is an address that we hold for them"),
        (True, "Martin Sallow may countersign: Superintendent"),
    ]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2025, 12, 31), "begins on 1 January 2026, after this came."),
        (date(2027, 1, 1), "ended on 31 December 2026, before this came."),
    ],
)
def test_an_accreditation_counts_on_its_first_and_last_day_only(agreement: Agreement, on: date, words: str) -> None:
    good, told = said(agreement, BODY, on)[0]
    assert (good, told.endswith(words)) == (False, True), told
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        assert said(agreement, BODY, day)[0][0]


def test_one_that_was_ended_counts_up_to_the_day_before(agreement: Agreement) -> None:
    ended = replace(BODY, accreditations=(replace(GIVEN, ended_on=ON, ended_because="Misuse."),))
    assert said(agreement, ended, date(2026, 5, 31))[0][0]
    words = "The accreditation of Northshire Police for Law enforcement tracing was ended on 1 June 2026: Misuse."
    assert said(agreement, ended)[0] == (False, words)


def test_of_several_the_one_that_lasts_longest_counts(agreement: Agreement) -> None:
    longer = replace(GIVEN, id=2, reference="AC/2", valid_to=date(2028, 1, 1))
    both = replace(BODY, accreditations=(GIVEN, longer))
    assert "1 January 2028 (AC/2)" in said(agreement, both)[0][1]


def test_another_agreement_s_accreditation_is_none(agreement: Agreement) -> None:
    other = replace(BODY, accreditations=(replace(GIVEN, agreement_id="coroner"),))
    words = "Northshire Police is on record, but not accredited for Law enforcement tracing."
    assert said(agreement, other)[0] == (False, words)


def test_a_body_that_is_not_on_record_is_asked_about_and_nothing_more(agreement: Agreement) -> None:
    found = said(agreement, None)
    assert len(found) == 1
    assert found[0][1].startswith("Northshire  POLICE is not on record.")
    assert not standings(agreement, None, {}, ON)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"requester.officer": "Someone Else"}, "Someone Else is not on record as an officer of Northshire Police."),
        ({"requester.unit": "Roads"}, "Joanne Hale is on record in another unit: Economic Crime Unit."),
        (
            {"countersigner.name": "Joanne Hale"},
            "Joanne Hale is not on record as one who may countersign for Northshire Police.",
        ),
        (
            {"requester.email": "ecu@northshire-police.example"},
            f"ecu@northshire-police.example {NOT_THEIRS}",
        ),
        # One that ends like theirs, and one with a Cyrillic letter that looks Latin.
        (
            {"requester.email": "a@evil-northshire.police.uk.example"},
            f"a@evil-northshire.police.uk.example {NOT_THEIRS}",
        ),
        (
            {"requester.email": "ecu@nоrthshire.police.uk.example"},
            f"ecu@nоrthshire.police.uk.example {NOT_THEIRS}",
        ),
    ],
)
def test_whatever_differs_is_asked_about(agreement: Agreement, changes: dict[str, Json], words: str) -> None:
    assert [told for good, told in said(agreement, BODY, changes=changes) if not good] == [words]


@pytest.mark.parametrize("more", ["x@evil.example, {}", "{};x@evil.example", "<{}>", "x@evil.example {}", "a@{}"])
def test_an_address_beside_another_is_not_the_one_on_record(agreement: Agreement, more: str) -> None:
    changes: dict[str, Json] = {"requester.email": more.format("ecu@northshire.police.uk.example")}
    doubts = [told for good, told in said(agreement, BODY, changes=changes) if not good]
    assert [one.endswith(NOT_THEIRS) for one in doubts] == [True]


def test_who_has_left_neither_asks_nor_signs_from_that_day_on(agreement: Agreement) -> None:
    gone = replace(BODY, officers=tuple(replace(one, left_on=ON) for one in BODY.officers))
    doubts = [words for good, words in said(agreement, gone) if not good]
    assert doubts == ["Joanne Hale left Northshire Police on 1 June 2026.", doubts[1]]
    assert doubts[1] == "Martin Sallow left Northshire Police on 1 June 2026."
    assert all(good for good, _words in said(agreement, gone, date(2026, 5, 31)))


def test_what_is_not_recorded_of_a_body_is_not_held_against_it(agreement: Agreement) -> None:
    bare = replace(BODY, officers=(), addresses=())
    assert [good for good, _words in said(agreement, bare)] == [True]


@pytest.mark.parametrize("agreement_id", ["foi", "sar", "rectification"])
def test_anybody_may_ask_for_information_or_for_their_own_data(agreement_id: str) -> None:
    open_to_all = load_agreements().get(agreement_id)
    assert not asks_officially(open_to_all)
    assert not standings(open_to_all, None, ANSWERS, ON)


def test_an_end_is_announced_a_month_before() -> None:
    assert not ends_soon(GIVEN, date(2026, 11, 30))
    assert ends_soon(GIVEN, date(2026, 12, 1))
    assert ends_soon(GIVEN, date(2026, 12, 31))
    assert not ends_soon(GIVEN, date(2027, 1, 1))


@pytest.mark.parametrize("address", ["a@b.example", "@police.uk.example", "first.last@x.gov.uk"])
def test_an_address_or_a_domain_is_taken(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize("address", ["police.uk", "a@b", "a@", "@", "a@b..uk", "a@b@c.uk", "a@bé.uk", "a@.uk"])
def test_what_is_neither_is_refused(address: str) -> None:
    assert "neither" in address_problem(address)
