"""Linked cases: what may be linked, what the database refuses to direct SQL, and what a link does and does not do."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from db import chain, journal, lists
from db.errors import RuleKept
from db.records import Heading, Relation, Role, State
from desktop.casework import links, requests
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.projection import identifiers
from tests.fixtures import Office, on


def reference_of(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def link(office: Office, case: Done, other: Done, kind: Relation) -> links.LinkCases:
    """Links two cases; returns the command, so that a test can do it again."""
    command = links.LinkCases(
        command_id=str(uuid4()), case_id=case.case_id, reference=reference_of(office, other), kind=kind
    )
    links.link_cases(office.caseworker, command)
    return command


def refused(office: Office, case: Done, other: Done, kind: Relation) -> str:
    with pytest.raises(Invalid) as error:
        link(office, case, other, kind)
    return str(error.value)


def test_a_duplicate_has_a_leading_case_and_both_say_so(office: Office) -> None:
    leading, duplicate = office.register(), office.register()
    link(office, duplicate, leading, Relation.DUPLICATE)
    (seen,) = case_page(office.reviewer, duplicate.case_id).links
    assert (seen.reference, seen.kind, seen.leads) == (reference_of(office, leading), Relation.DUPLICATE, True)
    (back,) = case_page(office.reviewer, leading.case_id).links
    assert (back.reference, back.leads) == (reference_of(office, duplicate), False)
    assert links.RELATION_WORDS[back.kind, back.leads] == "Is a duplicate of this case"


def test_a_link_is_journalled_on_both_cases_and_says_which(office: Office) -> None:
    first, second = office.register(), office.register()
    link(office, second, first, Relation.FOLLOW_UP)
    for case, other in ((first, second), (second, first)):
        assert reference_of(office, other) in history(office.caseworker, case.case_id)[0].what
        with office.entry.store.read() as tx:
            last = list(journal.entries(tx, case_id=case.case_id))[-1]
        assert last.heading is Heading.COMBINATION
        assert last.data == {"other": reference_of(office, other)}
    with office.entry.store.read() as tx:
        assert chain.verify(tx)[1] == ()


def test_follow_ups_keep_their_chain(office: Office) -> None:
    a, b, c, d = (office.register() for _ in range(4))
    link(office, c, b, Relation.FOLLOW_UP)
    link(office, b, a, Relation.FOLLOW_UP)
    link(office, d, a, Relation.RELATED)
    chain = tuple((one.case_id, reference_of(office, one)) for one in (a, b, c))
    for one in (a, b, c):
        assert case_page(office.caseworker, one.case_id).chain == chain
    assert case_page(office.caseworker, d.case_id).chain == ()
    assert "go in a circle" in refused(office, a, c, Relation.FOLLOW_UP)
    assert "keep one chain" in refused(office, c, d, Relation.FOLLOW_UP)


def test_a_leading_case_is_not_itself_a_duplicate(office: Office) -> None:
    a, b, c = (office.register() for _ in range(3))
    link(office, b, a, Relation.DUPLICATE)
    assert "is itself a duplicate of" in refused(office, c, b, Relation.DUPLICATE)
    assert "leads and is not itself a duplicate" in refused(office, a, c, Relation.DUPLICATE)
    assert "one leading case" in refused(office, b, c, Relation.DUPLICATE)
    assert "linked already" in refused(office, a, b, Relation.RELATED)


def test_what_cannot_be_linked(office: Office) -> None:
    case, withdrawn, issued = office.register(), office.in_state(State.WITHDRAWN), office.in_state(State.ISSUED)
    assert "the case itself" in refused(office, case, case, Relation.RELATED)
    assert "cannot lead" in refused(office, case, withdrawn, Relation.DUPLICATE)
    assert "closed already" in refused(office, issued, case, Relation.DUPLICATE)
    with pytest.raises(Invalid, match="no case with this reference"):
        links.link_cases(
            office.caseworker,
            links.LinkCases(command_id="x", case_id=case.case_id, reference="TR-999999-9", kind=Relation.RELATED),
        )
    link(office, case, issued, Relation.DUPLICATE)


def test_only_a_caseworker_links(office: Office) -> None:
    first, second = office.register(), office.register()
    for role in set(Role) - {Role.CASEWORKER}:
        command = links.LinkCases(
            command_id=str(uuid4()),
            case_id=first.case_id,
            reference=reference_of(office, second),
            kind=Relation.RELATED,
        )
        with pytest.raises(Refused, match="Only a caseworker"):
            links.link_cases(office.desk(role), command)


def test_d25_a_double_click_links_once(office: Office) -> None:
    first, second = office.register(), office.register()
    command = link(office, first, second, Relation.RELATED)
    links.link_cases(office.caseworker, command)
    assert len(case_page(office.caseworker, first.case_id).links) == 1


def test_two_windows_link_the_same_two_cases_once(office: Office) -> None:
    first, second = office.register(), office.register()
    link(office, first, second, Relation.RELATED)
    assert "linked already" in refused(office, second, first, Relation.FOLLOW_UP)


def test_a_link_is_ended_and_kept(office: Office) -> None:
    first, second = office.register(), office.register()
    link(office, first, second, Relation.DUPLICATE)
    command = links.UnlinkCases(command_id=str(uuid4()), case_id=second.case_id, other_id=first.case_id)
    links.unlink_cases(office.caseworker, command)
    links.unlink_cases(office.caseworker, command)
    assert case_page(office.caseworker, first.case_id).links == ()
    with pytest.raises(Refused, match="not linked any more"):
        links.unlink_cases(
            office.caseworker,
            links.UnlinkCases(command_id=str(uuid4()), case_id=second.case_id, other_id=first.case_id),
        )
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT COUNT(*) FROM relation WHERE unlinked_by IS NOT NULL")).scalar() == 1
    link(office, second, first, Relation.DUPLICATE)


def test_a_duplicate_is_closed_by_a_person_and_says_of_what(office: Office) -> None:
    leading, duplicate = office.register(), office.register()
    link(office, duplicate, leading, Relation.DUPLICATE)
    assert case_page(office.caseworker, duplicate.case_id).case.row.state is State.DRAFT
    done = links.close_duplicate(office.caseworker, links.CloseDuplicate(**on(duplicate)))
    assert done.state is State.WITHDRAWN
    said = history(office.caseworker, duplicate.case_id)[0].what
    assert said == f"withdrew it as a duplicate of {reference_of(office, leading)}"
    with office.entry.store.read() as tx:
        timer = text("SELECT trigger FROM retention WHERE case_id = :id")
        assert tx.execute(timer, {"id": duplicate.case_id}).scalar() == "case_closed"


def test_what_is_no_duplicate_is_not_closed_as_one(office: Office) -> None:
    leading, duplicate = office.register(), office.register()
    link(office, duplicate, leading, Relation.FOLLOW_UP)
    with pytest.raises(Refused, match="no duplicate"):
        links.close_duplicate(office.caseworker, links.CloseDuplicate(**on(duplicate)))
    third = office.register()
    link(office, third, leading, Relation.DUPLICATE)
    requests.withdraw(office.caseworker, requests.WithReasons(**on(leading), reasons="No longer asked."))
    with pytest.raises(Refused, match="this case is the one to answer"):
        links.close_duplicate(office.caseworker, links.CloseDuplicate(**on(third)))


SQL_THAT_IS_REFUSED = {
    "itself": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at) VALUES (3, 3, 'related', 1, {at})",
    "a pair again": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (1, 2, 'related', 1, {at})",
    "a circle": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (1, 3, 'follow_up', 1, {at})",
    "two earlier cases": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (3, 4, 'follow_up', 1, {at})",
    "a leading duplicate": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (1, 5, 'duplicate', 1, {at})",
    "a duplicate that leads": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (4, 1, 'duplicate', 1, {at})",
    "two leading cases": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (5, 1, 'duplicate', 1, {at})",
    "ended from the start": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at, unlinked_by,"
    " unlinked_at) VALUES (1, 3, 'related', 1, {at}, 1, {at})",
    "another kind": "UPDATE relation SET kind = 'related'",
    "deleted": "DELETE FROM relation",
    "replaced": "INSERT OR REPLACE INTO relation SELECT * FROM relation LIMIT 1",
    "a pair replaced": "INSERT OR REPLACE INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " VALUES (2, 1, 'related', 1, {at})",
    "ended by nobody": "UPDATE relation SET unlinked_at = {at}",
}


@pytest.mark.parametrize("name", SQL_THAT_IS_REFUSED)
def test_direct_sql_keeps_the_rules_of_links(office: Office, name: str) -> None:
    a, b, c, d, e = (office.register() for _ in range(5))
    assert [one.case_id for one in (a, b, c, d, e)] == [1, 2, 3, 4, 5]
    link(office, b, a, Relation.FOLLOW_UP)
    link(office, c, b, Relation.FOLLOW_UP)
    link(office, e, d, Relation.DUPLICATE)
    if name == "a leading duplicate":
        # Five leads nothing and four leads it: one that is a duplicate cannot lead.
        assert "is itself a duplicate" in refused(office, a, e, Relation.DUPLICATE)
    with office.entry.store.read() as tx:
        tx.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.exec_driver_sql(SQL_THAT_IS_REFUSED[name].format(at="'2026-06-10T09:00:00.000000Z'"))


def test_the_windows_words_are_there_for_every_link() -> None:
    assert set(links.RELATION_WORDS) == {(kind, leads) for kind in Relation for leads in (True, False)}


def test_a_common_name_hides_nobody(office: Office) -> None:
    """Of many of a name, who shares a number or the year of birth is found before those who came later."""
    born = {"day": "3", "month": "2", "year": "1980"}
    number = office.register(person__family_name="Kowal", person__born={**born, "year": "1951"})
    year = office.register(person__family_name="Kowal", person__nhs_number="", person__given_names="Ada")
    office.save(year, person__born={**born, "month": "11"})
    for name in ("Bea", "Cleo", "Dora", "Elsa"):
        office.register(
            person__family_name="Kowal",
            person__given_names=name,
            person__nhs_number="",
            person__born={**born, "year": "1962"},
        )
    asked = office.register(person__family_name="Kowal", person__given_names="Faye", person__born=born)
    answers = case_page(office.caseworker, asked.case_id).case.answers
    with office.entry.store.read() as tx:
        found = lists.sharing_identifiers(tx, asked.case_id, identifiers(answers), 2)
        every = lists.sharing_identifiers(tx, asked.case_id, identifiers(answers), 100)
    assert [one.case_id for one in found] == [year.case_id, number.case_id]
    assert [one.case_id for one in every] == sorted((one.case_id for one in every), reverse=True)
    assert len(every) == 6
    assert {one.row.id for one in case_page(office.caseworker, asked.case_id).earlier} == {year.case_id, number.case_id}
