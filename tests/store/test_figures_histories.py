"""Figures equal a slow, plain count over the journal, whatever was done, before and after destruction."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.errors import RuleKept
from db.records import Role, State
from db.store import open_store
from desktop.casework import disposal, oversight, publication, today
from desktop.casework.disposal import DecideRun, ProposeRun
from desktop.casework.reporting import Form
from desktop.casework.reporting import Made as To
from desktop.policy.clocks import working_days_before
from desktop.policy.disclosurecontrol import NONE, control_of
from desktop.policy.oversightparts import Names
from desktop.policy.publication import Per, Place
from desktop.policy.reports import Report
from tests.fixtures import KEY, Made, Office, make_entry, signed_in
from tests.store.disposing import pass_days, pass_grace
from tests.store.histories import SCRIPTS, Story, plain_moves, reopened, status, stories, traced
from tests.store.test_publication import asked

ROWS = {
    "traced": "Approved – Trace",
    "no_trace": "Approved – No Trace",
    "more_than_one": "More than one possible",
    "rejected": "Rejected",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "status": "Status given",
}
FOLDED = {"more_than_one": "no_trace", "refused": "rejected"}
"""Into which row an end is folded as well."""
COLUMNS = {
    "law-enforcement-tracing": ("Tracing requests", "Police"),
    "home-office-tracing": ("Tracing requests", "Home Office (under review)"),
    "nhs-status-check": ("Status checks", "NHS trusts"),
}
CHANGED_BY_DESTRUCTION = {
    "Caseworkers and reviewers",
    "Reasons that repeat word for word",
    "Destruction",
    "People asked about more than once",
}
"""Tables whose notes say what of them goes with a case."""

Case = tuple[int, int]
"""The number of a script, and how many days before its registration the request was received."""
Turn = tuple[int, int]
"""Which request goes on, and how many days pass after."""


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    begun=st.lists(st.tuples(st.integers(0, len(SCRIPTS) - 1), st.integers(0, 40)), min_size=2, max_size=6),
    turns=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), min_size=6, max_size=24),
    skipped=st.integers(0, 40),
)
def test_figures_equal_a_plain_count_over_the_journal(
    staffed_store: Made, begun: list[Case], turns: list[Turn], skipped: int
) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(staffed_store.copy_to(Path(folder) / "desk"), KEY)
        office = signed_in(make_entry(store, staffed_store.at))
        first = date.fromordinal(office.entry.today().toordinal() - 20 + skipped)
        played(office, begun, turns)
        last = office.entry.today()
        first = min(first, last)
        before = checked(office, first, last)
        pass_days(office, 3 * 366)
        gone = destroyed_all(office)
        after = checked(office, first, last)
        same = [one for one in before.grids if one.title not in CHANGED_BY_DESTRUCTION]
        assert same == [one for one in after.grids if one.title not in CHANGED_BY_DESTRUCTION]
        assert gone == sum(one.closed is not None for one in stories(office))
        store.close()


def played(office: Office, begun: list[Case], turns: list[Turn]) -> None:
    """Begins the requests and lets them go on in turns."""
    going = [SCRIPTS[script](office, person, days) for person, (script, days) in enumerate(begun)]
    for one in going:
        next(one, None)
    for which, days in turns:
        pass_days(office, days)
        next(going[which % len(going)], None)


def destroyed_all(office: Office) -> int:
    """Destroys whatever may go."""
    free = [one.case_id for one in disposal.candidates(office.officers[0]) if not one.kept_by]
    if not free:
        return 0
    run = disposal.propose_run(office.officers[0], ProposeRun(case_ids=tuple(free), because="Nothing keeps them."))
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    pass_grace(office)
    return disposal.carry_out(office.officers[0], run).destroyed


def checked(office: Office, first: date, last: date) -> Report:
    """Both reports of these days against the plain count; the oversight report."""
    told = stories(office)
    for table in {table for table, _column in COLUMNS.values()}:
        check_publication(office, table, told, first, last)
    made = oversight.oversight(office.desk(Role.AUDITOR), first, last, NONE)
    check_oversight(office, made, told, first, last)
    check_rows(office, made, told, first, last)
    check_today(office, told)
    return made


def check_publication(office: Office, table: str, told: list[Story], first: date, last: date) -> None:
    wanted = asked(first, last, Per.MONTH, table=table)
    made = publication.publication(office.caseworker, wanted)
    assert made.faults == ()
    spans = [(one.first, one.last) for one in made.periods] + ([(first, last)] if len(made.periods) > 1 else [])
    for number, (sheet, (begins, ends)) in enumerate(zip(made.counted, spans, strict=True)):
        plain, cases = (in_rows(plain_moves(told, begins, ends, once=one), table) for one in (False, True))
        for line in sheet.lines:
            if line.id.startswith("row:") or line.id in ("received", "brought", "reopened", "carried", "held"):
                for at, column in enumerate(sheet.columns[:-1] if sheet.totalled else sheet.columns):
                    count = sheet.figures[line.id][at]
                    assert count == plain[line.id, column], (sheet.title, line.id, column)
                    place = Place(number, line.id, column)
                    assert len(publication.behind(office.caseworker, wanted, place)) == cases[line.id, column]
        assert ("reopened" in sheet.figures) or not any(what == "reopened" for what, _column in plain)


def in_rows(moves: Counter[tuple[str, str]], table: str) -> Counter[tuple[str, str]]:
    """What requests count as, as lines and columns of a published table."""
    plain: Counter[tuple[str, str]] = Counter()
    for (agreement_id, what), count in moves.items():
        of, column = COLUMNS[agreement_id]
        if of == table and what not in ("answered", "in_time", "late"):
            plain[f"row:{ROWS[what]}" if what in ROWS else what, column] += count
            if what in FOLDED:
                plain[f"row:{ROWS[FOLDED[what]]}", column] += count
    return plain


def check_oversight(office: Office, made: Report, told: list[Story], first: date, last: date) -> None:
    titles = {one: office.entry.agreements.get(one).short_title for one in COLUMNS}
    plain = plain_moves(told, first, last)
    for grid in made.grids[:3]:
        for row in grid.rows:
            of = [one for one, title in titles.items() if row.title.startswith(title) or row.title == "All"]
            for at, column in enumerate(grid.columns):
                if (what := COUNTED.get(column if grid is not made.grids[2] else f"{column}!")) is not None:
                    assert row.cells[at] == sum(plain[one, what] for one in of), (grid.title, row.title, column)
    within = [(one, day_done, action) for one in told for day_done, action in one.done if first <= day_done <= last]
    all_of = {grid.title: grid.rows[-1].cells for grid in made.grids}
    times = Counter(action for _story, _day, action in within)
    safeguards, looks = all_of["Escalations and safeguarding"], all_of["Caseworkers and reviewers"]
    assert safeguards == (times["escalate"], times["raise_concern"], 0, 0, 0)
    assert looks[:2] == (sum(times[one] for one in ("approve", "refuse", "reject", "send_back")), times["send_back"])
    assert looks[4:6] == (times["release"] + times["return_outcome"], times["return_outcome"])
    ended = [one for one in told if one.closed is not None and first <= one.closed <= last]
    disclosed = [one for one in ended if one.disclosed]
    given = all_of["Disclosures, by gateway and item"]
    assert given[0] == len(disclosed)
    assert sum(int(one) for one in given[1:]) == sum(len(one.items) for one in disclosed)
    grounds = next(one for one in made.grids if one.title.startswith("Refusals"))
    insets = sum(int(cell) for row in grounds.rows if row.inset for cell in row.cells)
    assert insets == sum(len(one.grounds) for one in ended if one.outcome in ("refused", "rejected"))


def check_rows(office: Office, made: Report, told: list[Story], first: date, last: date) -> None:
    """The rows of what was decided, refused and given, by agreement, ground and item."""
    tables = {grid.title: grid for grid in made.grids}
    ended = [one for one in told if one.closed is not None and first <= one.closed <= last]
    grounds = tables["Refusals and rejections, by their grounds"]
    body = ""
    for row in grounds.rows[:-1]:
        body = body if row.inset else row.title
        of = [one for one in ended if body.startswith(office.entry.agreements.get(one.agreement_id).short_title)]
        for at, outcome in enumerate(("refused", "rejected")):
            those = [one for one in of if one.outcome == outcome]
            names = {
                criterion.id: criterion.short
                for one in those
                for criterion in office.entry.agreements.get(one.agreement_id).criteria
            }
            named = [one for one in those if row.title in {names[each] for each in one.grounds}]
            assert row.cells[at] == len(named if row.inset else those), (row.title, outcome)
    given = tables["Disclosures, by gateway and item"]
    # An item is called what the first agreement that has it calls it.
    label = Names({one.id: one for one in office.entry.agreements.all()}).item
    items = Counter(label(key) for one in ended if one.disclosed for key in one.items)
    assert dict(zip(given.columns[1:], given.rows[-1].cells[1:], strict=True)) == dict(items)
    for row in given.rows[:-1]:
        of = [one for one in ended if row.title.startswith(office.entry.agreements.get(one.agreement_id).short_title)]
        assert row.cells[0] == sum(one.disclosed for one in of)
    for title, at, actions in DONE:
        for row in tables[title].rows[:-1]:
            count = sum(
                action in actions and first <= on <= last
                for one in told
                if office.entry.agreements.get(one.agreement_id).short_title == row.title
                for on, action in one.done
            )
            assert row.cells[at] == count, (title, row.title, at)


DONE = (
    ("Escalations and safeguarding", 0, ("escalate",)),
    ("Escalations and safeguarding", 1, ("raise_concern",)),
    ("Caseworkers and reviewers", 0, ("approve", "refuse", "reject", "send_back")),
    ("Caseworkers and reviewers", 1, ("send_back",)),
    ("Caseworkers and reviewers", 4, ("release", "return_outcome")),
    ("Caseworkers and reviewers", 5, ("return_outcome",)),
)
"""Which column of a table counts which actions."""


STATES = {
    "submit": "With the reviewer",
    "send_back": "Sent back",
    "approve": "Approved",
    "refuse": "Refused",
    "reject": "Rejected",
    "escalate": "Escalated",
    "record": "Outcome recorded",
    "return_outcome": "Approved",
    "release": "Released",
    "put_on_hold": "Held",
    "take_off_hold": "Draft",
    "reopen": "Draft",
}
"""In which state an action leaves a request, in words."""


def state_of(story: Story) -> str:
    """Where an open request stands, by what was done; whoever takes one back submits it again at once."""
    came = "Held" if story.came_held else "Draft"
    return next((STATES[action] for _day, action in reversed(story.done) if action in STATES), came)


def check_today(office: Office, told: list[Story]) -> None:
    """The desk today, for a manager and for the caseworker whose requests all of them are."""
    on = office.entry.today()
    since = working_days_before(on, 20, office.entry.calendars["uk-any-part"])
    still = [one for one in told if one.closed is None]
    for role in (Role.AUDITOR, Role.CASEWORKER):
        tables = {grid.title: grid for grid in today.today(office.desk(role)).grids}
        for row in tables["Received and answered by week"].rows:
            monday = date.fromisoformat(row.key)
            week = range(monday.toordinal(), monday.toordinal() + 7)
            answered = [one.closed for one in told if one.closed is not None and one.outcome != "withdrawn"]
            plain = (
                sum(one.received.toordinal() in week for one in told),
                sum(day.toordinal() in week for day in answered),
            )
            assert row.cells == plain, row.title
        by_state = {row.title: row.cells[0] for row in tables["Open requests by state"].rows}
        assert by_state == Counter(map(state_of, still))
        for title in ("Open requests by age", "Who waits for whom"):
            assert sum(int(row.cells[0]) for row in tables[title].rows) == len(still)
        for row in tables["What will be late within 20 working days"].rows:
            of = [one for one in told if one.agreement_id == row.key]
            paced = [one for one in of if one.closed and one.outcome != "withdrawn" and since <= one.closed < on]
            assert row.cells[:2] == (sum(one.closed is None for one in of), len(paced)), row.title


COUNTED = {
    "Received": "received",
    "Brought forward": "brought",
    "Reopened": "reopened",
    "Answered": "answered",
    "Withdrawn": "withdrawn",
    "Carried forward": "carried",
    "In time": "in_time",
    "Late": "late",
    "Traced!": "traced",
    "No trace!": "no_trace",
    "More than one possible!": "more_than_one",
    "Answered!": "status",
    "Refused!": "refused",
    "Rejected!": "rejected",
    "Total!": "answered",
}
"""The column of a table to what it counts; with a mark in the table of what was answered."""


def test_a_status_answer_keeps_its_row_when_it_is_destroyed(office: Office) -> None:
    for _ in status(office, 4, 3):
        pass
    first, last = date(office.entry.today().year, 1, 1), office.entry.today()
    wanted = asked(first, last, table="Status checks")
    before = publication.publication(office.caseworker, wanted)
    assert before.counted[0].figures["row:Status given"] == (1,)
    pass_days(office, 3 * 366)
    assert destroyed_all(office) == 1
    with office.entry.store.read() as tx:
        row = tx.execute(text("SELECT state, answered_as FROM cases")).one()
        answers = tx.execute(text("SELECT DISTINCT status_answer FROM finding")).scalars().all()
    assert tuple(row) == (State.DESTROYED.value, "Status given")
    assert answers == [""]
    assert publication.publication(office.caseworker, wanted).counted == before.counted


def test_sql_changes_neither_the_row_of_an_answer_nor_what_was_published(office: Office, tmp_path: Path) -> None:
    for _ in status(office, 4, 3):
        pass
    wanted = asked(date(office.entry.today().year, 1, 1), office.entry.today(), table="Status checks")
    publication.publish(office.guardian, wanted, To(tmp_path / "table.csv", Form.CSV))
    for sql, said in {
        "UPDATE cases SET answered_as = 'Not identified'": "the row in which a closed case counts is fixed",
        "UPDATE cases SET answered_as = NULL": "the row in which a closed case counts is fixed",
        "UPDATE publication SET control = 'nhs'": "what was published is fixed",
        "DELETE FROM publication": "what was published stays known",
        "INSERT OR REPLACE INTO publication SELECT * FROM publication": "this publication is there already",
    }.items():
        with pytest.raises(RuleKept, match=said), office.entry.store.write() as tx:
            tx.execute(text(sql))


def test_a_request_that_took_years_counts_in_each_of_them(office: Office) -> None:
    for person, days in enumerate((364, 365, 366, 367, 368, 800)):
        for _step in SCRIPTS[0](office, person, days):
            pass
    today = office.entry.today().toordinal()
    for gone in (850, 600, *range(363, 376), 10, 0):
        first = date.fromordinal(today - gone)
        checked(office, first, date.fromordinal(min(today, today - gone + 5)))


def test_a_reopened_request_counts_in_the_days_of_each_of_its_lives(office: Office) -> None:
    """Withdrawn and reopened in three months, and answered in a fifth: no month's figures change after."""
    first = office.entry.today()
    going = [reopened(office, person, days) for person, days in enumerate((0, 3))]
    for days in (0, 20, 15, 0, 40, 10, 5):
        pass_days(office, days)
        for one in going:
            next(one, None)
        checked(office, first, office.entry.today())
        for gone in (0, 7, 30, 50):
            start = date.fromordinal(office.entry.today().toordinal() - gone)
            checked(office, start, date.fromordinal(min(start.toordinal() + 12, office.entry.today().toordinal())))
    last = office.entry.today()
    before = publication.publication(office.caseworker, asked(first, last, Per.MONTH, table="Tracing requests"))
    assert sum(sheet.figures["reopened"][-1] for sheet in before.counted[:-1]) == 4
    assert any("Reopened" in note for note in before.report.notes)
    pass_days(office, 3 * 366)
    assert destroyed_all(office) == 2
    after = publication.publication(office.caseworker, asked(first, last, Per.MONTH, table="Tracing requests"))
    assert after.counted == before.counted


