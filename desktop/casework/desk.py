"""The open desk, and how every action runs: one transaction, once for each command, journalled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from db import people
from db.casefile import Stale
from db.casereads import NoSuchCase, load_case
from db.errors import RuleKept
from db.records import Action, Case, Role, State, User
from db.store import Store, Tx
from desktop.casework.current import catch_up
from desktop.policy.agreements import Agreements
from desktop.policy.calendars import Calendars
from desktop.policy.fields import Problem, check_text
from desktop.policy.life import why_not
from desktop.policy.wording import london, when
from desktop.security.signingsecrets import SigningSecrets


class Refused(Exception):
    """The desk does not do this, and says why in words fit to show."""


class Conflict(Refused):
    """Somebody changed the case after it was read."""


class Invalid(Refused):
    """What was typed cannot be kept or submitted as it is: see ``problems``."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Entry:
    """The store, open, before anyone has signed in."""

    store: Store
    clock: Callable[[], datetime]
    """The moment now, aware."""
    random: Callable[[int], bytes]
    """That many random bytes."""
    agreements: Agreements
    calendars: Calendars
    secrets: SigningSecrets
    """Where the passwords of the certificates are that letters are signed with."""

    def today(self) -> date:
        """The day in Europe/London."""
        return london(self.clock()).date()


@dataclass(frozen=True, slots=True)
class Desk(Entry):
    """The store, open, with someone signed in. Every action takes it first."""

    user: User


@dataclass(frozen=True, slots=True)
class Done:
    """What an action on a case left behind."""

    case_id: int
    version: int
    state: State
    due_on: date | None = None

    def text(self) -> str:
        """As the command table keeps it."""
        due = self.due_on.isoformat() if self.due_on else None
        return json.dumps([self.case_id, self.version, self.state.value, due])

    @staticmethod
    def of(text: str) -> Done:
        """From :meth:`text`."""
        case_id, version, state, due = json.loads(text)
        return Done(case_id, version, State(state), date.fromisoformat(due) if due else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCase:
    """What every command on a case carries. `version` is the one that the person saw."""

    command_id: str
    case_id: int
    version: int


def act(desk: Desk, command_id: str, name: str, body: Callable[[Tx, datetime], Done]) -> Done:
    """Runs an action in one transaction, or gives the result of the same command done before.

    Raises Refused, Conflict, Invalid or a StoreError; then nothing has changed.
    """
    with changing(desk) as tx:
        earlier = people.done_before(tx, command_id, name)
        if earlier is not None:
            return Done.of(earlier)
        now = desk.clock()
        done = body(tx, now)
        people.mark_done(tx, command_id, name, now, done.text())
        return done


@contextmanager
def changing(desk: Desk) -> Iterator[Tx]:
    """One transaction of the signed-in person. What the store refuses is said in words, and nothing has changed."""
    try:
        with desk.store.write() as tx:
            check_signed_in(tx, desk.user)
            catch_up(desk.agreements, desk.calendars, tx)
            yield tx
    except Stale as error:
        changed = when(error.when, desk.clock())
        message = (
            f"{error.who} changed this case {changed}, after you opened it. Look at it again, then repeat the step."
        )
        raise Conflict(message) from error
    except NoSuchCase as error:
        raise Refused("There is no such case in this store.") from error
    except people.OtherCommand as error:
        raise Refused("This step was mixed up with another one. Do it again.") from error
    except RuleKept as error:
        raise Refused(f"The store does not allow this: {error}.") from error


def check_signed_in(tx: Tx, user: User, *, choosing_password: bool = False) -> None:
    """Raises Refused where the account was switched off or changed since the person signed in.

    Someone with a first password from an administrator does nothing but choose their own.
    """
    now = people.credentials(tx, user.username)
    if now is None or not now.user.active or now.user.role is not user.role:
        raise Refused("Your account was changed by an administrator. Sign in again.")
    if now.user.must_change_password and not choosing_password:
        raise Refused("Choose a password of your own first.")


def case_for(tx: Tx, desk: Desk, command: OnCase, action: Action) -> Case:
    """The case that a command is about, once the table, the authors and the version allow the action."""
    case = load_case(tx, command.case_id)
    if refusal := why_not(desk.user.id, desk.user.role, case, action):
        raise Refused(refusal)
    if case.row.version != command.version:
        raise Stale(case.row.changed_by, case.row.changed_at)
    return case


def need_role(desk: Desk, *roles: Role) -> None:
    """Raises Refused unless the signed-in person has one of these roles."""
    if desk.user.role not in roles:
        raise Refused("Your role does not let you do this.")


def need_sight(desk: Desk) -> None:
    """Raises Refused for a role that sees how cases are handled, not whom they are about."""
    if desk.user.role in (Role.AUDITOR, Role.ADMINISTRATOR):
        raise Refused("Your role shows you how cases were handled, not whom they are about.")


def need_reasons(reasons: str, what: str) -> str:
    """The reasons, trimmed. Raises Invalid where there are none."""
    if not reasons.strip():
        raise Invalid((Problem("reasons", f"Give your reasons for {what}.", hard=True),))
    if unsafe := check_text("reasons", reasons):
        raise Invalid(unsafe)
    return reasons.strip()


def touched(desk: Desk, now: datetime) -> dict[str, object]:
    """Who changed a case, and when, as its row keeps it."""
    return {"changed_by": desk.user.id, "changed_at": now}
