"""The quick look at a long journal: part by part it is put together again and hashed, by a process for each core.

The time goes into decrypting the pages, writing the records, which the database does by itself (``json_quote`` escapes
as Python's encoder does), and hashing them. Two threads would wait for each other: one at a time hashes, and SQLite's
memory is one for all connections of a process. SQLite alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any, TextIO

from db.engine import connect

RECORD = (
    """concat('{"action":', json_quote(CAST(action AS TEXT)), ',"actor":', coalesce(actor_id, 'null'), ',"at":"', at,"""
    """ '","case":', coalesce(case_id, 'null'), ',"data":', json_quote(CAST(data AS TEXT)), ',"heading":"', heading,"""
    """ '","prev":"', prev_hash, '","seq":', seq, '}')"""
)
"""A record as it was hashed: what ``journal.append`` calls canonical, in SQL."""
TEXTS = " AND ".join(f"{one} < x''" for one in ("action", "at", "data", "hash", "prev_hash"))
"""SQL: whether what are texts are no bytes, which SQLite orders after every text: these would be hashed alike, and
found by nobody who looks for the text.
"""
# In the order of the numbers, as the rows lie; in any other it would only seem wrong, and be looked at again.
_JOINED = f"""
    SELECT count(*) FILTER (WHERE {TEXTS}), CAST(group_concat({RECORD}, char(10)) AS BLOB),
        CAST(group_concat(hash, char(10)) AS BLOB), CAST(group_concat(prev_hash, char(10)) AS BLOB)
    FROM journal WHERE seq > ? AND seq <= ?
"""
_HEX = 64
_BYTES = 32
_AT_ONCE = 512
"""Records that the database writes at once."""
_PART = 8192
"""Entries that one process takes at once."""
_AHEAD = 2
"""Parts that another process has at once."""
_MOST = 3
"""Processes beside this one, at most: each holds pages of its own in memory."""
_PATIENCE = 1.0
"""Seconds that the other processes have left for their last parts: they need a hundredth."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries one after the other with which nothing is wrong: what the first of them follows, and the last one's hash;
    both empty where there are none.
    """

    prev: bytes = b""
    hash: bytes = b""


def stretch(raw: Any, after: int, upto: int) -> Stretch | None:
    """The entries after one number and up to another; None where one is missing, or anything is wrong with them."""
    sha256 = hashlib.sha256
    found = Stretch()
    for start in range(after, upto, _AT_ONCE):
        end = min(upto, start + _AT_ONCE)
        many, records, hashes, before = raw.execute(_JOINED, (start, end)).fetchone()
        if many != end - start or not before:
            return None
        ours = b"".join([sha256(one).digest() for one in records.split(b"\n")]).hex("\n", _BYTES).encode()
        # No record has a line's end in it: a row that pretends to be two makes more hashes than there are rows.
        if ours != hashes or len(ours) != many * (_HEX + 1) - 1:
            return None
        prev = before[:_HEX]
        if before != b"\n".join((prev, ours))[: -_HEX - 1] or found.hash not in (b"", prev):
            return None
        found = Stretch(found.prev or prev, ours[-_HEX:])
    return found


class Beside:
    """A process beside this one that does parts of the same file, if it can."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises OSError where there can be none."""
        self.begun = False
        """Whether it has the file open."""
        quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        command, home = [sys.executable, "-m", __name__], Path(__file__).parent.parent
        self._other = Popen(  # noqa: S603 - nothing of it comes from outside
            command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True, cwd=home, creationflags=quiet
        )
        try:
            # The key is on no command line, and in no file.
            self._say([str(path.absolute()), key.hex()])
        except OSError:
            self.end()
            raise

    def wait(self) -> None:
        """Until it has the file open. Raises OSError or ValueError where it could not."""
        self._heard()
        self.begun = True

    def ask(self, after: int, upto: int) -> None:
        """Lets it do a part. Raises OSError where it is gone, as `answer` does, or ValueError."""
        self._say([after, upto])

    def answer(self) -> Stretch | None:
        """What ``stretch`` says there, of the part that was asked for longest ago."""
        found = self._heard()
        return None if found is None else Stretch(*(one.encode() for one in found))

    def kill(self) -> None:
        """It goes, whatever it does: it only reads."""
        self._other.kill()

    def end(self) -> None:
        """It is gone."""
        self.kill()
        # What was not said to it any more is said to nobody.
        with suppress(OSError), self._other:
            pass

    def _say(self, what: list[Any]) -> None:
        if self._other.stdin is not None:
            self._other.stdin.write(f"{json.dumps(what)}\n")
            self._other.stdin.flush()

    def _heard(self) -> Any:
        # Nothing at all, from one that is gone, is no JSON.
        return json.loads(self._other.stdout.readline()) if self._other.stdout is not None else None


