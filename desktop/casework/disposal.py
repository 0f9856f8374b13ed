"""Disposal: cases are proposed by one records officer, approved by another, and destroyed after a period of grace.

A date that has come is a trigger to review and destroys nothing by itself (Records Management Code of Practice 2021:
"In no circumstances should a record … be automatically destroyed"). An erasure is logged (Data Protection Act 2018,
section 62).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from db import disposal, emptying, lists, timers
from db.disposal import Candidate, Run, RunItem
from db.errors import RuleKept
from db.health import next_number
from db.journal import append
from db.records import Heading, Json, Role, State
from db.store import Tx
from desktop.casework.backups import old_files
from desktop.casework.certificates import need_certificate
from desktop.casework.certifying import certify
from desktop.casework.copies import Room, write_copy
from desktop.casework.desk import Desk, Invalid, Refused, changing, need_reasons, need_role
from desktop.casework.destroyedrequests import remember_request
from desktop.casework.disposalchecks import need_clock, need_nobody_named, need_other_person, need_use, need_whole
from desktop.casework.foreseen import why_kept
from desktop.casework.keptlists import KeptOnTheWay, write_lists
from desktop.casework.transferring import Sealing, need_sealing, pack
from desktop.policy.disposal import KEPT_WORDS, MOST_YEARS, first_day, last_review
from desktop.policy.fields import Problem, check_text
from desktop.policy.wording import day, plural

__all__ = [
    "Candidate",
    "CarriedOut",
    "DecideRun",
    "ProposeRun",
    "Retain",
    "Run",
    "RunItem",
    "Sealing",
    "TakeOff",
    "candidates",
    "carry_out",
    "decide_run",
    "propose_run",
    "read_certificate",
    "retain",
    "run_items",
    "runs",
    "save_certificate",
    "take_off",
]

_MOST_NAMED = 5
"""Cases that a refusal names one by one."""
SEES = (Role.RECORDS_OFFICER, Role.GUARDIAN, Role.ADMINISTRATOR, Role.AUDITOR)
"""Who sees runs. None of them shows whom a case is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRun:
    """Proposes to destroy these cases, all of which are due and kept by nothing.

    ``transfer_to``: the archive or body to which each is handed over first, in a sealed package; "" for none.
    """

    case_ids: tuple[int, ...]
    because: str
    transfer_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRun:
    """Approves a run that another proposed, or turns it down with reasons; whoever proposed it takes it back so."""

    run_id: int
    approved: bool
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOff:
    """Takes a case off an approved run before it is carried out."""

    run_id: int
    case_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retain:
    """Keeps cases that are due longer, until a new review, for a reason that names nobody."""

    case_ids: tuple[int, ...]
    review_on: date
    because: str


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """How a run stands after it was carried out: the certificate's number once each case has its result."""

    destroyed: int
    kept: int
    left: int
    certificate: int | None
    old_files: int = 0
    """Backups and other copies of the store that hold cases which are destroyed by now."""
    unwritten: tuple[str, ...] = ()
    """Which erasure lists could not be brought up to date, and why: a backup there would bring people back."""


Told = Callable[[int, int], bool]
"""``told(done, of)`` after each case; False stops before the next one."""


def candidates(desk: Desk) -> tuple[Candidate, ...]:
    """The cases whose date has come, with what keeps each of them from a run of the signed-in person."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        return disposal.candidates(tx, desk.today(), desk.clock(), desk.user.id)


def runs(desk: Desk) -> tuple[Run, ...]:
    """Every run, the latest first."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        return disposal.runs(tx)


