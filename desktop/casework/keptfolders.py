"""Where this computer keeps the store's backups: a small file beside the store, and what the store remembers of it."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from db import erasures, people
from db.backup import backups_in, opens
from db.erasures import Erasures
from db.errors import StoreError
from db.files import is_folder, set_aside, write_whole
from db.journal import append, ever_said
from db.records import Heading, Json
from db.store import Tx
from desktop.casework import heldcopies
from desktop.casework.desk import Entry
from desktop.policy.wording import plural
from desktop.security.keys import RECOVERY_FILE

KNOWN = "store.backups"
"""The file beside the store that says where this computer keeps its backups."""
_ASIDE = "store-unreadable-*.backups"
_LISTS_ASIDE = "erasures-unreadable-*.list"
LEFT = "erasure_lists"
"""The fact about a store that says how its erasure lists were left: after the last destruction, the folders of backups,
and "" for that of the store itself.
"""
_WRITTEN = f"{KNOWN}, which says where backups are kept, was damaged or taken away, and was written anew"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where this computer keeps its backups, and which of them are under an earlier key of the store."""

    folders: tuple[Path, ...] = ()
    """Each folder that a backup was written to, the newest first."""
    under_old_key: tuple[Path, ...] = ()
    damaged: bool = False
    """Whether what was kept is not as it was written: then nothing of it is believed."""


def kept_of(folder: Path) -> Kept:
    """Where the store in this folder is backed up to; nowhere where that was not kept or cannot be read."""
    try:
        found = json.loads((folder / KNOWN).read_bytes())
        said = {name: [str(one) for one in found[name]] for name in ("folders", "under_old_key")}
        # Earlier programs wrote no sum.
        if found not in (said, {**said, "sha256": _sum(said)}):
            return Kept(damaged=True)
        return Kept(tuple(map(Path, said["folders"])), tuple(map(Path, said["under_old_key"])))
    except FileNotFoundError:
        return Kept()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kept(damaged=True)


def one_name(folder: Path) -> Path:
    """The one name of a folder that several lead to: links, and steps back. Raises nothing."""
    return Path(os.path.realpath(folder.expanduser()))


def known_as(kept: Kept, folder: Path) -> Path | None:
    """The name under which a folder of backups is kept, which an earlier program took as it was given; None for one
    that is not.
    """
    return next((one for one in kept.folders if one_name(one) == one_name(folder)), None)


def keep(folder: Path, kept: Kept) -> None:
    """Remembers it; what was damaged is set aside. Raises OSError."""
    if kept_of(folder).damaged:
        set_aside(folder / KNOWN)
    said = {"folders": [str(one) for one in kept.folders], "under_old_key": [str(one) for one in kept.under_old_key]}
    write_whole(folder / KNOWN, json.dumps({**said, "sha256": _sum(said)}, indent=2).encode())


def _sum(said: dict[str, list[str]]) -> str:
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogateescape")).hexdigest()


def mend_kept(entry: Entry) -> tuple[str, ...]:
    """Writes what was damaged or taken away anew from what the store remembers, and journals it; says so. Raises
    nothing.
    """
    home = entry.store.path.parent
    kept = kept_of(home)
    if not kept.damaged and (home / KNOWN).exists():
        return ()
    with suppress(OSError, StoreError):
        with entry.store.read() as tx:
            folders, ours = _remembered(tx), own_names(tx)
        if kept.damaged or folders:
            old = (path for one in folders if is_folder(one) for path in backups_in(one) if path.name in ours)
            keep(home, Kept(folders, tuple(path for path in old if not opens(path, entry.store.key))))
            with entry.store.write() as tx:
                said: dict[str, Json] = {"folders": len(folders)}
                append(tx, at=entry.clock(), actor_id=None, action="mend_folders", heading=Heading.SYSTEM, data=said)
            return (_WRITTEN,)
    return ()


def _remembered(tx: Tx) -> tuple[Path, ...]:
    """The folders of backups when the lists were last written; none where that cannot be read."""
    try:
        return tuple(Path(one) for one in json.loads(people.fact(tx, LEFT))[1] if one)
    except (ValueError, LookupError, TypeError):
        return ()


def own_names(tx: Tx) -> frozenset[str]:
    """The names of the backups of which the journal says that this store wrote them, also before a restore."""
    return frozenset(str(one.get("backup")) for one in ever_said(tx, "back_up"))


