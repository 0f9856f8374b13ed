"""Who reads the store's file beside the store's own connection: nobody does while the file is to be at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Protocol, TypeVar

from db.errors import Halted

LOOK_SECONDS = 0.02
"""Between two looks at whether what waits is wanted still."""


class Reader(Protocol):
    """What reads, and has the file open."""

    def halt(self) -> None:
        """It is to end soon."""

    def close(self) -> None:
        """It lets go of the file."""


R = TypeVar("R", bound=Reader)


class Readers:
    """All of them."""

    def __init__(self) -> None:
        self._those: set[Reader] = set()
        self._changed = Condition()
        self._resting = 0
        self.shut = False
        """Whether the store was closed: nobody begins to read before it is used again."""

    @contextmanager
    def one(self, begin: Callable[[], R], wanted: Callable[[], bool]) -> Iterator[R]:
        """One more of them, once the file is not to be at rest any more. Raises Halted where the store was closed, or
        once `wanted()` is False.
        """
        with self._changed:
            while self._resting and wanted():
                self._changed.wait(LOOK_SECONDS)
            if self.shut or not wanted():
                raise Halted
            reader = begin()
            self._those.add(reader)
        try:
            yield reader
        finally:
            reader.close()
            with self._changed:
                self._those.remove(reader)
                self._changed.notify_all()

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Halts all of them, waits until they are gone, and lets none begin until the end."""
        with self._changed:
            self._resting += 1
            for reader in self._those:
                reader.halt()
            self._changed.wait_for(lambda: not self._those)
        try:
            yield
        finally:
            with self._changed:
                self._resting -= 1
                self._changed.notify_all()
