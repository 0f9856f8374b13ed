"""Giving up a folder of backups that is gone for good: a disk that broke, was lost or was wiped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.backup import backups_in, opens
from db.files import disk_told, is_folder
from db.journal import append
from db.records import Heading, Json, Role
from desktop.casework.desk import Desk, Refused, check_signed_in, need_role
from desktop.casework.keptfolders import Kept, keep, kept_of, known_as, one_name, own_names
from desktop.casework.keptlists import write_lists
from desktop.casework.restoring import confirmed_by

WHAT_IT_MEANS = (
    "The desk then says nothing more of that folder, and no longer keeps up the lists in it: what is destroyed or held "
    "from now on is not on them. Backups there still hold people who were destroyed since. A restore on this desk "
    "destroys them again; elsewhere, with nothing but that disk and its recovery sheet, they would come back. If you "
    "still have the disk, destroy it. If it turns up, back up to it once, and its lists go on. Where the store’s key "
    "was changed since, the desk takes it for another desk’s, and writes nothing to it: destroy it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """Gives up a folder: an administrator asks, and a records officer or the guardian confirms with their password."""

    folder: Path
    second: str
    password: str


def give_up_folder(desk: Desk, command: GiveUp) -> None:
    """Forgets a folder of backups, and which of the backups in it are under an earlier key.

    Raises Refused (Invalid beside what was typed), also while it can be reached and holds a backup of this store,
    or StoreError.
    """
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        check_signed_in(tx, desk.user)
        ours = own_names(tx)
    home = desk.store.path.parent
    kept = kept_of(home)
    folder = known_as(kept, command.folder)
    if folder is None:
        raise Refused(f"The desk keeps no backups in {one_name(command.folder)}.")
    if is_folder(folder) and any(
        path.name in ours or path in kept.under_old_key or opens(path, desk.store.key) for path in backups_in(folder)
    ):
        raise Refused(
            f"{folder} can be reached, and holds backups of this store. Remove them first, or go on backing up to it."
        )
    second = confirmed_by(desk, command.second, command.password)
    left = tuple(one for one in kept.folders if one != folder)
    said: dict[str, Json] = {"asked_by": desk.user.id, "confirmed_by": second.user.id, "folders": len(left)}
    with desk.store.write() as tx:
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="give_up_folder", heading=Heading.SYSTEM, data=said)
        with disk_told():
            keep(home, Kept(left, tuple(one for one in kept.under_old_key if one.parent != folder)))
    # The store remembers the folders that are left.
    write_lists(desk)
