"""Who may sign in, and what administrators do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from db import people
from db.errors import RuleKept
from db.health import next_number
from db.journal import append
from db.records import Heading, Json, Organisation, Role, User
from db.store import Tx
from desktop.casework.current import catch_up, tell_own
from desktop.casework.desk import Desk, Entry, Invalid, Refused, check_signed_in, need_role
from desktop.letters.facts import LetterError
from desktop.letters.pictures import sound_logo
from desktop.policy.fields import Problem, check_text, looks_like_email
from desktop.policy.wording import plural
from desktop.security.passwords import check_password, hash_password, needs_rehash, password_problem

TRIES = 5
MOST_TEXT = 200
"""Characters of a name or of a line of the letterhead."""
MOST_ADDRESS = 500
MOST_USERNAME = 60
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to add. The password is the first one, to be changed at the first sign-in."""

    username: str
    name: str
    role: Role
    password: str


class NotSignedIn(Refused):
    """A sign-in failed. ``username``: the one that was typed, for where two people sign in at once."""

    def __init__(self, words: str, username: str) -> None:
        super().__init__(words)
        self.username = username


def sign_in(entry: Entry, username: str, password: str) -> Desk:
    """The desk for this person. Raises NotSignedIn; five wrong passwords in a row lock the account for 15 minutes."""
    if check_text("username", username + password, lines=False):
        raise _nobody(entry, username)
    with entry.store.read() as tx:
        found = people.credentials(tx, username)
    right = check_password(found.password_hash if found else None, password)
    now = entry.clock()
    if found is None:
        raise _nobody(entry, username)
    if found.locked_until is not None and now < found.locked_until:
        _tell(entry, found.user.id, "sign_in_failed", locked=True)
        minutes = max(1, round((found.locked_until - now).total_seconds() / 60))
        words = f"This account is locked. Try again in {plural(minutes, 'minute')}, or ask an administrator."
        raise NotSignedIn(words, username)
    if not right or not found.user.active:
        raise NotSignedIn(_failed(entry, found), username)
    # A hash made with older settings is made again while the password is at hand.
    rehashed = {"password_hash": hash_password(password)} if needs_rehash(found.password_hash) else {}
    with entry.store.write() as tx:
        said: dict[str, Json] = {"rehashed": True} if rehashed else {}
        append(tx, at=now, actor_id=found.user.id, action="sign_in", heading=Heading.SYSTEM, data=said)
        people.update_user(tx, found.user.id, failed=0, locked_until=None, last_seen_at=now, **rehashed)
        tell_own(entry.agreements, tx, now, found.user.id)
        catch_up(entry.agreements, entry.calendars, tx)
    return Desk(
        store=entry.store,
        clock=entry.clock,
        random=entry.random,
        agreements=entry.agreements,
        calendars=entry.calendars,
        secrets=entry.secrets,
        user=found.user,
    )


def _nobody(entry: Entry, username: str) -> NotSignedIn:
    """Journals a sign-in under a name that nobody has: without the name, which may be a password in the wrong field."""
    _tell(entry, None, "sign_in_failed")
    return NotSignedIn("The user name or the password is not right.", username)


def _tell(entry: Entry, user_id: int | None, action: str, **data: Json) -> None:
    """Journals what a person did or tried at the desk's door."""
    with entry.store.write() as tx:
        append(tx, at=entry.clock(), actor_id=user_id, action=action, heading=Heading.SYSTEM, data=data)


def lock(desk: Desk) -> None:
    """Journals that the desk was locked."""
    _tell(desk, desk.user.id, "lock")


def unlock(desk: Desk, password: str) -> bool:
    """Whether this is the signed-in person's password, which unlocks the window; journalled either way."""
    right = verify_password(desk, password)
    _tell(desk, desk.user.id, "unlock" if right else "unlock_failed")
    return right


def sign_out(desk: Desk) -> None:
    """Journals that the person left the desk to the next one."""
    _tell(desk, desk.user.id, "sign_out")


