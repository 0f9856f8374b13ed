"""Checks a journal that Tracing Desk exported, without Tracing Desk. Python 3.10 or newer and nothing else.

    python3 verify_journal.py JOURNAL [ANCHORS]

JOURNAL is the exported file; ANCHORS, if you have it, the file anchors.txt of the desk's folder, or a copy of it.

The exported file has a first line (which keys sign), then each record on a line of its own exactly as it was hashed,
then a last line. Record number n holds, as "prev", the SHA-256 of the line of record n - 1; the first one, 64 zeros.
So whoever changes a record has to change all that follow. An anchor is a signed line (Ed25519, RFC 8032) that says
which hash a record had on a day: whoever has not the key cannot change that. Compare the name of the key, and number,
hash and moment of an anchor, printed below with those on a page that was printed and locked away: a file can be made
anew whole, with another key. What no anchor reaches is not signed, and can be made anew by anyone: that is said, and
without any anchor something is wrong. A restore puts an older journal in the place of a newer one, and says so in an
entry: anchors from elsewhere that are of the newer one are told as such, with that entry. Ask who restored, and why.

Exit status: 0 nothing is wrong, 1 something is, 2 the file cannot be read as a journal.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Point = tuple[int, int, int, int]
FIRST = "0" * 64
MOST = 50
ANCHOR = re.compile(
    r"(?P<text>Tracing Desk anchor of store (?P<store>\w+): on (?P<at>\S+), entry (?P<seq>\d+) of (?P<count>\d+)"
    r" has SHA-256 (?P<hash>[0-9a-f]{64}); key (?P<key>[0-9a-f]{16})); Ed25519 (?P<signature>[0-9a-f]{128})",
    re.ASCII,
)

# Ed25519, after RFC 8032, section 6. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z and x * y = T/Z.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def times(n: int, point: Point) -> Point:
    """A point added to itself n times."""
    total: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def point_of(data: bytes) -> Point:
    """The point of its 32 bytes. Raises ValueError where they are none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point")
    x = x if x & 1 == sign else P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key with this public half signed the message."""
    try:
        a, r = point_of(public), point_of(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, a))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    return s < Q and same


def read(path: str) -> Any:
    """The first line, the records as (number, prev, own hash), the anchors, the keys they name, the restores as
    (number, moment, last entry of the backup, last entry of the journal that ended), the last line, what the last
    record is called, and what is wrong with lines that are no records.
    """
    head: Any = None
    last, records, anchors, made, restores = None, [], [], {}, []
    wrong, newest = [], "There is no entry"
    with open(path, "rb") as file:
        for number, raw in enumerate(file):
            line = raw.rstrip(b"\n")
            if head is None:
                head = json.loads(line)
                if head["format"] != "tracing-desk-journal-1":
                    raise ValueError("it is of another kind, or of a newer desk")
                if set(head) != {"format", "store", "keys"}:
                    wrong.append("something was put into the first line")
                continue
            if last is not None:
                wrong.append(f"line {number + 1} of the file stands behind its last line: it was put in or moved")
            try:
                one = json.loads(line)
                if set(one) == {"end", "hash", "anchors"}:
                    last = {"end": int(one["end"]), "hash": str(one["hash"]), "anchors": list(one["anchors"])}
                    continue
                if one["action"] == "anchor":
                    anchors.append((f"the anchor in entry {one['seq']}", line_of(head["store"], one)))
                elif one["action"] == "anchor_key":
                    said = json.loads(one["data"])
                    made[said["key"]] = said["public"]
                elif one["action"] == "restore":
                    said = json.loads(one["data"])
                    ended = said["replaced"]["head"] if said["replaced"] else sys.maxsize
                    restores.append((int(one["seq"]), str(one["at"]), int(said["head"]), int(ended)))
                records.append((int(one["seq"]), str(one["prev"]), hashlib.sha256(line).hexdigest()))
                newest = f"Last entry {one['seq']}, {one['at']}: SHA-256 {spaced(records[-1][2])}"
            except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
                wrong.append(f"entry {number} was changed: line {number + 1} of the file is no record any more")
    if head is None:
        raise ValueError("it is empty")
    return head, records, anchors, made, restores, last, newest, wrong


def spaced(found: str) -> str:
    """A hash in groups of four, as it is printed on the desk's page about an anchor."""
    return " ".join(found[at : at + 4].upper() for at in range(0, len(found), 4))


def line_of(store: str, record: dict[str, Any]) -> str:
    """The line of an anchor that stands in a record."""
    said = json.loads(record["data"])
    return (
        f"Tracing Desk anchor of store {store}: on {record['at']}, entry {said['seq']} of {said['count']}"
        f" has SHA-256 {said['hash']}; key {said['key']}; Ed25519 {said['signature']}"
    )


