"""Agreements that are suspended, resumed, withdrawn or superseded, and the open cases that this touches.

A guardian decides it, seeing first which open cases it touches and what it means for each. The version in force on the
day of receipt governs a request, so a case that came before stays as it is. A case that is touched stays under the text
that it was taken on with until a caseworker takes the change in; until then nothing is approved, released or issued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from db import casefile, policymoves
from db.casereads import load_case, pinned_agreement
from db.health import next_number
from db.journal import append
from db.policymoves import PolicyChange
from db.records import Action, Answers, Case, CaseRow, Heading, Role
from db.store import Tx
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, changing, need_role, touched
from desktop.casework.pinned import decoded
from desktop.casework.projection import project
from desktop.casework.suspended import by_agreement, tell_hold
from desktop.policy.agreements import Agreement, AgreementError, Change, decode
from desktop.policy.agreements_moves import counts_otherwise, differs_before, effects, with_change
from desktop.policy.fields import Problem, check_text
from desktop.policy.life import EDITABLE, TABLE
from desktop.policy.wording import day

__all__ = [
    "KIND_WORDS",
    "ChangePolicy",
    "Kind",
    "PolicyChange",
    "Preview",
    "TakeIn",
    "Touched",
    "change_policy",
    "changes",
    "need_current",
    "preview",
    "take_in",
    "touched_cases",
    "what_it_means",
]

Kind = Literal["suspend", "resume", "withdraw", "supersede"]
KIND_WORDS: Mapping[str, str] = {
    "suspend": "Suspended",
    "resume": "Resumed",
    "withdraw": "Withdrawn",
    "supersede": "Superseded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """What befalls an agreement from a day on, and why. ``text`` is the new file, where it is superseded."""

    agreement_id: str
    kind: Kind
    takes_effect: date
    because: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn(OnCase):
    """Puts a case under its agreement as that is now."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An open case, and what a change means for it, in sentences."""

    row: CaseRow
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would make of an agreement, and of its open cases."""

    agreement: Agreement
    touched: tuple[Touched, ...]
    untouched: int
    """Open cases that stay as they are: they came before."""


def changes(desk: Desk) -> tuple[PolicyChange, ...]:
    """Every change of an agreement, the latest first."""
    with desk.store.read() as tx:
        return policymoves.changes(tx)


def preview(desk: Desk, command: ChangePolicy) -> Preview:
    """What the change would mean; nothing is changed. Raises Refused or Invalid."""
    need_role(desk, Role.GUARDIAN)
    after = _after(desk, command)
    with desk.store.read() as tx:
        found = _touched(tx, after)
        total = len(policymoves.open_under(tx, after.id))
    return Preview(after, found, total - len(found))


def change_policy(desk: Desk, command: ChangePolicy) -> Preview:
    """Makes the change. No case is changed by it. Raises Refused or Invalid."""
    need_role(desk, Role.GUARDIAN)
    with changing(desk) as tx:
        after = _after(desk, command)
        now = desk.clock()
        casefile.keep_agreement(tx, after.content_hash, after.id, after.text)
        number = next_number(tx, "policy_change")
        found = _touched(tx, after)
        total = len(policymoves.open_under(tx, after.id))
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action=f"{command.kind}_agreement",
            heading=Heading.SYSTEM,
            data={
                "agreement": after.id,
                "change": number,
                "from": command.takes_effect.isoformat(),
                "touched": [one.row.reference for one in found],
            },
        )
        policymoves.add_change(
            tx,
            {
                "id": number,
                "agreement_id": after.id,
                "kind": command.kind,
                "takes_effect": command.takes_effect,
                "because": command.because.strip(),
                "agreement_hash": after.content_hash,
                "decided_by": desk.user.id,
                "decided_at": now,
            },
        )
    desk.agreements.put(after, number)
    return Preview(after, found, total - len(found))


def _after(desk: Desk, command: ChangePolicy) -> Agreement:
    """The agreement as the change would leave it."""
    if not desk.agreements.has(command.agreement_id):
        raise Refused("There is no such agreement.")
    before = desk.agreements.get(command.agreement_id)
    because = command.because.strip()
    if not because:
        raise Invalid((Problem("because", "Say why, in words that a letter may use.", hard=True),))
    if unsafe := check_text("because", because, most=1000, lines=False):
        raise Invalid(unsafe)
    if command.kind == "supersede":
        return _superseding(before, command)
    try:
        change = Change(kind=command.kind, on=command.takes_effect, because=because)
        return decode(with_change(before.text, change), before.id, kept=True)
    except AgreementError as error:
        message = error.message.partition(": ")[2] or error.message
        raise Invalid((Problem("takes_effect", f"{message[:1].upper()}{message[1:]}", hard=True),)) from error


def _superseding(before: Agreement, command: ChangePolicy) -> Agreement:
    """The new file's agreement: it goes on from the old one, and changes nothing before its day."""
    try:
        after = decode(command.text, "the new file")
    except AgreementError as error:
        raise Invalid((Problem("text", f"{str(error)[:1].upper()}{str(error)[1:]}", hard=True),)) from error
    wrong = ""
    if after.id != before.id:
        wrong = f"The new file is of the agreement “{after.id}”, and not of “{before.id}”."
    elif after.content_hash == before.content_hash:
        wrong = "The new file is the same as the agreement is now."
    elif after.version_on(command.takes_effect) is None:
        wrong = f"No version of the new file is in force on {day(command.takes_effect)}."
    elif (other := differs_before(before, after, command.takes_effect)) is not None:
        wrong = f"The new file says something else of {day(other)}, which is before {day(command.takes_effect)}."
    elif counted := counts_otherwise(before, after, command.takes_effect):
        wrong = f"The new file cannot take its place. {counted}"
    if wrong:
        raise Invalid((Problem("text", wrong, hard=True),))
    return after


