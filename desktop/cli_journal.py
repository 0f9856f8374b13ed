"""``tracing-desk journal``: the journal as a file, and the program that checks it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.casework.desk import Desk

WORDS = "write the journal to a file, for administrators and auditors"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command is given."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the whole journal to this new file")
    parser.add_argument("--verifier", type=Path, metavar="FILE", help="write the program that checks it to this one")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(asked: argparse.Namespace, sign_in: Callable[[argparse.Namespace], Desk]) -> int:
    """Writes what is asked for; returns the exit status. What cannot be written is for the caller to say."""
    from desktop.casework.desk import Refused
    from desktop.casework.journalexport import VERIFIER, export_journal, save_verifier
    from desktop.policy.wording import plural

    if asked.out is None and asked.verifier is None:
        print("Say what to write: tracing-desk journal --out FILE, or --verifier FILE", file=sys.stderr)
        return 2
    said: dict[str, str | int] = {}
    lines = []
    if asked.verifier is not None:
        save_verifier(asked.verifier)
        said["verifier"] = str(asked.verifier)
        lines.append(f"The program that checks it is in {asked.verifier}: python3 {asked.verifier.name} JOURNAL")
    if asked.out is not None:
        try:
            made = export_journal(sign_in(asked), asked.out)
        except Refused as error:
            print(error, file=sys.stderr)
            return 1
        said |= {"file": str(asked.out), "entries": made.entries, "sha256": made.sha256}
        many = plural(made.entries, "entry", "entries")
        checker = asked.verifier or VERIFIER
        lines.append(f"{asked.out} has {many}. Its SHA-256 is {made.sha256}. Check it with {checker}.")
    print(json.dumps(said, ensure_ascii=False, indent=2) if asked.json else "\n".join(lines))
    return 0
