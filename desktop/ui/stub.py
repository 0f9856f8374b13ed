"""A destroyed case, as its stub tells of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.casework.stubs import Ended, Stub
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import day, london, plural
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.card import Facts
from desktop.ui.kit.text import Text


class StubDialog(Dialog):
    """What stays of a case, in facts."""

    def __init__(self, stub: Stub, parent: QWidget) -> None:
        super().__init__(parent, "stub", f"{stub.row.reference} was destroyed", width=640, icon="shredder")
        words = "Everything that identified anyone is gone, and cannot be brought back. This is what stays of the case."
        self.body.addWidget(Text(words, "body", "text-2", wrap=True))
        facts = Facts(150)
        facts.set_facts(_facts(stub))
        self.body.addWidget(facts)
        self.add_button("Close", MAIN, self.accept, "close").setFocus()


def _facts(stub: Stub) -> list[tuple[str, str | QWidget]]:
    row, ended = stub.row, stub.ended
    version = f", version {row.agreement_version}" if row.agreement_version else ""
    facts: list[tuple[str, str | QWidget]] = [("Agreement", f"{stub.agreement}{version}")]
    if row.received_on:
        facts.append(("Received", day(row.received_on)))
    if stub.closed_on:
        facts.append(("Closed", day(stub.closed_on)))
    if row.outcome is not None:
        facts.append(("Outcome", OUTCOME_WORDS[row.outcome]))
    facts += [(what, f"by {who}, {day(london(at).date())}") for what, who, at in stub.decided]
    if stub.letters:
        facts.append(("Letters", ", ".join(f"no. {number}" for number in stub.letters)))
    facts += _ended(ended) if ended else [("Destroyed", "In a run that came after the backup that was brought back")]
    facts.append(("Journal", plural(stub.entries, "entry", "entries")))
    return facts


def _ended(ended: Ended) -> list[tuple[str, str | QWidget]]:
    certificate = f"certificate {ended.certificate}" if ended.certificate else "its certificate is still to be made"
    handed = f"To {ended.transfer_to}, in a package with the SHA-256 {ended.package}"
    return [
        *([("Handed over", handed)] if ended.transfer_to else []),
        ("Rule", f"{ended.rule[:1].upper()}{ended.rule[1:]}: due on {day(ended.due_on)}"),
        ("Destroyed", f"{day(london(ended.at).date())} by {ended.by}, in run {ended.run_id}"),
        ("Let go by", f"{ended.proposed_by} and {ended.approved_by}; {certificate}"),
    ]
