"""What people do all day is answered from indexes: it reads no table from end to end that grows with the cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from db import bulk
from db.health import latest_moment
from db.journal import JournalFilter, actions, numbers
from db.lists import register_query
from db.records import Heading, Outcome, Role, State
from db.records_views import RegisterFilter
from desktop.casework import anchors, casepage, journalview, oversight, publication, register, today, work
from desktop.casework.journalview import JournalAsked
from desktop.casework.publication import Asked
from desktop.casework.standing import standings
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.publication import Per
from tests.fixtures import NOW, Office

GROWING = (
    "journal",
    "cases",
    "decision",
    "finding_review",
    "identifier",
    "retention",
    "letter",
    "answer",
    "submission",
    "disposal_item",
    "disposal_result",
    "relation",
    "link",
    "chase",
    "pause",
    "extension",
    "finding",
    "disclosure",
    "letter_event",
    "attachment",
    "case_author",
    "voiding",
    "owed_notice",
    "notice",
    "second_look",
    "second_look_draw",
    "retention_event",
    "command",
    "item",
    "pinned",
    "soon",
)
"""Also by the names that they have in a query."""

LAST = "SELECT journal.seq, journal.hash \nFROM journal ORDER BY journal.seq DESC\n LIMIT"
"""The end of the chain: one step from the end of the table."""


@contextmanager
def watched(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """Every question that is put to the store meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, said: str, values: Any, _context: Any, many: bool) -> None:
        if not many and said.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((said, values))

    engine = office.entry.store._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def scans(office: Office, said: str, values: Any) -> list[str]:
    """The tables that grow and that a question reads from end to end, in whole or in an index that has all it wants."""
    if said.startswith(LAST):
        return []
    with office.entry.store.read() as tx:
        raw: Any = tx.connection.driver_connection
        steps = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    return [step for step in steps if step.startswith("SCAN") and step.split()[1] in GROWING]


def does(office: Office) -> dict[str, Callable[[], object]]:
    """What is done all day."""
    done = office.submit(office.register())
    desks = office.desks
    return {
        "a caseworker’s own work": lambda: work.my_work(office.caseworker),
        "a case": lambda: casepage.open_case(office.reviewer, done.case_id),
        "what waits for a reviewer": lambda: (work.review_queue(office.reviewer), work.queue_count(office.reviewer)),
        "how many cases are due": lambda: register.due_count(desks[Role.RECORDS_OFFICER]),
        "the timers": lambda: register.timers(desks[Role.RECORDS_OFFICER]),
        "the soonest timers": lambda: register.timer_groups(desks[Role.RECORDS_OFFICER], soonest=True),
        "how timers stand": lambda: standings(desks[Role.RECORDS_OFFICER], [done.case_id]),
        "somebody looked for": lambda: register.find(office.caseworker, "kowal"),
        "a date of birth that is half typed": lambda: register.find(office.caseworker, "30/06/19"),
        "an NHS number that is half typed": lambda: register.find(office.caseworker, "NHS 943 4"),
        "the journal": lambda: journalview.journal_numbers(desks[Role.AUDITOR], JournalAsked()),
        "what the journal has": lambda: journalview.journal_choices(desks[Role.AUDITOR]),
        "the anchors": lambda: anchors.anchors(desks[Role.AUDITOR]),
    }


@pytest.mark.parametrize(
    "what",
    [
        "a caseworker’s own work", "a case", "what waits for a reviewer", "how many cases are due", "the timers",
        "the soonest timers", "how timers stand",
        "somebody looked for", "a date of birth that is half typed", "an NHS number that is half typed",
        "the journal", "what the journal has", "the anchors",
    ],
)  # fmt: skip
def test_no_table_that_grows_is_read_from_end_to_end(office: Office, what: str) -> None:
    act = does(office)[what]
    with watched(office) as asked:
        act()
    assert asked
    found = {said: steps for said, values in asked if (steps := scans(office, said, values))}
    assert not found


RARE = ("ix_cases_long", "ix_cases_out_of_order", "ix_journal_withdrawn_held", "SCAN link")
"""What is rare among a million cases: indexes of it, and who is the same person, which rests on all links together."""


@pytest.mark.parametrize("what", ["the desk today", "the publication register", "the oversight report"])
def test_a_report_reads_what_its_days_have(office: Office, what: str) -> None:
    office.in_state(State.ISSUED)
    first, last = date(2016, 1, 1), date(2016, 12, 31)
    asked_for = Asked(table="Tracing requests", first=first, last=last, per=Per.MONTH, control=NONE)
    reports: dict[str, Callable[[], object]] = {
        "the desk today": lambda: today.today(office.desk(Role.GUARDIAN)),
        "the publication register": lambda: publication.publication(office.desk(Role.GUARDIAN), asked_for),
        "the oversight report": lambda: oversight.oversight(office.desk(Role.GUARDIAN), first, last, NONE),
    }
    with watched(office) as asked:
        reports[what]()
    # What a query calls "cases" may be what it found of some.
    tables = [(said, values) for said, values in asked if ") AS cases" not in said]
    steps = [step for said, values in tables for step in scans(office, said, values)]
    assert [step for step in steps if not step.endswith(RARE)] == []
    with office.entry.store.read() as tx:
        raw: Any = tx.connection.driver_connection
        dated = [(said, values) for said, values in asked if "cases.closed_on >= ?" in said]
        found = [row[3] for said, values in dated for row in raw.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    cases = [step for step in found if step.startswith("SEARCH cases")]
    assert all("INDEX ix_cases_closed_on (closed_on>?" in step or "ix_cases_long" in step for step in cases)
    assert cases


def test_the_latest_moment_is_read_from_the_end_of_an_index(office: Office) -> None:
    with watched(office) as asked, office.entry.store.read() as tx:
        latest_moment(tx, NOW)
    ((said, values),) = asked
    with office.entry.store.read() as tx:
        steps = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)]
    assert any("ix_journal_at" in step for step in steps)