def run_items(desk: Desk, run_id: int) -> tuple[RunItem, ...]:
    """The cases of a run, and what became of each."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        return disposal.items(tx, run_id)


def propose_run(desk: Desk, command: ProposeRun) -> int:
    """Proposes a run; returns its number. Raises Invalid or Refused, naming each case that cannot go."""
    need_role(desk, Role.RECORDS_OFFICER)
    because = _said("because", command.because, "Say why these cases are to be destroyed.")
    if unsafe := check_text("transfer_to", command.transfer_to, most=200, lines=False):
        raise Invalid(unsafe)
    recipient = command.transfer_to.strip()
    if not command.case_ids:
        raise Refused("Choose the cases first.")
    with changing(desk) as tx:
        now = desk.clock()
        known = {one.case_id: one for one in disposal.candidates(tx, desk.today(), now, desk.user.id, most=-1)}
        chosen = [known[one] for one in dict.fromkeys(command.case_ids) if one in known]
        if len(chosen) < len(set(command.case_ids)):
            raise Refused("Some of these cases are not due for review. Look at the list again.")
        if kept := [one for one in chosen if one.against]:
            said = [f"{one.reference}: {KEPT_WORDS[one.against[0]]}" for one in kept[:_MOST_NAMED]]
            said += [f"And {more} more."] if (more := len(kept) - _MOST_NAMED) > 0 else []
            raise Refused(f"{plural(len(kept), 'case')} cannot go. {' '.join(said)}")
        for field, words in (("because", because), ("transfer_to", recipient)):
            need_nobody_named(tx, field, words, [one.case_id for one in chosen])
        number = next_number(tx, "disposal_run")
        to: dict[str, Json] = {"transfer_to": recipient} if recipient else {}
        told: dict[str, Json] = {"run": number, "cases": [one.reference for one in chosen], **to}
        _journal(tx, desk, now, "propose_run", told)
        values = {"id": number, "because": because, "proposed_by": desk.user.id, "proposed_at": now}
        disposal.add_run(tx, values, chosen)
        if recipient:
            disposal.add_transfer(tx, number, recipient)
    return number


def decide_run(desk: Desk, command: DecideRun) -> None:
    """Approves a run, from when on its days of grace run, or turns it down. Its proposer takes it back, and no more."""
    need_role(desk, Role.RECORDS_OFFICER)
    reasons = command.reasons.strip()
    if not command.approved:
        reasons = need_reasons(command.reasons, "turning it down or taking it back")
    elif unsafe := check_text("reasons", reasons):
        raise Invalid(unsafe)
    with changing(desk) as tx:
        one = _run(tx, command.run_id)
        if one.verdict is not None:
            raise Refused("This run is decided already.")
        own = one.proposed_by_id == desk.user.id
        if own and command.approved:
            raise Refused("You proposed this run, so another records officer decides it.")
        if command.approved:
            need_other_person(tx, desk, one.proposed_by, "propose_run", ("run", one.id))
        need_nobody_named(tx, "reasons", reasons, [item.case_id for item in disposal.items(tx, one.id)])
        need_clock(tx, desk)
        now = desk.clock()
        not_before = first_day(desk.today()) if command.approved else None
        values = {
            "run_id": one.id,
            "approved": command.approved,
            "reasons": reasons,
            "decided_by": desk.user.id,
            "decided_at": now,
            "not_before": not_before,
        }
        said: dict[str, Json] = {"run": one.id, "reasons": reasons}
        if not_before:
            said["not_before"] = not_before.isoformat()
        against = "withdraw_run" if own else "turn_down_run"
        # The journal says it first: the database takes no decision that it does not say right before.
        _journal(tx, desk, now, "approve_run" if command.approved else against, said)
        disposal.add_verdict(tx, values)


def take_off(desk: Desk, command: TakeOff) -> None:
    """Takes a case off an approved run: it stays, and can be proposed again."""
    need_role(desk, Role.RECORDS_OFFICER)
    why = _said("why", command.why, "Say why it stays.")
    with changing(desk) as tx:
        one = _run(tx, command.run_id)
        if one.verdict is None or not one.verdict.approved:
            raise Refused("This run is not approved, so nothing of it is destroyed.")
        pending = {item.case_id: item for item in disposal.items(tx, one.id) if item.destroyed is None}
        if command.case_id not in pending:
            raise Refused("This case is not on the run, or has its result already.")
        need_nobody_named(tx, "why", why, [item.case_id for item in disposal.items(tx, one.id)])
        _stays(tx, desk, one.id, command.case_id, desk.clock(), why)


def carry_out(
    desk: Desk, run_id: int, told: Told = lambda _done, _of: True, sealing: Sealing | None = None
) -> CarriedOut:
    """Destroys the cases of an approved run, each in a transaction of its own, and certifies it once all are done.

    A case that something keeps by now stays, with why. What was done before a stop or a crash stays done, and the run
    goes on from there. A run that hands its cases over needs ``sealing``: each goes once its package is written and
    read back. Raises Refused before its first day, for a run that is not approved, and where a package is not written.
    """
    need_role(desk, Role.RECORDS_OFFICER)
    with desk.store.read() as tx:
        one = _ready(tx, desk, run_id)
        need_certificate(tx, desk)
        if one.transfer_to:
            need_sealing(desk.store.path.parent, sealing)
        waiting = [item.case_id for item in disposal.items(tx, one.id) if item.destroyed is None]
        # What a crash leaves out, the next opening writes.
        every = max(10, lists.count_in(tx, (State.DESTROYED,)) // 10)
    lists_kept = KeptOnTheWay(desk, every)
    try:
        for number, case_id in enumerate(waiting, 1):
            _one(desk, one, case_id, sealing)
            lists_kept.gone()
            if not told(number, len(waiting)):
                break
    finally:
        unwritten = write_lists(desk).unwritten
    desk.store.empty_log()
    with desk.store.read() as tx:
        one = _run(tx, run_id)
    left = one.total - one.destroyed - one.kept
    if not left and one.certificate is None:
        with changing(desk) as tx:
            certify(desk, tx, one)
            one = _run(tx, run_id)
        desk.store.empty_log()
    return CarriedOut(one.destroyed, one.kept, left, one.certificate, len(old_files(desk)), unwritten)


def _ready(tx: Tx, desk: Desk, run_id: int) -> Run:
    one = _run(tx, run_id)
    if one.verdict is None or not one.verdict.approved or one.verdict.not_before is None:
        raise Refused("Another records officer approves this run first.")
    if desk.today() < one.verdict.not_before:
        raise Refused(f"This run may be carried out from {day(one.verdict.not_before)}, after its days of grace.")
    need_whole(tx, desk, one)
    need_clock(tx, desk)
    need_use(tx, desk, one, one.verdict)
    return one


def _one(desk: Desk, one: Run, case_id: int, sealing: Sealing | None) -> None:
    """Destroys a case of a run, or says why it stays."""
    try:
        with changing(desk) as tx:
            _destroy(tx, desk, one, case_id, sealing)
    except Refused as error:
        # What the database refuses although nothing seemed to keep the case: it stays, and its result says so.
        if not isinstance(error.__cause__, RuleKept):
            raise
        with changing(desk) as tx:
            _stays(tx, desk, one.id, case_id, desk.clock(), str(error))


def _destroy(tx: Tx, desk: Desk, one: Run, case_id: int, sealing: Sealing | None) -> None:
    if disposal.has_result(tx, one.id, case_id):
        raise Refused("Another officer is carrying this run out.")
    now = desk.clock()
    if why := why_kept(tx, desk, case_id, now):
        _stays(tx, desk, one.id, case_id, now, why)
        return
    packed = pack(desk, tx, one, case_id, sealing, now) if one.transfer_to and sealing is not None else None
    remember_request(tx, desk, case_id)
    # The journal says it first: the database lets nothing go, nor be packed, that it does not say right before.
    _journal(tx, desk, now, "destroy", {"run": one.id}, case_id)
    if packed is not None:
        disposal.add_package(tx, packed)
    emptying.destroy(tx, case_id, emptying.version_of(tx, case_id), desk.user.id, now)
    if packed is not None:
        to: dict[str, Json] = {"run": one.id, "to": one.transfer_to, "sha256": packed["sha256"]}
        append(
            tx, at=now, actor_id=desk.user.id, action="hand_over", heading=Heading.DISCLOSURE, case_id=case_id, data=to
        )
    _add_result(tx, desk, one.id, case_id, now, "")


def _stays(tx: Tx, desk: Desk, run_id: int, case_id: int, now: datetime, why: str) -> None:
    _journal(tx, desk, now, "keep_case", {"run": run_id, "why": why}, case_id)
    _add_result(tx, desk, run_id, case_id, now, why)


def _add_result(tx: Tx, desk: Desk, run_id: int, case_id: int, now: datetime, why: str) -> None:
    values = {"run_id": run_id, "case_id": case_id, "destroyed": not why, "why": why}
    disposal.add_result(tx, {**values, "done_by": desk.user.id, "done_at": now})


def retain(desk: Desk, command: Retain) -> None:
    """Gives timers that are due a later date. Raises Invalid or Refused."""
    need_role(desk, Role.RECORDS_OFFICER)
    because = _said("because", command.because, "Say why they are kept longer.")
    if command.review_on <= desk.today():
        raise Invalid((Problem("review_on", "Give a day that is still to come.", hard=True),))
    if command.review_on > last_review(desk.today()):
        far = f"Give a day within {MOST_YEARS} years: then somebody looks at them again."
        raise Invalid((Problem("review_on", far, hard=True),))
    if not command.case_ids:
        raise Refused("Choose the cases first.")
    with changing(desk) as tx:
        now = desk.clock()
        due = {one.case_id: one for one in disposal.candidates(tx, desk.today(), now, desk.user.id, most=-1)}
        for case_id in dict.fromkeys(command.case_ids):
            if case_id not in due:
                raise Refused("Some of these cases are not due for review. Look at the list again.")
            values = {
                "case_id": case_id,
                "kind": "retain",
                "due_on": command.review_on,
                "rule": f"kept until {day(command.review_on)}",
                "source": due[case_id].rule,
                "because": because,
                "decided_by": desk.user.id,
                "decided_at": now,
            }
            said: dict[str, Json] = {"review_on": command.review_on.isoformat()}
            _journal(tx, desk, now, "retain", said, case_id)
            timers.add_change(tx, values)


def read_certificate(desk: Desk, run_id: int) -> tuple[int, str, bytes]:
    """A run's certificate: its number, its content as JSON, and the page. Raises Refused before there is one."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        found = disposal.certificate(tx, run_id)
    if found is None:
        raise Refused("There is no certificate yet: it is made once each case of the run has its result.")
    return found


