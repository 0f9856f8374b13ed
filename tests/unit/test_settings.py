"""Where the desk keeps things: one private folder on a disk of this computer."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.settings import Settings, UnsafeFolder, WindowSettings, make_private_folder, network_drive

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/clerk/local ext4 rw 0 0
//server/share /mnt/the\\040share cifs rw 0 0
clerk@server: /mnt/ssh fuse.sshfs rw 0 0
/dev/sdc1 /mnt/over ext4 rw 0 0
server:/over /mnt/over nfs rw 0 0
broken
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_given_folder_holds_everything(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "desk")
    folder = settings.folder()
    settings.save_window(WindowSettings())
    assert folder == tmp_path / "desk"
    assert settings.agreements().parent == folder
    assert [one.name for one in folder.iterdir()] == ["window.json"]
    assert mode(folder) == 0o700
    assert mode(folder / "window.json") == 0o600


def test_without_one_the_operating_system_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().path().name == "tracing-desk"


def test_asking_for_the_place_makes_nothing(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "desk")
    assert settings.window() == WindowSettings()
    assert not settings.agreements().exists()
    assert not (tmp_path / "desk").exists()


def test_the_window_comes_back_as_it_was_left(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "desk")
    left = WindowSettings(geometry="AdnQywAD", theme="dark", text_scale=150)
    settings.save_window(left)
    assert Settings(tmp_path / "desk").window() == left


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "null", '{"theme": "neon", "text_scale": 1000, "geometry": 4}', "\ufffd"]
)
def test_a_window_file_that_cannot_be_read_is_as_at_first(tmp_path: Path, content: str) -> None:
    (tmp_path / "window.json").write_text(content)
    assert Settings(tmp_path).window() == WindowSettings()


def test_an_empty_folder_that_others_may_read_is_closed(tmp_path: Path) -> None:
    open_to_all = tmp_path / "desk"
    open_to_all.mkdir()
    open_to_all.chmod(0o755)
    make_private_folder(open_to_all)
    assert mode(open_to_all) == 0o700


def test_a_desks_folder_that_others_may_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    for name in ("desk.db", "desk.db-wal", "store.key", "window.json"):
        (folder / name).touch()
    folder.chmod(0o750)
    make_private_folder(folder)
    assert mode(folder) == 0o700


def test_a_folder_that_others_read_and_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "thesis.odt").touch()
    folder.chmod(0o755)
    with pytest.raises(UnsafeFolder, match="chmod 700"):
        make_private_folder(folder)
    assert mode(folder) == 0o755


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "under"):
        with pytest.raises(UnsafeFolder):
            make_private_folder(path)


def test_a_folder_that_cannot_be_made_is_refused_in_words() -> None:
    with pytest.raises(UnsafeFolder) as caught:
        make_private_folder(Path("/proc/nowhere/desk"))
    assert caught.value.safe == "Nothing was changed."


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/clerk/desk", "nfs4"),
        ("/home/clerk/local/desk", ""),
        ("/mnt/the share/desk", "cifs"),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/mnt/over/desk", "nfs"),
        ("/srv/desk", ""),
        ("/homework", ""),
    ],
)
def test_the_nearest_mount_says_whether_it_is_a_network_drive(mounts: Path, folder: str, kind: str) -> None:
    assert network_drive(Path(folder), mounts) == kind


def test_a_network_drive_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path / 'share'} nfs4 rw 0 0\n")
    with pytest.raises(UnsafeFolder, match="network drive \\(nfs4\\)"):
        Settings(tmp_path / "share" / "desk", mounts=mounts).folder()
    assert not (tmp_path / "share").exists()


def test_a_system_without_a_list_of_mounts_has_no_network_drives(tmp_path: Path) -> None:
    assert network_drive(tmp_path, tmp_path / "nowhere") == ""