def _begun(path: Path, key: bytes) -> Beside | None:
    """A process beside this one; None where the system does not give one."""
    try:
        return Beside(path, key) if sys.executable else None
    except OSError:
        return None


def serve(asked: TextIO, told: TextIO) -> None:
    """What the process does: says that it has the file open, and then what each part is that it is asked for."""

    def say(what: list[str] | None) -> None:
        told.write(f"{json.dumps(what)}\n")
        told.flush()

    path, key = json.loads(asked.readline())
    raw = connect(Path(path), bytes.fromhex(key), reading=True)
    say([])
    for line in asked:
        found = stretch(raw, *json.loads(line))
        say(None if found is None else [found.prev.decode(errors="replace"), found.hash.decode()])


class _Parts:
    """The parts of a long journal, which this process takes from its front and others from its end."""

    def __init__(self, after: int, upto: int) -> None:
        self._upto = upto
        self._starts = range(after, upto, _PART)
        self._left = deque(self._starts)
        self._found: dict[int, Stretch | None] = {}

    def found(self) -> list[Stretch | None]:
        """What each is, in order, once all are done."""
        return [self._found[start] for start in self._starts]

    def do_here(self, raw: Any) -> None:
        """Does what no other process has taken."""
        for start in self._taken(self._left.popleft):
            self._found[start] = stretch(raw, start, self._end(start))

    def do_there(self, other: Beside) -> None:
        """Lets the other process do what is not taken here. It has its next part before anybody reads what the last
        one is: whoever reads it waits for the thread that hashes here.
        """
        asked = deque[int]()
        try:
            other.wait()
            for start in self._taken(self._left.pop):
                asked.append(start)
                other.ask(start, self._end(start))
                if len(asked) == _AHEAD:
                    self._found[asked[0]] = other.answer()
                    asked.popleft()
            while asked:
                self._found[asked[0]] = other.answer()
                asked.popleft()
        except (OSError, ValueError):
            self._left.extend(asked)

    def _end(self, start: int) -> int:
        return min(self._upto, start + _PART)

    @staticmethod
    def _taken(take: Callable[[], int]) -> Iterator[int]:
        with suppress(IndexError):
            while True:
                yield take()


def stretches(
    raw: Any, path: Path, key: bytes, after: int, upto: int, cores: int = os.cpu_count() or 1
) -> list[Stretch | None]:
    """The entries of a long journal in parts, in order, each as ``stretch`` says. This process does them from the
    front, and others, which see at least what `raw` does, from the end: one for each further core, and one where there
    is none. What those cannot do is done here.
    """
    parts = _Parts(after, upto)
    others: list[Beside] = []
    done = False
    try:
        others.extend(one for _ in range(max(1, min(_MOST, cores - 1))) if (one := _begun(path, key)) is not None)
        with ThreadPoolExecutor(_MOST) as beside:
            there = [beside.submit(parts.do_there, other) for other in others]
            try:
                parts.do_here(raw)
                done = True
            finally:
                # One that was stopped, or is to be, or has not begun, is not waited for.
                for other in others:
                    if not (done and other.begun):
                        other.kill()
                if wait(there, _PATIENCE).not_done:
                    for other in others:
                        other.kill()
    finally:
        for other in others:
            other.end()
    parts.do_here(raw)
    return parts.found()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