def broken(records: list[tuple[int, str, str]], last: Any) -> Iterator[str]:
    """What is wrong with the chain."""
    followed = {prev for _seq, prev, _own in records}
    for (before, _prev, _own), (seq, _prev2, _own2) in pairwise(records):
        if seq < before:
            yield f"entry {seq} stands after entry {before}: the order was changed"
    seq, own = 0, FIRST
    for number, prev, found in sorted(records, key=lambda one: (one[0], one[2] not in followed)):
        if number == seq:
            yield f"entry {number} is there twice: one was put in"
            continue
        if number > seq + 1:
            missing = f"entry {seq + 1} is" if number == seq + 2 else f"entries {seq + 1} to {number - 1} are"
            yield f"{missing} missing before entry {number}"
        elif prev != own:
            yield f"entry {seq or 1} was changed or put in: entry {number} follows another one"
        seq, own = number, found
    if last is None:
        yield f"the end is cut off, after entry {seq}: there is no last line"
    elif last["end"] > seq:
        yield f"the end is cut off: there are {last['end']} entries by the last line, and the last here is {seq}"
    elif last["end"] != seq or last["hash"] != own:
        yield f"entry {seq}, the last one, was changed or put in: it is not the one that the last line names"


def ended(anchor: Any, restores: Any) -> int:
    """The entry of the restore by which the journal of an anchor ended; 0 for none."""
    seq, at = int(anchor["seq"]), anchor["at"]
    return next((entry for entry, when, head, upto in restores if at < when and head < seq <= upto), 0)


def unanchored(
    head: Any,
    records: Any,
    anchors: list[tuple[str, str]],
    made: Any,
    restores: Any,
    to: dict[int, str],
    past: list[str],
) -> Iterator[str]:
    """What is wrong with the anchors; the entries that sound ones know are put to `to`, with what to print of each, and
    those of journals that a restore ended to `past`.
    """
    own = {seq: found for seq, _prev, found in records}
    keys = {name: bytes.fromhex(public) for name, public in head["keys"].items()}
    for name, public in keys.items():
        if hashlib.sha256(public).hexdigest()[:16] != name or made.get(name) != public.hex():
            yield f"the key {name} is not the one that the journal says was made"
    for where, line in anchors:
        anchor = ANCHOR.fullmatch(line)
        if anchor is None:
            yield f"{where} was changed: it is no anchor"
        elif anchor["store"] != head["store"]:
            yield f"{where} is of another store"
        elif own.get(int(anchor["seq"])) != anchor["hash"] and ended(anchor, restores):
            past.append(f"{where} is of a journal that ended when entry {ended(anchor, restores)} put a backup back")
        elif anchor["key"] not in keys:
            yield f"{where} is signed with a key that the desk never had ({anchor['key']})"
        elif not signed(keys[anchor["key"]], anchor["text"].encode(), bytes.fromhex(anchor["signature"])):
            yield f"{where} has a wrong signature"
        elif int(anchor["seq"]) not in own:
            yield f"{where} knows entry {anchor['seq']}, which is not here: it was taken out, or the end was cut off"
        elif own[int(anchor["seq"])] != anchor["hash"]:
            yield f"entry {anchor['seq']} is another one than {where} says: it was changed or put in"
        else:
            seq, at, own_hash = anchor["seq"], anchor["at"], spaced(anchor["hash"])
            to[int(seq)] = f"Anchor of entry {seq}, {at}: SHA-256 {own_hash}"
    if not anchors:
        yield "there is no anchor, so nothing here is signed: anyone could have made it. Give the anchors too"


def main(arguments: list[str]) -> int:
    """Checks, prints what was found, and returns the exit status."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        print("Use: python3 verify_journal.py JOURNAL [ANCHORS]", file=sys.stderr)
        return 2
    try:
        head, records, anchors, made, restores, last, newest, wrong = read(arguments[0])
        kept = last["anchors"] if last else []
        anchors += [(f"line {n} of the desk's anchors", str(one)) for n, one in enumerate(kept, 1)]
        if len(arguments) == 2:
            with open(arguments[1], encoding="utf-8", errors="replace") as file:
                anchors += [(f"line {n} of {arguments[1]}", one.rstrip("\n")) for n, one in enumerate(file, 1)]
        to: dict[int, str] = {}
        past: list[str] = []
        wrong += [*broken(records, last), *unanchored(head, records, anchors, made, restores, to, past)]
    except FileNotFoundError as error:
        print(f"There is no such file: {error.filename}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        print(f"This cannot be read as a journal: {error}", file=sys.stderr)
        return 2
    said = [f"Store {head['store']}. Entries: {len(records)}. Anchors: {len({line for _where, line in anchors})}"]
    said += [f"Key {name}: compare this with a printed page" for name in head["keys"]]
    said += [*(to[seq] for seq in sorted(to)), newest]
    unsigned = sum(seq > max(to, default=0) for seq, _prev, _own in records)
    if to and unsigned:
        said.append(f"Nothing after entry {max(to)} is signed: {unsigned} of the entries")
    said += [*(f"NOT CHECKED: {one}" for one in past[:MOST]), *(f"WRONG: {one}" for one in wrong[:MOST])]
    if len(wrong) > MOST:
        said.append(f"WRONG: {len(wrong) - MOST} more")
    unseen = f"; not checked: {len(past)}. Ask who put the backup back" if past else ""
    for line in (*said, (f"{len(wrong)} found wrong" if wrong else "Nothing is wrong") + unseen):
        # Whatever stands in the file does nothing else to the screen.
        print("".join(one if one.isprintable() else "?" for one in line))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
