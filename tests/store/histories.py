"""Histories of requests by real actions, and what a slow, plain walk over the journal counts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from db import journal
from db.records import Action, Outcome
from desktop.casework import concerns, decisions, issuing, outcomes, reopening, requests
from desktop.casework.desk import Done
from desktop.policy.letterkinds import GIVING
from desktop.policy.wording import london
from tests.fixtures import Office, on

Steps = Iterator[None]
ANSWERED = "answered"


def _issue(office: Office, done: Done) -> Done:
    return issuing.issue(office.caseworker, issuing.Issue(**on(done)))


def _received(office: Office, days: int) -> date:
    return office.entry.today() - timedelta(days=days)


def _approved(office: Office, person: int, days: int) -> Iterator[Done]:
    done = office.register(person=person, received=_received(office, days))
    yield done
    done = office.submit(done)
    yield done
    yield office.approve(done)


def traced(office: Office, person: int, days: int) -> Steps:
    """Approved, found, sent back once, found again, released and issued."""
    for done in _approved(office, person, days):
        last = done
        yield
    last = office.traced(last)
    yield
    last = outcomes.return_outcome(office.reviewer, requests.WithReasons(**on(last), reasons="Which record?"))
    last = office.release(office.traced(last))
    yield
    _issue(office, last)


def not_found(outcome: Outcome) -> Callable[[Office, int, int], Steps]:
    """Approved, and nobody found, or more than one."""

    def steps(office: Office, person: int, days: int) -> Steps:
        for done in _approved(office, person, days):
            last = done
            yield
        last = outcomes.record(office.caseworker, outcomes.Record(**on(last), outcome=outcome))
        yield
        _issue(office, last)

    return steps


def against(action: Action, criterion: str) -> Callable[[Office, int, int], Steps]:
    """Refused or rejected, taken back into hand by the caseworker, and refused or rejected again."""

    def steps(office: Office, person: int, days: int) -> Steps:
        answers: dict[str, Any] = {f"criteria__{criterion}": {"answer": "not_met", "reasons": "No.", "evidence": []}}
        done = office.register(person=person, received=_received(office, days), **answers)
        yield
        for _ in range(2):
            done = office.submit(done)
            yield
            decide = office.decide(done, reasons="It is not met.", because_of=(criterion,))
            done = getattr(decisions, action.value)(office.reviewer, decide)
            yield
            if _ == 0:
                done = office.save(done, ground__details="Said again.")
        _issue(office, done)

    return steps


def withdrawn(office: Office, person: int, days: int) -> Steps:
    """Sent back, with a concern, and withdrawn."""
    done = office.submit(office.register(person=person, received=_received(office, days)))
    yield
    done = decisions.send_back(office.reviewer, office.decide(done, reasons="Say when."))
    yield
    raising = concerns.RaiseConcern(command_id=str(uuid4()), case_id=done.case_id, why="They may be hurt.")
    concerns.raise_concern(office.caseworker, raising)
    yield
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))


def reopened(office: Office, person: int, days: int) -> Steps:
    """Withdrawn and reopened, twice, and then answered."""
    done = office.register(person=person, received=_received(office, days))
    for _ in range(2):
        yield
        done = requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))
        yield
        done = reopening.reopen(office.caseworker, requests.WithReasons(**on(done), reasons="By mistake."))
    yield
    done = office.approve(office.submit(done))
    done = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    yield
    _issue(office, done)


def escalated(office: Office, person: int, days: int) -> Steps:
    """Escalated, and approved by the guardian."""
    done = office.submit(office.register(person=person, received=_received(office, days)))
    yield
    done = decisions.escalate(office.reviewer, office.decide(done, reasons="For the guardian."))
    yield
    done = decisions.approve(office.guardian, office.decide(done))
    yield
    done = outcomes.record(office.caseworker, outcomes.Record(**on(done), outcome=Outcome.NO_TRACE))
    _issue(office, done)


def held(office: Office, person: int, _days: int) -> Steps:
    """Held when it came, and taken off hold."""
    done = office.register("home-office-tracing", "home_office", person, date(2018, 6, 11))
    yield
    requests.take_off_hold(office.guardian, requests.WithReasons(**on(done), reasons="It may go on."))


def held_and_withdrawn(office: Office, person: int, _days: int) -> Steps:
    """Held when it came, and withdrawn from there."""
    done = office.register("home-office-tracing", "home_office", person, date(2018, 6, 11))
    yield
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="Taken back."))


def held_by_a_correction(office: Office, person: int, _days: int) -> Steps:
    """Its day of receipt is put right and it is held for it, and put right again."""
    done = office.register("home-office-tracing", "home_office", person, date(2018, 5, 1))
    yield
    done = office.save(done, received__on={"day": "11", "month": "6", "year": "2018"})
    yield
    done = office.save(done, received__on={"day": "02", "month": "5", "year": "2018"})
    yield
    office.save(done, received__on={"day": "12", "month": "6", "year": "2018"})


def status(office: Office, person: int, days: int) -> Steps:
    """A status check that is answered."""
    done = office.register("nhs-status-check", "trust", person, _received(office, days))
    yield
    done = office.approve(office.submit(done))
    yield
    values = {"status": {"value": "Settled", "recorded_on": "14 May 2019"}}
    told = outcomes.Record(**on(done), outcome=Outcome.STATUS, status_answer="settled", values=values)
    done = outcomes.record(office.caseworker, told)
    _issue(office, office.release(done))


SCRIPTS: tuple[Callable[[Office, int, int], Steps], ...] = (
    traced,
    not_found(Outcome.NO_TRACE),
    not_found(Outcome.MORE_THAN_ONE),
    against(Action.REFUSE, "tried"),
    against(Action.REJECT, "authorised"),
    withdrawn,
    escalated,
    held,
    held_and_withdrawn,
    status,
    held_by_a_correction,
    reopened,
)


@dataclass
class Story:
    """One request as the journal tells it; its agreement, requester and dates are those of its stub."""

    agreement_id: str
    kind: str
    received: date
    due: date | None
    outcome: str = ""
    grounds: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    closed: date | None = None
    came_held: bool = False
    holds: list[tuple[date, bool]] = field(default_factory=list)
    """The days on which it came on hold or went off it."""
    withdrawn_before: list[tuple[date, date]] = field(default_factory=list)
    """The days from which and until which it was open before it was reopened."""
    begun: date | None = None
    """The day on which it was reopened last."""
    disclosed: bool = False
    done: list[tuple[date, str]] = field(default_factory=list)

    def stretches(self) -> list[tuple[date, date | None, str]]:
        """From when until when it was open, and in what that ended."""
        before: list[tuple[date, date | None, str]] = [(*days, "withdrawn") for days in self.withdrawn_before]
        return [*before, (self.begun or self.received, self.closed, self.outcome)]

    def open_at_end_of(self, last: date) -> bool:
        return any(came <= last and (gone is None or gone > last) for came, gone, _outcome in self.stretches())

    def held_at_end_of(self, last: date) -> bool:
        held = self.came_held
        for day, on_hold in self.holds:
            held = on_hold if day <= last else held
        return held and self.open_at_end_of(last)


def stories(office: Office) -> list[Story]:
    """Every request, by walking the whole journal once."""
    with office.entry.store.read() as tx:
        entries = sorted(journal.entries(tx, limit=100_000), key=lambda one: one.seq)
        rows = tx.execute(text("SELECT id, agreement_id, requester_kind, received_on, due_on FROM cases")).all()
        held = set(tx.execute(text("SELECT id FROM cases WHERE state = 'held'")).scalars())
    found = {
        row[0]: Story(row[1], row[2], date.fromisoformat(row[3]), date.fromisoformat(row[4]) if row[4] else None)
        for row in rows
    }
    for one in entries:
        if one.case_id is None:
            continue
        story, data, day = found[one.case_id], dict(one.data), london(one.at).date()
        story.done.append((day, one.action))
        if one.action in ("refuse", "reject"):
            story.outcome = {"refuse": "refused", "reject": "rejected"}[one.action]
            story.grounds = tuple(data["because_of"])  # type: ignore[arg-type]
        elif one.action == "record":
            story.outcome, story.items = str(data["outcome"]), tuple(data["items"])  # type: ignore[arg-type]
        elif one.action == "withdraw":
            story.outcome, story.closed = "withdrawn", day
        elif one.action == "reopen":
            assert story.closed is not None
            story.withdrawn_before.append((story.begun or story.received, story.closed))
            story.begun, story.closed, story.outcome = day, None, ""
        elif one.action == "issue":
            story.closed, story.disclosed = day, str(data["kind"]) in GIVING
        if one.action in ("take_off_hold", "put_on_hold") or "held" in data:
            story.came_held = story.came_held or (not story.holds and one.action != "put_on_hold")
            story.holds.append((day, one.action == "put_on_hold"))
    for case_id, story in found.items():
        story.came_held = story.came_held or (not story.holds and case_id in held)
    return list(found.values())


def plain_moves(told: list[Story], first: date, last: date, *, once: bool = False) -> Counter[tuple[str, str]]:
    """What the requests of each agreement count as in these days: agreement and what. ``once``: however often one
    was withdrawn and reopened in them.
    """
    found: Counter[tuple[str, str]] = Counter()
    for one in told:
        what = []
        for number, (came, gone, outcome) in enumerate(one.stretches()):
            if first <= came <= last:
                what.append("reopened" if number else "received")
            if came < first and (gone is None or gone >= first):
                what.append("brought")
            if gone is not None and first <= gone <= last:
                what.append(outcome)
                if outcome != "withdrawn":
                    what += [ANSWERED, "in_time" if one.due is not None and gone <= one.due else "late"]
        if one.open_at_end_of(last):
            what.append("carried")
        if one.held_at_end_of(last):
            what.append("held")
        for each in {*what} if once else what:
            found[one.agreement_id, each] += 1
    return found