def _touched(tx: Tx, after: Agreement) -> tuple[Touched, ...]:
    found = []
    for row in policymoves.open_under(tx, after.id, after.content_hash):
        case = load_case(tx, row.id)
        if said := _effects(tx, case, after):
            found.append(Touched(row, said))
    return tuple(found)


def _effects(tx: Tx, case: Case, after: Agreement) -> tuple[str, ...]:
    if case.agreement_hash == after.content_hash or case.row.received_on is None:
        return ()
    pinned = decoded(pinned_agreement(tx, case.agreement_hash), after.id)
    chosen: Answers = case.submissions[-1].snapshot if case.submissions else case.answers
    return effects(pinned, after, case.row.agreement_version, case.row.received_on, chosen)


def touched_cases(desk: Desk, agreement_id: str) -> tuple[Touched, ...]:
    """The open cases that wait for somebody to take a change of their agreement in."""
    with desk.store.read() as tx:
        return _touched(tx, desk.agreements.get(agreement_id))


def to_take_in(desk: Desk, tx: Tx, rows: Sequence[CaseRow]) -> dict[int, tuple[str, ...]]:
    """Those of these open cases that a change of their agreement touches, with what it means for each."""
    pinned = policymoves.pinned_in(tx, [row.id for row in rows])
    found = {}
    for row in rows:
        known = desk.agreements.get(row.agreement_id) if desk.agreements.has(row.agreement_id) else None
        if known is not None and known.content_hash != pinned[row.id]:
            found[row.id] = _effects(tx, load_case(tx, row.id), known)
    return {case_id: said for case_id, said in found.items() if said}


def what_it_means(desk: Desk, tx: Tx, case: Case) -> tuple[str, ...]:
    """What a change of its agreement means for a case that it touches; () for nothing."""
    if not desk.agreements.has(case.row.agreement_id):
        return ()
    return _effects(tx, case, desk.agreements.get(case.row.agreement_id))


def need_current(desk: Desk, tx: Tx, case: Case) -> None:
    """Raises Refused while a change of the agreement has not been taken in."""
    if said := what_it_means(desk, tx, case):
        raise Refused(f"Its agreement has changed. {' '.join(said)} Take the change in first.")


def take_in(desk: Desk, command: TakeIn) -> Done:
    """Puts a case under its agreement as that is now: held, a draft again or as it was, its decisions void."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.EDIT)
        said = what_it_means(desk, tx, case)
        if not said:
            raise Refused("No change of its agreement touches this case.")
        after = desk.agreements.get(case.row.agreement_id)
        row = project(after, case.answers, desk.calendars, case.pauses, case.extensions)
        state, version = TABLE[case.row.state, Action.EDIT].to, command.version
        if case.row.state not in EDITABLE:
            casefile.void_decisions(tx, case, desk.user.id, now)
            version = casefile.update_case(
                tx, case.row.id, version, {"state": state.value, "outcome": None, **touched(desk, now)}
            )
        state = by_agreement(state, row)
        casefile.keep_agreement(tx, after.content_hash, after.id, after.text)
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action="adopt_agreement",
            heading=Heading.ALTERATION,
            case_id=case.row.id,
            data={"from": case.agreement_hash, "to": after.content_hash, "version": row.version},
        )
        values = {"state": state.value, "agreement_hash": after.content_hash, **touched(desk, now), **row.values()}
        version = casefile.update_case(tx, case.row.id, version, values)
        tell_hold(desk, tx, now, case, state)
        return Done(case.row.id, version, state, row.due_on)

    return act(desk, command.command_id, "take_in", body)
