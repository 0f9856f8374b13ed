"""What is kept under version control works on any machine and points to none."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
HASHED = re.compile(r"^[a-z0-9.-]+==[^ ]+( ;[^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", re.MULTILINE)


def tracked() -> list[Path]:
    """Every file that is or will be under version control."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a clone")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """The tracked files that are text."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path, content.decode("utf-8")))
    return found


def test_no_file_names_this_machines_folders() -> None:
    here = {f"{folder}/" for folder in (ROOT, Path.home()) if len(folder.parts) > 1}
    assert not [(path.name, place) for path, text in texts() for place in here if place in text]


def test_no_file_names_a_package_index() -> None:
    pointing = re.compile(r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|https?://\S+/simple\b|\bfile://")
    named = [(path.name, match.group()) for path, text in texts() for match in pointing.finditer(text)]
    assert [one for one in named if one[0] != Path(__file__).name] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_is_versions_and_hashes_and_nothing_else(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "".join(match.group() for match in HASHED.finditer(text)) == text


def test_what_runs_is_locked_alike_for_users_and_developers() -> None:
    used, developed = ((ROOT / name).read_text("utf-8") for name in LOCKS)
    blocks = [match.group() for match in HASHED.finditer(used)]
    assert len(blocks) > 20
    # A marker can widen where a tool needs the package too: compare name, version and hashes.
    plain = [re.sub(r" ;[^\\]+", "", block) for block in blocks]
    everything = "".join(re.sub(r" ;[^\\]+", "", match.group()) for match in HASHED.finditer(developed))
    assert [block for block in plain if block not in everything] == []


def test_scripts_can_be_run() -> None:
    for name in (".ci/run", ".ci/setup"):
        assert (ROOT / name).stat().st_mode & 0o111
