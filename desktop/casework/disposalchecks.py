"""What a run is checked for beside its cases: the clock that counts its days, who decides it, and what is typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta
from itertools import groupby

from db import disposal
from db.disposal import Run, Verdict
from db.errors import readable
from db.health import latest_moment, seen_between
from db.journal import of_action
from db.persons import births_of, called, family_names_of, given_names_of, numbers_of, stands_in
from db.said import against_run
from db.store import Tx
from db.wholeness import changed_tables, strangers
from desktop.casework import recounting
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.policy.dates import MONTHS
from desktop.policy.disposal import GRACE_DAYS
from desktop.policy.fields import Problem
from desktop.policy.identifiers import postcodes_in
from desktop.policy.nameless import tells_whose
from desktop.policy.people import name_key
from desktop.policy.wording import LONDON, day, london, plural, when

SLACK = timedelta(minutes=5)
"""By so much a clock may be put right without a word."""
NAMED = (
    "This stays for good, and has the name, date of birth or a number of somebody whom a case is about, or where they"
    " live. Leave it out."
)
_LONGEST = 5
"""Words that make up a name or a date."""


def need_whole(tx: Tx, desk: Desk, one: Run) -> None:
    """Raises Refused while something stands in the store that the desk did not make, which could keep who is destroyed,
    a table has other rules than the desk's, which may not have kept a hold, the journal does not say of the run, and of
    what may keep its cases, what the store does, or these are found by something else than their answers.
    """
    if found := strangers(tx):
        kind, name = found[0]
        raise Refused(
            f"The store holds what the desk did not make: the {kind} {name}. It could keep what is destroyed. Make a "
            "backup and restore it: only what the desk made comes back. Ask who put it there."
        )
    if changed := changed_tables(tx):
        raise Refused(
            f"The store’s table {changed[0]} has other rules than the desk’s: it may not have kept what it was "
            "told, such as a hold. Restore a backup of before. Ask who changed it."
        )
    if unsaid := against_run(tx, one.id):
        raise Refused(
            f"The journal does not say what the store does: {unsaid[0]}. Somebody changed the store, so this run is not"
            " carried out. Restore a backup of before. Ask who changed it."
        )
    with readable():
        otherwise = tuple(recounting.against_run(desk, tx, one.id))
    if otherwise:
        raise Refused(
            f"The store does not hold together: {otherwise[0]}. Somebody changed it, so this run is not carried out."
            " Restore a backup of before. Ask who changed it."
        )


def need_clock(tx: Tx, desk: Desk) -> None:
    """Raises Refused while the clock of this computer is behind the latest moment that the journal knows."""
    now = desk.clock()
    latest = latest_moment(tx, now)
    if now < latest - SLACK:
        raise Refused(
            f"The clock of this computer is behind what the journal says already was ({when(latest, now)}): set it "
            "right. If it is right, an administrator and one of you say so under Administration."
        )


def need_use(tx: Tx, desk: Desk, one: Run, verdict: Verdict) -> None:
    """Raises Refused where others than the two who agreed to a run did not see its days of grace go by.

    A computer's clock may jump, or be put forward by those two, and take the days with it in which somebody could say
    no. While nobody else uses the desk none can tell: such a gap counts for little.
    """
    now, grace = desk.clock(), timedelta(days=GRACE_DAYS)
    began = datetime.combine(london(verdict.at).date(), time(), LONDON)
    seen = seen_between(tx, began, now, grace, (one.proposed_by_id, verdict.by_id))
    if seen < grace:
        left = -((seen - grace) // timedelta(days=1))
        why = "Nobody but the two who agreed to this run used the desk for long, or the clock of this computer jumped."
        if (back := next(of_action(tx, "restore"), None)) and back.at > verdict.at:
            on = day(london(back.at).date())
            why = f"A backup was restored on {on}, and what others did before then does not count."
        raise Refused(
            f"{why} Of the {GRACE_DAYS} days of grace others saw {plural(seen.days, 'day')} go by. Carry the run out "
            f"in {plural(left, 'day')}, if others use the desk."
        )


def need_other_person(tx: Tx, desk: Desk, proposed_by: str, action: str, about: tuple[str, int]) -> None:
    """Raises Refused where who agrees to what was proposed may be who proposed it, under another account. `action`,
    `about`: the journal's entry of the proposal, such as "propose_run" and ("run", 3).
    """
    if name_key(desk.user.name) == name_key(proposed_by):
        raise Refused("Whoever proposed this has your name, so another person agrees to it.")
    if disposal.password_given_since(tx, action, about, desk.user.id):
        raise Refused(
            "An administrator made your account, or gave it a password, after this was proposed. Another person agrees"
            " to it, or you turn it down and it is proposed anew."
        )


def need_nobody_named(tx: Tx, field: str, words: str, case_ids: Collection[int]) -> None:
    """Raises Invalid where the words have a family name, also a former or another one, several given names, or the date
    of birth of somebody whom the cases are about, a number or a postcode of theirs, or what the requester calls the
    request; the whole name of anybody whom another case is about; or an NHS or National Insurance number, or a birth,
    of whomever.

    A name in small letters is a word like any other.
    """
    said = set(_said(words))
    if tells_whose(words) or any(_named(tx, said, case_ids)):
        raise Invalid((Problem(field, NAMED, hard=True),))
    together = " ".join(filter(None, re.split(r"[\s.\-]+", words)))
    postcodes = ["".join(one.upper().split()) for one in postcodes_in(together)]
    if postcodes and stands_in(tx, case_ids, postcodes):
        raise Invalid((Problem(field, NAMED, hard=True),))


def _named(tx: Tx, said: set[str], case_ids: Collection[int]) -> Iterator[set[str]]:
    """What of these words tells of somebody, in turn."""
    for name in family_names_of(tx, case_ids):
        yield said.intersection((name, f"{name}s"))
    for given in given_names_of(tx, case_ids):
        yield said.intersection([name_key(given)] if len(given.split()) > 1 else [])
    for born in births_of(tx, case_ids):
        yield said.intersection(_days(born))
    yield said.intersection(map(name_key, numbers_of(tx, case_ids)))
    for given in called(tx, said):
        yield said.intersection(map(name_key, given.split()))


def _said(words: str) -> Iterator[str]:
    """Every run of words as a key, without those in small letters alone."""
    text = unicodedata.normalize("NFC", words)
    found = ["".join(part) for is_word, part in groupby(text, lambda c: unicodedata.category(c)[0] in "LMN") if is_word]
    for first in range(len(found)):
        for last in range(first + 1, min(first + _LONGEST, len(found)) + 1):
            part = found[first:last]
            if not all(one.islower() for one in part):
                # As a date has its figures, and as a number has them.
                yield from filter(None, (name_key("".join(one.lstrip("0") for one in part)), name_key("".join(part))))


def _days(born: str) -> Iterator[str]:
    """A whole date of birth as keys, in each way in which people write one."""
    year, month, one = (part.lstrip("0") for part in (*born.split("-"), "", "")[:3])
    if not one:
        return
    name = name_key(MONTHS[int(month) - 1])
    yield f"{year}{month}{one}"
    for written in (month, name, name[:3]):
        for long_or_short in (year, year[2:].lstrip("0")):
            for said in (one, f"{one}st", f"{one}nd", f"{one}rd", f"{one}th"):
                yield f"{said}{written}{long_or_short}"
                yield f"{said}of{written}{long_or_short}"
                yield f"{written}{said}{long_or_short}"
