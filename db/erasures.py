"""The erasure list: which cases were destroyed, as keyed hashes, in a file beside the store and beside its backups.

A line is the HMAC-SHA256 of a case's reference, or of who asked for it and their own reference, under a key that is
derived from the store's: it says nothing to anyone without that key, and knows its case in every backup under it, and
its request in every file that is imported. A seal binds each line to its number and to the seal of the one before, and
the last line counts them. Whatever was changed, taken out, put in, moved or cut off is noticed; the hashes that are
left are of use by themselves, since none can be made without the key. The store is what is true, by its stubs and by
the hashes that it keeps, and the list is written from it again at any time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from db.backup import backups_in
from db.files import is_folder, set_aside, write_whole
from db.people import begins
from db.records import State
from db.schema import cases, meta

NAME = "erasures.list"
_HEAD = "tracing-desk erasures 1"
ERASED, ERASED_KEY, ERASED_CASE_KEY = "erased.", "erased-key.", "erased-case-key."
"""How the facts about the store begin that keep a hash, and a key of requests and one of cases that it had."""
_CASE = "tracing-desk erased case"
_SEALING = "tracing-desk erasure list"
_HASH = 64
"""Digits of a hash."""
_WHOSE = re.compile(rf"{_HEAD} ([0-9a-f]{{64}})")
_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64})")
_DIGITS = re.compile(r"[0-9a-f]{64,}")
_END = re.compile(r"end (\d{1,12}) ([0-9a-f]{64})")
_MOST = 20
"""So many faults of one list are told."""


@dataclass(frozen=True, slots=True)
class Erasures:
    """What a list says: its hashes, and what is wrong with it, in words."""

    hashes: frozenset[str]
    faults: tuple[str, ...] = ()
    foreign: bool = False
    """Whether it has lines and none of them is sealed with this key: it is another store's, or under another key."""


