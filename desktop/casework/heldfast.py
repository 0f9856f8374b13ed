"""What stays as it is in a case while a hold stands, said in words before the database refuses to change it."""

from __future__ import annotations

from collections.abc import Collection

from db import holds
from db.store import Tx
from desktop.casework.desk import Invalid, Refused
from desktop.policy.fields import Problem

_RELEASED = "Two people release a hold: ask a records officer."


def need_numbers(tx: Tx, case_id: int, pairs: Collection[tuple[str, str]]) -> None:
    """Raises Invalid beside each number that a hold reaches its cases by, and that is not among `pairs` any more."""
    gone = {kind for kind, _ in holds.numbers_kept(tx, case_id) - {*pairs}}
    words = f"A hold is about the person with the number that stood here, which stays until it is released. {_RELEASED}"
    if gone:
        raise Invalid(tuple(Problem(f"person.{kind}", words, hard=True) for kind in sorted(gone)))


def need_same_person(tx: Tx, one: int, other: int) -> None:
    """Raises Refused where a hold is about the person of two cases that were said to be about one."""
    if holds.link_kept(tx, one, other):
        raise Refused(
            "A hold is about the person of one of these two cases, and covers the other by what was said of them."
            f" It stays until the hold is released. {_RELEASED}"
        )


def need_files_free(tx: Tx, case_id: int) -> None:
    """Raises Refused where a hold stands over a case."""
    if holds.covering(tx, case_id):
        raise Refused(f"A hold stands over this case, so its files stay until it is released. {_RELEASED}")
