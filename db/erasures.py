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
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, text

from db.backup import backups_in
from db.files import is_folder, set_aside, write_whole
from db.records import State
from db.schema import cases, meta

NAME = "erasures.list"
_HEAD = "tracing-desk erasures 1"
ERASED, ERASED_KEY = "erased.", "erased-key."
"""How the facts about the store begin that keep a hash, and a key of requests that it had."""
_CASE = "tracing-desk erased case"
_COUNT = "sequence.case."
_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64})")
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_END = re.compile(r"end (\d{1,12}) ([0-9a-f]{64})")


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


def hash_of(reference: str, key: bytes) -> str:
    """What stands for a case in the list of a store with this key."""
    return _hashed(reference, derived(key, _CASE))


def _hashed(reference: str, of_cases: bytes) -> str:
    return hmac.digest(of_cases, reference.encode(), "sha256").hex()


def request_hash(body: str, reference: str, key: bytes) -> str:
    """What stands for a request: who asked and their own reference, each as it is compared, under a key of requests."""
    return hmac.digest(key, f"{body}\n{reference}".encode(), "sha256").hex()


def request_keys(tx: Connection, key: bytes) -> list[bytes]:
    """The key of requests of a store with this key, and those of its earlier keys, which the store keeps."""
    earlier = tx.execute(select(meta.c.value).where(meta.c.key.startswith(ERASED_KEY))).scalars()
    return [request_key(key), *(bytes.fromhex(one) for one in earlier)]


def request_key(key: bytes) -> bytes:
    """The key of requests of a store with this key."""
    return derived(key, "tracing-desk erased request")


def keep_request_key(tx: Connection, old: bytes) -> None:
    """Keeps the key of requests of a key that the store had, for what was destroyed until then."""
    kept = request_key(old)
    tx.execute(insert(meta).values(key=ERASED_KEY + hashlib.sha256(kept).hexdigest(), value=kept.hex()))


def keep_hashes(tx: Connection, hashes: Iterable[str]) -> None:
    """Keeps hashes in the store, beside no case."""
    rows = [{"key": ERASED + one} for one in hashes]
    if rows:
        there = "INSERT INTO meta SELECT :key, '' WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = :key)"
        tx.execute(text(there), rows)


def known_of(tx: Connection, hashes: Collection[str]) -> frozenset[str]:
    """Which of these hashes the store keeps."""
    wanted = select(func.json_each(json.dumps([ERASED + one for one in hashes])).table_valued("value").c.value)
    return frozenset(
        one.removeprefix(ERASED) for one in tx.execute(select(meta.c.key).where(meta.c.key.in_(wanted))).scalars()
    )


def all_hashes(tx: Connection, key: bytes) -> frozenset[str]:
    """Every hash that belongs on the list of this store."""
    kept = tx.execute(select(meta.c.key).where(meta.c.key.startswith(ERASED))).scalars()
    of_cases = derived(key, _CASE)
    return frozenset({*(_hashed(one, of_cases) for one in stubs(tx)), *(one.removeprefix(ERASED) for one in kept)})


def stubs(tx: Connection) -> tuple[str, ...]:
    """The references of the destroyed cases."""
    query = select(cases.c.reference).where(cases.c.state == State.DESTROYED.value).order_by(cases.c.id)
    return tuple(tx.execute(query).scalars())


def back_again(tx: Connection, hashes: Collection[str], key: bytes) -> tuple[str, ...]:
    """The references of the cases that the store holds in full although these hashes have them as destroyed."""
    if not hashes:
        return ()
    of_cases = derived(key, _CASE)
    query = select(cases.c.reference).where(cases.c.state != State.DESTROYED.value).order_by(cases.c.id)
    return tuple(one for one in tx.execute(query).scalars() if _hashed(one, of_cases) in hashes)


def given_out(tx: Connection) -> dict[str, int]:
    """The last number of a case that was given out for each prefix."""
    rows = tx.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_COUNT)))
    return {row.key.removeprefix(_COUNT): int(row.value) for row in rows}


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
    lines = content.decode("latin-1").split("\n")
    faults: list[str] = []
    if lines[:1] != [_HEAD]:
        faults.append("its first line is not as it was written")
    sealing, before, hashes = derived(key, "tracing-desk erasure list"), "", []
    sealed = 0
    end: re.Match[str] | None = None
    for number, line in enumerate(lines[1:-1] if lines[-1] == "" else lines[1:], 1):
        if end is not None:
            faults.append("something stands after its end")
        elif found := _LINE.fullmatch(line):
            hashes.append(found[1])
            if found[2] == _seal(sealing, number, found[1], before):
                sealed += 1
            else:
                faults.append(f"line {number} was changed, or does not follow the one before it")
            before = found[2]
        elif not (end := _END.fullmatch(line)):
            # Any hash that is left of it is of use; a seal taken for one knows no case.
            faults.append(f"line {number} cannot be read")
            hashes += _HASH.findall(line)
            before = ""
    if end is None or lines[-1] != "":
        faults.append("its end is missing")
    elif int(end[1]) != len(hashes) or end[2] != _seal(sealing, 0, end[1], before):
        faults.append(f"it had {int(end[1])} lines" if int(end[1]) != len(hashes) else "its end was changed")
    if hashes and not sealed:
        return Erasures(frozenset(hashes), ("it is under another key, or each of its lines was changed",), foreign=True)
    return Erasures(frozenset(hashes), tuple(faults))


def write_list(path: Path, hashes: Iterable[str], key: bytes) -> None:
    """Writes the list anew, whole or not at all. Raises OSError."""
    sealing, before, lines = derived(key, "tracing-desk erasure list"), "", [_HEAD]
    known = sorted(set(hashes))
    for number, one in enumerate(known, 1):
        before = _seal(sealing, number, one, before)
        lines.append(f"{one} {before}")
    lines.append(f"end {len(known)} {_seal(sealing, 0, str(len(known)), before)}")
    write_whole(path, "\n".join([*lines, ""]).encode())


def _seal(sealing: bytes, number: int, said: str, before: str) -> str:
    return hmac.new(sealing, f"{number}|{said}|{before}".encode(), hashlib.sha256).hexdigest()


def translated(hashes: frozenset[str], references: Iterable[str], old: bytes, new: bytes) -> set[str]:
    """The same cases for a store whose key was changed, as far as their references are among these."""
    return {hash_of(one, new) for one in references if hash_of(one, old) in hashes}


def bring_up_to_date(tx: Connection, folder: Path, key: bytes) -> Erasures:
    """Writes the list in a folder from the store's stubs and from what it says already, where that is not what it is;
    returns it as it was before. One under another key, such as another desk's, is set aside.

    Raises OSError.
    """
    was = read_list(folder / NAME, key)
    if was.foreign:
        aside = set_aside(folder / NAME)
        was = replace(was, faults=tuple(f"{fault}; it was set aside as {aside}" for fault in was.faults))
    known = was.hashes | all_hashes(tx, key)
    if was.faults or known != was.hashes or not (folder / NAME).exists():
        write_list(folder / NAME, known, key)
    return was
