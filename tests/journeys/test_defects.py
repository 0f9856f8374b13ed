"""Defects that other systems of this kind had, each replayed here by the number under which it was noted.

Those of clocks, exports and files stand with the tests of clocks, intake and attachments, under their numbers too.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import locale
import pkgutil
import tempfile
import typing
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

import desktop.casework
from db.errors import RuleKept
from db.records import Action, Outcome, Role, State
from db.records_views import RegisterFilter
from db.schema import disclosure, finding_review, letter
from desktop.casework import decisions, issuing, outcomes, register, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.recounting import index_faults
from desktop.policy.life import TABLE, step
from tests.fixtures import Office, on
from tests.letters.reading import pages_of
from tests.store.test_separation import as_role, insert_decision

Command = Callable[[Desk, Any], object]
ACTIONS = {
    "approve": Action.APPROVE,
    "refuse": Action.REFUSE,
    "reject": Action.REJECT,
    "send_back": Action.SEND_BACK,
    "escalate": Action.ESCALATE,
    "record": Action.RECORD,
    "release": Action.RELEASE,
    "return_outcome": Action.RETURN_OUTCOME,
    "issue": Action.ISSUE,
    "printed": Action.PRINT,
    "save_copy": Action.SAVE_COPY,
    "mark_sent": Action.MARK_SENT,
    "prepare_mail": Action.PREPARE_MAIL,
    "submit": Action.SUBMIT,
    "withdraw": Action.WITHDRAW,
    "take_off_hold": Action.TAKE_OFF_HOLD,
    "return_to_requester": Action.RETURN,
    "resume": Action.RESUME,
    "chase": Action.CHASE,
    "save_answers": Action.EDIT,
    "tell": Action.TELL,
    "excuse": Action.EXCUSE,
    "handle_notice": Action.HANDLE_NOTICE,
    "copy_notice": Action.HANDLE_NOTICE,
}
"""Commands that are one action of the table of life."""


def every_command() -> Iterator[tuple[str, Command, type]]:
    """Each function that takes a desk and a command: its name, itself, and what its command is."""
    for found in pkgutil.iter_modules(desktop.casework.__path__):
        module = importlib.import_module(f"desktop.casework.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ == module.__name__ and parameters[:2] == ["desk", "command"] and name[0] != "_":
                yield name, function, typing.get_type_hints(function)["command"]


def filled(kind: type, done: Done) -> Any:
    """A command with something in every field."""
    hints = typing.get_type_hints(kind)
    known = {"command_id": str(uuid4()), "case_id": done.case_id, "version": done.version}
    needed = [
        one
        for one in dataclasses.fields(kind)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    ]
    return kind(**{one.name: known.get(one.name, _some(hints[one.name])) for one in needed})


def _some(kind: Any) -> Any:
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is Path:
        return Path(tempfile.gettempdir()) / f"desk-{uuid4()}"
    plain: dict[Any, Any] = {str: "x", int: 1, bool: False, date: date(2026, 6, 9), bytes: b"x"}
    return plain.get(kind, ())


COMMANDS = {name: (function, kind) for name, function, kind in every_command()}
OFFICERS = ("desktop.casework.disposal", "desktop.casework.rebasing", "desktop.casework.holds")
"""Where the records officers' own steps are: others are refused."""
REACHED = [one for one in State if one is not State.DESTROYED]


def rows(office: Office) -> int:
    with office.entry.store.read() as tx:
        return int(tx.execute(text("SELECT COUNT(*) FROM journal")).scalar_one())


def test_d2_every_command_refuses_whoever_may_not_give_it(office: Office) -> None:
    """No command trusts the window that sends it: each asks who signed in."""
    assert set(ACTIONS) <= set(COMMANDS)
    cases = {state: office.in_state(state) for state in REACHED}
    before = rows(office)
    for name, action in ACTIONS.items():
        function, kind = COMMANDS[name]
        for state, done in cases.items():
            # Where somebody may, everybody else is refused; where nobody may, one state stands for the others.
            if (state, action) not in TABLE and state is not State.WITHDRAWN:
                continue
            for role in Role:
                if isinstance(step(role, state, action), str):
                    with pytest.raises(Refused) as caught:
                        function(office.desk(role), filled(kind, done))
                    assert not isinstance(caught.value, Invalid), (name, role, state)
    assert rows(office) == before


