"""The dialogs of holds: each with the command that its fields make, and the preview of what a new one covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QWidget

from desktop.casework.holds import DecideRelease, HoldRow, PlaceHold, Preview, ProposeRelease
from desktop.policy.fields import parse_date
from desktop.policy.holds import covered_words
from desktop.policy.wording import figures, lower_first
from desktop.ui import dialogs
from desktop.ui.kit.button import MAIN, PLAIN
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField, TextField
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog

Kind = Literal["case", "person", "requests"]
_KINDS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    "case": ("One case", ("case",)),
    "person": ("Every request about a person", ("person_of",)),
    "requests": (
        "Requests by who asked, agreement or date",
        ("requester", "agreement_id", "received_from", "received_to"),
    ),
}
"""What a hold can cover: its words, and the fields that say which."""
_LEAD = "What it covers is not destroyed until two people release it. Its words stay for good, so name nobody in them."


def place_form(
    owner: QWidget, titles: Mapping[str, str], bodies: Sequence[str]
) -> tuple[RecordDialog, Callable[[], PlaceHold]]:
    """A new hold. ``titles``: of the agreements by their ids; ``bodies``: who has asked."""
    kind = ChoiceField("hold_kind", "What it covers", [(key, one[0]) for key, one in _KINDS.items()], none_words="")
    requester = LineField("hold_requester", "Who asked", hint="A body, as the register names it. Empty for any.")
    _complete(requester, bodies)
    options = sorted(titles.items(), key=lambda one: one[1].casefold())
    fields: dict[str, Field] = {
        "scope": kind,
        "case": LineField("hold_case", "Reference of the case", hint="Such as TR-000001-7."),
        "person_of": LineField("hold_person", "Reference of a case about the person", hint="Such as TR-000001-7."),
        "requester": requester,
        "agreement_id": ChoiceField("hold_agreement", "Agreement", options, none_words="Any"),
        "received_from": DateField("hold_from", "Received from", optional=True, hint="Empty for any day."),
        "received_to": DateField(
            "hold_to", "Received up to", optional=True, hint="Empty to catch all that are still to come."
        ),
        "authority": LineField("hold_authority", "By whose authority", hint="Such as an order, or an inquiry’s terms."),
        "because": TextField("hold_because", "Why", lines=2),
        "review_on": DateField("hold_review", "Review on", hint="When somebody looks whether it is still needed."),
    }
    dialog = RecordDialog("Place a hold", "hold_dialog", "See what it covers", fields, owner, _LEAD)

    def chosen() -> Kind:
        return next(one for one in _KINDS if one == kind.value())

    def shown() -> Sequence[str]:
        return _KINDS[chosen()][1]

    def choose() -> None:
        for _words, keys in _KINDS.values():
            for key in keys:
                fields[key].setVisible(key in shown())

    def text(key: str) -> str:
        return dialog.text(key) if key in shown() else ""

    def command() -> PlaceHold:
        dates = "received_from" in shown()
        return PlaceHold(
            kind=chosen(),
            case=text("case"),
            person_of=text("person_of"),
            requester=text("requester"),
            agreement_id=text("agreement_id"),
            received_from=parse_date(dialog.value("received_from")) if dates else None,
            received_to=parse_date(dialog.value("received_to")) if dates else None,
            authority=dialog.text("authority"),
            because=dialog.text("because"),
            review_on=parse_date(dialog.value("review_on")),
        )

    kind.edited.connect(choose)
    choose()
    return dialog, command


def _complete(field: LineField, words: Sequence[str]) -> None:
    """Offers what has been typed before: a hold goes by the very name."""
    completer = QCompleter(list(words), field.edit)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    field.edit.setCompleter(completer)


class PreviewDialog(dialogs.Dialog):
    """What a hold would cover. Opens on the way back."""

    def __init__(self, owner: QWidget, found: Preview) -> None:
        super().__init__(owner, "hold_preview", "Place this hold?")
        self.body.addWidget(Text(found.scope, "strong", wrap=True))
        counted = covered_words(found.covered.closed, found.covered.open)
        total = found.covered.closed + found.covered.open
        if total:
            them = "It is" if total == 1 else "None of them is"
            stays = "not destroyed" if total == 1 else "destroyed"
            self.add_text(f"It covers {counted}. {them} {stays} while the hold stands.")
            more = f" and {figures(total - len(found.references))} more" if total > len(found.references) else ""
            self.body.addWidget(Text(f"{', '.join(found.references)}{more}.", "small", "text-2", wrap=True))
        else:
            words = "It covers no case yet. Check that this is what you mean."
            self.body.addWidget(IconText("circle-alert", words, "text", "body", icon_colour="amber", wrap=True))
        if found.grows:
            self.add_text("Cases that come into its scope later are held too.")
        self.add_button("Place the hold", MAIN, self.accept, "place")
        self.add_button("Go back", PLAIN, self.reject, "go_back").setFocus()


def propose_form(owner: QWidget, row: HoldRow) -> tuple[RecordDialog, Callable[[], ProposeRelease]]:
    """Why a hold is no longer needed."""
    lead = f"It covers {lower_first(row.scope)}. Another records officer or the guardian releases it or keeps it."
    hint = "It stays for good, so name nobody."
    fields: dict[str, Field] = {"because": TextField("release_because", "Why it is no longer needed", hint=hint)}
    title = f"Propose the release of hold {row.hold.id}"
    dialog = RecordDialog(title, "propose_release_dialog", "Propose its release", fields, owner, lead)
    return dialog, lambda: ProposeRelease(hold_id=row.hold.id, because=dialog.text("because"))


def decide_form(owner: QWidget, row: HoldRow, *, release: bool) -> tuple[RecordDialog, Callable[[], DecideRelease]]:
    """Why a hold is released, or kept."""
    proposed = row.hold.steps[-1]
    lead = f"{proposed.by} proposed its release: {proposed.because}"
    if release:
        lead += f"\n\nIt covers {covered_words(row.covered.closed, row.covered.open)}. What nothing else keeps may be "
        lead += "destroyed then, once it is due and two people say so."
    title = f"Release hold {row.hold.id}?" if release else f"Keep hold {row.hold.id}"
    label = "Why it is released" if release else "Why it is kept"
    hint = "It stays for good, so name nobody."
    fields: dict[str, Field] = {"because": TextField("decide_because", label, hint=hint)}
    button = "Release it" if release else "Keep it"
    dialog = RecordDialog(title, "decide_release_dialog", button, fields, owner, lead)
    return dialog, lambda: DecideRelease(hold_id=row.hold.id, release=release, because=dialog.text("because"))
