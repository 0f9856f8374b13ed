"""Pauses that others refuse to enter, from the file of published deadlines: refused here too, beside the date.

A date that is left blank (O091, O095) is refused by the dialog: see tests/ui/test_case_clock.py.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import open_store
from desktop.casework import returning
from desktop.casework.desk import Done, Invalid
from tests.fixtures import KEY, Made, Office, make_entry, on, staffed
from tests.unit.test_clock_cases import CASES

TODAY = date(2025, 12, 1)
DATED = [case for case in CASES if case["kind"] == "pause_validation" and case["params"]["date"] is not None]
OURS = {
    "error: cannot be in the future": "in the future",
    "error: cannot stop prior to last unpause": "before the clock could stop or start",
    "error: cannot be before case was received": "before the clock could stop or start",
}


def day_of(case: dict[str, Any]) -> date:
    text = str(case["params"]["date"])
    return TODAY + timedelta(days=1) if text == "TODAY+1" else date.fromisoformat(text)


@pytest.mark.parametrize("case", DATED, ids=lambda case: str(case["id"]))
def test_a_pause_that_others_refuse_is_refused(new_store: Made, tmp_path: Path, case: dict[str, Any]) -> None:
    store = open_store(new_store.copy_to(tmp_path / "desk"), KEY)
    office = staffed(make_entry(store, datetime(2025, 12, 1, 9, 30, tzinfo=UTC)))
    done = office.register(received=date.fromisoformat(case["received"]))
    if "last restart 2025-11-15" in case["note"]:
        done = resumed(office, returned(office, done, date(2025, 11, 10)), date(2025, 11, 15))
    act = returned
    if case["params"]["action"] == "restart":
        done, act = returned(office, done, date.fromisoformat(case["received"])), resumed
    with pytest.raises(Invalid, match=OURS[case["expected"]]) as refused:
        act(office, done, day_of(case))
    assert [one.field for one in refused.value.problems] == ["on"]
    store.close()


def returned(office: Office, done: Done, day: date) -> Done:
    return returning.return_to_requester(office.caseworker, returning.Dated(**on(done), on=day, reasons="Which?"))


def resumed(office: Office, done: Done, day: date) -> Done:
    return returning.resume(office.caseworker, returning.Dated(**on(done), on=day))