@pytest.mark.parametrize("role", [Role.RECORDS_OFFICER, Role.AUDITOR])
def test_d2_commands_that_are_no_step_of_a_case_refuse_as_well(office: Office, role: Role) -> None:
    done = office.in_state(State.DRAFT)
    other = office.in_state(State.DRAFT)
    before = rows(office)
    for name, (function, kind) in COMMANDS.items():
        # A filter or a report of one's own is for everybody.
        everybodys = function.__module__ in ("desktop.casework.savedfilters", "desktop.casework.savedreports")
        if name in ACTIONS or everybodys or (role is Role.RECORDS_OFFICER and function.__module__ in OFFICERS):
            continue
        command = filled(kind, done)
        for field, value in {"other_id": other.case_id, "agreement_id": "law-enforcement-tracing"}.items():
            if any(one.name == field for one in dataclasses.fields(kind)):
                command = dataclasses.replace(command, **{field: value})
        with pytest.raises(Refused) as caught:
            function(office.desk(role), command)
        assert not isinstance(caught.value, Invalid), name
    assert rows(office) == before


def test_d10_a_reference_holds_no_date_and_the_index_goes_with_every_change(office: Office) -> None:
    done = office.register(received=date(2026, 6, 1), person__family_name="Ashworthy")
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    assert "2026" not in reference
    assert reference.split("-")[1] == "000001"
    day = {"day": "2", "month": "6", "year": "2026"}
    done = office.save(done, received__on=day, person__family_name="Quillfeather")
    assert case_page(office.caseworker, done.case_id).case.row.reference == reference
    assert [row.id for row in register.find(office.caseworker, "Quillfeather")] == [done.case_id]
    assert register.find(office.caseworker, "Ashworthy") == ()
    with office.entry.store.read() as tx:
        assert index_faults(tx) == ()
    # A change that is undone leaves the index as it was.
    with pytest.raises(Refused):
        office.save(dataclasses.replace(done, version=1), person__family_name="Nobody")
    assert register.find(office.caseworker, "Nobody") == ()


@pytest.mark.parametrize("state", [one for one in REACHED if (one, Action.APPROVE) not in TABLE])
def test_d11_nothing_is_approved_but_what_waits_for_a_decision(office: Office, state: State) -> None:
    done = office.in_state(state)
    command = decisions.Decide(**on(done), reasons="Yes.")
    for desk in (office.reviewer, office.guardian):
        with pytest.raises(Refused, match="does not let anyone approve it"):
            decisions.approve(desk, command)
        with pytest.raises(RuleKept):
            insert_decision(office, done.case_id, desk.user.id, "approve")
    assert case_page(office.caseworker, done.case_id).case.row.state is state


def test_d11_whoever_worked_on_a_case_approves_nothing_of_it_though_it_is_not_theirs(office: Office) -> None:
    done = office.register()
    turned = as_role(office.reviewer, Role.CASEWORKER)
    answers = {"necessity.statement": "Typed by somebody who is not the caseworker of this case."}
    done = requests.save_answers(turned, requests.SaveAnswers(**on(done), answers=answers))
    reviewer = as_role(turned, Role.REVIEWER)
    done = office.submit(done)
    assert case_page(office.caseworker, done.case_id).case.row.caseworker_id == office.caseworker.user.id
    with pytest.raises(Refused, match="You worked on this case"):
        decisions.approve(reviewer, office.decide(done))
    with pytest.raises(RuleKept, match="an author may not decide"):
        insert_decision(office, done.case_id, reviewer.user.id, "approve")


@pytest.mark.parametrize("state", REACHED)
def test_d12_the_tests_own_cases_have_two_people(office: Office, state: State) -> None:
    assert len({desk.user.id for desk in office.desks.values()}) == len(Role)
    case = case_page(office.caseworker, office.in_state(state).case_id).case
    assert case.created_by == office.caseworker.user.id
    assert not {one.decided_by for one in case.decisions} & (case.authors | {case.created_by})


