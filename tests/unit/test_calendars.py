"""The shipped bank holidays: the traps of each nation, and all of them against an independent library."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from desktop.policy.calendars import NATIONS, Calendar, CalendarError, Holiday, load_calendars
from resources import resource
from tests.make_calendars import DIVISIONS, NOT_LAW

CALENDARS = load_calendars()
ANY_PART = CALENDARS["uk-any-part"]
ONE_DAY = timedelta(days=1)


def days_of(calendar: Calendar) -> list[date]:
    """Every day that the calendar knows."""
    return [calendar.first + n * ONE_DAY for n in range((calendar.last - calendar.first).days + 1)]


@pytest.mark.parametrize("division", DIVISIONS)
def test_the_shipped_file_agrees_with_the_library_on_every_day(division: str) -> None:
    calendar = CALENDARS[division]
    known = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=range(2005, calendar.last.year + 1))
    expected = {on for on in known if on.weekday() < 5 and (division, on) not in NOT_LAW}
    assert {on for on in days_of(calendar) if on.weekday() < 5 and not calendar.is_working(on)} == expected


def test_any_part_of_the_united_kingdom_is_the_union() -> None:
    nations = [CALENDARS[key] for key in NATIONS]
    for on in days_of(ANY_PART):
        assert ANY_PART.is_working(on) == all(nation.is_working(on) for nation in nations)


@pytest.mark.parametrize(
    ("on", "nations"),
    [
        ("2017-01-03", ("Scotland",)),
        ("2023-01-03", ("Scotland",)),
        ("2022-01-04", ("Scotland",)),
        ("2017-04-14", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2017-04-17", ("England and Wales", "Northern Ireland")),
        ("2014-03-17", ("Northern Ireland",)),
        ("2018-03-19", ("Northern Ireland",)),
        ("2022-07-12", ("Northern Ireland",)),
        ("2014-07-14", ("Northern Ireland",)),
        ("2014-08-04", ("Scotland",)),
        ("2017-08-28", ("England and Wales", "Northern Ireland")),
        ("2023-11-30", ("Scotland",)),
        ("2025-12-01", ("Scotland",)),
        ("2007-11-30", ("Scotland",)),
        ("2006-11-30", ()),
        ("2011-04-29", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2012-06-04", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2012-06-05", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2012-05-28", ()),
        ("2020-05-08", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2020-05-04", ()),
        ("2022-06-02", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2022-06-03", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2022-05-30", ()),
        ("2022-09-19", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2023-05-08", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2021-12-27", ("England and Wales", "Scotland", "Northern Ireland")),
        ("2021-12-28", ("England and Wales", "Scotland", "Northern Ireland")),
    ],
)
def test_each_nation_has_its_own_days(on: str, nations: tuple[str, ...]) -> None:
    found = ANY_PART.holidays.get(date.fromisoformat(on), ())
    assert tuple(nation for one in found for nation in one.nations) == nations
    for key, name in NATIONS.items():
        assert CALENDARS[key].is_working(date.fromisoformat(on)) == (name not in nations)


def test_a_holiday_says_where_it_is_one() -> None:
    assert ANY_PART.holidays[date(2017, 4, 14)][0].words == "Good Friday (whole UK)"
    assert ANY_PART.holidays[date(2017, 4, 17)][0].words == "Easter Monday (England and Wales, Northern Ireland)"
    assert ANY_PART.holidays[date(2023, 1, 2)] == (
        Holiday("New Year’s Day", ("England and Wales", "Scotland", "Northern Ireland")),
    )


def test_reasons() -> None:
    assert ANY_PART.reason(date(2017, 5, 27)) == "Saturday"
    assert ANY_PART.reason(date(2017, 5, 28)) == "Sunday"
    assert ANY_PART.reason(date(2017, 5, 29)) == "Spring bank holiday"
    assert ANY_PART.reason(date(2017, 5, 30)) == ""


def test_the_calendar_without_holidays_has_weekends_and_no_end() -> None:
    none = CALENDARS["none"]
    assert none.is_working(date(2017, 12, 25))
    assert not none.is_working(date(2017, 12, 24))
    assert none.covers(date.min, date.max)


def test_what_the_files_say_about_themselves_is_true() -> None:
    about = tomllib.loads(resource("calendars", "calendars.toml").read_text("utf-8"))
    assert set(about) == {"source", "taken_on", "first", "last"}
    assert (about["first"], about["last"]) == (ANY_PART.first, ANY_PART.last) == (date(2005, 1, 1), date(2028, 12, 31))
    data = json.loads(resource("calendars", "bank-holidays.json").read_text("utf-8"))
    assert set(data) == set(NATIONS)
    for division in data.values():
        dates = [date.fromisoformat(event["date"]) for event in division["events"]]
        assert dates == sorted(dates)
        assert {on.year for on in dates} == set(range(2005, 2029))
        assert all(set(event) == {"title", "date", "notes", "bunting"} for event in division["events"])
    assert data["scotland"]["events"][-2] == {
        "title": "Christmas Day",
        "date": "2028-12-25",
        "notes": "",
        "bunting": True,
    }


def test_a_newer_file_of_the_same_shape_can_be_loaded() -> None:
    event = {"title": "Summer bank holiday", "date": "2031-08-04", "notes": "", "bunting": True}
    text = json.dumps({key: {"division": key, "events": [event]} for key in NATIONS})
    loaded = load_calendars(text)
    assert not loaded["scotland"].is_working(date(2031, 8, 4))
    assert loaded["uk-any-part"].covers(date(2031, 1, 1), date(2031, 12, 31))
    assert not loaded["uk-any-part"].covers(date(2032, 1, 1))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"scotland": 1}', json.dumps({key: {"events": []} for key in NATIONS})]
    + [json.dumps({key: {"events": [event]} for key in NATIONS}) for event in ({"title": "x"}, {"date": "soon"}, 7)],
)
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="bank holidays"):
        load_calendars(text)


@pytest.mark.parametrize("weekend", [frozenset({5, 6}), frozenset[int](), frozenset({4, 5})])
def test_counting_by_weeks_is_counting_by_days(weekend: frozenset[int]) -> None:
    calendar = Calendar("test", ANY_PART.holidays, ANY_PART.first, ANY_PART.last, weekend)
    start = date(2021, 12, 20)
    for days in range(200):
        end = start + days * ONE_DAY
        expected = sum(calendar.is_working(start + n * ONE_DAY) for n in range(1, days + 1))
        assert calendar.working_days_between(start, end) == expected
        assert calendar.working_days_between(end, start) == -expected
        assert calendar.works(end.toordinal()) == calendar.is_working(end)


def test_the_shipped_years_reach_far_enough() -> None:
    """Fails half a year before the last shipped year begins to run out: then make another year."""
    made = Path(str(resource("calendars", "bank-holidays.json")))
    assert made.is_file()
    assert date.today() + timedelta(days=180) < ANY_PART.last  # noqa: DTZ011 - the day of the test run is meant