def _failed(entry: Entry, found: people.Credentials) -> str:
    """Counts a wrong password; returns what to say."""
    now = entry.clock()
    failed = found.failed + 1
    locked = failed >= TRIES
    with entry.store.write() as tx:
        people.update_user(
            tx, found.user.id, failed=0 if locked else failed, locked_until=now + LOCKED_FOR if locked else None
        )
        append(
            tx,
            at=now,
            actor_id=found.user.id,
            action="account_locked" if locked else "sign_in_failed",
            heading=Heading.SYSTEM,
        )
    if locked:
        return "This account is locked for 15 minutes, after 5 wrong passwords."
    if not found.user.active:
        return "The user name or the password is not right."
    return f"The user name or the password is not right. {plural(TRIES - failed, 'try', 'tries')} left."


def verify_password(desk: Desk, password: str) -> bool:
    """Whether this is the signed-in person's password."""
    with desk.store.read() as tx:
        found = people.credentials(tx, desk.user.username)
    return found is not None and found.user.active and check_password(found.password_hash, password)


def users(entry: Entry) -> tuple[User, ...]:
    """Everyone who has an account."""
    with entry.store.read() as tx:
        return people.users(tx)


def organisation(entry: Entry) -> Organisation:
    """The body that runs the desk."""
    with entry.store.read() as tx:
        return people.organisation_of(tx)


def add_user(desk: Desk, new: NewUser) -> int:
    """Adds a person; returns the id. Raises Invalid for a name that is taken or a weak password."""
    need_role(desk, Role.ADMINISTRATOR)
    problems = account_problems(new)
    if problems:
        raise Invalid(problems)
    hashed = hash_password(new.password)
    try:
        with desk.store.write() as tx:
            check_signed_in(tx, desk.user)
            user_id = next_number(tx, "user")
            _journal(desk, tx, "add_user", user_id, role=new.role.value)
            insert_user(tx, new, hashed, must_change=True, number=user_id)
            return user_id
    except RuleKept as error:
        problem = Problem("username", f"Somebody already has the user name {new.username.strip()}.", hard=True)
        raise Invalid((problem,)) from error


def insert_user(tx: Tx, new: NewUser, hashed: str, *, must_change: bool, number: int | None = None) -> None:
    """Writes a person's row. `number`: the id, which the journal says right before."""
    people.add_user(
        tx,
        {
            "id": number,
            "username": new.username.strip().lower(),
            "name": new.name.strip(),
            "role": new.role.value,
            "password_hash": hashed,
            "active": True,
            "failed": 0,
            "must_change_password": must_change,
        },
    )


def account_problems(new: NewUser) -> tuple[Problem, ...]:
    """What is wrong with a new account."""
    problems: list[Problem] = []
    username = new.username.strip()
    # Latin letters alone: one of another script can look the same and name somebody else.
    if not username or not all(c.isascii() and (c.isalnum() or c in "._-") for c in username):
        problems.append(Problem("username", "Give a user name of letters, figures, dots and hyphens.", hard=True))
    problems += check_text("username", username, most=MOST_USERNAME, lines=False)
    if not new.name.strip():
        problems.append(Problem("name", "Give the person’s name.", hard=True))
    problems += check_text("name", new.name, most=MOST_TEXT, lines=False)
    if weak := password_problem(new.password, username):
        problems.append(Problem("password", weak, hard=True))
    return tuple(problems)


def set_active(desk: Desk, user_id: int, active: bool) -> None:
    """Switches an account on or off. Nobody can switch off their own."""
    need_role(desk, Role.ADMINISTRATOR)
    if user_id == desk.user.id:
        raise Refused("You cannot switch off your own account. Ask another administrator.")
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        _journal(desk, tx, "switch_on_user" if active else "switch_off_user", user_id)
        people.update_user(tx, user_id, active=active, failed=0, locked_until=None)


def reset_password(desk: Desk, user_id: int, password: str) -> None:
    """Gives a person a new first password, and unlocks the account."""
    need_role(desk, Role.ADMINISTRATOR)
    if weak := password_problem(password, ""):
        raise Invalid((Problem("password", weak, hard=True),))
    hashed = hash_password(password)
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        _journal(desk, tx, "reset_password", user_id)
        people.update_user(
            tx, user_id, password_hash=hashed, failed=0, locked_until=None, must_change_password=user_id != desk.user.id
        )