def derived(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: HKDF-SHA256 (RFC 5869) without salt."""
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


def hashes_of(reference: str, of_cases: Iterable[bytes]) -> frozenset[str]:
    """What stands for a case in the lists under any of these keys of cases."""
    return frozenset(_hashed(reference, one) for one in of_cases)


def case_key(key: bytes) -> bytes:
    """The key of cases of a store with this key."""
    return derived(key, _CASE)


def case_keys(tx: Connection, key: bytes) -> list[bytes]:
    """The key of cases of a store with this key, and those of its earlier keys, which the store keeps."""
    earlier = tx.execute(select(meta.c.value).where(begins(ERASED_CASE_KEY))).scalars()
    return [case_key(key), *(bytes.fromhex(one) for one in earlier)]


def _hashed(reference: str, of_cases: bytes) -> str:
    return hmac.digest(of_cases, reference.encode(), "sha256").hex()


def request_hash(body: str, reference: str, key: bytes) -> str:
    """What stands for a request: who asked and their own reference, each as it is compared, under a key of requests."""
    return hmac.digest(key, f"{body}\n{reference}".encode(), "sha256").hex()


def request_keys(tx: Connection, key: bytes) -> list[bytes]:
    """The key of requests of a store with this key, and those of its earlier keys, which the store keeps."""
    earlier = tx.execute(select(meta.c.value).where(begins(ERASED_KEY))).scalars()
    return [request_key(key), *(bytes.fromhex(one) for one in earlier)]


def request_key(key: bytes) -> bytes:
    """The key of requests of a store with this key."""
    return derived(key, "tracing-desk erased request")


def keep_earlier_key(tx: Connection, old: bytes) -> None:
    """Keeps the keys of requests and of cases of a key that the store had, for what was destroyed until then: a hash on
    a list says nothing without the key under which it was made.
    """
    for begin, kept in ((ERASED_KEY, request_key(old)), (ERASED_CASE_KEY, case_key(old))):
        _keep(tx, [{"key": begin + hashlib.sha256(kept).hexdigest(), "value": kept.hex()}])


def keep_hashes(tx: Connection, hashes: Iterable[str]) -> None:
    """Keeps hashes in the store, beside no case."""
    _keep(tx, [{"key": ERASED + one, "value": ""} for one in hashes])


def _keep(tx: Connection, rows: list[dict[str, str]]) -> None:
    if rows:
        there = "INSERT INTO meta SELECT :key, :value WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = :key)"
        tx.execute(text(there), rows)


def known_of(tx: Connection, hashes: Collection[str]) -> frozenset[str]:
    """Which of these hashes the store keeps."""
    wanted = select(func.json_each(json.dumps([ERASED + one for one in hashes])).table_valued("value").c.value)
    return frozenset(
        one.removeprefix(ERASED) for one in tx.execute(select(meta.c.key).where(meta.c.key.in_(wanted))).scalars()
    )


def all_hashes(tx: Connection, key: bytes) -> frozenset[str]:
    """Every hash that belongs on the list of this store."""
    kept = tx.execute(select(meta.c.key).where(begins(ERASED))).scalars()
    of_cases = case_key(key)
    return frozenset({*(_hashed(one, of_cases) for one in stubs(tx)), *(one.removeprefix(ERASED) for one in kept)})


def stubs(tx: Connection) -> tuple[str, ...]:
    """The references of the destroyed cases."""
    query = select(cases.c.reference).where(cases.c.state == State.DESTROYED.value).order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())


def back_again(tx: Connection, hashes: Collection[str], key: bytes) -> tuple[str, ...]:
    """The references of the cases that the store holds in full although these hashes have them as destroyed."""
    if not hashes:
        return ()
    known, of_cases = frozenset(hashes), case_keys(tx, key)
    query = select(cases.c.reference).where(cases.c.state != State.DESTROYED.value).order_by(cases.c.id)
    return tuple(one for one in tx.execute(query).scalars() if known & hashes_of(one, of_cases))


def keep_unknown(tx: Connection, hashes: frozenset[str], key: bytes) -> tuple[str, ...]:
    """Keeps what lists alone know, so that no reference of theirs is given out again, but nothing of the cases that are
    back, whose references it returns.
    """
    back, of_cases = back_again(tx, hashes, key), case_keys(tx, key)
    keep_hashes(tx, hashes - frozenset[str]().union(*(hashes_of(one, of_cases) for one in back)))
    return back


def read_list(path: Path, key: bytes) -> Erasures:
    """What the list at `path` says, past whatever is wrong with it. A list that is not there says nothing; beside
    backups, which never are without one, that is wrong with it.

    Raises OSError where it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        beside = is_folder(path.parent) and backups_in(path.parent)
        return Erasures(frozenset(), ("it is missing: it was taken away",) if beside else ())
    return _read(content.decode("latin-1").split("\n"), derived(key, _SEALING))


def _read(lines: list[str], sealing: bytes) -> Erasures:
    whole = [line[:_HASH] for line in lines[1:-2]]
    if lines == _lines(whole, sealing):
        return Erasures(frozenset(whole))
    faults: list[str] = []
    hashes: list[str] = []
    before, head = "", f"{_HEAD} {_whose(sealing)}"
    # It is this store's where its first line, a line or its end says so: no one place that was changed hides that.
    ours, end = lines[0].startswith(head), None
    if lines[0] != head:
        faults.append("its first line is not as it was written")
        # Where the end of that line was changed, the next one stands on it.
        hashes += _hashes_in(_WHOSE.sub("", lines[0]).replace(_whose(sealing), ""))
    for number, line in enumerate(lines[1:-1] if lines[-1] == "" else lines[1:], 1):
        if end is not None:
            faults.append("something stands after its end")
        elif found := _LINE.fullmatch(line):
            hashes.append(found[1])
            if found[2] == _seal(sealing, number, found[1], before):
                ours = True
            else:
                faults.append(f"line {number} was changed, or does not follow the one before it")
            before = found[2]
        elif not (end := _END.fullmatch(line)):
            faults.append(f"line {number} cannot be read")
            hashes += _hashes_in(line)
            before = ""
    if wrong := _end_fault(end if lines[-1] == "" else None, len(hashes), sealing, before):
        faults.append(wrong)
    else:
        ours = True
    if not ours and (hashes or _WHOSE.match(lines[0])):
        return Erasures(frozenset(hashes), ("it is under another key, or each of its lines was changed",), foreign=True)
    if (more := len(faults) - _MOST) > 0:
        faults[_MOST:] = [f"and {more} more of its lines are not as they were written"]
    return Erasures(frozenset(hashes), tuple(faults))


def _end_fault(end: re.Match[str] | None, count: int, sealing: bytes, before: str) -> str:
    if end is None:
        return "its end is missing"
    if int(end[1]) != count:
        return f"it had {int(end[1])} lines"
    return "" if end[2] == _seal(sealing, 0, end[1], before) else "its end was changed"


def _hashes_in(line: str) -> list[str]:
    """What may be hashes in a line that cannot be read: any that is left is of use, and a seal taken for one knows no
    case.
    """
    return [one for digits in _DIGITS.findall(line) for one in dict.fromkeys((digits[:64], digits[-64:]))]


def write_list(path: Path, hashes: Iterable[str], key: bytes) -> None:
    """Writes the list anew, whole or not at all. Raises OSError."""
    write_whole(path, "\n".join(_lines(sorted(set(hashes)), derived(key, _SEALING))).encode())


def _lines(hashes: Sequence[str], sealing: bytes) -> list[str]:
    """A list of these hashes, line by line; the last one is empty."""
    before, lines = "", [f"{_HEAD} {_whose(sealing)}"]
    for number, one in enumerate(hashes, 1):
        before = _seal(sealing, number, one, before)
        lines.append(f"{one} {before}")
    return [*lines, f"end {len(hashes)} {_seal(sealing, 0, str(len(hashes)), before)}", ""]


def _whose(sealing: bytes) -> str:
    """What says in the first line whose list it is: also of one that has no lines, or of which each was changed."""
    return _seal(sealing, 0, "whose", "")


def _seal(sealing: bytes, number: int, said: str, before: str) -> str:
    return hmac.digest(sealing, f"{number}|{said}|{before}".encode(), "sha256").hex()


def bring_up_to_date(path: Path, was: Erasures, known: frozenset[str], key: bytes) -> Erasures:
    """Writes the list anew from what the store knows and from what it said itself, where that is not what it is;
    returns it as it was. One under another key, such as another desk's, is set aside.

    Raises OSError.
    """
    if was.foreign:
        aside = set_aside(path)
        was = replace(was, faults=tuple(f"{fault}; it was set aside as {aside}" for fault in was.faults))
    if was.faults or known - was.hashes or not path.exists():
        write_list(path, was.hashes | known, key)
    return was
