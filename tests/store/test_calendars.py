"""Bank holidays that an administrator replaces: seen first, counted again in one transaction, kept for good."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.records import Role, State
from desktop.casework import accounts
from desktop.casework.calendars import CalendarPreview, ReplaceCalendar, in_force, preview_calendar, replace_calendar
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Conflict, Desk, Done, Invalid, Refused
from desktop.casework.register import register_rows
from desktop.casework.sample import sample_password
from desktop.casework.verifying import verify_store
from desktop.policy.calendars import NATIONS, CalendarError, load_calendars
from tests.fixtures import Office, make_entry, signed_in
from tests.journeys.walking import registered
from tests.store.test_extending import DUE, extended


def admin(office: Office) -> Desk:
    return office.desks[Role.ADMINISTRATOR]


def file(extra: str = "2026-06-17", year: int = 2026) -> bytes:
    """The shipped holidays of a year, with one more in the whole United Kingdom."""
    data = json.loads(load_calendars().text)
    whole = {}
    for key in NATIONS:
        events = [one for one in data[key]["events"] if one["date"].startswith(str(year))]
        events.append({"title": "Day of mourning", "date": extra, "notes": "", "bunting": False})
        whole[key] = {"division": key, "events": events}
    return json.dumps(whole).encode()


def command(content: bytes | None = None, source: str = "www.gov.uk/bank-holidays.json, 10 June") -> ReplaceCalendar:
    return ReplaceCalendar(name="bank-holidays.json", content=file() if content is None else content, source=source)


def foi(office: Office) -> Done:
    return registered(office, office.entry.agreements.get("foi"))


def heads(found: CalendarPreview) -> list[str]:
    return [one.what.head for one in found.moved]


def due_on(desk: Desk, done: Done) -> date | None:
    return register_rows(desk, [done.case_id])[0].due_on


def test_the_preview_lists_what_moves_and_changes_nothing(office: Office) -> None:
    done = foi(office)
    before = case_page(office.caseworker, done.case_id)
    found = preview_calendar(admin(office), command())
    assert heads(found) == ["Due Tuesday 30 June 2026 → Wednesday 1 July 2026"]
    assert "Day of mourning" in " ".join(found.moved[0].what.why)
    assert case_page(office.caseworker, done.case_id) == before
    assert in_force(admin(office)) is None


def test_a_new_holiday_moves_due_dates_everywhere_in_one_step(office: Office) -> None:
    done = foi(office)
    version = case_page(office.caseworker, done.case_id).case.row.version
    found = replace_calendar(admin(office), command())
    assert heads(found) == ["Due Tuesday 30 June 2026 → Wednesday 1 July 2026"]
    page = case_page(office.caseworker, done.case_id)
    assert page.due is not None
    assert (page.due.due_on, page.case.row.due_on, due_on(office.caseworker, done)) == (date(2026, 7, 1),) * 3
    assert page.case.row.version == version + 1
    assert history(office.caseworker, done.case_id)[0].what.startswith("counted its due date again")
    kept = in_force(admin(office))
    assert kept is not None
    assert (kept.first_known, kept.last_known) == (date(2005, 1, 1), date(2028, 12, 31))
    assert kept.hash == hashlib.sha256(kept.text.encode()).hexdigest()
    assert (kept.source, kept.replaced_by) == (command().source, admin(office).user.name)
    assert not [fault for name, faults in verify_store(office.entry).checks for fault in faults if name != "Files"]


def test_a_window_that_was_open_is_told_that_the_case_changed(office: Office) -> None:
    done = foi(office)
    replace_calendar(admin(office), command())
    with pytest.raises(Conflict):
        extended(office.caseworker, done)


def test_whoever_signs_in_later_has_the_stores_calendar(office: Office) -> None:
    replace_calendar(admin(office), command())
    entry = make_entry(office.entry.store)
    accounts.sign_in(entry, office.caseworker.user.username, sample_password())
    theirs = signed_in(entry)
    assert not theirs.caseworker.calendars["uk-any-part"].is_working(date(2026, 6, 17))
    assert foi(theirs).due_on == date(2026, 7, 1)


def test_a_desk_that_is_open_elsewhere_takes_it_with_its_next_step(office: Office) -> None:
    theirs = signed_in(make_entry(office.entry.store))
    replace_calendar(admin(office), command())
    assert foi(theirs).due_on == date(2026, 7, 1)


def test_an_answered_case_keeps_its_date(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    before = case_page(office.caseworker, done.case_id).case
    found = replace_calendar(admin(office), command())
    assert found.moved == ()
    assert case_page(office.caseworker, done.case_id).case == before


def test_a_case_that_waits_and_one_that_was_submitted_move_too(office: Office) -> None:
    submitted = office.in_state(State.SUBMITTED)
    returned = office.in_state(State.RETURNED)
    found = replace_calendar(admin(office), command())
    assert {one.row.id for one in found.moved} == {submitted.case_id, returned.case_id}
    for one in found.moved:
        page = case_page(office.caseworker, one.row.id)
        assert page.due == one.what.after
        assert page.due is not None
        assert page.case.row.due_on == page.due.due_on


def test_what_is_wrong_changes_nothing(office: Office) -> None:
    done = foi(office)
    desk = admin(office)
    with pytest.raises(CalendarError, match=r"^bank-holidays\.json is not a file of bank holidays"):
        replace_calendar(desk, command(b"{"))
    with pytest.raises(Invalid, match="where you have the file from"):
        replace_calendar(desk, command(source=" "))
    with pytest.raises(Refused, match="in force already"):
        replace_calendar(desk, command(load_calendars().text.encode()))
    for role in set(office.desks) - {Role.ADMINISTRATOR}:
        with pytest.raises(Refused, match="role"):
            replace_calendar(office.desks[role], command())
        with pytest.raises(Refused, match="role"):
            preview_calendar(office.desks[role], command())
    assert in_force(desk) is None
    assert due_on(office.caseworker, done) == DUE


def test_a_second_file_is_joined_with_the_first(office: Office) -> None:
    desk = admin(office)
    replace_calendar(desk, command())
    replace_calendar(desk, command(file("2027-06-17", 2027)))
    assert [desk.calendars["scotland"].is_working(date(year, 6, 17)) for year in (2026, 2027)] == [False, False]
    kept = in_force(desk)
    assert kept is not None
    assert kept.id == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calendar SET source = 'elsewhere'",
        "DELETE FROM calendar",
        "INSERT OR REPLACE INTO calendar SELECT * FROM calendar",
        "INSERT INTO calendar SELECT 7, text, hash, source, first_known, last_known, :who, replaced_at FROM calendar",
    ],
)
def test_the_database_keeps_what_was_in_force(office: Office, statement: str) -> None:
    replace_calendar(admin(office), command())
    values = {"who": office.caseworker.user.id} if ":who" in statement else {}
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text(statement), values)
