"""Holds: who places them, what is wrong with one, and what it covers now and later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db import holds as stored
from db.engine import folded
from db.holds import Scope
from db.lists import rows_of
from db.persons import others_about
from db.records import Role, State
from desktop.casework import disposal, holds
from desktop.casework.desk import Invalid, Refused
from desktop.casework.holds import DecideRelease, PlaceHold, ProposeRelease
from desktop.policy.holds import covered_words
from desktop.policy.people import name_key
from desktop.policy.references import reference as made
from tests.fixtures import Office
from tests.store.disposing import (
    closed,
    destroyed,
    moment,
    pass_days,
    statement,
    without,
)
from tests.store.holding import answered, over, place, reference, row_of, same_person

_HOLD = (
    "INSERT INTO hold (case_id, authority, because, review_on, placed_by, placed_at)"
    " VALUES (:id, :authority, :because, '2031-01-01', :by, :at)"
)


# Placing


def test_records_officers_and_the_guardian_place_holds_and_nobody_else(office: Office) -> None:
    done = closed(office)
    case = reference(office, done)
    for role in Role:
        desk = office.desk(role)
        command = PlaceHold(case=case, authority="a", because="b", review_on=desk.today() + timedelta(days=9))
        values = {"id": done.case_id, "authority": "a", "because": "b", "by": desk.user.id, "at": moment(office)}
        if role in (Role.RECORDS_OFFICER, Role.GUARDIAN):
            assert holds.preview_hold(desk, command).covered.closed == 1
            number = holds.place_hold(desk, command).number
            assert row_of(desk, number).hold.placed_by == desk.user.name
            continue
        for step in (holds.preview_hold, holds.place_hold):
            with pytest.raises(Refused, match="does not let you"):
                step(desk, command)
        for action, command_of in (
            (holds.propose_release, ProposeRelease(hold_id=1, because="x")),
            (holds.decide_release, DecideRelease(hold_id=1, release=True, because="x")),
        ):
            with pytest.raises(Refused, match="does not let you"):
                action(desk, command_of)  # type: ignore[arg-type]
        statement(office, _HOLD, **values)
    for blank in ("authority", "because"):
        by = {"id": done.case_id, "authority": "a", "because": "b", "by": office.guardian.user.id, "at": moment(office)}
        statement(office, _HOLD, **by | {blank: " "})


def test_who_sees_no_names_sees_holds_without_their_requesters(office: Office) -> None:
    number = place(office.guardian, requester="Northshire Police", received_from=date(2019, 1, 1))
    assert "Northshire Police" in row_of(office.officers[0], number).scope
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert (
            row_of(office.desk(role), number).scope == "Every request by one requester, received from 1 January 2019 on"
        )
        assert row_of(office.desk(role), number).why_not_propose
    for role in (Role.CASEWORKER, Role.REVIEWER):
        with pytest.raises(Refused):
            holds.hold_rows(office.desk(role))


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({}, "scope", "Say what it covers"),
        ({"requester": " "}, "scope", "Say what it covers"),
        ({"case": "TR-000001-8"}, "case", "no case’s reference"),
        ({"case": made("TR", 99)}, "case", "no such case"),
        ({"person_of": "nonsense"}, "person_of", "no case’s reference"),
        ({"case": "TR-000001-7", "agreement_id": "foi"}, "case", "that case alone"),
        ({"agreement_id": "no-such"}, "agreement_id", "Choose an agreement"),
        ({"received_from": date(2021, 1, 1), "received_to": date(2020, 12, 31)}, "received_to", "before the first"),
        ({"agreement_id": "foi", "authority": " "}, "authority", "by whose authority"),
        ({"agreement_id": "foi", "because": ""}, "because", "Say why"),
        ({"agreement_id": "foi", "because": "x" * 2000}, "because", ""),
        ({"agreement_id": "foi", "review_on": None}, "review_on", "still to come"),
        ({"agreement_id": "foi", "review_on": date(2026, 6, 10)}, "review_on", "still to come"),
        ({"agreement_id": "foi", "review_on": date(2046, 6, 11)}, "review_on", "a day within 20 years"),
        ({"agreement_id": "foi", "review_on": date.max}, "review_on", "a day within 20 years"),
        ({"person_of": "TR-000001-7", "received_to": date(2019, 1, 1)}, "person_of", "covers all that is about them"),
        ({"person_of": "TR-000001-7", "agreement_id": "foi"}, "person_of", "covers all that is about them"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Office, wrong: dict[str, Any], field: str, said: str) -> None:
    office.register()
    with pytest.raises(Invalid) as error:
        place(office.guardian, **wrong)
    assert [(one.field, said in one.message) for one in error.value.problems] == [(field, True)]
    assert holds.hold_rows(office.guardian) == ()


def test_a_hold_is_reviewed_within_twenty_years(office: Office) -> None:
    number = place(office.guardian, agreement_id="foi", review_on=date(2046, 6, 10))
    assert row_of(office.guardian, number).review_on == date(2046, 6, 10)


def test_a_hold_names_nobody_who_asked_for_themselves(office: Office) -> None:
    """Anybody may ask for information: their name stands as the requester's, and a hold stays for good."""
    office.register("sar", "police", requester__body="Amelia Marsh")
    with pytest.raises(Invalid, match="names nobody"):
        place(office.guardian, requester="amelia marsh")
    office.register(requester__body="Eastmoor Constabulary")
    assert holds.known_bodies(office.guardian) == ("Eastmoor Constabulary",)