def change_password(desk: Desk, old: str, new: str) -> Desk:
    """Changes one's own password; returns the desk for the person as they now are."""
    if not verify_password(desk, old):
        _tell(desk, desk.user.id, "change_password_failed")
        raise Invalid((Problem("old", "This is not your password now.", hard=True),))
    if weak := password_problem(new, desk.user.username):
        raise Invalid((Problem("new", weak, hard=True),))
    if new == old:
        raise Invalid((Problem("new", "Choose a password that differs from the old one.", hard=True),))
    hashed = hash_password(new)
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user, choosing_password=True)
        _journal(desk, tx, "change_password", desk.user.id)
        people.update_user(tx, desk.user.id, password_hash=hashed, must_change_password=False)
    return replace(desk, user=replace(desk.user, must_change_password=False))


def save_organisation(desk: Desk, changed: Organisation) -> None:
    """Changes what letters show of the organisation. Whether the store is a sample never changes."""
    need_role(desk, Role.ADMINISTRATOR)
    problems = organisation_problems(changed)
    if problems:
        raise Invalid(problems)
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        before = people.organisation_of(tx)
        values = organisation_values(changed, sample=before.sample)
        people.put_organisation(tx, values)
        names: list[Json] = [name for name, value in values.items() if value != getattr(before, name)]
        said: dict[str, Json] = {"changed": names}
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="change_organisation",
            heading=Heading.SYSTEM,
            data=said,
        )


def organisation_values(changed: Organisation, *, sample: bool) -> dict[str, object]:
    """An organisation as its row."""
    return {
        "name": changed.name.strip(),
        "team": changed.team.strip(),
        "address": changed.address.strip(),
        "phone": changed.phone.strip(),
        "email": changed.email.strip(),
        "hours": changed.hours.strip(),
        "signatory_name": changed.signatory_name.strip(),
        "signatory_title": changed.signatory_title.strip(),
        "logo": sound_logo(changed.logo) if changed.logo else None,
        "sample": sample,
        "hours_welsh": changed.hours_welsh.strip(),
        "signatory_title_welsh": changed.signatory_title_welsh.strip(),
    }


_NEEDED = {
    "name": "Give the organisation’s name.",
    "team": "Give the name of the team that answers.",
    "hours": "Give the hours when the telephone is answered.",
    "address": "Give the address that letters come from.",
    "phone": "Give the telephone number that letters show.",
    "email": "Give the e-mail address that letters show.",
    "signatory_name": "Give the name of the person who signs the letters.",
    "signatory_title": "Give the title of the person who signs the letters.",
}


def organisation_problems(changed: Organisation) -> tuple[Problem, ...]:
    """What is missing before letters can be printed."""
    found = [
        Problem(field, message, hard=True) for field, message in _NEEDED.items() if not getattr(changed, field).strip()
    ]
    for field in (*_NEEDED, "hours_welsh", "signatory_title_welsh"):
        address = field == "address"
        found += check_text(field, getattr(changed, field), most=MOST_ADDRESS if address else MOST_TEXT, lines=address)
    if changed.email.strip() and not looks_like_email(changed.email.strip()):
        found.append(Problem("email", "Give an e-mail address such as tracing@council.example.", hard=True))
    if changed.logo and (wrong := logo_problem(changed.logo)):
        found.append(Problem("logo", wrong, hard=True))
    return tuple(found)


def logo_problem(data: bytes) -> str:
    """Why these bytes cannot be the logo, in words; "" where they can."""
    try:
        sound_logo(data)
    except LetterError as error:
        return error.message
    return ""


def _journal(desk: Desk, tx: Tx, action: str, about: int, **data: str) -> None:
    entry: dict[str, str | int | None] = {"user": about, **data}
    append(tx, at=desk.clock(), actor_id=desk.user.id, action=action, heading=Heading.SYSTEM, data=entry)
