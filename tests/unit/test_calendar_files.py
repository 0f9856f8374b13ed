"""Files of bank holidays: what is wrong with one is said with its place, and a good one never loses older years."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desktop.policy.calendarfiles import MOST_BYTES, NATIONS, CalendarError
from desktop.policy.calendars import join, load_calendars

SHIPPED = load_calendars()


def event(on: str, title: str = "A holiday", **more: Any) -> dict[str, Any]:
    return {"title": title, "date": on, "notes": "", "bunting": True} | more


def file(*events: Any, **divisions: Any) -> str:
    whole = {key: {"division": key, "events": list(events)} for key in NATIONS}
    return json.dumps(whole | {key.replace("_", "-"): value for key, value in divisions.items()})


GOOD = file(event("2029-01-01"))


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"\xff\xfe{}", "byte 1", "not text in UTF-8"),
        (GOOD[: len(GOOD) // 2], "line 1, column", "breaks off"),
        ("", "line 1, column 1", "not JSON"),
        ("[" * 100_000, "", "nested too deeply"),
        ('{"n": ' + "9" * 5_000 + "}", "", "digits"),
        (" " * (MOST_BYTES + 1), "", "longer than 1,000,000"),
        ("[]", "", "no nations"),
        (file(event("2029-01-01"), scotland=None), "Scotland", "no list"),
        (file(event("2029-01-01"), scotland={"events": {}}), "Scotland", "no list"),
        (file(event("2029-01-01"), northern_ireland={"events": []}), "Northern Ireland", "no bank holiday"),
        (file(7), "England and Wales, bank holiday 1", "no title and date"),
        (file(event("2029-01-01"), event("2029-02-30")), "bank holiday 2", "such as 2028-12-25"),
        (file(event("2029-W01-1")), "bank holiday 1", "such as 2028-12-25"),
        (file(event("9999-12-31")), "bank holiday 1", "not between 1990 and 2100"),
        (file(event("0001-01-01")), "bank holiday 1", "not between 1990 and 2100"),
        (file({"title": "x", "date": 20290101}), "bank holiday 1", "such as 2028-12-25"),
        (file(event("2029-01-01"), event("2029-01-01")), "bank holiday 2", "twice"),
        (file(event("2029-01-01", "")), "bank holiday 1", "title"),
        (file(event("2029-01-01", "one\ntwo")), "bank holiday 1", "title"),
        (file(event("2029-01-01", notes=["x"])), "bank holiday 1", "notes"),
        ('{"scotland": {}, "scotland": {}}', "", "twice"),
    ],
)
def test_what_is_wrong_is_said_with_file_place_and_reason(content: str | bytes, place: str, reason: str) -> None:
    with pytest.raises(CalendarError) as found:
        join(SHIPPED, content, "bank-holidays.json")
    assert str(found.value).startswith("bank-holidays.json is not a file of bank holidays")
    assert place in found.value.place
    assert reason in found.value.reason
    assert str(found.value).endswith(".")


def test_a_newer_year_is_joined_and_no_older_one_is_lost() -> None:
    found = join(SHIPPED, GOOD.encode(), "new.json")
    assert (found.years, found.warnings) == ((2029, 2029), ())
    joined = found.calendars
    assert (joined.first, joined.last) == (date(2005, 1, 1), date(2029, 12, 31))
    assert not joined["scotland"].is_working(date(2029, 1, 1))
    for key in NATIONS:
        old = {on: holidays for on, holidays in joined[key].holidays.items() if on <= SHIPPED.last}
        assert old == SHIPPED[key].holidays


def test_the_shipped_file_joined_with_itself_changes_nothing() -> None:
    found = join(SHIPPED, SHIPPED.text, "same.json")
    assert found.warnings == ()
    assert dict(found.calendars) == dict(SHIPPED)
    assert join(found.calendars, SHIPPED.text, "same.json").calendars.text == found.calendars.text


def test_a_file_that_ends_earlier_or_has_fewer_holidays_is_told_of() -> None:
    found = join(SHIPPED, file(event("2026-12-25")), "old.json")
    assert found.calendars.last == SHIPPED.last
    assert found.warnings[0] == "Bank holidays of England and Wales in 2026: 1 in the file, 8 now."
    assert found.warnings[-1] == "The file ends with 2026. The years after it, to 2028, stay as they are."
    assert found.calendars["scotland"].is_working(date(2026, 1, 1))
    assert not found.calendars["scotland"].is_working(date(2027, 1, 1))


@pytest.mark.parametrize("events", [("2031-01-01",), ("2027-01-01", "2029-01-01")])
def test_years_between_that_nobody_knows_are_refused(events: tuple[str, ...]) -> None:
    with pytest.raises(CalendarError, match=r"gap|no bank holiday in 2028"):
        join(SHIPPED, file(*(event(on) for on in events)), "new.json")
