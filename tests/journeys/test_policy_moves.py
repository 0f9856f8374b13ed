"""Agreements that change under open cases: seen first, nothing silent, each case moved by a person's own step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.records import Outcome, State
from db.store import create_store, open_store
from desktop.casework import decisions, issuing, outcomes, policymoves, requests
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.policymoves import ChangePolicy, TakeIn, change_policy, preview, take_in, touched_cases
from desktop.casework.verifying import verify_store
from desktop.policy.agreements import Agreements, decode
from resources import resource
from tests.fixtures import KEY, Office, make_entry, on, signed_in, staffed
from tests.journeys.walking import complete

POLICE = "law-enforcement-tracing"
BECAUSE = "The parties are revising the agreement."
TODAY = date(2026, 6, 10)


def command(kind: policymoves.Kind, on_day: date = TODAY, agreement_id: str = POLICE, **more: str) -> ChangePolicy:
    return ChangePolicy(agreement_id=agreement_id, kind=kind, takes_effect=on_day, because=BECAUSE, **more)


def state(office: Office, done: Done) -> State:
    return case_page(office.caseworker, done.case_id).case.row.state


def moved(office: Office, done: Done) -> tuple[str, ...]:
    return case_page(office.caseworker, done.case_id).moved


def taken_in(office: Office, done: Done) -> Done:
    page = case_page(office.caseworker, done.case_id)
    return take_in(
        office.caseworker, TakeIn(command_id=str(uuid4()), case_id=done.case_id, version=page.case.row.version)
    )


def test_requests_that_come_while_it_is_suspended_are_held(office: Office) -> None:
    before = office.register(received=date(2026, 6, 9))
    seen = preview(office.guardian, command("suspend"))
    assert (seen.touched, seen.untouched) == ((), 1)
    change_policy(office.guardian, command("suspend"))
    assert office.register(received=TODAY).state is State.HELD
    assert office.register(received=date(2026, 6, 9)).state is State.DRAFT
    assert moved(office, before) == ()
    assert office.submit(before).state is State.SUBMITTED
    assert not [fault for name, faults in verify_store(office.entry).checks for fault in faults if name != "Files"]


def test_the_preview_names_the_cases_that_it_touches_and_changes_nothing(office: Office) -> None:
    done = office.register(received=TODAY)
    seen = preview(office.guardian, command("suspend"))
    assert [one.row.id for one in seen.touched] == [done.case_id]
    assert seen.touched[0].effects == (f"It would be held. {BECAUSE}",)
    assert state(office, done) is State.DRAFT
    assert office.register(received=TODAY).state is State.DRAFT


def test_a_touched_case_moves_only_by_a_step_and_goes_no_further_until_then(office: Office) -> None:
    done = office.register(received=TODAY)
    change_policy(office.guardian, command("suspend"))
    assert state(office, done) is State.DRAFT
    assert moved(office, done) == (f"It would be held. {BECAUSE}",)
    with pytest.raises(Refused, match="Take the change in first"):
        office.submit(done)
    assert [one.row.id for one in touched_cases(office.caseworker, POLICE)] == [done.case_id]
    assert taken_in(office, done).state is State.HELD
    assert touched_cases(office.caseworker, POLICE) == ()
    with pytest.raises(Refused, match="No change of its agreement"):
        taken_in(office, done)


@pytest.mark.parametrize("at", [State.SUBMITTED, State.APPROVED, State.RECORDED, State.RELEASED])
def test_no_decision_and_no_letter_passes_a_change(office: Office, at: State) -> None:
    done = office.submit(office.register(received=TODAY))
    if at is not State.SUBMITTED:
        done = office.approve(done)
    if at in (State.RECORDED, State.RELEASED):
        done = office.traced(done)
    if at is State.RELEASED:
        done = office.release(done)
    change_policy(office.guardian, command("suspend"))
    steps: dict[State, Callable[[], object]] = {
        State.SUBMITTED: lambda: office.approve(done),
        State.RECORDED: lambda: office.release(done),
        State.RELEASED: lambda: issuing.issue(office.caseworker, issuing.Issue(**on(done))),
    }
    if at in steps:
        with pytest.raises(Refused, match="Take the change in first"):
            steps[at]()
    assert taken_in(office, done).state is State.HELD
    standing = [one for one in case_page(office.caseworker, done.case_id).case.decisions if not one.void]
    assert standing == []


def test_after_a_withdrawal_a_request_can_only_be_rejected(office: Office) -> None:
    change_policy(office.guardian, command("withdraw"))
    done = office.register(received=TODAY)
    assert case_page(office.caseworker, done.case_id).verdict.leads == "reject"
    assert BECAUSE in case_page(office.caseworker, done.case_id).verdict.row("reject").why


def test_it_goes_on_after_a_suspension_and_may_be_suspended_again(office: Office) -> None:
    change_policy(office.guardian, command("suspend", date(2026, 6, 1)))
    held = office.register(received=date(2026, 6, 3))
    change_policy(office.guardian, command("resume", date(2026, 6, 5)))
    assert office.register(received=date(2026, 6, 5)).state is State.DRAFT
    assert office.register(received=date(2026, 6, 4)).state is State.HELD
    change_policy(office.guardian, command("suspend", date(2026, 6, 8)))
    for received, wanted in ((5, State.DRAFT), (7, State.DRAFT), (8, State.HELD), (4, State.HELD)):
        assert office.register(received=date(2026, 6, received)).state is wanted
    # What was held for the first suspension is held still: it came while it lasted.
    assert state(office, held) is State.HELD
    done = office.register(received=date(2026, 6, 6))
    assert office.approve(office.submit(done)).state is State.APPROVED


@pytest.mark.parametrize(
    ("changes", "wrong", "message"),
    [
        ([], command("resume"), "It is not suspended"),
        ([command("suspend")], command("suspend"), "It is suspended already"),
        ([command("withdraw")], command("suspend", date(2026, 6, 11)), "It takes no requests since 10 June 2026"),
        ([], command("suspend", date(1999, 1, 1)), "is not in its last version"),
        ([], replace(command("suspend"), because=" "), "Say why"),
        ([], command("supersede", text="id = 1"), "The new file"),
    ],
)
def test_what_cannot_be_is_said(office: Office, changes: list[ChangePolicy], wrong: ChangePolicy, message: str) -> None:
    for one in changes:
        change_policy(office.guardian, one)
    with pytest.raises(Invalid, match=message):
        preview(office.guardian, wrong)
    with pytest.raises(Invalid, match=message):
        change_policy(office.guardian, wrong)


def test_only_a_guardian_changes_an_agreement_and_not_through_sql_either(office: Office) -> None:
    for desk in (office.caseworker, office.reviewer):
        with pytest.raises(Refused, match="Your role"):
            preview(desk, command("suspend"))
        with pytest.raises(Refused, match="Your role"):
            change_policy(desk, command("suspend"))
    done = office.register(received=TODAY)
    change_policy(office.guardian, command("suspend"))
    who, which = office.caseworker.user.id, done.case_id
    again = (
        "INSERT INTO policy_change SELECT 9, agreement_id, 'resume', takes_effect, because, agreement_hash, :who,"
        " decided_at FROM policy_change"
    )
    pinned = "UPDATE cases SET version = version + 1, agreement_hash = (SELECT agreement_hash FROM policy_change)"
    for statement in (
        "UPDATE policy_change SET takes_effect = '2030-01-01'",
        "DELETE FROM policy_change",
        again,
        f"{pinned} WHERE id = :which",
        "UPDATE cases SET version = version + 1, reference = 'TR-000099-1' WHERE id = :which",
    ):
        named = {key: value for key, value in (("who", who), ("which", which)) if f":{key}" in statement}
        with pytest.raises(RuleKept), office.entry.store.write() as tx:
            tx.execute(text(statement), named)


def test_a_new_version_may_narrow_what_is_given(office: Office) -> None:
    done = office.submit(office.register(received=TODAY))
    old = office.entry.agreements.get(POLICE).text
    new = _third_version(old, TODAY)
    seen = preview(office.guardian, command("supersede", text=new))
    assert seen.touched[0].effects[0].startswith("It would be tested against version 3")
    assert any("could not be given any more" in one for one in seen.touched[0].effects)
    change_policy(office.guardian, command("supersede", text=new))
    with pytest.raises(Refused, match="Take the change in first"):
        office.approve(done)
    assert taken_in(office, done).state is State.DRAFT
    page = case_page(office.caseworker, done.case_id)
    assert page.version is not None
    assert page.version.number == 3
    assert any("not permitted" in one.message for one in page.problems)


def test_a_new_file_says_nothing_else_of_the_past(office: Office) -> None:
    old = office.entry.agreements.get(POLICE).text
    with pytest.raises(Invalid, match="says something else of 1 June 2026"):
        preview(office.guardian, command("supersede", text=_third_version(old, date(2026, 6, 1))))
    other = resource("agreements", "coroner.toml").read_text("utf-8")
    with pytest.raises(Invalid, match="is of the agreement “coroner”"):
        preview(office.guardian, command("supersede", text=other))


def test_a_corrected_day_of_receipt_never_takes_a_case_to_a_text_that_it_has_not(office: Office) -> None:
    done = office.register(received=date(2026, 6, 9))
    change_policy(
        office.guardian, command("supersede", text=_third_version(office.entry.agreements.get(POLICE).text, TODAY))
    )
    done = office.save(done, received__on={"day": "10", "month": "6", "year": "2026"})
    page = case_page(office.caseworker, done.case_id)
    assert page.version is not None
    assert page.agreement.criteria
    assert page.moved
    done = taken_in(office, done)
    page = case_page(office.caseworker, done.case_id)
    assert page.version is not None
    assert (page.version.number, page.moved) == (3, ())
    assert page.agreement.criteria


def test_another_window_and_the_next_start_know_of_the_change(office: Office, tmp_path: Path) -> None:
    theirs = signed_in(replace(office.entry, agreements=Agreements(office.entry.agreements.all())))
    change_policy(office.guardian, command("suspend"))
    assert theirs.register(received=TODAY).state is State.HELD
    office.entry.store.close()
    again = signed_in(make_entry(open_store(office.entry.store.path.parent, KEY)))
    assert again.register(received=TODAY).state is State.HELD
    again.entry.store.close()


def _third_version(old: str, begins: date) -> str:
    """The agreement with one version more, in which an address may not be given."""
    head, last, rest = old.partition("number = 2\n")
    block, _, after = rest.partition("\n\n")
    ended = f"{block}\nin_force_to = {date.fromordinal(begins.toordinal() - 1).isoformat()}"
    third = (
        f'\n\n[[versions]]\nnumber = 3\ntitle = "Narrowed"\nin_force_from = {begins.isoformat()}\n'
        'source = "https://www.example.org"'
    )
    changed = f"{head}{last}{ended}{third}\n\n{after}"
    item = changed.index('id = "address"', changed.index("[[items]]"))
    end = changed.index("\n\n", item)
    return f"{changed[:end]}\nversions = [1, 2]{changed[end:]}"


# The Home Office's requests, 2017 to 2018


class Years:
    """A clock that a test moves through the years."""

    def __init__(self) -> None:
        self.now = datetime(2017, 1, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now = self.now.replace(microsecond=(self.now.microsecond + 1) % 1_000_000)
        return self.now

    def go_to(self, on_day: date) -> None:
        self.now = datetime(on_day.year, on_day.month, on_day.day, 9, 0, tzinfo=UTC)


@pytest.fixture
def years() -> Years:
    return Years()


@pytest.fixture
def department(tmp_path: Path, years: Years) -> Iterator[Office]:
    """An office at the beginning of 2017."""
    store = create_store(tmp_path, KEY)
    entry = replace(make_entry(store), clock=years)
    staffed(entry)
    yield signed_in(entry)
    store.close()


def only_2017(text: str) -> str:
    """The agreement as it stood in 2017, before anybody knew of 2018."""
    text = text.replace("in_force_to = 2018-05-08\n", "").replace("versions = [1, 2]", "versions = [1]")
    blocks = text.split("\n\n")
    later = ("versions = [2]", "[[versions]]\nnumber = 2", "[[versions]]\nnumber = 3")
    return "\n\n".join(one for one in blocks if not any(mark in one for mark in later))


def narrowed(text: str) -> str:
    """As it stood from 9 May 2018 on, before anybody knew when the queue would end."""
    for end in ("in_force_to = 2018-11-08\n", "suspended_to = 2018-11-08\n"):
        text = text.replace(end, "")
    return "\n\n".join(one for one in text.split("\n\n") if "[[versions]]\nnumber = 3" not in one)


def ask(office: Office, received: date, ground: str = "") -> Done:
    agreement = office.entry.agreements.get("home-office-tracing")
    answers = complete(agreement, received)
    if ground:
        answers["ground.ground"] = ground
    register = requests.Register(command_id=str(uuid4()), agreement_id=agreement.id, answers=answers)
    return requests.register(office.caseworker, register)


def test_replay_of_2017_and_2018_from_the_shipped_versions(department: Office, years: Years) -> None:
    years.go_to(date(2017, 6, 1))
    done = department.approve(department.submit(ask(department, date(2017, 6, 1))))
    recorded = outcomes.record(department.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    assert issuing.issue(department.caseworker, issuing.Issue(**on(recorded))).state is State.ISSUED
    years.go_to(date(2018, 5, 8))
    last = ask(department, date(2018, 5, 8))
    assert last.state is State.DRAFT
    years.go_to(date(2018, 6, 11))
    # Received before the change: tested against the memorandum of 2017 all the same.
    assert case_page(department.caseworker, last.case_id).case.row.agreement_version == 1
    queued = ask(department, date(2018, 6, 11))
    assert queued.state is State.HELD
    page = case_page(department.caseworker, queued.case_id)
    assert "overstay" not in " ".join(one.label for one in page.agreement.grounds).lower()
    years.go_to(date(2018, 11, 9))
    refused = ask(department, date(2018, 11, 9))
    page = case_page(department.caseworker, refused.case_id)
    assert page.verdict.leads == "reject"
    assert "withdrawn on 9 November 2018" in page.verdict.row("reject").why
    command_ = department.decide(department.submit(refused), reasons="No agreement permits it.")
    assert decisions.reject(department.reviewer, command_).state is State.REJECTED


def test_replay_of_2017_and_2018_as_the_changes_were_made(department: Office, years: Years) -> None:
    whole = resource("agreements", "home-office-tracing.toml").read_text("utf-8")
    department.entry.agreements.put(decode(only_2017(whole), "home-office-tracing"), 0)
    years.go_to(date(2017, 6, 1))
    assert department.submit(ask(department, date(2017, 6, 1))).state is State.SUBMITTED
    years.go_to(date(2018, 5, 9))
    same_day, before = ask(department, date(2018, 5, 9)), ask(department, date(2018, 5, 4))
    change = ChangePolicy(
        agreement_id="home-office-tracing",
        kind="supersede",
        takes_effect=date(2018, 5, 9),
        because="The minister narrowed it in the House of Commons.",
        text=narrowed(whole),
    )
    seen = preview(department.guardian, change)
    assert [one.row.id for one in seen.touched] == [same_day.case_id]
    assert any("ground would not be one any more" in one for one in seen.touched[0].effects)
    change_policy(department.guardian, change)
    assert (state(department, same_day), state(department, before)) == (State.DRAFT, State.DRAFT)
    assert moved(department, before) == ()
    assert taken_in(department, same_day).state is State.HELD
    years.go_to(date(2018, 6, 11))
    assert ask(department, date(2018, 6, 11)).state is State.HELD
    years.go_to(date(2018, 11, 9))
    change_policy(department.guardian, command("withdraw", date(2018, 11, 9), agreement_id="home-office-tracing"))
    late = ask(department, date(2018, 11, 9))
    assert case_page(department.caseworker, late.case_id).verdict.leads == "reject"
    # What was queued came before the withdrawal, so it stays in the queue until a person ends it.
    assert state(department, same_day) is State.HELD
    assert moved(department, same_day) == ()
