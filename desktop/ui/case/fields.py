"""A control of the kit for each field of an agreement, by its kind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.records import Json
from desktop.policy.agreements import REGISTER_FIELD, Agreement
from desktop.policy.agreements import Field as Asked
from desktop.policy.wording import partial_date_words
from desktop.ui.case.corrections import CorrectionsField
from desktop.ui.case.release import ReleaseField
from desktop.ui.kit.address import AddressField
from desktop.ui.kit.base import slug
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField, TextField
from desktop.ui.kit.names import NamesField
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.sources import SourcesField
from desktop.ui.kit.ticks import MultiTick, TickField

SCREEN_ICONS = {"yes": "check", "no": "x", "cant_tell": "circle-question-mark"}


class ScreenField(Field):
    """A question of the safeguarding screen: yes, no or can't tell, side by side."""

    def __init__(self, key: str, label: str, options: list[tuple[str, str]], *, hint: str = "") -> None:
        segments = [Segment(option, words, SCREEN_ICONS.get(option, "check")) for option, words in options]
        self.segmented = Segmented(segments, label, name=slug(key))
        super().__init__(key, label, hint=hint)
        self.body.addWidget(self.segmented, 0, Qt.AlignmentFlag.AlignLeft)
        self._words = dict(options)
        self.segmented.changed.connect(lambda _key: self.emit_edited())

    def value(self) -> Json:
        """The key chosen, "" for none."""
        return self.segmented.value()

    def set_value(self, value: Json) -> None:
        """Chooses an answer."""
        self.segmented.set_value(value if isinstance(value, str) else "")

    def words(self) -> str:
        """The words chosen."""
        return self._words.get(self.segmented.value(), "Not answered")

    def controls(self) -> list[QWidget]:
        """The one that the keyboard goes to first, then the others."""
        buttons = list(self.segmented.buttons.values())
        return sorted(buttons, key=lambda one: one.focusPolicy() != Qt.FocusPolicy.StrongFocus)


_NOTHING = (
    "Nothing is recorded as being about this person. Look at the earlier requests beside the form, and say of each "
    "whether it is about them: those that are stand here then. Where there is none, there is nothing to choose."
)


def make_field(asked: Asked, agreement: Agreement) -> Field:
    """The control for one field. Criteria have cards of their own."""
    if asked.key.startswith("safeguarding.") and asked.kind == "choice":
        return ScreenField(asked.key, asked.label, _options(asked), hint=asked.hint)
    if asked.key == "release.items":
        return ReleaseField(asked.key, asked.label, agreement.items, hint=asked.hint)
    if asked.kind == "corrections":
        return CorrectionsField(asked.key, asked.label, asked.options, hint=asked.hint)
    note = asked.aside or ("if known" if asked.if_known else "")
    # Beside another field a hint above would push the boxes out of line.
    above, below = (asked.hint, "") if asked.width == "full" else ("", asked.hint)
    match asked.kind:
        case "lines":
            made: Field = TextField(asked.key, asked.label, note=note, hint=above, help=below)
        case "choice":
            made = ChoiceField(asked.key, asked.label, _options(asked), note=note, hint=above, help=below)
        case "choices" | "items":
            hint = _NOTHING if asked.key == REGISTER_FIELD and not asked.options else asked.hint
            made = MultiTick(asked.key, asked.label, _asked_options(asked), note=note, hint=hint)
        case "tick":
            made = TickField(asked.key, asked.label, hint=asked.hint)
        case "date" | "partial_date":
            partial = asked.kind == "partial_date"
            made = DateField(
                asked.key, asked.label, partial=partial, note=note, help=asked.hint, in_words=partial_date_words
            )
        case "names":
            made = NamesField(asked.key, asked.label, note=note, hint=asked.hint)
        case "address":
            made = AddressField(asked.key, asked.label, note=note, hint=asked.hint)
        case "sources":
            made = SourcesField(asked.key, asked.label, note=note, hint=asked.hint)
        case _:
            made = LineField(asked.key, asked.label, note=note, help=asked.hint)
    return made


def _options(asked: Asked) -> list[tuple[str, str]]:
    return [(option.id, option.label) for option in asked.options]


def _asked_options(asked: Asked) -> list[tuple[str, str]]:
    return [
        (option.id, option.label if option.approved else f"{option.label} (not permitted)") for option in asked.options
    ]
