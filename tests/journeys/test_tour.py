"""The tour walks the whole job through the real windows, in a process of its own as `make run` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from desktop.ui.tourhands import MADE

ROOT = Path(__file__).parents[2]


def test_the_tour_leaves_a_picture_of_each_window_and_the_letters(tmp_path: Path) -> None:
    for name in ("22-of-another-day.png", "01-my-own.png"):
        (tmp_path / name).touch()
    (tmp_path / MADE).write_text("22-of-another-day.png\n27-gone.png\n../outside.png\n")
    (tmp_path.parent / "outside.png").touch()
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
    assert pictures[:2] == ["01-my-own", "01-sign-in"]
    assert (tmp_path.parent / "outside.png").exists()
    assert len(pictures) >= 29
    assert {"25-reports-today", "26-reports-publication", "27-reports-oversight"} < set(pictures)
    assert "22-of-another-day" not in pictures
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == 6
