"""Holds: cases that may not be destroyed, by whose authority and why; two people release one.

To destroy what somebody asked for is a crime (Freedom of Information Act 2000, section 77; Data Protection Act 2018,
section 173), and a public inquiry may tell a body to keep its records. A hold also catches the cases that come into
its scope later. Its words stay when the cases are gone: nobody is named in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from db import disposal, holds
from db.casereads import load_case
from db.disposal import Run
from db.health import next_number
from db.holds import Covered, Hold, Scope
from db.journal import append
from db.persons import about_one_person
from db.records import CaseRow, Heading, Json, Role, State
from db.store import Tx
from desktop.casework.desk import Desk, Invalid, Refused, changing, need_role
from desktop.casework.disposal import SEES
from desktop.casework.disposalchecks import need_nobody_named, need_other_person
from desktop.casework.holdscope import PlaceHold, said, scope_of
from desktop.casework.keptlists import keep_holds
from desktop.policy.disposal import KEPT_WORDS
from desktop.policy.holds import next_review, scope_words
from desktop.policy.life import CLOSED
from desktop.policy.requesters import asks_officially
from desktop.policy.wording import london

__all__ = [
    "Covered",
    "DecideRelease",
    "Hold",
    "HoldRow",
    "Keeping",
    "PlaceHold",
    "Preview",
    "ProposeRelease",
    "Recorded",
    "decide_release",
    "hold_rows",
    "keeping",
    "known_bodies",
    "place_hold",
    "preview_hold",
    "propose_release",
    "waiting_holds",
]

PLACERS = (Role.RECORDS_OFFICER, Role.GUARDIAN)
"""Who places holds, and proposes and decides their release."""
_NO_NAMES = (Role.AUDITOR, Role.ADMINISTRATOR)
_SHOWN = 10
_NOT_YOURS = "Records officers and the guardian place and release holds."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRelease:
    """Proposes to release a hold."""

    hold_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRelease:
    """Releases a hold whose release another person proposed, or keeps it."""

    hold_id: int
    release: bool
    because: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a hold would cover now; ``references`` are some of the cases."""

    scope: str
    covered: Covered
    references: tuple[str, ...]
    grows: bool
    """Whether cases to come can fall into it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A hold that was placed, or towards whose release a step was taken."""

    number: int
    unwritten: tuple[str, ...]
    """Which copies of the holds could not be written, and why: the store has it all the same, and the copies are
    written as it is opened next.
    """


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold in words. It covers nothing once it is released."""

    hold: Hold
    scope: str
    covered: Covered
    review_on: date
    """When it is reviewed next."""
    due: bool
    """Whether that day has come, and it still stands."""
    why_not_propose: str
    """Why this person cannot propose its release, "" where they can."""
    why_not_decide: str
    """Why this person cannot release or keep it, "" where they can."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps a case from being destroyed: the holds over it, and what else, a sentence each."""

    holds: tuple[HoldRow, ...]
    others: tuple[str, ...]
    run: Run | None = None
    """The run that it is on, which keeps it from nothing."""

    def __bool__(self) -> bool:
        return bool(self.holds or self.others)


NOTHING_KEEPS = Keeping((), ())


def hold_rows(desk: Desk) -> tuple[HoldRow, ...]:
    """Every hold: those that stand by their next review, then those that were released, the latest first."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        found = [_row(desk, tx, one) for one in holds.holds(tx)]
    standing = [one for one in found if one.hold.standing != "released"]
    released = [one for one in found if one.hold.standing == "released"]
    return (*sorted(standing, key=lambda one: (one.review_on, one.hold.id)), *reversed(released))


def waiting_holds(desk: Desk) -> tuple[frozenset[int], frozenset[int]]:
    """The holds that are due for review, and those whose proposed release this person may decide; none for a role that
    may do neither.
    """
    if desk.user.role not in PLACERS:
        return frozenset(), frozenset()
    with desk.store.read() as tx:
        found = holds.holds(tx)
    return (
        frozenset(one.id for one in found if _is_due(desk, one)),
        frozenset(one.id for one in found if not _why_not_decide(desk, one)),
    )


def known_bodies(desk: Desk) -> tuple[str, ...]:
    """The bodies that have asked, by name: what a hold's requester can be."""
    need_role(desk, *PLACERS)
    with desk.store.read() as tx:
        return holds.bodies_under(tx, [one.id for one in desk.agreements.all() if asks_officially(one)])


