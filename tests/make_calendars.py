"""Makes resources/calendars from the `holidays` library, in the shape of GOV.UK's bank-holidays.json.

Run it once a year, when GOV.UK has published another year: python tests/make_calendars.py --to 2029
The shipped file is compared with the library again by tests/unit/test_calendars.py.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import holidays

FOLDER = Path(__file__).parent.parent / "resources" / "calendars"
FIRST_YEAR = 2005
DIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
NOT_LAW = {
    # The St Andrew's Day Bank Holiday (Scotland) Act 2007 came after this day; the library begins a year early.
    ("scotland", date(2006, 11, 30)),
}
ONE_OFF = {
    date(2011, 4, 29): "Royal wedding",
    date(2012, 6, 5): "Queen’s Diamond Jubilee",
    date(2020, 5, 8): "Early May bank holiday (VE day)",
    date(2022, 6, 3): "Platinum Jubilee bank holiday",
    date(2022, 9, 19): "Bank Holiday for the State Funeral of Queen Elizabeth II",
    date(2023, 5, 8): "Bank holiday for the coronation of King Charles III",
    date(2026, 6, 15): "World Cup bank holiday",
}
TITLES = {
    "New Year's Day": "New Year’s Day",
    "New Year Holiday": "2nd January",
    "Good Friday": "Good Friday",
    "Easter Monday": "Easter Monday",
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Saint Patrick's Day": "St Patrick’s Day",
    "Battle of the Boyne": "Battle of the Boyne (Orangemen’s Day)",
    "Saint Andrew's Day": "St Andrew’s Day",
    "Christmas Day": "Christmas Day",
    "Boxing Day": "Boxing Day",
}
NO_BUNTING = {"Good Friday", "Bank Holiday for the State Funeral of Queen Elizabeth II"}
OBSERVED = " (observed)"


def events(division: str, last_year: int) -> list[dict[str, str | bool]]:
    """The division's bank holidays as GOV.UK lists them: the day taken, not the weekend day that it stands for."""
    found: list[dict[str, str | bool]] = []
    days = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=range(FIRST_YEAR, last_year + 1))
    for on, names in sorted(days.items()):
        if on.weekday() >= 5 or (division, on) in NOT_LAW:
            continue
        # Where a substitute falls on a day that is a holiday anyway, GOV.UK names the substitute.
        name = next((one for one in re.split("; ", names) if one.endswith(OBSERVED)), names)
        title = ONE_OFF.get(on) or TITLES[name.removesuffix(OBSERVED)]
        found.append(
            {
                "title": title,
                "date": on.isoformat(),
                "notes": "Substitute day" if name.endswith(OBSERVED) else "",
                "bunting": title not in NO_BUNTING,
            }
        )
    return found


def main() -> None:
    """Writes both files."""
    parser = argparse.ArgumentParser(description="Makes the files of bank holidays.")
    parser.add_argument("--to", type=int, default=2028, help="the last year to write")
    last_year: int = parser.parse_args().to
    data = {key: {"division": key, "events": events(key, last_year)} for key in DIVISIONS}
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / "bank-holidays.json").write_text(text, "utf-8")
    library = f"the `holidays` library {version('holidays')}"
    today = datetime.now(UTC).date().isoformat()
    about = f"""# What bank-holidays.json holds, and from when to when. Past `last`, due dates are provisional.
source = "Made by tests/make_calendars.py from {library}, in the shape of https://www.gov.uk/bank-holidays.json"
taken_on = {today}
first = {FIRST_YEAR}-01-01
last = {last_year}-12-31
"""
    (FOLDER / "calendars.toml").write_text(about, "utf-8")


if __name__ == "__main__":
    main()
