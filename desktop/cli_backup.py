"""The commands ``backup``, ``restore`` and ``key``: with a key file they work with nobody at the screen."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.settings import Settings

if TYPE_CHECKING:
    from desktop.casework.desk import Desk, Entry
    from desktop.casework.restorepreview import Preview
    from desktop.casework.restoring import Restored


class Add(Protocol):
    """Adds a command of this name."""

    def __call__(self, name: str, words: str, runs: Callable[[Namespace], int], /) -> ArgumentParser:
        """The command's own parser."""


def add_commands(add: Add, entry: Callable[[Namespace], Entry], signed_in: Callable[[Namespace], Desk]) -> None:
    """Adds the three commands. `entry` opens the store, and `signed_in` the desk of someone who types a password."""
    backup = add("backup", "back the store up into a folder", lambda asked: _backup(asked, signed_in))
    backup.add_argument("folder", type=_folder, metavar="DIR")
    words = "back up to this folder no more: its disk is gone for good"
    backup.add_argument("--give-up", action="store_true", help=words)
    restore = add("restore", "restore a backup", lambda asked: _restore(asked, entry, signed_in))
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--dry-run", action="store_true", help="only say what it would change")
    restore.add_argument("--yes", action="store_true", help="do it without asking")
    without = (
        "with --yes: also where the erasure list is missing or damaged, and no store tells who was destroyed since"
    )
    restore.add_argument("--without-list", action="store_true", help=without)
    words = "the recovery key of a sheet, in such a file; twice, the newest first, for a backup under an earlier key"
    restore.add_argument("--recovery-file", type=Path, action="append", metavar="FILE", help=words)
    key = add("key", "write the store's key to a file for unattended work", lambda asked: _key(asked, signed_in))
    key.add_argument("--out", type=Path, required=True, metavar="FILE")
    for one in (backup, restore):
        takes_key_file(one)
    for one in (backup, restore, key):
        one.add_argument("--json", action="store_true", help="print JSON")


def _folder(typed: str) -> Path:
    """The folder that was typed. One without a name would be the current one."""
    if not typed.strip():
        raise ArgumentTypeError("its name is empty. Give the folder of the backups, such as /mnt/backups.")
    return Path(typed)


def takes_key_file(command: ArgumentParser) -> None:
    """Lets a command open the store with a key file, which needs nobody at the screen."""
    words = "the store's key, in a file that is yours alone (mode 600 or 400)"
    command.add_argument("--key-file", type=Path, metavar="FILE", help=words)


def keyed(asked: Namespace) -> Entry:
    """The store, opened with the key file that was given."""
    from desktop.casework.setup import open_keyed
    from desktop.security.keyfiles import read_key_file

    return told(open_keyed(store_folder(asked), read_key_file(asked.key_file)))


def told(entry: Entry) -> Entry:
    """Says what opening the store finished or undid of a change that was cut short."""
    if entry.store.settled:
        sys.stderr.write(f"{entry.store.settled}\n")
    return entry


def _say(asked: Namespace, found: dict[str, Any], lines: list[str]) -> None:
    text = json.dumps(found, ensure_ascii=False, indent=2) if asked.json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")


def store_folder(asked: Namespace, *, empty: bool = False) -> Path:
    """The data folder. `empty`: it may hold no store yet. Raises Failure where there is none."""
    from desktop.casework.setup import has_store
    from desktop.cli import Failure

    settings = Settings(asked.data_dir)
    if not empty and (not settings.path().is_dir() or not has_store(settings.path())):
        raise Failure(f"There is no store in {settings.path()}. Check --data-dir.")
    return settings.folder()


