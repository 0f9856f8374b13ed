"""``tracing-desk open-package``: a sealed package of a case that was handed over, opened by whoever got it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.cli_backup import Add

AskSecret = Callable[[str, str], str]
"""Asks for what must not be seen; the second text says what to do where nobody can be asked."""
WORDS = "open a case that another desk handed over, into a new folder"


def add_commands(add: Add, ask: AskSecret) -> None:
    """Puts the command, and what it is given, on the command line."""
    one = add("open-package", WORDS, lambda asked: run(asked, ask))
    one.add_argument("file", type=Path, metavar="FILE", help="such as TR-000001-7.tdpackage")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="the new folder for what is in it")
    one.add_argument("--json", action="store_true", help="print JSON")


def run(asked: argparse.Namespace, ask: AskSecret) -> int:
    """Opens and checks the package; returns the exit status. It needs no store."""
    from desktop.casework.transferring import unpack
    from desktop.security.packages import PackageDamaged
    from desktop.security.sealed import DoesNotOpen

    otherwise = "Type the passphrase at a terminal, or give it in TRACING_DESK_PACKAGE_PASSPHRASE."
    passphrase = os.environ.get("TRACING_DESK_PACKAGE_PASSPHRASE") or ask("Passphrase of the package: ", otherwise)
    try:
        found = unpack(asked.file, passphrase, asked.out)
    except DoesNotOpen:
        print("It does not open: the passphrase is another one, or the file was altered.", file=sys.stderr)
        return 1
    except PackageDamaged as error:
        print(error, file=sys.stderr)
        return 1
    said = {**found.said, "files": len(found.files), "key": found.key, "folder": str(asked.out)}
    if asked.json:
        # Escaped: a stranger wrote it, and a terminal may show it.
        print(json.dumps(said, indent=2))
        return 0
    print(
        f"{_told(said, 'reference')}, handed over by {_told(said, 'from')} to {_told(said, 'to')}: {len(found.files)} "
        f"files in {asked.out}, each as it was packed.\nSigned with the key {found.key}: compare it with the key on "
        "the sender’s page about an anchor. Nothing else tells whose package it is."
    )
    return 0


def _told(said: dict[str, Any], name: str) -> str:
    """What the package says, without what a terminal would obey: a stranger wrote it."""
    return "".join(one for one in str(said.get(name, "?")) if one.isprintable())
