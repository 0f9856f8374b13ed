"""A change of how requests are counted: what was published before comes out the same, and destroyed cases with it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest

from db.records import Outcome, Role, State
from desktop.casework import issuing, outcomes, publication, requests
from desktop.casework.desk import Done, Invalid
from desktop.casework.policymoves import ChangePolicy, TakeIn, change_policy, take_in
from desktop.casework.reporting import Form, Made
from desktop.cli import run
from desktop.policy.agreements import decode
from desktop.policy.publication import Per, Place
from desktop.policy.reports import as_csv
from resources import resource
from tests.fixtures import Office, on
from tests.store.disposing import destroyed, pass_days
from tests.store.test_publication import asked

KEPT = Path(__file__).parents[1] / "unit" / "data" / "kept"
LATER = """
[[statistics.later]]
counts_from = {day}
source = "A decision of the board"
columns = {{ police = "Forces", nhscfa = "Forces" }}
rows = [
  {{ title = "Rejected", counts = ["rejected", "refused"] }},
  {{ title = "Approved – Trace", counts = ["traced"] }},
  {{ title = "Nobody found", counts = ["no_trace"] }},
  {{ title = "More than one possible", counts = ["more_than_one"] }},
  {{ title = "Withdrawn", counts = ["withdrawn"], processed = false }},
]
"""


def change(office: Office, day: date) -> None:
    """From this day on the requests of law enforcement are counted in another way."""
    one = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
    office.entry.agreements.put(decode(one + LATER.format(day=day), "own.toml"), 0)


def no_trace(office: Office, done: Done, outcome: Outcome = Outcome.NO_TRACE) -> Done:
    done = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=outcome))
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


EDITED = {
    "a row": ('counts = ["withdrawn"]', 'counts = ["withdrawn", "refused"]'),
    "a table": ('table = "Tracing requests"', 'table = "Renamed"'),
}


@pytest.mark.parametrize("what", EDITED)
def test_a_new_text_that_edits_how_past_requests_were_counted_takes_no_place(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    text = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
    text = text.replace('{ title = "Refused", counts = ["refused"], published_as = "Rejected" },', "")
    text = text.replace(*EDITED["a row"]) if what == "a row" else resource_with(*EDITED["a table"])
    said = "other rows or columns" if what == "a row" else "would leave “Tracing requests”"
    with pytest.raises(Invalid, match=said):
        supersede(office, text)
    (tmp_path / "new.toml").write_text(text, "utf-8")
    assert run(["agreements", "--check", str(tmp_path / "new.toml")]) == 0
    assert said in capsys.readouterr().out


def resource_with(old: str, new: str) -> str:
    text = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def supersede(office: Office, text: str) -> None:
    change_policy(
        office.guardian,
        ChangePolicy(
            agreement_id="law-enforcement-tracing",
            kind="supersede",
            takes_effect=office.entry.today(),
            because="A decision of the board.",
            text=text,
        ),
    )


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (30, True)])
def test_a_new_text_counts_in_another_way_from_its_own_day_on(office: Office, days: int, *, taken: bool) -> None:
    text = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
    text += LATER.format(day=office.entry.today() + timedelta(days=days))
    if taken:
        supersede(office, text)
        assert len(office.entry.agreements.get("law-enforcement-tracing").statistics.later) == 1
    else:
        with pytest.raises(Invalid, match="other rows or columns"):
            supersede(office, text)


def test_a_published_table_comes_out_the_same_when_the_way_of_counting_changed(office: Office, tmp_path: Path) -> None:
    first = office.entry.today() - timedelta(days=30)
    closed = [office.in_state(State.ISSUED)]
    waits = office.approve(office.submit(office.register(person=1)))
    closed.append(no_trace(office, office.approve(office.submit(office.register(person=2))), Outcome.MORE_THAN_ONE))
    last = office.entry.today()
    pass_days(office, 40)
    wanted = asked(first, last, Per.MONTH)
    guardian = office.desk(Role.GUARDIAN)
    publication.publish(guardian, wanted, Made(tmp_path / "one.csv", Form.CSV))
    changed = office.entry.today()
    change(office, changed)
    publication.publish(guardian, wanted, Made(tmp_path / "two.csv", Form.CSV))
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()

    closed.append(no_trace(office, waits))
    office.submit(office.register(person=3, received=changed))
    later = asked(changed, office.entry.today())
    made = publication.publication(guardian, later)
    (sheet,) = made.counted
    assert made.faults == ()
    assert [one for one in sheet.columns if one in ("Forces", "Police")] == ["Forces", "Police"]
    for line, column, count in (
        ("brought", "Police", 1),
        ("row:Nobody found", "Police", 1),
        ("received", "Forces", 1),
        ("carried", "Forces", 1),
        ("processed", "Total", 1),
    ):
        assert sheet.figures[line][sheet.columns.index(column)] == count, line
        assert len(publication.behind(guardian, later, Place(0, line, column))) == count
    said = " ".join(made.report.notes)
    assert "Law enforcement tracing (version 2, from" in said
    assert "by the versions of those days" in said

    pass_days(office, 3 * 366)
    both = asked(first, office.entry.today(), Per.YEAR)
    before = publication.publication(guardian, both)
    assert before.faults == ()
    destroyed(office, *closed)
    assert publication.publication(guardian, both).counted == before.counted
    again = as_csv(publication.publication(guardian, wanted).report)
    assert again == (tmp_path / "one.csv").read_bytes()


def test_what_was_held_stands_in_the_column_of_its_receipt(office: Office) -> None:
    office.in_state(State.HELD)
    text = resource("agreements", "home-office-tracing.toml").read_text("utf-8")
    rows = text[text.index("rows = [") : text.index("]\n\n[[versions]]") + 1]
    later = f'counts_from = {office.entry.today()}\nsource = "x"\ncolumns = {{ home_office = "Immigration" }}\n{rows}\n'
    office.entry.agreements.put(decode(f"{text}\n[[statistics.later]]\n{later}", "own.toml"), 0)
    wanted = asked(date(2018, 1, 1), office.entry.today())
    made = publication.publication(office.caseworker, wanted)
    (sheet,) = made.counted
    assert made.faults == ()
    assert {"Immigration", "Home Office (under review)"} <= set(sheet.columns)
    for line in ("held", "carried"):
        assert sheet.figures[line][sheet.columns.index("Home Office (under review)")] == 1
        assert sheet.figures[line][sheet.columns.index("Immigration")] == 0


def moved(office: Office, kind: Literal["suspend", "resume"], day: date) -> None:
    moving = ChangePolicy(agreement_id="law-enforcement-tracing", kind=kind, takes_effect=day, because="Told so.")
    change_policy(office.guardian, moving)


def of_june(office: Office) -> tuple[int, int]:
    """How many were pending and held when June had ended, and whether their lists have as many."""
    wanted = asked(date(2026, 6, 1), date(2026, 6, 30))
    made = publication.publication(office.caseworker, wanted)
    (sheet,) = made.counted
    assert made.faults == ()
    found = [sheet.figures[line][sheet.columns.index("Police")] for line in ("pending", "held")]
    for line, count in zip(("pending", "held"), found, strict=True):
        assert len(publication.behind(office.caseworker, wanted, Place(0, line, "Police"))) == count
    return found[0], found[1]


def test_a_suspension_that_is_taken_in_later_changes_no_older_table(office: Office) -> None:
    done = office.register(received=date(2026, 6, 1))
    pass_days(office, 30)
    assert of_june(office) == (1, 0)
    moved(office, "suspend", date(2026, 6, 1))
    done = take_in(office.caseworker, TakeIn(**on(done)))
    assert (done.state, of_june(office)) == (State.HELD, (1, 0))
    requests.take_off_hold(office.guardian, requests.WithReasons(**on(done), reasons="It may go on."))
    assert of_june(office) == (1, 0)


def test_what_goes_on_later_was_held_until_then(office: Office) -> None:
    done = office.register(received=date(2026, 6, 1))
    moved(office, "suspend", date(2026, 5, 31))
    done = take_in(office.caseworker, TakeIn(**on(done)))
    pass_days(office, 30)
    assert of_june(office) == (0, 1)
    moved(office, "resume", date(2026, 6, 1))
    done = take_in(office.caseworker, TakeIn(**on(done)))
    assert (done.state, of_june(office)) == (State.DRAFT, (0, 1))


def test_an_answer_by_a_text_without_rows_counts_in_todays(office: Office) -> None:
    now = office.entry.agreements.get("nhs-status-check")
    old = decode((KEPT / "nhs-status-check.toml").read_text("utf-8"), "nhs-status-check", kept=True)
    office.entry.agreements.put(old, 0)
    done = office.register("nhs-status-check", "trust")
    done = office.approve(office.submit(done))
    office.entry.agreements.put(now, 0)
    values = {"status": {"value": "Settled", "recorded_on": "14 May 2019"}}
    told = outcomes.Record(**on(done), outcome=Outcome.STATUS, status_answer="settled", values=values)
    done = office.release(outcomes.record(office.caseworker, told))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    first = office.entry.today() - timedelta(days=60)
    pass_days(office, 3 * 366)
    wanted = asked(first, office.entry.today(), table="Status checks")
    for gone in (False, True):
        (sheet,) = publication.publication(office.caseworker, wanted).counted
        assert sheet.figures["row:Status given"][0] == 1
        assert "row:In no row" not in sheet.figures
        if not gone:
            destroyed(office, done)
