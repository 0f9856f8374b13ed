"""Writes what every kind of letter reads like to tests/letters/golden, to which the tests hold them.

Run it after a change of words or layout, and read what changed: python -m tests.make_golden
"""

from __future__ import annotations

from desktop.letters.pages import render
from tests.letters.factory import KINDS, letter
from tests.letters.reading import GOLDEN, as_golden

for kind in KINDS:
    (GOLDEN / f"{kind.value}.txt").write_text(as_golden(render(letter(kind))), "utf-8")
