"""Anchors of the journal: signed, kept in the journal itself and in a file beside the store, printed, and checked.

A chain alone does not show that its end was cut off, or that all of it was made anew. An anchor does: it is signed with
the desk's own key, whose secret half is where the store's key is, and stands in places that are not the store.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from db import chain, journal
from db.chain import START, Link
from db.errors import StoreError
from db.health import span_after
from db.people import fact, facts, organisation_of, put_fact
from db.records import Heading, Json, Role
from db.records_log import JournalEntry
from db.store import Tx
from db.times import moment_text
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, Entry, Refused, changing, need_role
from desktop.policy.wording import clock_time, day, london
from desktop.security.anchors import Anchor, key_name, public_of, read_anchor, sign_anchor
from desktop.security.problems import KeyDamaged, KeyMissing, KeyProblem

FILE_NAME = "anchors.txt"
"""Beside the store: a line to each anchor, only ever added to."""
LATE = timedelta(days=2)
"""The journal is anchored once a day. Entries over more days than these without an anchor are told."""
_SECRET = "journal"  # noqa: S105 - what the secret is called
_KEYS = "anchor_key."
"""What the public halves of the keys are kept under, the first one as number 1."""


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """An anchor of the journal and what is wrong with it: "" where it holds."""

    entry: JournalEntry
    anchor: Anchor | None
    wrong: str


def anchor_lines(entry: Entry) -> list[str]:
    """What the file of anchors holds; [] where there is none. Raises OSError."""
    try:
        return (entry.store.path.parent / FILE_NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def journal_lines(tx: Tx) -> list[str]:
    """The lines of the anchors that the journal itself holds, the newest first."""
    return [found.line for one in journal.of_action(tx, "anchor") if (found := _of(tx, one))]


def make_anchor(desk: Desk) -> Anchor:
    """Anchors the journal as it is now. Raises Refused where its chain is broken or the anchor cannot be kept."""
    need_role(desk, Role.ADMINISTRATOR, Role.AUDITOR)
    with changing(desk) as tx:
        return put_anchor(tx, desk, desk.user.id)


def anchor_by_itself(entry: Entry) -> None:
    """What the desk does once a day and when it is closed, where there is anything new to anchor.

    Where that cannot be done, nothing is: the checks of the store say what is wrong, and a person anchors by hand.
    """
    with suppress(Refused, StoreError), entry.store.write() as tx:
        last = journal.with_numbers(tx, [journal.last_entry(tx)[0]])
        if last and last[0].action != "anchor":
            put_anchor(tx, entry, None)


def put_anchor(tx: Tx, entry: Entry, actor_id: int | None) -> Anchor:
    """Anchors the journal as it is within a transaction. Raises Refused where that cannot be."""
    at = entry.clock()
    secret = signing_secret(tx, entry, at, actor_id)
    since = _last_sound(tx)
    many, faults = chain.verify(tx, since)
    if faults:
        raise Refused(
            f"The journal is not anchored: entry {faults[0].seq} is not sound. Check the journal, and keep this store "
            "and its backups as they are until somebody has looked at it."
        )
    seq, head = journal.last_entry(tx)
    made = sign_anchor(
        secret, store=store_name(tx), at=moment_text(at), seq=seq, count=since.seq + many, entry_hash=head
    )
    _add_line(entry.store.path.parent / FILE_NAME, made.line)
    said: dict[str, Json] = {
        "seq": made.seq, "count": made.count, "hash": made.hash, "key": made.key, "signature": made.signature
    }  # fmt: skip
    journal.append(tx, at=at, actor_id=actor_id, action="anchor", heading=Heading.SYSTEM, data=said)
    return made


def store_name(tx: Tx) -> str:
    """What anchors call the store: its id, and a sample, which has none, "sample"."""
    return fact(tx, "store_id") or "sample"


def signing_secret(tx: Tx, entry: Entry, at: datetime, actor_id: int | None) -> bytes:
    """The secret half of the key. Where this computer has none, as after a recovery, a new key is made, journalled."""
    known = list(facts(tx, _KEYS).values())
    try:
        try:
            secret = entry.secrets.get(_SECRET)
            if public_of(secret).hex() in known:
                return secret
        except KeyMissing:
            pass
        secret = entry.secrets.make(_SECRET)
    except KeyProblem as error:
        raise Refused(f"The key that anchors and packages are signed with does not open here. {error}") from error
    public = public_of(secret)
    put_fact(tx, f"{_KEYS}{len(known) + 1}", public.hex())
    said: dict[str, Json] = {"key": key_name(public), "public": public.hex()}
    journal.append(tx, at=at, actor_id=actor_id, action="anchor_key", heading=Heading.SYSTEM, data=said)
    return secret


def _last_sound(tx: Tx) -> Link:
    """Where the last anchor that holds says that all was well: what comes after it is still to be checked."""
    keys = public_keys(tx)
    for one in journal.of_action(tx, "anchor"):
        found = _of(tx, one)
        if found is not None and not _wrong(tx, found, keys):
            return Link(found.seq, found.hash)
    return START


def _add_line(path: Path, line: str) -> None:
    """Adds a line to the file, on the disk before it returns: what it says is true even where the journal's own entry
    of it is never written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Refused(
            f"The journal is not anchored: the file {path.name} beside the store cannot be written "
            f"({error.strerror or error}). Let this account write to it, then anchor the journal again."
        ) from error


def _of(tx: Tx, one: JournalEntry) -> Anchor | None:
    """The anchor that an entry holds; None where what it holds is none."""
    said = one.data
    line = (
        f"Tracing Desk anchor of store {store_name(tx)}: on {moment_text(one.at)}, entry {said.get('seq')} of "
        f"{said.get('count')} has SHA-256 {said.get('hash')}; key {said.get('key')}; Ed25519 {said.get('signature')}"
    )
    return read_anchor(line)


