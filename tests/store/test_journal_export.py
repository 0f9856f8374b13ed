"""An exported journal, and the program that checks it without the desk, in a process of its own."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from db import journal
from db.journal import canonical
from db.records import Role
from desktop.casework.anchors import FILE_NAME, make_anchor
from desktop.casework.desk import Desk, Refused
from desktop.casework.journalexport import export_journal, save_verifier
from desktop.security.anchors import read_anchor
from desktop.security.certificates import groups
from resources import resource
from tests.fixtures import Office
from tests.store.backing import backed_up, restored

Lines = list[str]


@pytest.fixture
def auditor(office: Office) -> Desk:
    return office.desk(Role.AUDITOR)


@pytest.fixture
def lines(office: Office, auditor: Desk, tmp_path: Path) -> Lines:
    """A journal with two anchors, exported: its lines."""
    office.submit(office.register())
    make_anchor(auditor)
    office.register(person=1)
    out = tmp_path / "journal.jsonl"
    export_journal(auditor, out)
    return out.read_text("utf-8").splitlines()


def check(tmp_path: Path, lines: Lines, *more: str) -> tuple[int, str]:
    """The exit status of the program, and what it says."""
    verifier, out = tmp_path / "verify.py", tmp_path / "given.jsonl"
    if not verifier.exists():
        save_verifier(verifier)
    out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(verifier), str(out), *more], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def number_of(line: str) -> int:
    return int(json.loads(line).get("seq", 0))


def rechained(lines: Lines) -> Lines:
    """The lines with numbers and hashes made anew, as by someone who knows how it is done."""
    head, *records, last = lines
    made, prev = [head], "0" * 64
    for seq, line in enumerate(records, start=1):
        made.append(canonical({**json.loads(line), "seq": seq, "prev": prev}))
        prev = hashlib.sha256(made[-1].encode()).hexdigest()
    return [*made, canonical({**json.loads(last), "end": len(records), "hash": prev})]


def test_an_export_is_private_whole_and_journalled(office: Office, auditor: Desk, tmp_path: Path) -> None:
    out = tmp_path / "journal.jsonl"
    made = export_journal(auditor, out)
    content = out.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert hashlib.sha256(content).hexdigest() == made.sha256
    with office.entry.store.read() as tx:
        there = list(journal.entries(tx, limit=10_000))
    assert [one.action for one in there][-3:] == ["export_journal", "anchor_key", "anchor"]
    records = content.decode().splitlines()[1:-1]
    assert [hashlib.sha256(one.encode()).hexdigest() for one in records] == [one.hash for one in there]
    with pytest.raises(FileExistsError):
        export_journal(auditor, out)
    with office.entry.store.read() as tx:
        assert len(list(journal.entries(tx, limit=10_000))) == len(there), "nothing written, nothing journalled"


def test_those_who_do_not_check_the_journal_do_not_export_it(office: Office, tmp_path: Path) -> None:
    for role in (Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN, Role.RECORDS_OFFICER):
        with pytest.raises(Refused):
            export_journal(office.desk(role), tmp_path / "journal.jsonl")
    assert not (tmp_path / "journal.jsonl").exists()


def test_a_good_export_is_found_good(office: Office, lines: Lines, tmp_path: Path) -> None:
    status, said = check(tmp_path, lines)
    assert (status, said.splitlines()[-1]) == (0, "Nothing is wrong")
    assert f"Entries: {len(lines) - 2}. Anchors: 2" in said
    last = json.loads(lines[-1])
    assert f"\nLast entry {last['end']}, {json.loads(lines[-2])['at']}: SHA-256 {groups(last['hash'])}\n" in said
    for anchor in map(read_anchor, last["anchors"]):
        assert anchor is not None
        assert f"\nAnchor of entry {anchor.seq}, {anchor.at}: SHA-256 {groups(anchor.hash)}\n" in said
    status, said = check(tmp_path, lines, str(office.entry.store.path.parent / FILE_NAME))
    assert status == 0, said


def edited(lines: Lines) -> Lines:
    return [line.replace('"action":"submit"', '"action":"withdraw"') for line in lines]


def put_in(lines: Lines) -> Lines:
    forged = canonical({**json.loads(lines[4]), "action": "forged"})
    return [*lines[:4], forged, *lines[4:]]


def put_in_with_a_number(lines: Lines) -> Lines:
    shifted = [canonical({**json.loads(line), "seq": number_of(line) + 1}) for line in lines[4:-1]]
    last = json.loads(lines[-1])
    return [*lines[:4], lines[4], *shifted, canonical({**last, "end": last["end"] + 1})]


def swapped(lines: Lines) -> Lines:
    return [*lines[:3], lines[4], lines[3], *lines[5:]]


def put_in_like_an_end(lines: Lines) -> Lines:
    """A whole record that says of itself what the last line says, too."""
    forged = {**json.loads(lines[4]), "action": "open_case", "end": 1, "hash": "x", "anchors": []}
    return [*lines[:4], canonical(forged), *lines[4:]]


DAMAGE: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "an edit": (edited, "was changed or put in"),
    "an insertion": (put_in, "entry 4 is there twice: one was put in"),
    "an insertion that moved the rest": (put_in_with_a_number, "entry 4 was changed or put in"),
    "a deletion": (lambda lines: [*lines[:3], *lines[4:]], "entry 3 is missing before entry 4"),
    "another order": (swapped, "entry 3 stands after entry 4: the order was changed"),
    "no first entry": (lambda lines: [lines[0], *lines[2:]], "entry 1 is missing before entry 2"),
    "no last line": (lambda lines: lines[:-1], "the end is cut off"),
    "a cut-off end": (lambda lines: [*lines[:-4], lines[-1]], "the end is cut off"),
    "a changed last entry": (
        lambda lines: [*lines[:-2], lines[-2].replace('"anchor"', '"other"'), lines[-1]],
        "the last one, was changed or put in",
    ),
    "an insertion like an end": (put_in_like_an_end, "entry 4 is there twice: one was put in"),
    "a last line that was moved": (
        lambda lines: [*lines[:-2], lines[-1], lines[-2]],
        "stands behind its last line: it was put in or moved",
    ),
    "another last line": (lambda lines: [*lines[:4], lines[-1], *lines[4:]], "stands behind its last line"),
    "more in the first line": (
        lambda lines: [canonical({**json.loads(lines[0]), "more": "words"}), *lines[1:]],
        "something was put into the first line",
    ),
    "an edit chained anew": (lambda lines: rechained(edited(lines)), "another one than the anchor in entry"),
    "a deletion chained anew": (lambda lines: rechained([*lines[:3], *lines[4:]]), "another one than"),
    "an end cut off and chained anew": (
        lambda lines: rechained([*lines[:-5], lines[-1]]),
        "was taken out, or the end was cut off",
    ),
    "a wrong signature": (
        lambda lines: [*lines[:-1], lines[-1].replace("Ed25519 ", "Ed25519 0000")],
        "was changed: it is no anchor",
    ),
    "another key": (
        lambda lines: [canonical({**json.loads(lines[0]), "keys": {"0" * 16: "11" * 32}}), *lines[1:]],
        "is not the one that the journal says was made",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_was_done_to_an_export_is_found(lines: Lines, tmp_path: Path, name: str) -> None:
    damage, said = DAMAGE[name]
    status, found = check(tmp_path, damage(lines))
    assert status == 1
    assert said in found, found


def test_each_record_that_was_edited_is_named(lines: Lines, tmp_path: Path) -> None:
    for at in range(1, len(lines) - 1):
        one = json.loads(lines[at])
        status, found = check(tmp_path, [*lines[:at], canonical({**one, "actor": 99}), *lines[at + 1 :]])
        assert status == 1
        assert f"WRONG: entry {one['seq']}" in found, found


def test_a_signature_of_another_text_is_found(lines: Lines, tmp_path: Path) -> None:
    last = json.loads(lines[-1])
    first = last["anchors"][0]
    last["anchors"][0] = first[:-8] + ("0" * 8 if first[-8:] != "0" * 8 else "1" * 8)
    status, found = check(tmp_path, [*lines[:-1], canonical(last)])
    assert status == 1
    assert "line 1 of the desk's anchors has a wrong signature" in found


def test_a_journal_made_anew_without_its_anchors_is_found_by_the_desks_own_file(
    office: Office, lines: Lines, tmp_path: Path
) -> None:
    kept = [line for line in lines if json.loads(line).get("action") not in ("anchor", "anchor_key", "submit")]
    forged = rechained(kept)
    forged[0] = canonical({**json.loads(lines[0]), "keys": {}})
    forged[-1] = canonical({**json.loads(forged[-1]), "anchors": []})
    status, said = check(tmp_path, forged)
    assert status == 1, "alone, it is not told from a good one, but that nothing is signed"
    assert said.splitlines()[-2].startswith("WRONG: there is no anchor, so nothing here is signed")
    assert check(tmp_path, forged, str(office.entry.store.path.parent / FILE_NAME))[0] == 1


def test_what_comes_after_the_last_anchor_is_said_to_be_unsigned(lines: Lines, tmp_path: Path) -> None:
    """The last entry of an export is its anchor, and signs all but itself. Entries put behind it are told apart."""
    last = len(lines) - 2
    assert f"Nothing after entry {last - 1} is signed: 1 of the entries" in check(tmp_path, lines)[1]
    forged = canonical({**json.loads(lines[2]), "action": "forged"})
    status, said = check(tmp_path, rechained([*lines[:-1], forged, forged, lines[-1]]))
    assert (status, said.splitlines()[-1]) == (0, "Nothing is wrong")
    assert f"Nothing after entry {last - 1} is signed: 3 of the entries" in said


def test_a_flipped_bit_names_the_entry_also_where_it_is_no_record_any_more(lines: Lines, tmp_path: Path) -> None:
    drawn = Random(62)
    for _ in range(40):
        at = drawn.randrange(1, len(lines) - 1)
        raw = bytearray(lines[at].encode())
        raw[drawn.randrange(len(raw))] ^= 1 << drawn.randrange(7)
        status, said = check(tmp_path, [*lines[:at], raw.decode("latin-1"), *lines[at + 1 :]])
        assert (status, f"entry {at} " in said) == (1, True), said
    for torn in ("", "{}", "[]", "null", "[" * 100_000, lines[3].replace('"seq":3', '"seq":[]')):
        status, said = check(tmp_path, [*lines[:3], torn, *lines[4:]])
        assert status == 1
        assert "entry 3 was changed: line 4 of the file is no record any more" in said
    status, said = check(tmp_path, [*lines[:-1], '{"end":"x"}'])
    assert status == 1
    assert "there is no last line" in said


@pytest.mark.parametrize(
    ("at", "was", "put"),
    [
        (-2, r'"seq":\d+', '"seq":Infinity'),
        (-1, r'"end":\d+', '"end":Infinity'),
        (-2, r'"at":"[^"]*"', r'"at":"\\ud800"'),
        (-2, r'"at":"[^"]*"', r'"at":"2026\\nNothing is wrong\\u001b[8m"'),
        (0, r'"store":"', r'"store":"x\\nNothing is wrong\\u001b[8m'),
    ],
)
def test_what_was_written_into_an_export_does_nothing_to_the_screen(
    lines: Lines, tmp_path: Path, at: int, was: str, put: str
) -> None:
    lines[at] = re.sub(was, put, lines[at], count=1)
    status, said = check(tmp_path, lines)
    assert status in (1, 2)
    assert "\x1b" not in said
    assert not any(line.startswith("Nothing is wrong") for line in said.splitlines())


def test_anchors_of_a_journal_that_a_restore_ended_are_told_from_tampering(
    office: Office, auditor: Desk, tmp_path: Path
) -> None:
    make_anchor(auditor)
    path = backed_up(office, tmp_path / "backups")
    office.register()
    make_anchor(auditor)
    anchors = tmp_path / "elsewhere.txt"
    anchors.write_bytes((office.entry.store.path.parent / FILE_NAME).read_bytes())
    assert len(anchors.read_text("utf-8").splitlines()) == 2
    restored(office, path)
    out = tmp_path / "journal.jsonl"
    export_journal(auditor, out)
    whole = out.read_text("utf-8").splitlines()
    (restore,) = (number_of(line) for line in whole if '"action":"restore"' in line)
    status, said = check(tmp_path, whole, str(anchors))
    words = f"line 2 of {anchors} is of a journal that ended when entry {restore} put a backup back"
    assert (status, f"NOT CHECKED: {words}\n" in said) == (0, True)
    assert said.endswith("Nothing is wrong; not checked: 1. Ask who put the backup back\n")
    # What was there before the backup is not excused.
    changed = [line.replace('"action":"anchor_key"', '"action":"anchor_keg"') for line in whole]
    assert check(tmp_path, rechained(changed), str(anchors))[0] == 1


@pytest.mark.parametrize("content", [[], ["{}"], ["nothing"], ['{"format":"other"}'], ["[" * 100_000]])
def test_what_is_no_journal_is_said(tmp_path: Path, content: Lines) -> None:
    status, said = check(tmp_path, content)
    assert status == 2
    assert "This cannot be read as a journal" in said


def test_a_journal_that_is_broken_in_the_store_is_exported_as_it_is(
    office: Office, auditor: Desk, tmp_path: Path
) -> None:
    office.register()
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER journal_no_update")
        tx.exec_driver_sql("UPDATE journal SET action = 'forged' WHERE action = 'register'")
    out = tmp_path / "journal.jsonl"
    export_journal(auditor, out)
    status, said = check(tmp_path, out.read_text("utf-8").splitlines())
    assert status == 1
    assert "was changed or put in" in said


def test_the_program_is_one_short_file_of_the_standard_library_alone() -> None:
    text = resource("verifier", "verify_journal.py").read_text("utf-8")
    assert len(text.splitlines()) <= 260
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
