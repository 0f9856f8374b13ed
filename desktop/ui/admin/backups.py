"""Backups: how things stand, a new one, and a restore that says first what it would change. Below them the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.backups import BackedUp, Overview, back_up, overview, replace_old_backups
from desktop.casework.desk import Desk, Invalid
from desktop.casework.givenup import WHAT_IT_MEANS, GiveUp, give_up_folder
from desktop.casework.restorepreview import EarlierKey, Preview, WrongEarlierCode, preview_restore
from desktop.casework.restoring import Restore, Restored, confirm_restore, restore, undo_restore
from desktop.policy.fields import Problem
from desktop.policy.wording import countdown, london, lower_first, plural, when
from desktop.ui import dialogs
from desktop.ui.admin.recovery import RecoveryCard
from desktop.ui.admin.storekey import KeyCard, attempt, confirmed, second_person
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.working import BusyLine

_SHOWN = 5
"""So many backups are listed."""
_FRESH = timedelta(days=7)
"""A last backup that is older is pointed out."""
_WRITING = "A backup is written and read back. The desk waits until that is done; it cannot be stopped half-way."
_EARLIER = (
    "It was made under an earlier key of the store, or is not a backup of this store. Type the recovery key of the "
    "sheet of its day: the eight groups, from left to right."
)
_CONFIRMED = (
    "Whoever is signed in signs in again. The store that it replaces is kept beside it until you confirm the restore."
)


class BackupsPart(QWidget):
    """The last backups, those to be replaced, a restore that waits to be confirmed, the recovery sheet and the key."""

    key = "backups"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder: Path | None = None
        self._kept: Path | None = None
        """The store that the last restore replaced."""
        self._unreached: tuple[Path, ...] = ()
        name_widget(self, "backups_part", "Backups")
        self.now = Button("Back up now…", MAIN, "hard-drive", name="back_up")
        self.bring = Button("Restore…", PLAIN, "history", name="restore_backup")
        self.replace = Button("Replace the old ones", PLAIN, "refresh-cw", name="replace_backups")
        self.confirm = Button("Keep the restored store", PLAIN, "check", name="confirm_restore")
        self.undo = Button("Go back…", PLAIN, "undo-2", name="undo_restore")
        self.give_up = Button("Give up a folder…", PLAIN, "hard-drive", name="give_up_folder")
        self.busy = BusyLine("backups")
        self.recovery = RecoveryCard(session)
        self.keys = KeyCard(session, self.failed)
        self._build()
        self.now.triggered.connect(self._choose_folder)
        self.bring.triggered.connect(self._choose_file)
        self.replace.triggered.connect(self._replace)
        self.confirm.triggered.connect(self._confirm)
        self.undo.triggered.connect(self._undo)
        self.give_up.triggered.connect(self._give_up)

    def refresh(self) -> None:
        """Loads how things stand."""
        self.recovery.refresh()
        self.keys.refresh()
        self._session.run(self, overview, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        card = Card("Backups")
        card.setMaximumWidth(px(860))
        self._state = QVBoxLayout()
        self._state.setSpacing(px(8))
        card.body.addLayout(self._state)
        self._facts = Facts(180)
        card.body.addWidget(self._facts)
        for buttons in ((self.now, self.bring, self.replace), (self.confirm, self.undo, self.give_up)):
            foot = QHBoxLayout()
            foot.setSpacing(px(8))
            for button in buttons:
                foot.addWidget(button)
            foot.addStretch(1)
            card.body.addLayout(foot)
        card.body.addWidget(self.busy)
        pane = ScrollPane("backups_pane", "Backups", margin=0)
        pane.body.addWidget(card)
        pane.body.addWidget(self.recovery)
        pane.body.addWidget(self.keys)
        pane.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(pane)
        self.setFocusProxy(self.now)

    def _show(self, found: Overview) -> None:
        self._folder = found.folder
        self._kept = found.replaced[-1] if found.replaced else None
        self._unreached = found.unreached
        clear_layout(self._state)
        now = self._session.desk.clock()
        for icon, colour, words in _state(found, now):
            self._state.addWidget(IconText(icon, words, "text", "strong", icon_colour=colour, wrap=True))
        facts: list[tuple[str, str | QWidget]] = [
            (_first_upper(when(at, now)), str(path)) for at, path in found.written[:_SHOWN]
        ]
        if (more := len(found.written) - _SHOWN) > 0:
            facts.append(("Before", plural(more, "older backup")))
        self._facts.set_facts(facts)
        self.replace.setVisible(bool([one for one in found.old if one.path not in found.replaced]))
        for button in (self.confirm, self.undo):
            button.setVisible(bool(found.replaced))
        self.give_up.setVisible(bool(found.unreached))

    # What is done

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose the folder for backups", str(self._folder or ""))
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, folder: Path) -> None:
        """Writes a backup to a folder."""

        def done(found: BackedUp) -> None:
            held = plural(found.contents.cases, "case")
            self._session.toasted.emit(f"Backed up and read back as written: {held} in {found.contents.path.name}")
            if found.mended:
                words = f"It was written anew from the store: {'; '.join(found.mended)}."
                dialogs.inform(self, "A list beside the backups was damaged", words)

        self._run(self.now, _WRITING, lambda desk: back_up(desk, folder), done)

    def _replace(self) -> None:
        def done(removed: tuple[Path, ...]) -> None:
            self._session.toasted.emit(f"{plural(len(removed), 'old file')} replaced by a new backup")

        self._run(self.replace, _WRITING, replace_old_backups, done)

    def _confirm(self) -> None:
        words = "The store that the restore replaced goes for good. You can no longer go back to it."
        if dialogs.confirm(self, "Keep the restored store?", words, "Keep it", destructive=True):
            self._run(self.confirm, "The store of before is removed.", confirm_restore, lambda _count: None)

    def _run(
        self,
        button: Button,
        words: str,
        function: Callable[[Desk], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """`words`: what is under way, for when it takes long. One thing after another: the store has one thread."""

        def well(found: Any) -> None:
            self.busy.rest()
            done(found)
            self.refresh()

        def ill(error: Exception) -> None:
            self.busy.rest()
            (failed or self.failed)(error)

        self.busy.start(words)
        attempt(self._session, self, button, function, done=well, failed=ill)

    # Restoring

    def _choose_file(self) -> None:
        start = str(self._folder or "")
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the backup to restore", start, "Backups (*.db)")
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, file: Path) -> None:
        """Says what restoring a backup would change, and asks a second person to confirm it; first, where it is under
        an earlier key of the store, for the recovery key of its day.
        """

        def failed(error: Exception) -> None:
            if isinstance(error, EarlierKey):
                self._ask_recovery(file)
            else:
                self.failed(error)

        words = f"{file.name} is read, page by page, and compared with the store."
        self._run(
            self.bring,
            words,
            lambda desk: preview_restore(desk, file),
            lambda seen: self._ask_second(file, seen),
            failed,
        )

    def _ask_recovery(self, file: Path) -> None:
        fields: dict[str, Field] = {"recovery": LineField("recovery", "Recovery key of its day")}
        dialog = RecordDialog("This backup has another key", "earlier_key", "Go on", fields, self, _EARLIER)

        def look(desk: Desk, recovery: str) -> Preview:
            try:
                return preview_restore(desk, file, recovery)
            except WrongEarlierCode as error:
                raise Invalid((Problem("recovery", f"{error.what} {error.todo}", hard=True),)) from error

        def recovery() -> str:
            if not dialog.text("recovery").strip():
                raise Invalid((Problem("recovery", "Type the recovery key.", hard=True),))
            return dialog.text("recovery")

        dialog.ask(self._session, look, recovery, lambda seen: self._ask_second(file, seen, dialog.text("recovery")))

    def _ask_second(self, file: Path, seen: Preview, recovery: str = "") -> None:
        words = "\n".join([*seen.sentences(), _CONFIRMED])
        dialog = RecordDialog("Restore this backup?", "restore", "Restore it", second_person(), self, words)

        def command() -> Restore:
            second, password = confirmed(dialog)
            return Restore(file=file, second=second, password=password, recovery=recovery)

        dialog.ask(self._session, restore, command, self._restored)

    def _undo(self) -> None:
        """Says what going back would change, and asks a second person to confirm it."""

        def ask(seen: Preview) -> None:
            lead = "The store from before the restore comes back. Whoever was destroyed since stays so."
            words = "\n".join([lead, *seen.sentences(), _CONFIRMED])
            dialog = RecordDialog("Go back to the store before?", "undo", "Go back", second_person(), self, words)

            def undo(desk: Desk, second: tuple[str, str]) -> Restored:
                return undo_restore(desk, *second)

            def back(found: Restored) -> None:
                self._restored(found, "The store of before is back")

            dialog.ask(self._session, undo, lambda: confirmed(dialog), back)

        kept = self._kept
        if kept is not None:
            words = "The store of before is read, page by page, and compared with the store."
            self._run(self.undo, words, lambda desk: preview_restore(desk, kept), ask)

    def _give_up(self) -> None:
        """Asks which folder is gone for good, and a second person to confirm it."""
        folders = {str(one): one for one in self._unreached}
        first = next(iter(folders))
        choice = ChoiceField("folder", "Folder", [(one, one) for one in folders], none_words="")
        choice.set_value(first)
        fields: dict[str, Field] = {"folder": choice, **second_person()}
        dialog = RecordDialog("Give up a folder of backups?", "give_up", "Give it up", fields, self, WHAT_IT_MEANS)

        def command() -> GiveUp:
            second, password = confirmed(dialog)
            return GiveUp(folder=folders[dialog.text("folder")], second=second, password=password)

        def done(_nothing: None) -> None:
            self._session.toasted.emit("The folder is given up. Its lists are kept up no more")
            self.refresh()

        dialog.ask(self._session, give_up_folder, command, done)

    def _restored(self, found: Restored, title: str = "The backup was restored") -> None:
        dialogs.inform(self, title, " ".join([*found.sentences(), "Sign in again."]))
        self._session.replaced.emit()

    def failed(self, error: Exception) -> None:
        """Says in words what did not work."""
        self._session.show_error(self, error)


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _state(found: Overview, now: datetime) -> list[tuple[str, str, str]]:
    """What an administrator should know: icon, colour and words of each."""
    lines = [_last(found, now)]
    if held := [one for one in found.old if one.people and one.path not in found.replaced]:
        are = "1 file is older than the last destruction and holds" if len(held) == 1 else ""
        are = are or f"{len(held)} files are older than the last destruction and hold"
        names = ", ".join(one.path.name for one in held[:5])
        lines.append(("circle-alert", "amber", f"{are} people who were destroyed since: {names}."))
    if unread := [one for one in found.old if not one.people and one.path not in found.replaced]:
        are = "copy is" if len(unread) == 1 else "copies are"
        names = ", ".join(one.path.name for one in unread[:5])
        words = (
            f"{len(unread)} {are} under an earlier key of the store, or damaged, and may hold whoever was destroyed:"
            f" {names}."
        )
        lines.append(("circle-alert", "amber", words))
    if found.unreached:
        cannot = f"{plural(len(found.unreached), 'folder')} of backups cannot be reached"
        todo = "Connect the disk, or give up a folder that is gone for good."
        named = ", ".join(map(str, found.unreached[:_SHOWN]))
        lines.append(("circle-alert", "amber", f"{cannot}, and the lists there fall behind: {named}. {todo}"))
    lines += [("circle-alert", "amber", f"{fault}.") for fault in found.faults]
    if found.replaced:
        words = "A restore waits to be confirmed: the store that it replaced is kept beside it."
        lines.append(("circle-alert", "amber", words))
    return lines


def _last(found: Overview, now: datetime) -> tuple[str, str, str]:
    """How old the last backup is."""
    past = [at for at, _path in found.written if at <= now]
    if not past:
        words = "There is no backup that can be reached. A lost or damaged disk would take everything."
        return ("circle-alert", "amber", words)
    at = past[0]
    age = lower_first(countdown(london(at).date(), london(now).date()))
    if now - at > _FRESH:
        return ("circle-alert", "amber", f"The last backup was made {age}. What was done since is in no copy.")
    return ("circle-check", "green", f"The last backup was made {age}, and read back as it was written.")
