"""Asks for what is typed back from a letter before it is marked as sent."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from desktop.casework.sending import TypedBack, sent_problems
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN, PLAIN
from desktop.ui.kit.inputs import LineField


def ask_sent(owner: QWidget | None, title: str, expected: TypedBack) -> tuple[str, str] | None:
    """The reference and the first line of the address as somebody typed them rightly; None for Cancel."""
    dialog = Dialog(owner, "sent", title)
    dialog.add_text("Type both from the letter that you hold in your hand, so that the right letter is marked.")
    label = "Our reference" if expected.ours else "The recipient’s reference"
    fields = {
        "typed_reference": LineField("typed_reference", label),
        "typed_line": LineField("typed_line", "First line of the address"),
    }
    for field in fields.values():
        dialog.body.addWidget(field)

    def accept() -> None:
        problems = sent_problems(expected, *(str(field.value()) for field in fields.values()))
        for field in fields.values():
            field.clear_problem()
        for problem in reversed(problems):
            fields[problem.field].show_problem(problem.message)
            fields[problem.field].focus()
        if not problems:
            dialog.accept()

    dialog.add_button("Mark as sent", MAIN, accept, "yes")
    dialog.add_button("Cancel", PLAIN, dialog.reject, "cancel")
    for field in fields.values():
        field.edit.returnPressed.connect(accept)
    fields["typed_reference"].focus()
    said = dialog.exec() == QDialog.DialogCode.Accepted
    typed = tuple(str(field.value()) for field in fields.values())
    return (typed[0], typed[1]) if said else None
