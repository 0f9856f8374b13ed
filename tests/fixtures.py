"""Real temporary stores for every test: empty, with people, or with the whole sample."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.casereads import load_case
from db.records import Json, Outcome, Role, State
from db.store import Store, create_store, open_store
from desktop.casework import accounts, decisions, outcomes, requests, returning
from desktop.casework.desk import Desk, Done, Entry
from desktop.casework.sample import MovingClock, complete_answers, fill_people, fill_sample, sample_data
from desktop.casework.setup import create_sample
from desktop.policy.agreements import Agreement, Agreements, load_agreements
from desktop.policy.calendars import Calendars, load_calendars
from desktop.security.signingsecrets import SigningSecrets

KEY = bytes(range(32))
NOW = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
"""A Wednesday: the clock of a test starts here and moves a second with each look."""


@cache
def _shipped() -> tuple[Agreement, ...]:
    """The shipped agreements, decoded once: none of them can be changed."""
    return load_agreements().all()


@cache
def _calendars() -> Calendars:
    """The shipped calendars, read once. They can be replaced: an entry gets a copy."""
    return load_calendars()


def make_entry(store: Store, now: datetime = NOW) -> Entry:
    """An entry with a clock that a test can set."""
    return Entry(
        store=store,
        clock=MovingClock(now),
        random=os.urandom,
        agreements=Agreements(_shipped()),
        calendars=copy(_calendars()),
        secrets=SigningSecrets(store.path.parent, "test", KEY, os.urandom, keyring=False),
    )


@dataclass(frozen=True)
class Office:
    """A store with its people, one of each role and a second records officer, and the short ways through a case."""

    entry: Entry
    desks: dict[Role, Desk]
    officers: tuple[Desk, ...] = ()
    """The desks of the records officers: one proposes, another approves."""

    @property
    def caseworker(self) -> Desk:
        """The caseworker's desk."""
        return self.desks[Role.CASEWORKER]

    @property
    def reviewer(self) -> Desk:
        """The reviewer's desk."""
        return self.desks[Role.REVIEWER]

    @property
    def guardian(self) -> Desk:
        """The guardian's desk."""
        return self.desks[Role.GUARDIAN]

    def desk(self, role: Role) -> Desk:
        """The desk of the person with this role."""
        return self.desks[role]

    def register(
        self,
        agreement_id: str = "law-enforcement-tracing",
        requester: str = "police",
        person: int = 0,
        received: date = date(2026, 6, 1),
        **changes: Json,
    ) -> Done:
        """A complete draft that may be approved. `changes` replace answers: "person__family_name" for the key."""
        agreement = self.entry.agreements.get(agreement_id)
        version = agreement.version_on(received)
        seen = agreement.at(version.number if version else 0, received)
        answers = dict(complete_answers(seen, requester, person, received))
        answers.update({key.replace("__", "."): value for key, value in changes.items()})
        command = requests.Register(command_id=str(uuid4()), agreement_id=agreement_id, answers=answers)
        return requests.register(self.caseworker, command)

    def save(self, done: Done, **changes: Json) -> Done:
        """Saves changed answers."""
        answers = {key.replace("__", "."): value for key, value in changes.items()}
        return requests.save_answers(self.caseworker, requests.SaveAnswers(**on(done), answers=answers))

    def submit(self, done: Done) -> Done:
        """Puts the case before a reviewer."""
        return requests.submit(self.caseworker, requests.Submit(**on(done)))

    def decide(self, done: Done, **more: Any) -> decisions.Decide:
        """A decision that agrees with every criterion."""
        with self.entry.store.read() as tx:
            criteria = requests.agreement_of(self.reviewer, tx, load_case(tx, done.case_id)).criteria
        views = {one.id: {"view": "agree", "note": ""} for one in criteria}
        return decisions.Decide(**on(done), **({"views": views} | more))

    def approve(self, done: Done) -> Done:
        """Approves as the reviewer."""
        return decisions.approve(self.reviewer, self.decide(done))

    def traced(self, done: Done) -> Done:
        """Records an outcome that discloses an address."""
        return outcomes.record(
            self.caseworker,
            outcomes.Record(
                **on(done),
                outcome=Outcome.TRACED,
                matched=("name", "born", "address"),
                values={"address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "19 January 2016"}},
            ),
        )

    def release(self, done: Done) -> Done:
        """Releases as the reviewer."""
        return outcomes.release(self.reviewer, outcomes.Release(**on(done)))

    def sent(self, done: Done, letter_id: int | None = None, **typed: str) -> Done:
        """Marks an issued letter as sent, with what the letter has typed back but for what is `typed`."""
        from desktop.casework import issuing, sending

        expected = sending.letter_to_type_back(self.caseworker, done.case_id, letter_id)
        line = f" {expected.first_line.upper()}. "
        right: dict[str, Any] = {"typed_reference": expected.reference.lower(), "typed_line": line}
        return issuing.mark_sent(self.caseworker, issuing.MarkSent(**on(done), letter_id=letter_id, **(right | typed)))

    def in_state(self, state: State) -> Done:
        """A case in this state, reached by the ordinary way."""
        return _WAYS[state](self)


def on(done: Done) -> dict[str, Any]:
    """What every command on a case needs, with a new id."""
    return {"command_id": str(uuid4()), "case_id": done.case_id, "version": done.version}


def _submitted(office: Office) -> Done:
    return office.submit(office.register())


def _approved(office: Office) -> Done:
    return office.approve(_submitted(office))


def _recorded(office: Office) -> Done:
    return office.traced(_approved(office))


def _decided(office: Office, how: Callable[[Desk, decisions.Decide], Done], criterion: str, desk: Role) -> Done:
    not_met: Json = {"answer": "not_met", "reasons": "No.", "evidence": []}
    answers: dict[str, Any] = {f"criteria__{criterion}": not_met}
    done = office.submit(office.register(**answers))
    return how(office.desk(desk), office.decide(done, reasons="It is not met.", because_of=(criterion,)))


def _returned(office: Office) -> Done:
    done = office.register()
    return returning.return_to_requester(
        office.caseworker, returning.Dated(**on(done), on=office.entry.today(), reasons="More is needed.")
    )


def _withdrawn(office: Office) -> Done:
    return requests.withdraw(
        office.caseworker, requests.WithReasons(**on(office.register()), reasons="No longer asked.")
    )


def _issued(office: Office) -> Done:
    from desktop.casework import issuing

    return issuing.issue(office.caseworker, issuing.Issue(**on(office.release(_recorded(office)))))


_WAYS: dict[State, Callable[[Office], Done]] = {
    State.DRAFT: lambda office: office.register(),
    State.HELD: lambda office: office.register("home-office-tracing", "home_office", 7, date(2018, 6, 11)),
    State.RETURNED: _returned,
    State.SUBMITTED: _submitted,
    State.SENT_BACK: lambda office: decisions.send_back(
        office.reviewer, office.decide(_submitted(office), reasons="Say when.")
    ),
    State.ESCALATED: lambda office: decisions.escalate(
        office.reviewer, office.decide(_submitted(office), reasons="For the guardian.")
    ),
    State.APPROVED: _approved,
    State.RECORDED: _recorded,
    State.RELEASED: lambda office: office.release(_recorded(office)),
    State.REFUSED: lambda office: _decided(office, decisions.refuse, "tried", Role.REVIEWER),
    State.REJECTED: lambda office: _decided(office, decisions.reject, "authorised", Role.REVIEWER),
    State.ISSUED: _issued,
    State.WITHDRAWN: _withdrawn,
}


def staffed(entry: Entry) -> Office:
    """An office with one person of each role, signed in without their passwords."""
    fill_people(entry, sample_data())
    return signed_in(entry)


def signed_in(entry: Entry) -> Office:
    """The office of a store that has its people already."""
    desks: dict[Role, Desk] = {}
    officers = []
    for user in accounts.users(entry):
        desk = Desk(
            store=entry.store,
            clock=entry.clock,
            random=entry.random,
            agreements=entry.agreements,
            calendars=entry.calendars,
            secrets=entry.secrets,
            user=user,
        )
        desks.setdefault(user.role, desk)
        if user.role is Role.RECORDS_OFFICER:
            officers.append(desk)
    return Office(entry, desks, tuple(officers))


@dataclass(frozen=True)
class Made:
    """A folder with a closed store, made once for the session, and the moment at which its clock stood at the end."""

    folder: Path
    at: datetime

    def copy_to(self, folder: Path) -> Path:
        """A new folder with a store of a test's own."""
        # The store, and beside it the key that its letters are signed with.
        shutil.copytree(self.folder, folder)
        folder.chmod(0o700)
        return folder


def _make(folder: Path, fill: Callable[[Entry], object]) -> Made:
    clock = MovingClock(NOW)
    store = create_store(folder, KEY)
    fill(replace(make_entry(store), clock=clock))
    store.close()
    return Made(folder, clock.at)


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A new store with nothing in it, migrated once; tests work on copies."""
    return _make(tmp_path_factory.mktemp("new"), lambda _entry: None)


@pytest.fixture(scope="session")
def staffed_store(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A new store with its people and no cases, migrated once; tests work on copies."""
    return _make(tmp_path_factory.mktemp("staffed"), staffed)


@pytest.fixture
def office(staffed_store: Made, tmp_path: Path) -> Iterator[Office]:
    """A new store with its people and no cases."""
    store = open_store(staffed_store.copy_to(tmp_path / "desk"), KEY)
    yield signed_in(make_entry(store, staffed_store.at))
    store.close()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample store, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("sample")
    store = create_store(folder, KEY)
    fill_sample(make_entry(store))
    store.close()
    return folder


@pytest.fixture(scope="session")
def sample_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample store as it is made for a person, with its passphrase; made once, and tests work on copies."""
    folder = tmp_path_factory.mktemp("made")
    folder.chmod(0o700)
    create_sample(folder)
    return folder


@pytest.fixture
def sample_copy(sample_made: Path, tmp_path: Path) -> Path:
    """A folder with a sample store of the test's own."""
    folder = tmp_path / "desk"
    shutil.copytree(sample_made, folder)
    return folder


@pytest.fixture
def sample_office(sample_folder: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of the sample store with everyone signed in."""
    folder = tmp_path / "sample"
    shutil.copytree(sample_folder, folder)
    store = open_store(folder, KEY)
    yield signed_in(make_entry(store))
    store.close()


@pytest.fixture
def sample_desk(sample_office: Office) -> Callable[[str], Desk]:
    """The desk of the person with a role, in a copy of the sample store."""
    return lambda role: replace(sample_office.desk(Role(role)))
