"""The tour walks the whole job through the real windows, in a process of its own as `make run` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tour_leaves_a_picture_of_each_window_and_the_letters(tmp_path: Path) -> None:
    walked = subprocess.run(
        [sys.executable, "-m", "desktop", "tour", "--out", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr
    pictures = sorted(path.stem for path in tmp_path.glob("*.png"))
    assert pictures[0] == "01-sign-in"
    assert len(pictures) >= 26
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == 5