def test_a_destroyed_case_cannot_be_held_any_more(office: Office) -> None:
    done = closed(office)
    case = reference(office, done)
    destroyed(office, done)
    for scope in ({"case": case}, {"person_of": case}):
        with pytest.raises(Invalid, match="is destroyed"):
            place(office.guardian, **scope)


# What a hold covers


def test_a_force_and_years_with_the_cases_to_come(office: Office) -> None:
    scope: dict[str, Any] = {
        "requester": "NORTHSHIRE police ",
        "received_from": date(2025, 1, 1),
        "received_to": date(2027, 12, 31),
    }
    command = PlaceHold(**scope, authority="a", because="b", review_on=date(2030, 1, 1))
    found = holds.preview_hold(office.guardian, command)
    assert (found.covered.closed, found.covered.open, found.references, found.grows) == (0, 0, (), True)
    assert covered_words(found.covered.closed, found.covered.open) == "no case yet"
    number = place(office.guardian, **scope)
    inside = answered(office)
    other_body = office.register(requester__body="Eastmoor Constabulary")
    before = office.register(received=date(2024, 12, 31))
    still_open = office.register(received=date(2025, 1, 1))
    assert [over(office, one) for one in (inside, other_body, before, still_open)] == [[number], [], [], [number]]
    row = row_of(office.guardian, number)
    assert (row.covered.closed, row.covered.open) == (1, 1)
    assert row.scope == "Every request by NORTHSHIRE police, received from 1 January 2025 to 31 December 2027"
    assert covered_words(1, 1) == "1 closed case and 1 open one now"
    # Whose date of receipt is put right comes in.
    office.save(before, received__on={"day": "1", "month": "2", "year": "2025"})
    assert over(office, before) == [number]


def test_a_person_by_a_number_and_by_what_somebody_linked(office: Office) -> None:
    first = office.register(person=0)
    number = place(office.guardian, person_of=reference(office, first).lower())
    by_number, linked, nobody = office.register(person=0), office.register(person=1), office.register(person=2)
    assert [over(office, one) for one in (first, by_number, linked, nobody)] == [[number], [number], [], []]
    same_person(office, linked, first, same=True)
    same_person(office, nobody, first, same=False)
    assert [over(office, one) for one in (linked, nobody)] == [[number], []]
    assert row_of(office.guardian, number).covered.open == 3
    assert row_of(office.guardian, number).scope.endswith(f"about the person of {reference(office, first)}")


def test_a_person_by_others_between_them(office: Office) -> None:
    """The cases that the list of who asked about this person has as theirs."""
    first, last = office.register(person=0), office.register(person=2)
    linked, by_number = (office.register(person=one, person__nhs_number="999 000 0018") for one in (1, 3))
    same_person(office, linked, first, same=True)
    same_person(office, last, by_number, same=True)
    number = place(office.guardian, person_of=reference(office, first))
    assert [over(office, one) for one in (first, linked, by_number, last)] == [[number]] * 4
    assert row_of(office.guardian, number).covered.open == 4
    with office.entry.store.read() as tx:
        assert others_about(tx, first.case_id) == {one.case_id for one in (linked, by_number, last)}
    with pytest.raises(Refused, match="A hold is about the person"):
        same_person(office, last, by_number, same=False)
    with pytest.raises(Invalid, match="A hold is about the person with the number"):
        office.save(by_number, person__nhs_number="")


