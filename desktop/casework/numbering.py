"""The references that new cases get."""

from __future__ import annotations

from db import casefile, erasures
from db.store import Tx
from desktop.policy.references import reference


def next_references(tx: Tx, prefix: str, count: int, key: bytes) -> list[str]:
    """The next references under a prefix. One that the store knows as a destroyed case's is passed over: an
    older copy that was put in place of the store does not know that it was given out. `key`: the store's.
    """
    found: list[str] = []
    of_cases = erasures.case_keys(tx, key)
    while (missing := count - len(found)) > 0:
        numbers = casefile.next_numbers(tx, f"case.{prefix}", missing)
        hashes = {one: erasures.hashes_of(one, of_cases) for one in (reference(prefix, number) for number in numbers)}
        gone = erasures.known_of(tx, frozenset[str]().union(*hashes.values()))
        found += [one for one, hashed in hashes.items() if not hashed & gone]
    return found