@pytest.mark.parametrize("matched", [(), ("name",), ("name", "gender"), ("nhs_number",), ("name", "born")])
def test_d13_a_sole_record_that_agrees_in_little_is_not_enough(office: Office, matched: tuple[str, ...]) -> None:
    """That only one record was found says nothing: enough of it has to agree."""
    done = office.in_state(State.APPROVED)
    value = {"address": {"value": "27 Ropewalk Court", "recorded_on": "19 January 2016"}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=matched, values=value)
    with pytest.raises(Invalid) as caught:
        outcomes.record(office.caseworker, command)
    assert "matched" in {one.field for one in caught.value.problems}
    assert case_page(office.caseworker, done.case_id).case.row.state is State.APPROVED


def test_d19_asking_again_never_overwrites_an_earlier_refusal(office: Office) -> None:
    done = office.in_state(State.REFUSED)
    met = {"answer": "met", "reasons": "They tried.", "evidence": []}
    done = office.approve(office.submit(office.save(done, criteria__tried=met)))
    first, second = case_page(office.caseworker, done.case_id).case.decisions
    assert (first.action, first.void, first.submission) == (Action.REFUSE, True, 1)
    assert (second.action, second.void, second.submission) == (Action.APPROVE, False, 2)
    assert first.reasons == "It is not met."
    for sql in ("UPDATE decision SET action = 'approve'", "DELETE FROM decision", "DELETE FROM voiding"):
        with pytest.raises(RuleKept), office.entry.store.write() as tx:
            tx.execute(text(sql))


def test_d22_what_was_previewed_is_what_is_issued(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    seen = issuing.preview(office.caseworker, done.case_id)
    issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    issued = issuing.read_letter(office.caseworker, done.case_id)
    assert pages_of(issued) == pages_of(seen.pdf)
    kept = case_page(office.caseworker, done.case_id).case.letter
    assert kept is not None
    # The number stands in the document's title and nowhere on a page: with it, the preview is the letter, byte by byte.
    title = f"(Letter {kept.number} {kept.reference})".encode()
    assert title in issued
    assert pictures(issued) == pictures(seen.pdf)


def pictures(pdf: bytes) -> list[bytes]:
    """Each page as it is drawn."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [bytes(page.render(scale=1).buffer) for page in document]
    finally:
        document.close()


def test_d23_the_words_of_a_letter_do_not_follow_the_computers_language(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office.in_state(State.RELEASED)
    before = issuing.preview(office.caseworker, done.case_id)
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_TIME"):
        monkeypatch.setenv(name, "cy_GB.UTF-8")
    kept = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C")
        assert issuing.preview(office.caseworker, done.case_id).sha256 == before.sha256
    finally:
        locale.setlocale(locale.LC_ALL, kept)


@pytest.mark.parametrize("name", ["approve", "refuse", "reject", "send_back", "escalate"])
def test_d25_a_double_click_decides_once(office: Office, name: str) -> None:
    not_met = {"answer": "not_met", "reasons": "No.", "evidence": []}
    criterion = {"refuse": "tried", "reject": "authorised"}.get(name)
    changes: dict[str, Any] = {f"criteria__{criterion}": not_met} if criterion else {}
    done = office.submit(office.register(**changes))
    command = office.decide(done, reasons="Because.", because_of=(criterion,) if criterion else ())
    function = getattr(decisions, name)
    assert function(office.reviewer, command) == function(office.reviewer, command)
    case = case_page(office.caseworker, done.case_id).case
    assert len(case.decisions) == 1
    assert case.row.version == done.version + 1
    # Twice with ids of their own: the second finds the case where the first left it.
    with pytest.raises(Refused):
        function(office.reviewer, dataclasses.replace(command, command_id=str(uuid4())))


def test_d25_a_double_click_registers_records_releases_and_issues_once(office: Office) -> None:
    answers = case_page(office.caseworker, office.register().case_id).case.answers
    new = requests.Register(command_id=str(uuid4()), agreement_id="law-enforcement-tracing", answers=answers)
    assert requests.register(office.caseworker, new) == requests.register(office.caseworker, new)
    assert len(register.register_ids(office.caseworker, RegisterFilter())) == 2
    done = office.in_state(State.RECORDED)
    let_go = outcomes.Release(**on(done))
    released = outcomes.release(office.reviewer, let_go)
    assert outcomes.release(office.reviewer, let_go) == released
    send = issuing.Issue(**on(released))
    assert issuing.issue(office.caseworker, send) == issuing.issue(office.caseworker, send)
    with office.entry.store.read() as tx:
        for table in (finding_review, letter, disclosure):
            assert len(tx.execute(select(table)).all()) == 1
