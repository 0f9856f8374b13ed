"""What takes long is done aside: it reads the store by itself, so that nobody waits for it, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from db.errors import Halted
from desktop.casework.desk import Desk, Refused

T = TypeVar("T")


class NotWanted(Refused):
    """Somebody stopped it, and nothing was done."""


def aside(desk: Desk, wanted: Callable[[], bool], work: Callable[[Desk], T]) -> T:
    """Does `work` with a desk that reads aside: see ``Store.aside``. Where the store's file has to be at rest for a
    moment, it begins anew, which nobody notices: whatever it wrote by then is its last step.

    Raises NotWanted soon after `wanted()` is False, or where the store is closed: then nothing was done.
    """
    while True:
        try:
            with desk.store.aside(wanted) as store:
                return work(replace(desk, store=store))
        except Halted as error:
            if desk.store.closed or not wanted():
                raise NotWanted("It was stopped, and nothing was done.") from error