def _backup(asked: Namespace, signed_in: Callable[[Namespace], Desk]) -> int:
    from desktop.casework.backups import as_json, back_up, back_up_unattended
    from desktop.casework.desk import Refused
    from desktop.cli import DONE, WRONG, Failure
    from desktop.policy.wording import plural

    if asked.give_up:
        return _give_up(asked, signed_in)
    try:
        if asked.key_file:
            if asked.folder.resolve() in asked.key_file.resolve().parents:
                raise Failure(
                    f"The key file lies in {asked.folder}, beside what it opens. Move it to a folder that only this"
                    " account reads, then back up again."
                )
            entry = keyed(asked)
            with closing(entry.store):
                done = back_up_unattended(entry, asked.folder)
        else:
            desk = signed_in(asked)
            with closing(desk.store):
                done = back_up(desk, asked.folder)
    except Refused as error:
        raise Failure(str(error)) from error
    held = done.contents
    lines = [f"{held.path} holds {plural(held.cases, 'case')} in {held.size:,} bytes, and was read back as written."]
    if done.swept:
        lines.append(f"{plural(done.swept, 'backup')} that had been cut short went.")
    lines += [f"{fault}; it was written anew." for fault in done.mended]
    lines += [f"{path.name} was too old to keep, and went." for path in done.removed]
    _say(
        asked,
        {
            **as_json(held),
            "removed": [str(one) for one in done.removed],
            "swept": done.swept,
            "mended": list(done.mended),
        },
        lines,
    )
    return WRONG if done.mended else DONE


def _give_up(asked: Namespace, signed_in: Callable[[Namespace], Desk]) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.givenup import WHAT_IT_MEANS, GiveUp, give_up_folder
    from desktop.cli import DONE, Failure, Misuse

    if asked.key_file:
        raise Misuse("Two people give up a folder: leave out --key-file.")
    if not sys.stdin.isatty():
        raise Failure("A second person confirms at a terminal that a folder is given up.")
    desk = signed_in(asked)
    with closing(desk.store):
        sys.stderr.write(f"{WHAT_IT_MEANS}\n")
        second, password = _second_person()
        try:
            give_up_folder(desk, GiveUp(folder=asked.folder, second=second, password=password))
        except Refused as error:
            raise Failure(str(error)) from error
    _say(asked, {"given_up": str(asked.folder)}, [f"{asked.folder} is given up: its lists are kept up no more."])
    return DONE


def _second_person() -> tuple[str, str]:
    """The user name and password of whoever confirms, typed at the terminal."""
    second = input("User name of the records officer or guardian who confirms: ")
    return second, getpass.getpass("Their password: ")


def _key(asked: Namespace, signed_in: Callable[[Namespace], Desk]) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.recovery import write_key_file
    from desktop.cli import DONE, Failure

    try:
        write_key_file(signed_in(asked), asked.out)
    except Refused as error:
        raise Failure(str(error)) from error
    words = "Whoever reads this file opens the store and its backups. Keep it on another disk than the backups."
    _say(asked, {"file": str(asked.out)}, [f"The key is in {asked.out}. {words}"])
    return DONE


def _restore(asked: Namespace, opens: Callable[[Namespace], Entry], signed_in: Callable[[Namespace], Desk]) -> int:
    from desktop.casework.desk import Refused
    from desktop.cli import Failure

    try:
        if asked.key_file or asked.recovery_file:
            return _restore_keyed(asked)
        if asked.dry_run:
            from desktop.casework.restorepreview import preview_restore

            entry = opens(asked)
            with closing(entry.store):
                return _told(asked, preview_restore(entry, asked.file))
        desk = signed_in(asked)
        with closing(desk.store):
            return _restore_by_two(asked, desk)
    except Refused as error:
        raise Failure(str(error)) from error


