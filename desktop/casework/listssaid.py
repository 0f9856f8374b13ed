"""What the lists that lie in some folders say together, read past whatever is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from db import erasures, heldrows
from db.erasures import Erasures
from db.errors import StoreError
from db.heldrows import Rows
from desktop.casework import heldcopies
from desktop.casework.heldcopies import COPY, LIST, in_words
from desktop.policy.wording import lower_first


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists in some folders say together."""

    hashes: frozenset[str]
    """Of the erasure lists."""
    rows: Rows
    """Of the copies of the holds."""
    copied: bool
    """Whether there is a copy of the holds that can be read."""
    foreign: tuple[Path, ...]
    """The folders whose erasure list is under another key."""
    faults: tuple[str, ...]
    """What is wrong with any of them, in words."""


def lists_in(folders: Iterable[Path], key: bytes, *, expected: bool = False) -> Lists:
    """What the lists say under a key of the store; of one that cannot be read, that. `expected`: copies of the holds
    were written. Raises nothing.
    """
    said: dict[Path, Erasures] = {}
    copies: dict[Path, heldcopies.Copy] = {}
    failed: list[str] = []
    for folder in folders:
        try:
            said[folder] = erasures.read_list(folder / erasures.NAME, key)
        except OSError as error:
            failed.append(unread(LIST, folder, error))
        try:
            copies[folder] = heldcopies.read_copy(folder, key, expected=expected)
        except OSError as error:
            failed.append(unread(COPY, folder, error))
    return Lists(
        frozenset[str]().union(*(one.hashes for one in said.values())),
        heldrows.together(*(one.rows for one in copies.values())),
        any(one.readable for one in copies.values()),
        tuple(folder for folder, one in said.items() if one.foreign),
        (
            *failed,
            *(fault for folder, one in said.items() for fault in in_words(LIST, folder, one.faults)),
            *(fault for folder, one in copies.items() for fault in in_words(COPY, folder, one.faults)),
        ),
    )


def unread(what: str, folder: Path, error: OSError) -> str:
    """That a list cannot be read, in words."""
    return f"{what} in {folder} cannot be read: {why(error)}"


def why(error: OSError | StoreError) -> str:
    """Why something cannot be read or written, within a sentence."""
    return lower_first(error.what.rstrip(".")) if isinstance(error, StoreError) else error.strerror or str(error)