def preview_hold(desk: Desk, command: PlaceHold) -> Preview:
    """What the hold would cover; nothing is changed. Raises Invalid or Refused as placing it does."""
    need_role(desk, *PLACERS)
    with desk.store.read() as tx:
        scope = scope_of(desk, tx, command)
        words = _scope_words(desk, scope, command.case.strip().upper(), command.person_of.strip().upper())
        some = holds.references(tx, scope, _SHOWN)
        return Preview(words, holds.covered(tx, scope), some, scope.case_id is None)


def place_hold(desk: Desk, command: PlaceHold) -> Recorded:
    """Places a hold. Raises Invalid or Refused."""
    need_role(desk, *PLACERS)
    with changing(desk) as tx:
        scope = scope_of(desk, tx, command)
        _need_nobody_named(tx, scope, authority=command.authority, because=command.because)
        now = desk.clock()
        values = {
            "authority": command.authority.strip(),
            "because": command.because.strip(),
            "review_on": command.review_on,
            "placed_by": desk.user.id,
            "placed_at": now,
        }
        number = next_number(tx, "hold")
        data: dict[str, Json] = {"review_on": str(command.review_on)}
        data |= {key: value for key in ("agreement_id", "requester") if (value := getattr(scope, key))}
        data |= {key: str(value) for key in ("received_from", "received_to") if (value := getattr(scope, key))}
        if scope.person_of is not None:
            data["person_of"] = command.person_of.strip().upper()
        _journal(tx, desk, now, "place_hold", number, scope, data)
        holds.add_hold(tx, scope, {"id": number, **values})
    return _kept(desk, number)


def propose_release(desk: Desk, command: ProposeRelease) -> Recorded:
    """Proposes to release a hold; it stands until another person agrees. Raises Invalid or Refused."""
    because = _reason(desk, command.because, "Say why it is no longer needed.")
    with changing(desk) as tx:
        one = _known(tx, command.hold_id)
        if refusal := _why_not_propose(desk, one):
            raise Refused(refusal)
        _need_nobody_named(tx, one.scope, because=because)
        _step(tx, desk, one, "propose", because)
    return _kept(desk, command.hold_id)


def decide_release(desk: Desk, command: DecideRelease) -> Recorded:
    """Releases a hold, or keeps it, as another person than whoever proposed it. Raises Invalid or Refused."""
    missing = "Say why it is released." if command.release else "Say why it is kept."
    because = _reason(desk, command.because, missing)
    with changing(desk) as tx:
        one = _known(tx, command.hold_id)
        if refusal := _why_not_decide(desk, one):
            raise Refused(refusal)
        _need_nobody_named(tx, one.scope, because=because)
        if command.release:
            need_other_person(tx, desk, one.steps[-1].by, "propose_release_of_hold", ("hold", one.id))
        _step(tx, desk, one, "release" if command.release else "keep", because)
    return _kept(desk, command.hold_id)


def keeping(desk: Desk, case_id: int) -> Keeping:
    """What keeps a case from being destroyed."""
    need_role(desk, *SEES)
    with desk.store.read() as tx:
        return keeping_in(desk, tx, load_case(tx, case_id).row)


def keeping_in(desk: Desk, tx: Tx, case: CaseRow) -> Keeping:
    """The same in a transaction: nothing for whoever does not see retention, holds alone for an open case.

    What came lately matters once its date has come, and is left out before.
    """
    if desk.user.role not in SEES or case.state is State.DESTROYED:
        return NOTHING_KEEPS
    over = tuple(_row(desk, tx, one) for one in holds.covering(tx, case.id))
    if case.state not in CLOSED:
        return Keeping(over, ())
    found = disposal.kept_by(tx, case.id, desk.today(), desk.clock(), desk.user.id)
    told = ("beside",) if "early" in found else ("beside", "fresh")
    others = tuple(KEPT_WORDS[name] for name in told if name in found)
    return Keeping(over, others, disposal.run_of(tx, case.id))