def test_a_note_in_place_of_a_number_joins_nobody_further_on(office: Office) -> None:
    first, second, third = (
        office.register(person=one, person__passport=note) for one, note in ((1, "P4400102"), (2, "none"), (3, "none"))
    )
    same_person(office, second, first, same=True)
    number = place(office.guardian, person_of=reference(office, first))
    assert [over(office, one) for one in (first, second, third)] == [[number], [number], []]
    other = place(office.guardian, person_of=reference(office, second))
    assert [over(office, one) for one in (first, second, third)] == [[number, other], [number, other], [other]]


def test_an_agreement(office: Office) -> None:
    number = place(office.guardian, agreement_id="coroner")
    other = office.register()
    assert over(office, other) == []
    number = place(office.guardian, agreement_id="law-enforcement-tracing", received_to=date(2026, 6, 1))
    assert over(office, other) == [number]
    assert (
        row_of(office.guardian, number).scope
        == "Every request under Law enforcement tracing, received up to 1 June 2026"
    )


def scopes(first: int) -> Iterator[Scope]:
    """Every combination of the parts of a scope."""
    parts = {
        "case_id": first,
        "person_of": first,
        "agreement_id": "law-enforcement-tracing",
        "requester": " northshire POLICE",
        "received_from": date(2026, 5, 2),
        "received_to": date(2026, 5, 31),
    }
    for chosen in range(1, 2 ** len(parts)):
        yield Scope(**{key: value for at, (key, value) in enumerate(parts.items()) if chosen >> at & 1})  # type: ignore[arg-type]


def test_what_is_counted_is_what_the_database_keeps(office: Office) -> None:
    """The search from a scope to its cases, that among some cases, and the test of one case say the same, for every
    kind of scope.
    """
    cases = [
        office.register(person=0, received=date(2026, 5, 1)),
        office.register(person=0, received=date(2026, 6, 1)),
        office.register(person=1, received=date(2025, 5, 1)),
        office.register(person=2, received=date(2026, 5, 31), requester__body="Northshire Police "),
        office.register(person=3, received=date(2026, 1, 1), requester__body="Eastmoor Constabulary"),
        office.register("foi", "police", 4, date(2026, 5, 4)),
        office.register(person=1, received=date(2026, 5, 9)),
    ]
    same_person(office, cases[2], cases[0], same=True)
    same_person(office, cases[0], cases[4], same=True)
    values = {"authority": "a", "because": "b", "review_on": date(2030, 1, 1), "placed_by": office.guardian.user.id}
    named = {reference(office, one): one.case_id for one in cases}
    met, number = set(), 0
    for scope in (*scopes(cases[0].case_id), *scopes(cases[4].case_id)):
        with office.entry.store.write() as tx, tx.begin_nested() as alone:
            number += 1
            with without(tx, "hold_said", "hold_whole"):
                stored.add_hold(tx, scope, {"id": number, **values, "placed_at": office.entry.clock()})
            kept = {one.case_id for one in cases if stored.covering(tx, one.case_id)}
            found = {named[one] for one in stored.references(tx, scope)}
            among = stored.held_among(tx, [one.case_id for one in cases])
            counted = stored.covered(tx, scope)
            alone.rollback()
        assert (found, among, counted.open + counted.closed) == (kept, kept, len(kept)), scope
        met.add(len(kept))
    assert {0, 1, 2, 3} <= met


@pytest.mark.parametrize(
    "name",
    ["Northshire Police.", "Northshire-Police", "North\u200bshire Police", "North\u00adshire Pol\u2060ice", "Łódź’s æ",
     "ﬁrst  UNIT", "N\u00f4rthshire (Police)", "राष्ट्रीय", "株式会社", "", "..."],
)  # fmt: skip
def test_the_store_and_the_desk_know_a_name_by_the_same_key(name: str) -> None:
    assert folded(name) == name_key(name)


