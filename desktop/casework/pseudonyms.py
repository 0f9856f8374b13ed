"""What people whom cases are about are called before those who see how cases are handled, and not whom they are about.

A pseudonym is eight letters and figures: the same for the same person in every case, and nothing that can be turned
back without the store's own key for them, which no window shows (UK GDPR, Article 4(5)).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Iterable

from db.people import fact, put_fact
from db.persons import about_one_person, identifiers_in
from db.store import Tx
from desktop.casework.desk import Entry

_FACT = "pseudonym_key"
_KEY_BYTES = 32
_STRONGEST = ("nhs_number", "home_office_reference", "passport", "ni_number", "given")
"""Kinds of identifier, the strongest first: numbers, then given names with the date of birth, with the family name."""


def ensure_key(entry: Entry) -> None:
    """Makes the key that pseudonyms are made with, once for each store."""
    with entry.store.read() as tx:
        there = fact(tx, _FACT)
    if not there:
        with entry.store.write() as tx:
            put_fact(tx, _FACT, entry.random(_KEY_BYTES).hex())


def pseudonyms(tx: Tx, case_ids: Collection[int]) -> dict[int, str]:
    """Each case's person by their pseudonym; a case about nobody who is known has none. See :func:`ensure_key`."""
    key = bytes.fromhex(fact(tx, _FACT))
    groups = about_one_person(tx, case_ids)
    held = identifiers_in(tx, {one for group in groups.values() for one in group})
    found = {}
    for case_id, group in groups.items():
        if strongest := _strongest(pair for one in group for pair in _of_one(held.get(one, ()))):
            digest = hmac.digest(key, "\n".join(strongest).encode(), "sha256")
            found[case_id] = base64.b32encode(digest[:5]).decode()
    return found


def _of_one(pairs: tuple[tuple[str, str], ...]) -> Iterable[tuple[str, str]]:
    """A case's identifiers. Given names and the date of birth tell a person only with the family name."""
    names = "|".join(value for kind, value in pairs if kind == "name")
    for kind, value in pairs:
        if kind in _STRONGEST and (kind != "given" or names):
            yield kind, f"{value}|{names}" if kind == "given" else value


def _strongest(pairs: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    return min(pairs, key=lambda pair: (_STRONGEST.index(pair[0]), pair[1]), default=None)