def _row(desk: Desk, tx: Tx, one: Hold) -> HoldRow:
    released = one.standing == "released"
    return HoldRow(
        one,
        _scope_words(desk, one.scope, one.case_reference, one.person_reference),
        Covered(0, 0) if released else holds.covered(tx, one.scope),
        _review(one),
        _is_due(desk, one),
        _why_not_propose(desk, one),
        _why_not_decide(desk, one),
    )


def _scope_words(desk: Desk, scope: Scope, case: str, person: str) -> str:
    """As in the register, who asked is hidden from those who see no names."""
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    body = scope.requester or ""
    if body and desk.user.role in _NO_NAMES:
        body = "one requester"
    return scope_words(
        case=case,
        person=person,
        body=body,
        agreement=titles.get(scope.agreement_id or "", scope.agreement_id or ""),
        received_from=scope.received_from,
        received_to=scope.received_to,
    )


def _review(one: Hold) -> date:
    kept = [london(step.at).date() for step in one.steps if step.step == "keep"]
    return next_review(one.review_on, kept[-1] if kept else None)


def _is_due(desk: Desk, one: Hold) -> bool:
    return one.standing != "released" and _review(one) <= desk.today()


def _why_not_propose(desk: Desk, one: Hold) -> str:
    if desk.user.role not in PLACERS:
        return _NOT_YOURS
    if one.standing == "released":
        return "It is released."
    return "Its release is proposed already: another person decides." if one.standing == "proposed" else ""


def _why_not_decide(desk: Desk, one: Hold) -> str:
    if desk.user.role not in PLACERS:
        return _NOT_YOURS
    if one.standing != "proposed":
        return "It is released." if one.standing == "released" else "Nobody proposed its release."
    if one.steps[-1].by_id == desk.user.id:
        return "You proposed its release, so another records officer or the guardian decides."
    return ""


# What is written


def _reason(desk: Desk, words: str, missing: str) -> str:
    need_role(desk, *PLACERS)
    if problems := said("because", words, missing):
        raise Invalid(problems)
    return words.strip()


def _need_nobody_named(tx: Tx, scope: Scope, **fields: str) -> None:
    """Raises Invalid where what is typed of a hold names whom its case is about, the person that it is by, or anybody
    else by their whole name: it stays when they are gone.
    """
    ids = {one for one in (scope.case_id, scope.person_of) if one is not None}
    every = frozenset[int]().union(*about_one_person(tx, ids).values())
    for field, words in fields.items():
        need_nobody_named(tx, field, words, every)


def _known(tx: Tx, hold_id: int) -> Hold:
    one = holds.hold_of(tx, hold_id)
    if one is None:
        raise Refused("There is no such hold.")
    return one


def _step(tx: Tx, desk: Desk, one: Hold, step: str, because: str) -> None:
    now = desk.clock()
    _journal(tx, desk, now, holds.ACTIONS[step], one.id, one.scope, {})
    holds.add_step(tx, {"hold_id": one.id, "step": step, "because": because, "taken_by": desk.user.id, "taken_at": now})


def _kept(desk: Desk, number: int) -> Recorded:
    """Puts what was done into the copies of the holds, before anybody is told that it is done."""
    return Recorded(number, keep_holds(desk).unwritten)


def _journal(tx: Tx, desk: Desk, now: datetime, action: str, hold_id: int, scope: Scope, data: dict[str, Json]) -> None:
    """Numbers, references, dates and bodies: the words of a hold are its own. A case's history tells of its holds.

    Written first: the database takes nothing of a hold that the journal does not say right before.
    """
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action=action,
        heading=Heading.ERASURE,
        case_id=scope.case_id or scope.person_of,
        data={"hold": hold_id, **data},
    )
