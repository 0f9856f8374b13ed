"""Requests whose case was destroyed, known by who asked and under which reference of theirs: none is imported again.

The store keeps a hash of each, keyed and beside no case, and the erasure list has it too.
"""

from __future__ import annotations

from collections.abc import Mapping

from db import erasures, intake
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.policy.people import name_key


def remember_request(tx: Tx, desk: Desk, case_id: int) -> None:
    """Keeps the hash of a case's request, before the case is emptied. A request without a reference has none."""
    body, reference = intake.asked_by(tx, case_id)
    if reference:
        key = erasures.request_key(desk.store.key)
        erasures.keep_hashes(tx, [erasures.request_hash(name_key(body), _plain(reference), key)])


def destroyed_before(tx: Tx, desk: Desk, asked: Mapping[int, tuple[str, str]]) -> frozenset[int]:
    """Which of these rows, by number, are a request whose case was destroyed: each is who asked, and their reference,
    as they are compared.
    """
    hashes: dict[str, set[int]] = {}
    for key in erasures.request_keys(tx, desk.store.key):
        for number, (body, reference) in asked.items():
            if reference:
                hashes.setdefault(erasures.request_hash(body, _plain(reference), key), set()).add(number)
    found = erasures.known_of(tx, hashes)
    return frozenset().union(*(hashes[one] for one in found))


def _plain(reference: str) -> str:
    """A reference by its letters and digits alone: signs, spaces and widths do not make another request of it."""
    return name_key(reference) or reference