def test_points_and_what_is_not_seen_make_no_other_body_of_one(office: Office) -> None:
    number = place(office.officers[0], requester="Northshire Police")
    for spelt in ("Northshire Police.", "Northshire-Police", "North\u200bshire Police", "North\u00adshire Police"):
        assert over(office, answered(office, requester__body=spelt)) == [number], spelt


def test_capitals_accents_and_spaces_make_no_other_body_of_one(office: Office) -> None:
    """What the letters of English alone are known by would not see that two of these are one."""
    named = answered(office, requester__body="Cyngor Sir Ynys M\u00f4n")
    loud = answered(office, requester__body="CYNGOR SIR  YNYS M\u00d4N")
    apart = answered(office, requester__body="Cyngor Sir Ynys Mo\u0302n ")
    bare = answered(office, requester__body="Cyngor Sir Ynys Mon")
    other = answered(office, requester__body="Cyngor Sir F\u00f4n")
    number = place(office.officers[0], requester="cyngor sir ynys m\u00f4n")
    for done in (named, loud, apart, bare):
        assert over(office, done) == [number]
    assert over(office, other) == []
    assert row_of(office.officers[0], number).covered.closed == 4
    pass_days(office, 3 * 366)
    kept = {one.case_id: one.kept_by for one in disposal.candidates(office.officers[1])}
    assert [kept[done.case_id] for done in (named, loud, apart, other)] == [("held",)] * 3 + [()]


def test_sql_takes_no_case_out_of_a_persons_hold(office: Office) -> None:
    case, other = answered(office), answered(office, person=5)
    same_person(office, case, other, same=True)
    number = place(office.officers[0], person_of=reference(office, case))
    assert over(office, other) == [number]
    statement(office, "UPDATE link SET same_person = 0")
    statement(office, "DELETE FROM link")
    statement(office, "INSERT OR REPLACE INTO link SELECT case_id, other_id, 0, linked_by, linked_at FROM link")
    assert over(office, other) == [number]
    # To bring a case in, a caseworker's word is enough, and it is in the journal.
    third = answered(office, person=6)
    same_person(office, third, case, same=True)
    assert over(office, third) == [number]
    with office.entry.store.read() as tx:
        last = "SELECT action FROM journal WHERE action IN ('same_person', 'someone_else') ORDER BY seq DESC LIMIT 1"
        assert tx.execute(text(last)).scalar_one() == "same_person"


@pytest.mark.parametrize(
    "words", ["{given} {family} appealed.", "NHS 943 476 5919 is asked about.", "One born in 1984."]
)
def test_what_is_typed_of_a_hold_over_many_names_nobody_either(office: Office, words: str) -> None:
    done = office.in_state(State.ISSUED)
    with office.entry.store.read() as tx:
        (row,) = rows_of(tx, [done.case_id])
    words = words.format(given=row.given_names, family=row.family_name)
    with pytest.raises(Invalid, match="Leave it out"):
        place(office.officers[0], agreement_id="law-enforcement-tracing", because=words)
    assert place(office.officers[0], agreement_id="law-enforcement-tracing", because="Somebody appealed.")


@pytest.mark.parametrize(
    "words",
    ["About {name} born 30 June 1984.", "Born 30/6/84.", "NHS number 943 476 5919 is asked about.", "See {theirs}."],
)
def test_what_is_typed_of_a_hold_names_nobody(office: Office, words: str) -> None:
    """It stays when the case is gone."""
    done = office.in_state(State.ISSUED)
    with office.entry.store.read() as tx:
        (row,) = rows_of(tx, [done.case_id])
    words = words.format(name=row.family_name, theirs=row.requester_reference)
    desk = office.officers[0]
    wanted = PlaceHold(
        case=row.reference,
        authority="The court",
        because="It is asked for.",
        review_on=desk.today() + timedelta(days=90),
    )
    for one in (replace(wanted, because=words), replace(wanted, authority=words)):
        with pytest.raises(Invalid, match="Leave it out"):
            holds.place_hold(desk, one)
    number = holds.place_hold(desk, wanted).number
    with pytest.raises(Invalid, match="Leave it out"):
        holds.propose_release(desk, ProposeRelease(hold_id=number, because=words))
    holds.propose_release(desk, ProposeRelease(hold_id=number, because="It is over."))
    for release in (True, False):
        with pytest.raises(Invalid, match="Leave it out"):
            holds.decide_release(office.officers[1], DecideRelease(hold_id=number, because=words, release=release))
