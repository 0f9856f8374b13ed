"""A private file is there whole or not at all, at whatever moment its writing is stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.security.files import write_private


def test_a_file_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for content in (b"one", b"another"):
        write_private(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_whoever_stops_it_as_the_file_begins_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"before")
    real = os.open

    def stopped(*args: int | str, **more: int) -> int:
        os.close(real(*args, **more))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_private(path, b"after")
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    assert path.read_bytes() == b"before"


def test_an_error_names_the_file_that_was_to_be(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "key"
    with pytest.raises(FileNotFoundError) as error:
        write_private(path, b"x")
    assert error.value.filename == str(path)