def test_a_clock_that_is_put_back_closes_no_reopened_request_before_it_was_reopened(office: Office) -> None:
    first = office.entry.today()
    going = reopened(office, 1, 0)
    for days in (0, 10, -9, 5, 4, 30):
        next(going, None)
        pass_days(office, days)
    made = publication.publication(office.caseworker, asked(first, office.entry.today(), table="Tracing requests"))
    assert made.faults == ()
    checked_days = (date.fromordinal(first.toordinal() + gone) for gone in range(20))
    for day in checked_days:
        wanted = asked(day, day, table="Tracing requests")
        assert publication.publication(office.caseworker, wanted).faults == ()
        assert oversight.oversight(office.desk(Role.AUDITOR), day, day, NONE).faults == ()


@pytest.mark.parametrize("control", ["none", "nhs", "below-10"])
def test_a_published_table_with_reopened_requests_is_sound(office: Office, tmp_path: Path, control: str) -> None:
    """Each figure opens its cases, and what leaves the desk adds up where nothing is kept back."""
    first = office.entry.today()
    going = [reopened(office, number % 8, number) for number in range(9)]
    going += [traced(office, number % 8, 0) for number in range(12)]
    for days in (3, 20, 15, 16, 9, 8, 4):
        for one in going:
            next(one, None)
        pass_days(office, days)
    last = date.fromordinal(office.entry.today().toordinal() - 1)
    wanted = replace(asked(first, last, Per.MONTH, table="Tracing requests"), control=control_of(control))
    made = publication.publication(office.guardian, wanted)
    for number, grid in enumerate(made.report.grids):
        for at, row in enumerate(grid.rows):
            for column, cell in enumerate(row.cells):
                ids = publication.behind(office.guardian, wanted, made.place(number, at, column))
                assert len(ids) == len(set(ids))
                assert isinstance(cell, str) or control != "none" or bool(ids) == bool(cell)
    publication.publish(office.guardian, wanted, To(tmp_path / "table.csv", Form.CSV))
    found = publication.check_published(tmp_path / "table.csv")
    assert found.faults == ()
    assert ("Reopened" in (tmp_path / "table.csv").read_text("utf-8-sig")) is (control == "none")
    assert oversight.oversight(office.desk(Role.AUDITOR), first, last, control_of(control)).faults == ()