def public_keys(tx: Tx) -> Mapping[str, bytes]:
    """The public halves of the keys that the desk signed anchors with, by their names."""
    return {key_name(public): public for public in map(bytes.fromhex, facts(tx, _KEYS).values())}


def _wrong(tx: Tx, anchor: Anchor, keys: Mapping[str, bytes]) -> str:
    """What is wrong with an anchor; "" where it holds."""
    if anchor.key not in keys:
        return f"it is signed with a key that this desk never had ({anchor.key})"
    if not anchor.holds(keys[anchor.key]):
        return "its signature is wrong"
    found = chain.entry_hash(tx, anchor.seq)
    if found is None:
        return f"the journal has no entry {anchor.seq} any more: its end was cut off, or an older copy was put back"
    if found != anchor.hash:
        return f"entry {anchor.seq} is another one than when it was anchored: the journal was made anew"
    return ""


def anchor_faults(entry: Entry, tx: Tx) -> tuple[str, ...]:
    """What is wrong with the anchors of the journal and of the file, for the checks of the store."""
    return tuple(_faults(entry, tx))


def _faults(entry: Entry, tx: Tx) -> Iterator[str]:
    keys = public_keys(tx)
    journalled = {str(one.data.get("public")) for one in journal.of_action(tx, "anchor_key")}
    for name, public in keys.items():
        if public.hex() not in journalled:
            yield f"the key {name} is not in the journal"
    there = set()
    for one in journal.of_action(tx, "anchor"):
        found = _of(tx, one)
        wrong = _wrong(tx, found, keys) if found else "it is not an anchor any more"
        if found:
            there.add(found.line)
        if wrong:
            yield f"the anchor of entry {one.seq}: {wrong}"
    yield from _undone(entry, tx)
    yield from _file_faults(entry, tx, keys, there)


def _undone(entry: Entry, tx: Tx) -> Iterator[str]:
    """What keeps the desk from anchoring by itself, which says nothing when it does not."""
    try:
        known = facts(tx, _KEYS).values()
        if known and public_of(entry.secrets.get_anew(_SECRET)).hex() not in known:
            yield (
                "the key that anchors are signed with here is none that the journal knows: the journal was made anew,"
                " or an older copy is in its place"
            )
    except KeyMissing:
        pass
    except KeyDamaged as error:
        yield (
            f"the key that anchors are signed with does not open here: {error.what} Put the file back from a copy of"
            " the data folder, or take it away: a new key is made then"
        )
    except KeyProblem as error:
        yield f"the key that anchors are signed with does not open here: {error}"
    last = next(journal.of_action(tx, "anchor"), None)
    if last is not None and (since := span_after(tx, last.seq)) > LATE:
        yield f"nothing was anchored since entry {last.seq}, through {since.days} days of entries"


def _file_faults(entry: Entry, tx: Tx, keys: Mapping[str, bytes], there: set[str]) -> Iterator[str]:
    try:
        lines = anchor_lines(entry)
    except OSError as error:
        yield f"{FILE_NAME} cannot be read: {error.strerror or error}"
        return
    for number, line in enumerate(lines, start=1):
        found = read_anchor(line)
        if found is None:
            yield f"line {number} of {FILE_NAME} was changed"
        elif found.store != store_name(tx):
            yield f"line {number} of {FILE_NAME} is of another store"
        elif line not in there and (wrong := _wrong(tx, found, keys)):
            yield f"line {number} of {FILE_NAME}: {wrong}"
    if missing := len(there - set(lines)):
        yield f"{FILE_NAME} lacks {missing} of the journal’s anchors"


def anchors(desk: Desk) -> tuple[AnchorRow, ...]:
    """The anchors of the journal with their check, the newest first, for those who check it."""
    need_role(desk, Role.ADMINISTRATOR, Role.AUDITOR)
    with desk.store.read() as tx:
        keys = public_keys(tx)
        found = [(one, _of(tx, one)) for one in journal.of_action(tx, "anchor")]
        return tuple(
            AnchorRow(one, made, _wrong(tx, made, keys) if made else "it is not an anchor any more")
            for one, made in found
        )


def save_anchor_page(desk: Desk, out: Path, *, replace: bool = False) -> None:
    """Writes a page with the newest anchor, to be printed and locked away; journalled. See ``write_copy``.

    Raises Refused where there is no anchor yet, or the newest one does not hold.
    """
    from desktop.letters.facts import AnchorPage
    from desktop.letters.pages import render_anchor_page
    from desktop.security.certificates import groups

    rows = anchors(desk)
    if not rows:
        raise Refused("The journal has no anchor yet. Anchor it first.")
    newest, made = rows[0].entry, rows[0].anchor
    if made is None or rows[0].wrong:
        raise Refused(f"The newest anchor does not hold: {rows[0].wrong}. Check the journal.")
    with desk.store.read() as tx:
        page = AnchorPage(
            organisation=organisation_of(tx),
            entry=made.seq,
            count=made.count,
            anchored=f"{day(london(newest.at).date())} at {clock_time(london(newest.at))}",
            moment=made.at,
            store=made.store,
            key=made.key,
            hash=tuple(groups(made.hash).split()),
            public=tuple(groups(public_keys(tx)[made.key].hex()).split()),
            signature=tuple(groups(made.signature).split()),
            made_on=desk.today(),
        )
    content = render_anchor_page(page)

    write_told(
        desk,
        out,
        content,
        action="save_anchor_page",
        heading=Heading.SYSTEM,
        data={"seq": made.seq},
        replace=replace,
    )