def save_certificate(desk: Desk, run_id: int, out: Path) -> None:
    """Writes a run's certificate to `out`, and its content beside it as JSON; journalled.

    Raises Refused, or OSError as ``write_copy`` does.
    """
    number, content, pdf = read_certificate(desk, run_id)

    def give(room: Room) -> bytes:
        room(len(pdf))
        with changing(desk) as tx:
            _journal(tx, desk, desk.clock(), "save_certificate", {"run": run_id, "certificate": number})
        return pdf

    write_copy(out, give, replace=True)
    write_copy(out.with_suffix(".json"), lambda _room: content.encode(), replace=True)


def _run(tx: Tx, run_id: int) -> Run:
    one = disposal.run(tx, run_id)
    if one is None:
        raise Refused("There is no such run.")
    return one


def _said(field: str, words: str, missing: str) -> str:
    if not words.strip():
        raise Invalid((Problem(field, missing, hard=True),))
    if unsafe := check_text(field, words, most=1000):
        raise Invalid(unsafe)
    return words.strip()


def _journal(tx: Tx, desk: Desk, now: datetime, action: str, data: dict[str, Json], case_id: int | None = None) -> None:
    append(tx, at=now, actor_id=desk.user.id, action=action, heading=Heading.ERASURE, case_id=case_id, data=data)
