"""``tracing-desk backup`` and ``restore``: by the keyring, the passphrase, or a file with the recovery key."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.settings import Settings

BACKUP_WORDS = "write a whole, encrypted backup of the store to a folder"
RESTORE_WORDS = "bring a backup back; whoever was destroyed since is destroyed again"
AskSecret = Callable[[str, str], str]
"""Asks for what must not be seen; the second text says what to do where nobody can be asked."""


Add = Callable[[str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_commands(add: Add, ask: AskSecret) -> None:
    """Puts both commands, and what they are given, on the command line."""
    backup = add("backup", BACKUP_WORDS, lambda asked: run_backup(asked, ask))
    restore = add("restore", RESTORE_WORDS, lambda asked: run_restore(asked, ask))
    backup.add_argument("folder", type=Path, metavar="DIR", help="where the backups are; it is made if need be")
    restore.add_argument("file", type=Path, metavar="FILE", help="a backup, such as desk-2026-06-10T093000Z.db")
    restore.add_argument("--dry-run", action="store_true", help="say what it would change, and change nothing")
    restore.add_argument("--yes", action="store_true", help="do it without asking")
    for one in (backup, restore):
        one.add_argument(
            "--key-file", type=Path, metavar="FILE", help="a file with the recovery key, for its owner alone"
        )
        one.add_argument("--json", action="store_true", help="print JSON")


def run_backup(asked: argparse.Namespace, ask: AskSecret) -> int:
    """Writes a backup; returns the exit status."""
    from desktop.casework.backups import back_up
    from desktop.casework.desk import Refused
    from desktop.casework.setup import has_store, open_with_key

    settings = Settings(asked.data_dir)
    if not settings.path().is_dir() or not has_store(settings.path()):
        return _wrong(f"There is no store in {settings.path()}. Check --data-dir.")
    folder = settings.folder()
    key = _key(asked, folder, ask)
    asked.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    entry = open_with_key(folder, key)
    try:
        made = back_up(entry, asked.folder)
    except Refused as error:
        return _wrong(str(error))
    finally:
        entry.store.close()
    said: dict[str, Any] = {
        "file": str(made.path),
        "entries": made.contents.head,
        "hash": made.contents.head_hash,
        "cases": made.contents.cases,
        "removed": list(made.removed),
    }
    lines = [f"{made.path} holds {made.contents.cases} cases and {made.contents.head} entries of the journal."]
    lines += [f"{name} was older than backups are kept, and is removed." for name in made.removed]
    _print(asked, said, lines)
    return 0


def run_restore(asked: argparse.Namespace, ask: AskSecret) -> int:
    """Brings a backup back, once it was said what that changes; returns the exit status."""
    from desktop.casework.backups import preview_restore, restore
    from desktop.casework.setup import now

    if not asked.file.is_file():
        return _wrong(f"There is no file {asked.file}.")
    folder = Settings(asked.data_dir).folder()
    key = _key(asked, folder if any(folder.glob("store.*")) else asked.file.parent, ask)
    found = preview_restore(folder, asked.file, key)
    said: dict[str, Any] = {"cases": found.contents.cases, "entries": found.contents.head}
    said |= {"erased_again": list(found.erased_again), "faults": list(found.faults), "restored": False}
    if asked.dry_run:
        _print(asked, said, [*found.sentences(), "Nothing was changed."])
        return 0
    if not asked.yes:
        print("\n".join(found.sentences()))
        if not sys.stdin.isatty() or input("Type yes to bring it back: ").strip().lower() != "yes":
            return _wrong("Nothing was changed. Say --yes to do it without being asked.")
    done = restore(folder, asked.file, key, now())
    for path in asked.file.parent.glob("store.*"):
        if not (folder / path.name).exists():
            _copy(path, folder / path.name)
    said |= {"restored": True, "kept": str(done.kept) if done.kept else None}
    kept = [f"The store of before is {done.kept.name}: remove it once all is well."] if done.kept else []
    _print(asked, said, [*found.sentences(), "The backup is the store now.", *kept])
    return 0


def _copy(path: Path, to: Path) -> None:
    from desktop.security.files import write_private

    write_private(to, path.read_bytes())


def _key(asked: argparse.Namespace, folder: Path, ask: AskSecret) -> bytes:
    """The store's key. A key file is somebody's alone, or it is refused."""
    from desktop.casework.setup import store_key
    from desktop.security.keys import open_with_recovery

    if asked.key_file is None:
        otherwise = "This store opens with a passphrase. Type it at a terminal, or give --key-file."
        return store_key(folder, lambda: ask("Passphrase of the store: ", otherwise))
    return open_with_recovery(folder, _read(asked.key_file))


def _read(path: Path) -> str:
    """What a key file holds. Raises OSError where it is no plain file of this person alone."""
    with path.open("rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(0, "it is not a plain file", str(path))
        if os.name == "posix" and (facts.st_mode & 0o077 or facts.st_uid != os.getuid()):
            raise OSError(0, "others may read it: make it yours alone (chmod 600)", str(path))
        return file.read(4096).decode("ascii", "replace")


def _print(asked: argparse.Namespace, said: dict[str, Any], lines: list[str]) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=2) if asked.json else "\n".join(lines))


def _wrong(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