def kept_faults(home: Path) -> tuple[str, ...]:
    """What of it was lost, and lists of the store's that were under another key, in words: until whoever has seen to it
    removes what was set aside.
    """
    lists = tuple(
        f"{one.name} was the erasure list of this store, and is under another key. If an older copy of the store was"
        " put back, people who were destroyed since are back: restore the newest backup, with the recovery sheet of its"
        f" day. Then remove {one.name} from the data folder"
        for one in lists_aside(home)
    )
    if kept_of(home).damaged:
        return (f"{KNOWN}, which says where backups are kept, is damaged: close the desk and open it again", *lists)
    known = plural(len(kept_of(home).folders), "folder")
    folders = tuple(
        f"{one.name} cannot be read: it said where backups are kept, and the desk knows {known} now. Back up once into"
        f" each folder that is missing, so that the lists there go on, then remove {one.name} from the data folder"
        for one in sorted(home.glob(_ASIDE))
    )
    return (*folders, *lists)


def lists_aside(home: Path) -> tuple[Path, ...]:
    """The erasure lists that were set aside beside the store, each under another key than its own."""
    return tuple(sorted(home.glob(_LISTS_ASIDE)))


def folders_of(home: Path) -> tuple[Path, ...]:
    """Where lists lie: beside the store in this folder, and beside its backups as far as they can be reached."""
    return (home, *(one for one in kept_of(home).folders if _at_hand(one)))


def seal_beside(home: Path, folder: Path) -> None:
    """Puts what the store's key is sealed in beside lists that are written under a new key, until a backup under it
    brings a sealed key of its own: the newest sheet opens them. Raises OSError.
    """
    if (home / RECOVERY_FILE).exists():
        write_whole(folder / RECOVERY_FILE, (home / RECOVERY_FILE).read_bytes())


def unreached(home: Path) -> tuple[Path, ...]:
    """Where backups are kept, and lists with them, that cannot be reached now: a drive that was taken out, say."""
    return tuple(one for one in kept_of(home).folders if not _at_hand(one))


def _at_hand(folder: Path) -> bool:
    """Whether a folder that backups were written to is there, with a backup or a list in it: one with neither is the
    bare place of a disk that was taken out, or was emptied, and can be given up. Raises nothing.
    """
    try:
        lists = (folder / erasures.NAME, folder / heldcopies.NAME)
        return is_folder(folder) and (any(one.exists() for one in lists) or bool(backups_in(folder)))
    except OSError:
        # It is there: what cannot be read in it is told as it is read.
        return True


def keep_restored(home: Path, file: Path, its_key: bytes, key: bytes) -> None:
    """Remembers the folder of a backup that was restored, after those that are known, and which backups there are under
    its earlier key: the lists beside it are kept up too, unless they are under another key and so another store's.
    Raises nothing: the restore is done, and the next backup there does it.
    """
    kept = kept_of(home)
    known = known_as(kept, file.parent)
    folder = known or one_name(file.parent)
    if folder == one_name(home):
        return
    with suppress(OSError):
        if known is None:
            sealed = (folder / heldcopies.NAME).exists() and not heldcopies.read_copy(folder, key).readable
            if sealed or erasures.read_list(folder / erasures.NAME, key).foreign:
                return
        old = () if its_key == key else tuple(one for one in backups_in(folder) if opens(one, its_key))
        _keep_more(home, kept, () if known else (folder,), old)


def keep_unopened(home: Path, folder: Path, key: bytes) -> None:
    """Remembers that a folder, whose list is this store's and under an earlier key, was away as the key was changed:
    the backups there that do not open are under that key too. Raises OSError.
    """
    if folder != home:
        old = tuple(one for one in backups_in(folder) if not opens(one, key))
        _keep_more(home, kept_of(home), (), old)


def _keep_more(home: Path, kept: Kept, folders: tuple[Path, ...], old: tuple[Path, ...]) -> None:
    more = Kept((*kept.folders, *folders), tuple(dict.fromkeys((*kept.under_old_key, *old))))
    if more != kept:
        keep(home, more)


def anothers(tx: Tx, entry: Entry, folder: Path, said: Erasures) -> bool:
    """Whether the erasure list in a folder, which says this, is another desk's: no list of this store was ever there,
    or backups lie beside it that this one did not write. A list of its own may be under an earlier key: that of a disk
    that was away as the key was changed. Raises OSError.
    """
    home = entry.store.path.parent
    if not said.foreign or folder == home:
        return False
    kept = kept_of(home)
    if not known_as(kept, folder):
        return True
    ours = own_names(tx)
    theirs = (path for path in backups_in(folder) if path.name not in ours and path not in kept.under_old_key)
    return any(not opens(path, entry.store.key) for path in theirs)