def _restore_keyed(asked: Namespace) -> int:
    """With nobody at the screen: over a store, over one that does not open, or into an empty folder."""
    from db.errors import StoreDamaged, WrongKey
    from db.store import FILE
    from db.swapping import settle
    from desktop.casework.recovery import recover_keyed, sheet_key
    from desktop.casework.restorepreview import key_of, preview, preview_restore
    from desktop.casework.restoring import restore_unattended
    from desktop.casework.setup import open_keyed
    from desktop.security.keyfiles import read_key_file, read_recovery_file

    home = store_folder(asked, empty=True)
    sheets = [read_recovery_file(one) for one in asked.recovery_file or ()]
    settled = settle(home, FILE)
    # The newest sheet leads to the store's key; an earlier one to that of a backup from before the key was changed.
    key, sealed = (read_key_file(asked.key_file), None) if asked.key_file else sheet_key(home, asked.file, sheets[0])
    sheet = sheets[-1] if sheets else ""
    try:
        entry = told(open_keyed(home, key, settled=settled)) if (home / FILE).exists() else None
    except (StoreDamaged, WrongKey):
        entry = None
    if entry is None:
        seen = preview(home, key, asked.file, key_of(home, asked.file, key, sheet))
        if asked.dry_run:
            return _told(asked, seen)
        _agreed(asked, seen)
        entry, done = recover_keyed(home, asked.file, key, earlier=sheet, sealed=sealed)
        entry.store.close()
        return _done(asked, done)
    with closing(entry.store):
        seen = preview_restore(entry, asked.file, sheet)
        if asked.dry_run:
            return _told(asked, seen)
        _agreed(asked, seen)
        return _done(asked, restore_unattended(entry, asked.file, sheet))


def _restore_by_two(asked: Namespace, desk: Desk) -> int:
    """An administrator who is signed in, and a second person who confirms at the terminal."""
    from desktop.casework.restorepreview import preview_restore
    from desktop.casework.restoring import Restore, restore
    from desktop.cli import Failure

    if not sys.stdin.isatty():
        raise Failure("A second person confirms a restore at a terminal. With a key file it works unattended.")
    _agreed(asked, preview_restore(desk, asked.file))
    second, password = _second_person()
    return _done(asked, restore(desk, Restore(file=asked.file, second=second, password=password)))


def _agreed(asked: Namespace, seen: Preview) -> None:
    """Shows what would change, and asks unless --yes was given. Raises Failure or Misuse."""
    from desktop.cli import Failure, Misuse

    # A store that can be read knows by itself who was destroyed.
    blind = bool(seen.list_faults) and not seen.readable
    if asked.yes and (asked.without_list or not blind):
        return
    sys.stderr.write("\n".join([*seen.sentences(), ""]))
    if asked.yes:
        raise Failure(
            "Nothing was changed. Without its lists nobody can tell who was destroyed since the backup: put them beside"
            " it again, or say --without-list too, to restore all the same."
        )
    if not sys.stdin.isatty():
        raise Misuse("Say --yes to restore, or --dry-run to see only what it would change.")
    sys.stderr.write("Type yes to restore: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise Failure("Nothing was changed.")


def _told(asked: Namespace, seen: Preview) -> int:
    from desktop.casework.backups import as_json
    from desktop.cli import DONE, WRONG

    found = {
        "backup": as_json(seen.contents),
        "lost": list(seen.lost),
        "older": list(seen.older),
        "erased": list(seen.erased),
        "listed": seen.listed,
        "spared": sorted(seen.spared),
        "entries": seen.entries,
        "holds": seen.holds,
        "held": sorted(seen.held),
        "narrowed": list(seen.narrowed),
        "readable": seen.readable,
        "unread": list(seen.unread),
        "copied": seen.copied,
        "list_faults": list(seen.list_faults),
    }
    _say(asked, found, seen.sentences())
    return WRONG if seen.list_faults else DONE


def _done(asked: Namespace, done: Restored) -> int:
    from desktop.cli import DONE, WRONG

    lines = done.sentences()
    if done.replaced:
        until = "until an administrator keeps the restored store"
        lines.append(f"The store before is kept as {done.replaced.name} {until}.")
    found = {
        "restored": str(done.contents.path),
        "erased": list(done.again),
        "spared": sorted(done.carried.spared),
        "holds": done.carried.held.changes + done.carried.copied.changes,
        "entries": done.carried.entries,
        "readable": done.readable,
        "unread": list(done.unread),
        "replaced": str(done.replaced) if done.replaced else None,
        "list_faults": list(done.list_faults),
    }
    _say(asked, found, lines)
    # Whoever reads no output of work that nobody attends still gets what it complains of.
    sys.stderr.writelines(f"Wrong: {fault}.\n" for fault in done.list_faults)
    return WRONG if done.list_faults else DONE
