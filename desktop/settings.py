"""Where the desk keeps things on this computer, and how its window was left. Holds no personal data."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop.security.files import write_private

APP = "tracing-desk"
THEMES = ("system", "light", "dark", "high_contrast")
TEXT_SCALES = (100, 125, 150, 175, 200)

# A store on a network drive can be damaged: SQLite's locks and write-ahead log need a disk of this computer.
_NETWORK = frozenset(
    "afs beegfs ceph cifs coda davfs fuse.davfs2 fuse.glusterfs fuse.rclone fuse.sshfs glusterfs gpfs lustre ncpfs "
    "nfs nfs3 nfs4 smb2 smb3 smbfs fuse.gvfsd-fuse fuse.smbnetfs".split()
)
# What the desk itself puts into its folder: such a folder's permissions may be mended without asking.
_OURS = tuple(
    "desk.db desk-before- desk-replaced- erasures.list .erasures.list holds.sealed .holds.sealed store. .store."
    " window.json .window.json agreements backups anchors".split()
)


class UnsafeFolder(Exception):
    """The data folder cannot be used. The three sentences are fit to show to a caseworker."""

    def __init__(self, what: str, todo: str) -> None:
        self.what = what
        self.safe = "Nothing was changed."
        self.todo = todo
        super().__init__(f"{what} {self.safe} {todo}")


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How the window was left on this computer."""

    geometry: str = ""
    """The window's place and size, as the window itself writes it down; "" for the first time."""
    theme: str = "system"
    text_scale: int = 100


class Settings:
    """The desk's folder: the one given with ``--data-dir``, else where this operating system wants it."""

    def __init__(self, data_dir: Path | None = None, *, mounts: Path = Path("/proc/mounts")) -> None:
        self._given = data_dir
        self._mounts = mounts

    def path(self) -> Path:
        """The data folder's place, whether or not it is there."""
        if self._given is not None:
            return self._given.expanduser().absolute()
        import platformdirs

        # One folder for all: a laptop's roaming profile would carry the store over the network.
        return Path(platformdirs.user_data_dir(APP, appauthor=False, roaming=False))

    def folder(self) -> Path:
        """The data folder, made if need be, this account's alone (0700). Raises UnsafeFolder."""
        folder = self.path()
        if kind := network_drive(folder, self._mounts):
            raise UnsafeFolder(
                f"The data folder {folder} is on a network drive ({kind}), where a store can be damaged.",
                "Choose a folder on a disk of this computer.",
            )
        make_private_folder(folder)
        return folder

    def agreements(self) -> Path:
        """Where an organisation puts agreements of its own. Need not be there."""
        return self.path() / "agreements"

    def window(self) -> WindowSettings:
        """How the window was left; as it is at first where that was not kept or cannot be read."""
        try:
            kept = json.loads((self.path() / "window.json").read_bytes())
        except (OSError, ValueError):
            return WindowSettings()
        if not isinstance(kept, dict):
            return WindowSettings()
        geometry, theme, scale = (kept.get(name) for name in ("geometry", "theme", "text_scale"))
        return WindowSettings(
            geometry=geometry if isinstance(geometry, str) else "",
            theme=theme if theme in THEMES else "system",
            text_scale=scale if scale in TEXT_SCALES else 100,
        )

    def save_window(self, window: WindowSettings) -> None:
        """Keeps how the window was left. Raises UnsafeFolder, or OSError where the disk does not take it."""
        write_private(self.folder() / "window.json", json.dumps(asdict(window)).encode())


def make_private_folder(folder: Path) -> None:
    """Makes the folder, or sees that it is this account's alone; mends the permissions of one that is empty or ours.

    Raises UnsafeFolder.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            _check_private(folder)
    except (FileExistsError, NotADirectoryError) as error:
        raise UnsafeFolder(f"{folder} is a file, not a folder.", "Choose another data folder.") from error
    except OSError as error:
        raise UnsafeFolder(
            f"The data folder {folder} cannot be used: {error.strerror or error}.",
            "Ask your administrator to let you write there, or choose another data folder.",
        ) from error


def _check_private(folder: Path) -> None:
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise UnsafeFolder(
            f"The data folder {folder} belongs to another account of this computer.", "Choose a folder of your own."
        )
    if not stat.S_IMODE(found.st_mode) & 0o077:
        return
    if not all(one.name.startswith(_OURS) for one in folder.iterdir()):
        # Someone's home, or a shared folder: closing it to others would break what else is there.
        raise UnsafeFolder(
            f"Other accounts of this computer may look into {folder}, and it holds other files than the desk’s.",
            f"Choose an empty folder, or close this one to others: chmod 700 {folder}",
        )
    folder.chmod(0o700)


def network_drive(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of network drive that the folder is on, such as "nfs4"; "" for a disk of this computer or unknown."""
    if sys.platform == "win32":
        return "shared folder" if str(folder).startswith(("\\\\", "//")) else ""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    there = folder.resolve()
    longest, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mounted = Path(_plain(fields[1]))
        # Of two mounts on one point, the later hides the earlier.
        if there.is_relative_to(mounted) and len(mounted.parts) >= longest:
            longest, kind = len(mounted.parts), fields[2]
    return kind if kind in _NETWORK else ""


def _plain(mount_point: str) -> str:
    """Without the octal escapes that the kernel writes for space, tab, newline and backslash."""
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        mount_point = mount_point.replace(escape, character)
    return mount_point
