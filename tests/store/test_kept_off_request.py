"""A kept-off address is in no letter because somebody typed it into the request; and nothing is no value."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.casework import issuing, outcomes
from desktop.casework.desk import Invalid, Refused
from tests.fixtures import Office, on
from tests.letters.reading import text_of
from tests.store.test_safeguarding import ADDRESS, NAME, approved, flagged, record

TYPED_INTO_THE_REQUEST: dict[str, dict[str, Any]] = {
    "Their reference": {"requester__reference": "27 Ropewalk Court, WM4 8RD"},
    "shortened": {"requester__reference": "EMC/27 Ropewalk Ct"},
    "Unit or team": {"requester__unit": "Unit at 27 Ropewalk Court"},
    "officer": {"requester__officer": "Colin Marsden, 27 Ropewa1k C0urt"},
    "body": {"requester__body": "Eastmoor Police, W M 4 8 R D"},
    "Family name": {"person__family_name": "Ashworth (27 Ropewalk Court WM4 8RD)"},
    "Address": {"requester__address": {"lines": "18 TANNERS ROW\nNorthbridge", "postcode": "NB2 6QX"}},
    "without its kind": {"requester__unit": "Unit 18 Tanners"},
    "in words": {"requester__reference": "eighteen Tanners"},
    "over unit and body": {"requester__unit": "18 Tanners", "requester__body": "Row, Northshire Police"},
    "over officer and unit": {"requester__officer": "Colin Tanners", "requester__unit": "Row 18"},
    "over grade and officer": {"requester__grade": "No 18", "requester__officer": "Colin Tanners"},
    "given names": {"person__given_names": "Li Wen Tanners 18"},
    "telephone": {"person__given_names": "Li Wen O77OO 9OO123"},
    "e-mail": {"person__given_names": "Li at gmail dot com"},
    "address in words": {"requester__address": {"lines": "Eighteen Tanners Row\nEastmoor", "postcode": "EM1 2HQ"}},
    "address turned round": {"requester__address": {"lines": "Tanners Row 18\nEastmoor", "postcode": "EM1 2HQ"}},
    "address without its kind": {"requester__address": {"lines": "18 Tanners\nEastmoor", "postcode": "EM1 2HQ"}},
    "address in two lines": {"requester__address": {"lines": "18\nTanners Row", "postcode": "EM1 2HQ"}},
    "street and postcode": {"requester__address": {"lines": "Tanners Row\nNorthbridge", "postcode": "NB2 6QX"}},
}


@pytest.mark.parametrize("where", TYPED_INTO_THE_REQUEST)
def test_an_address_that_is_kept_off_stands_nowhere_in_the_letter(office: Office, where: str) -> None:
    done = record(office, approved(office, flagged(office, **TYPED_INTO_THE_REQUEST[where])), name=NAME)
    with pytest.raises(Refused, match=r"tells where the person is.* It stands in the request under “"):
        outcomes.release(office.guardian, outcomes.Release(**on(done)))
    assert "tells where" in issuing.preview(office.caseworker, done.case_id).problems[0]
    assert not issuing.preview(office.caseworker, done.case_id).pdf


def test_a_room_where_whoever_asks_works_is_in_the_letter_though_the_person_has_one_too(office: Office) -> None:
    theirs = {"lines": "Room 4\nBlock B\nHarbour Road\nEastmoor", "postcode": "EM1 2HQ"}
    done = flagged(
        office,
        requester__unit="Missing Persons Unit, Room 4",
        requester__address=theirs,
        person__address={"lines": "Room 4\nBlock B\n18 Tanners Row\nNorthbridge", "postcode": "NB2 6QX"},
    )
    done = record(office, approved(office, done), name=NAME)
    outcomes.release(office.guardian, outcomes.Release(**on(done)))
    printed = text_of(issuing.preview(office.caseworker, done.case_id).pdf).replace("\n", " ")
    assert "Room 4" in printed
    assert "Tanners" not in printed


def test_an_address_that_is_let_go_may_stand_in_the_request(office: Office) -> None:
    done = flagged(office, requester__unit="Unit at 27 Ropewalk Court")
    done = record(office, approved(office, done, let_go=True), name=NAME, address=ADDRESS)
    outcomes.release(office.guardian, outcomes.Release(**on(done)))


@pytest.mark.parametrize("nothing", ["\u3164", "\u115f", "\u034f", " \u0301"])
def test_a_value_of_which_nothing_shows_is_not_recorded(office: Office, nothing: str) -> None:
    with pytest.raises(Invalid, match="Give what the record says"):
        record(office, approved(office, flagged(office)), name={**NAME, "value": nothing})