def test_the_soonest_timers_are_found_in_indexes_alone(office: Office) -> None:
    with watched(office) as asked:
        register.timer_groups(office.officers[0], soonest=True)
    ((said, values),) = asked
    with office.entry.store.read() as tx:
        raw: Any = tx.connection.driver_connection
        steps = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    assert "SEARCH soon USING COVERING INDEX ix_retention_timer (case_id=? AND due_on<?)" in steps


def test_every_timer_is_counted_from_an_index_alone(office: Office) -> None:
    with watched(office) as asked:
        register.timer_groups(office.officers[0])
    ((said, values),) = asked
    with office.entry.store.read() as tx:
        raw: Any = tx.connection.driver_connection
        steps = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    assert "SEARCH pinned USING COVERING INDEX ix_retention_timer (case_id=?)" in steps


ORDERS = [
    RegisterFilter(sort=one, descending=way)
    for one in ("reference", "state", "family_name", "born", "requester", "received_on", "due_on")
    for way in (False, True)
]
NARROWED = [
    RegisterFilter(open_only=True),
    RegisterFilter(state=State.ISSUED),
    RegisterFilter(outcome=Outcome.TRACED),
    RegisterFilter(agreement_id="law-enforcement-tracing"),
]


@pytest.mark.parametrize("wanted", [*ORDERS, *NARROWED], ids=str)
def test_the_ids_of_a_list_come_from_one_index_alone(office: Office, wanted: RegisterFilter) -> None:
    with office.entry.store.read() as tx:
        said = register_query(wanted).compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True})
        steps = [row[3] for row in tx.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
    assert "USING COVERING INDEX" in steps[0]
    assert wanted not in ORDERS or len(steps) == 1


def test_people_are_in_the_order_of_their_names_whatever_their_case_and_accents(office: Office) -> None:
    names = ["Zywiec", "Šimić", "de Vries", "SINGH", "Łukasz", "Simic", "O'Brien", "Obi"]
    cases = {office.register(person__family_name=name, person__given_names="Zara").case_id: name for name in names}
    cases[office.register(person__family_name="Obi", person__given_names="Ada").case_id] = "Obi, Ada"
    found = register.register_ids(office.caseworker, RegisterFilter(sort="family_name"))
    assert [cases[one] for one in found] == [
        "de Vries", "Łukasz", "Obi, Ada", "Obi", "O'Brien", "Šimić", "Simic", "SINGH", "Zywiec"
    ]  # fmt: skip
    back = register.register_ids(office.caseworker, RegisterFilter(sort="family_name", descending=True))
    assert list(back) == list(found)[::-1]


def test_bodies_are_in_the_order_of_their_names_whatever_their_case(office: Office) -> None:
    names = ["Wessex Police", "avon Trust", "Zeta Court", "Élan Court"]
    cases = {office.register(requester__body=name).case_id: name for name in names}
    found = register.register_ids(office.caseworker, RegisterFilter(sort="requester"))
    assert [cases[one] for one in found] == ["avon Trust", "Élan Court", "Wessex Police", "Zeta Court"]
    assert [one for one in register.totals(office.caseworker).requesters if one in names] == [cases[n] for n in found]


def test_a_list_that_must_be_sorted_is_found_once(office: Office) -> None:
    every = {office.register().case_id for _ in range(3)}
    unsorted, sorted_one = RegisterFilter(), RegisterFilter(text="tr", sort="born")
    everyone = register.register_ids(office.caseworker, sorted_one)
    assert len(everyone) > 1
    assert register.register_ids(office.caseworker, sorted_one, 1) == everyone
    assert (
        register.register_ids(office.caseworker, unsorted, 1) == register.register_ids(office.caseworker, unsorted)[:1]
    )
    assert every <= set(register.register_ids(office.caseworker, unsorted))


def test_ids_that_are_read_in_parts_are_all_of_them_in_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        office.register()
    for descending in (False, True):
        wanted = RegisterFilter(sort="reference", descending=descending)
        whole = register.register_ids(office.caseworker, wanted)
        assert list(whole) == sorted(whole, reverse=descending)
        for at_once in (1, 3, len(whole), len(whole) + 1):
            monkeypatch.setattr(bulk, "_IDS", at_once)
            assert register.register_ids(office.caseworker, wanted) == whole


def test_a_filter_of_the_journal_finds_the_newest_entries_alone(office: Office) -> None:
    for _ in range(3):
        office.register()
    with office.entry.store.read() as tx:
        everything = list(numbers(tx, JournalFilter(), 2))
        ways = (
            JournalFilter(action="register"),
            JournalFilter(heading=Heading.COLLECTION),
            JournalFilter(since=datetime(2026, 1, 1, tzinfo=UTC), action="register"),
            JournalFilter(actor_id=office.caseworker.user.id, action="register"),
        )
        found = {numbers(tx, one, 2) == numbers(tx, one, 1000)[:2] for one in ways}
        newest = [list(numbers(tx, one, 2)) for one in ways]
        assert set(actions(tx)) >= {"register", "set_up"}
    assert everything == sorted(everything, reverse=True)
    assert found == {True}
    assert newest == [everything[:2]] * len(ways)
