"""Whatever people do, one after the other: every check of the store finds nothing, and figures add up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.records import Outcome, Relation, State
from desktop.casework import disposal, issuing, links, outcomes, publication, reopening, requests, returning
from desktop.casework.casepage import history
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.disposal import DecideRun, ProposeRun, Retain
from desktop.policy.publication import Per
from tests.fixtures import Office, on
from tests.store.backing import backed_up, held, released, restored
from tests.store.disposing import faults, many_closed, note, pass_days, pass_grace
from tests.store.holding import reference, same_person
from tests.store.test_publication import asked

STEPS, LOOK_EVERY = 120, 12
RIGHTLY = re.compile(r"holds \d cases? that w(as|ere) destroyed since: (replace it|keep the restored store)")
"""What the check is right to tell of backups and of what a restore replaced."""
T = TypeVar("T")


class Life:
    """Somebody of the office does something by chance, each time it is asked."""

    def __init__(self, office: Office, backups: Path, chance: Random) -> None:
        self.office, self.backups, self.chance = office, backups, chance
        self.did: list[str] = []
        self._kept: list[Path] = []
        self._often: dict[Callable[[], object], int] = {
            self.register: 6,
            self.submit: 6,
            self.approve: 6,
            self.answer: 7,
            self.withdraw: 8,
            self.reopen: 7,
            self.return_it: 2,
            self.link: 1,
            self.join: 1,
            self.hold: 1,
            self.release: 2,
            self.propose: 5,
            self.decide: 5,
            self.carry_out: 5,
            self.retain: 2,
            self.days_pass: 8,
            self.back_up: 3,
            self.restore: 2,
        }

    def step(self) -> None:
        """Does one thing, which may be refused."""
        (does,) = self.chance.choices([*self._often], [*self._often.values()])
        try:
            does()
            self.did.append(does.__name__)
        except (Refused, Invalid) as refused:
            self.did.append(f"{does.__name__}: {refused}")

    def one(self, *states: State) -> Done:
        found = self.rows("SELECT id, version, state FROM cases ORDER BY id")
        some = [Done(number, version, State(state), None) for number, version, state in found]
        return self._any([one for one in some if one.state in states or not states])

    def register(self) -> None:
        days = timedelta(days=self.chance.choice([0, 0, 3, 40]))
        self.office.register(person=self.chance.randrange(8), received=self.office.entry.today() - days)

    def submit(self) -> None:
        self.office.submit(self.one(State.DRAFT))

    def approve(self) -> None:
        self.office.approve(self.one(State.SUBMITTED))

    def answer(self) -> None:
        found = outcomes.Record(**on(self.one(State.APPROVED)), outcome=Outcome.NO_TRACE)
        done = outcomes.record(self.office.caseworker, found)
        issuing.issue(self.office.caseworker, issuing.Issue(**on(done)))

    def withdraw(self) -> None:
        requests.withdraw(self.office.caseworker, requests.WithReasons(**on(self.one()), reasons="Taken back."))

    def reopen(self) -> None:
        again = requests.WithReasons(**on(self.one(State.WITHDRAWN)), reasons="They go on with it.")
        reopening.reopen(self.office.caseworker, again)

    def return_it(self) -> None:
        asks = returning.Dated(**on(self.one(State.DRAFT)), on=self.office.entry.today(), reasons="Say when.")
        returning.return_to_requester(self.office.caseworker, asks)

    def link(self) -> None:
        case, other = self.one(), self.one()
        kind = self.chance.choice([Relation.FOLLOW_UP, Relation.DUPLICATE])
        named = reference(self.office, other)
        link = links.LinkCases(command_id=str(uuid4()), case_id=case.case_id, reference=named, kind=kind)
        links.link_cases(self.office.caseworker, link)

    def join(self) -> None:
        case, other = self.one(), self.one()
        same_person(self.office, case, other, same=self.chance.random() < 0.5)

    def hold(self) -> None:
        held(self.office, self.one().case_id)

    def release(self) -> None:
        released(self.office, self._any(self.rows("SELECT id FROM hold"))[0])

    def propose(self) -> None:
        due = [one.case_id for one in disposal.candidates(self.office.officers[0]) if not one.kept_by]
        run = ProposeRun(case_ids=tuple(due), because="Their time is over.")
        disposal.propose_run(self.office.officers[0], run)

    def decide(self) -> None:
        undecided = "SELECT id FROM disposal_run WHERE id NOT IN (SELECT run_id FROM disposal_verdict)"
        (run,) = self._any(self.rows(undecided))
        agreed = self.chance.random() < 0.8
        disposal.decide_run(self.office.officers[1], DecideRun(run_id=run, approved=agreed, reasons="Not now."))

    def carry_out(self) -> None:
        (run,) = self._any(self.rows("SELECT run_id FROM disposal_verdict WHERE approved"))
        pass_grace(self.office)
        disposal.carry_out(self.office.officers[0], run)

    def retain(self) -> None:
        one = self._any(disposal.candidates(self.office.officers[0]))
        until = self.office.entry.today() + timedelta(days=self.chance.choice([30, 400]))
        longer = Retain(case_ids=(one.case_id,), review_on=until, because="An inquiry goes on.")
        disposal.retain(self.office.officers[0], longer)

    def days_pass(self) -> None:
        for days in (1, 5, 10)[: self.chance.randint(1, 3)]:
            pass_days(self.office, days)
            note(self.office)

    def back_up(self) -> None:
        self._kept.append(backed_up(self.office, self.backups / str(len(self._kept))))

    def restore(self) -> None:
        restored(self.office, self._any(self._kept[-3:]))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.office.entry.store.read() as tx:
            return [tuple(row) for row in tx.execute(text(sql))]

    def _any(self, some: Sequence[T]) -> T:
        if not some:
            raise Refused("There is none.")
        return self.chance.choice(some)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_store_is_sound_whatever_is_done(office: Office, tmp_path: Path, seed: int) -> None:
    began = office.entry.today()
    many_closed(office, 5)
    life = Life(office, tmp_path, Random(seed))
    for number in range(1, STEPS + 1):
        life.step()
        if number % LOOK_EVERY == 0:
            assert [one for one in faults(office) if not RIGHTLY.search(one)] == [], life.did
            wanted = asked(began.replace(day=1), office.entry.today(), per=Per.YEAR)
            assert publication.publication(office.caseworker, wanted).faults == (), life.did
            assert all(history(office.caseworker, number) for (number,) in life.rows("SELECT id FROM cases"))
    assert {"withdraw", "reopen", "carry_out", "restore"} <= {*life.did}, life.did
