"""The anchors beside backups: a damaged file is told with what to do, and the next backup writes it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.casework.anchors import FILE_NAME, anchor_by_itself
from tests.fixtures import Office
from tests.store.backing import backed_up
from tests.store.disposing import faults


@pytest.mark.parametrize("how", ["line", "folder"])
def test_a_damaged_file_of_anchors_beside_backups_is_told(office: Office, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "backups"
    anchor_by_itself(office.entry)
    backed_up(office, folder)
    assert faults(office) == []
    there = folder / FILE_NAME
    kept = there.read_bytes()
    assert kept
    there.unlink()
    if how == "line":
        there.write_bytes(b"x" + kept[1:])
        told = f"{FILE_NAME} in {folder} was changed, in line 1."
    else:
        there.mkdir()
        told = f"{FILE_NAME} in {folder} cannot be read: Is a directory."
    todo = "Keep that file elsewhere: the next backup there writes it anew"
    assert faults(office) == [f"{told} {todo}"]
    there.rename(tmp_path / "elsewhere")
    backed_up(office, folder)
    assert there.read_bytes() == kept
    assert faults(office) == []
