"""The dates of open cases as a calendar file: what it says, what it never says, and what it leaves behind."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from db import journal, lists
from db.records import Heading, Role, State
from db.records_log import JournalEntry
from desktop.casework import returning
from desktop.casework.calendarfile import save_calendar
from desktop.casework.casepage import case_page
from desktop.casework.desk import Desk, Done, Refused
from desktop.casework.work import OPEN_STATES
from tests.fixtures import Office, on
from tests.store.test_waiting import later

ESCALATION, DRAFT, FINAL = date(2026, 6, 4), date(2026, 6, 16), date(2026, 6, 30)


def read(path: Path) -> Calendar:
    found = Calendar.from_ical(path.read_bytes())
    assert isinstance(found, Calendar)
    return found


def events(path: Path) -> dict[str, Any]:
    """The events by their summary; no two have the same UID."""
    found = list(read(path).walk("VEVENT"))
    assert len({str(one["uid"]) for one in found}) == len(found)
    return {str(one["summary"]): one for one in found}


def saved(desk: Desk, folder: Path, name: str = "dates.ics") -> dict[str, Any]:
    save_calendar(desk, folder / name)
    return events(folder / name)


def entries(office: Office) -> list[JournalEntry]:
    with office.entry.store.read() as tx:
        return [one for one in journal.entries(tx, limit=10_000) if one.action == "save_calendar"]


def reference(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def test_a_draft_has_a_whole_day_for_each_point_to_come_and_its_due_date(office: Office, tmp_path: Path) -> None:
    name = reference(office, office.register())
    found = saved(later(office.caseworker, date(2026, 6, 2)), tmp_path)
    assert {said: one["dtstart"].dt for said, one in found.items()} == {
        f"{name}: escalation point": ESCALATION,
        f"{name}: draft point": DRAFT,
        f"{name}: due": FINAL,
    }
    for one in found.values():
        assert one["dtend"].dt - one["dtstart"].dt == timedelta(days=1)
        assert one["dtstart"].params["VALUE"] == "DATE"
        assert (str(one["transp"]), str(one["class"])) == ("TRANSPARENT", "PRIVATE")
        assert one["dtstamp"].dt.tzinfo is not None


def test_points_that_are_over_are_left_out_and_a_late_due_date_stays(office: Office, tmp_path: Path) -> None:
    name = reference(office, office.register())
    on_its_day = saved(later(office.caseworker, DRAFT), tmp_path, "draft.ics")
    assert set(on_its_day) == {f"{name}: draft point", f"{name}: due"}
    late = saved(later(office.caseworker, date(2026, 7, 3)), tmp_path, "late.ics")
    assert set(late) == {f"{name}: due"}
    assert not list(read(tmp_path / "late.ics").walk("VALARM"))


def test_what_is_submitted_has_its_due_date_alone(office: Office, tmp_path: Path) -> None:
    name = reference(office, office.in_state(State.SUBMITTED))
    assert set(saved(office.caseworker, tmp_path)) == {f"{name}: due"}


def test_closed_cases_and_those_of_others_are_not_in_it(office: Office, tmp_path: Path) -> None:
    office.in_state(State.WITHDRAWN)
    office.in_state(State.ISSUED)
    name = reference(office, office.in_state(State.REFUSED))
    assert set(saved(office.caseworker, tmp_path)) == {f"{name}: due"}
    with pytest.raises(Refused, match="You have no open cases"):
        save_calendar(office.reviewer, tmp_path / "theirs.ics")


def test_an_alarm_rings_at_nine_on_the_working_day_before(office: Office, tmp_path: Path) -> None:
    # Due on Tuesday 16 June: Monday is a bank holiday in Scotland, so the working day before is Friday 12 June.
    office.submit(office.register(received=date(2026, 5, 15)))
    ((said, one),) = saved(office.caseworker, tmp_path).items()
    (alarm,) = one.walk("VALARM")
    assert one["dtstart"].dt == date(2026, 6, 16)
    assert alarm["trigger"].dt == timedelta(days=-4, hours=9)
    assert (str(alarm["action"]), str(alarm["description"])) == ("DISPLAY", said)


def test_importing_it_again_replaces_and_does_not_double(office: Office, tmp_path: Path) -> None:
    done = office.register()
    before = saved(office.caseworker, tmp_path, "one.ics")
    done = office.save(done, received__on={"day": "2", "month": "6", "year": "2026"})
    after = saved(office.caseworker, tmp_path, "two.ics")
    assert set(after) == set(before)
    for said, one in after.items():
        assert one["uid"] == before[said]["uid"]
        assert one["dtstart"].dt > before[said]["dtstart"].dt
        assert one["sequence"] > before[said]["sequence"]


def test_two_stores_with_the_same_references_have_other_uids(
    office: Office, sample_office: Office, tmp_path: Path
) -> None:
    """A practice store’s dates would otherwise take the place of the real ones in somebody’s calendar."""
    office.register()
    tails = []
    for name, one in (("real.ics", office), ("sample.ics", sample_office)):
        uids = [str(found["uid"]) for found in saved(one.caseworker, tmp_path, name).values()]
        tails.append({uid.partition("@")[0].rpartition("-")[2] for uid in uids})
    assert [len(found) for found in tails] == [1, 1]
    assert tails[0] != tails[1]


def test_provisional_dates_say_so(office: Office, tmp_path: Path) -> None:
    returned = reference(office, office.in_state(State.RETURNED))
    assert set(saved(office.caseworker, tmp_path, "paused.ics")) == {f"{returned}: due (provisional)"}
    received = date(2028, 12, 18)
    far = later(office.caseworker, received)
    office.desks[Role.CASEWORKER] = far
    name = reference(office, office.register(received=received))
    assert set(saved(far, tmp_path, "far.ics")) == {
        f"{returned}: due (provisional)",
        f"{name}: escalation point",
        f"{name}: draft point (provisional)",
        f"{name}: due (provisional)",
    }


def test_no_name_of_any_case_is_in_it(sample_office: Office, tmp_path: Path) -> None:
    desk = sample_office.caseworker
    made = save_calendar(desk, tmp_path / "dates.ics")
    content = (tmp_path / "dates.ics").read_bytes()
    # As it reads once its lines are joined again.
    text = content.decode("utf-8").replace("\r\n ", "").casefold()
    with desk.store.read() as tx:
        rows = lists.open_cases_of(tx, desk.user.id, OPEN_STATES, 1000)
    words = {desk.user.name, desk.user.username}
    for row in rows:
        words |= {row.family_name, row.given_names, row.born, row.requester, row.requester_reference, row.caseworker}
        words |= {row.agreement_id, row.changed_by}
    assert [one for one in words if one and one.casefold() in text] == []
    assert made.cases == len([row for row in rows if row.due_on])
    assert made.dates == len(events(tmp_path / "dates.ics"))


def test_its_lines_end_and_fold_as_they_must(sample_office: Office, tmp_path: Path) -> None:
    save_calendar(sample_office.caseworker, tmp_path / "dates.ics")
    content = (tmp_path / "dates.ics").read_bytes()
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    made = read(tmp_path / "dates.ics")
    assert str(made["prodid"]).startswith("-//Tracing Desk//")
    assert (str(made["version"]), str(made["x-wr-calname"])) == ("2.0", "Tracing Desk")


def test_the_copy_is_journalled_without_a_name_and_private(office: Office, tmp_path: Path) -> None:
    office.register()
    made = save_calendar(office.caseworker, tmp_path / "dates.ics")
    path = tmp_path / "dates.ics"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    (entry,) = entries(office)
    assert (entry.heading, entry.case_id, entry.actor) == (Heading.DISCLOSURE, None, office.caseworker.user.name)
    assert dict(entry.data) == {"cases": 1, "dates": made.dates, "sha256": made.sha256}


def nothing_open(office: Office) -> Done:
    return office.in_state(State.WITHDRAWN)


def no_date(office: Office) -> Done:
    return office.save(office.register(), received__on={"day": "", "month": "6", "year": "2026"})


@pytest.mark.parametrize(
    ("made", "words"), [(nothing_open, "You have no open cases"), (no_date, "None of your open cases has a due date")]
)
def test_without_a_date_it_says_so_and_touches_nothing(
    office: Office, tmp_path: Path, made: Callable[[Office], Done], words: str
) -> None:
    made(office)
    there = tmp_path / "dates.ics"
    there.write_text("Mine", "utf-8")
    with pytest.raises(Refused, match=words):
        save_calendar(office.caseworker, there, replace=True)
    assert there.read_text("utf-8") == "Mine"
    with pytest.raises(Refused, match=words):
        save_calendar(office.caseworker, tmp_path / "new.ics")
    assert not (tmp_path / "new.ics").exists()
    assert entries(office) == []


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(office: Office, tmp_path: Path) -> None:
    office.register()
    there = tmp_path / "dates.ics"
    there.write_text("Mine", "utf-8")
    with pytest.raises(FileExistsError):
        save_calendar(office.caseworker, there)
    assert there.read_text("utf-8") == "Mine"
    assert entries(office) == []
    there.chmod(0o644)
    save_calendar(office.caseworker, there, replace=True)
    assert len(events(there)) == 2
    assert stat.S_IMODE(there.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    office.register()
    nowhere = tmp_path / "nowhere"
    with pytest.raises(OSError, match="nowhere"):
        save_calendar(office.caseworker, nowhere / "dates.ics")
    if os.geteuid() != 0:
        nowhere.mkdir(mode=0o500)
        with pytest.raises(PermissionError):
            save_calendar(office.caseworker, nowhere / "dates.ics")
    assert entries(office) == []


def test_a_copy_that_cannot_be_journalled_is_not_made(office: Office, tmp_path: Path) -> None:
    office.register()
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(Refused):
        save_calendar(office.caseworker, tmp_path / "dates.ics")
    assert list(tmp_path.glob("*.ics")) == []


def test_a_case_taken_up_again_has_its_moved_dates(office: Office, tmp_path: Path) -> None:
    done = office.in_state(State.RETURNED)
    desk = later(office.caseworker, date(2026, 6, 17))
    done = returning.resume(desk, returning.Dated(**on(done), on=date(2026, 6, 17)))
    name = reference(office, done)
    found = saved(desk, tmp_path)
    assert found[f"{name}: draft point"]["dtstart"].dt == date(2026, 6, 22)
    assert found[f"{name}: due"]["dtstart"].dt == done.due_on
