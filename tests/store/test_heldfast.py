"""What stays as it is in a case while a hold stands: numbers, what was said of two cases, and files."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.casefile import put_identifiers
from db.errors import RuleKept
from db.journal import append
from db.records import Heading, State
from db.store import Tx
from db.times import moment_text
from desktop.casework import attachments, holds
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.holds import DecideRelease, ProposeRelease
from tests.fixtures import Office, on
from tests.store.disposing import closed, faults, statement
from tests.store.holding import over, place, reference, same_person

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
_SAID = (
    "UPDATE link SET other_id = :to, same_person = :same, linked_by = :by, linked_at = :at"
    " WHERE case_id = :one AND other_id = :other"
)


def release(office: Office, number: int) -> None:
    first, second = office.officers
    holds.propose_release(first, ProposeRelease(hold_id=number, because="The inquiry ended."))
    holds.decide_release(second, DecideRelease(hold_id=number, release=True, because="It did."))


@pytest.mark.parametrize("sent_back", [False, True])
def test_a_number_that_a_hold_by_person_rests_on_stays(office: Office, *, sent_back: bool) -> None:
    """Neither in the case that the hold names, nor in one that it reaches by the number."""
    done = closed(office)
    beside = office.register()
    named = office.in_state(State.SENT_BACK) if sent_back else office.register()
    number = place(office.officers[0], person_of=reference(office, named))
    for one in (named, beside):
        for value in ("", "943 476 5870"):
            with pytest.raises(Invalid) as caught:
                office.save(one, person__nhs_number=value)
            (problem,) = caught.value.problems
            assert problem.field == "person.nhs_number"
            assert "stays until it is released" in problem.message
        sql = "DELETE FROM identifier WHERE case_id = :id AND kind = 'nhs_number'"
        statement(office, sql, id=one.case_id)
    assert over(office, done) == over(office, beside) == over(office, named) == [number]
    release(office, number)
    office.save(named, person__nhs_number="")
    assert faults(office) == []


def test_what_no_hold_rests_on_can_be_changed_and_numbers_added(office: Office) -> None:
    named, other = office.register(), office.register(person=1)
    place(office.officers[0], person_of=reference(office, named))
    named = office.save(named, person__family_name="Kowalczyk-Bell", person__passport="123456789")
    office.save(other, person__nhs_number="")
    with pytest.raises(Invalid):
        office.save(named, person__passport="")


def test_identifiers_that_stay_keep_their_rows(office: Office) -> None:
    """So the database can tell a number that goes from one that is written again."""
    done = office.register()
    with office.entry.store.write() as tx:
        before = _identifiers(tx, done)
        put_identifiers(tx, done.case_id, [*before.values(), ("passport", "X1"), ("name", "")])
        after = _identifiers(tx, done)
    assert {number: after[number] for number in before} == before
    assert [pair for number, pair in after.items() if number not in before] == [("passport", "X1")]
    statement(office, "INSERT INTO identifier VALUES (:n, :id, 'x', 'y')", n=min(before), id=done.case_id)


def test_what_was_said_of_two_cases_under_a_hold_is_not_said_of_another_pair(office: Office) -> None:
    one, other, third = (office.register(person=number) for number in (1, 2, 3))
    same_person(office, one, other, same=True)
    number = place(office.officers[0], person_of=reference(office, one))
    with pytest.raises(Refused, match="It stays until the hold is released"):
        same_person(office, one, other, same=False)
    for to, same, said in ((third, True, "stays with them"), (other, False, "is released first")):
        values = {"one": one.case_id, "other": other.case_id, "to": to.case_id, "same": same}
        with pytest.raises(RuleKept, match=said), office.entry.store.write() as tx:
            _say(office, tx, values)
    assert over(office, other) == [number]
    release(office, number)
    same_person(office, one, other, same=False)


def test_a_file_of_a_held_case_stays(office: Office) -> None:
    done = office.register()
    command = attachments.AddAttachment(**on(done), name="x.pdf", content=PDF)
    done = attachments.add_attachment(office.caseworker, command)
    number = place(office.officers[0], case=reference(office, done))
    (file,) = case_page(office.caseworker, done.case_id).attachments
    removing = attachments.RemoveAttachment(**on(done), attachment_id=file.id)
    with pytest.raises(Refused, match="its files stay until it is released"):
        attachments.remove_attachment(office.caseworker, removing)
    sql = "UPDATE attachment SET name = '', sha256 = '', content = NULL, removed_by = :by, removed_at = :at"
    values = {"by": office.caseworker.user.id, "at": moment_text(office.entry.clock())}
    statement(office, sql, **values)
    release(office, number)
    attachments.remove_attachment(office.caseworker, attachments.RemoveAttachment(**on(done), attachment_id=file.id))


def _identifiers(tx: Tx, done: Done) -> dict[int, tuple[str, str]]:
    rows = tx.execute(text("SELECT id, kind, value FROM identifier WHERE case_id = :id"), {"id": done.case_id})
    return {row.id: (row.kind, row.value) for row in rows}


def _say(office: Office, tx: Tx, values: dict[str, int]) -> None:
    """Says something else of two cases by SQL, with the journal's entry that goes with it."""
    by, at = office.caseworker.user.id, office.entry.clock()
    action = "same_person" if values["same"] else "someone_else"
    append(tx, at=at, actor_id=by, action=action, heading=Heading.COMBINATION, case_id=values["one"], data={})
    tx.execute(text(_SAID), {**values, "by": by, "at": moment_text(at)})
