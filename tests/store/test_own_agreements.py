"""An organisation's own agreements are files: the journal tells when what the desk works by was changed in them."""

from __future__ import annotations

from pathlib import Path

from db.records import Role
from desktop.casework import journalview
from desktop.casework.accounts import sign_in
from desktop.casework.journalview import JournalAsked
from desktop.casework.setup import entry_for
from resources import resource
from tests.fixtures import KEY, Office


def test_the_journal_tells_which_own_agreements_were_changed_since_the_last_sign_in(office: Office) -> None:
    store = office.entry.store
    folder = store.path.parent
    own = folder / "agreements"

    def told() -> list[tuple[str, str]]:
        """Two people sign in to the desk as it finds the files now; what the journal has of them, the oldest first."""
        entry = entry_for(store, folder, KEY, office.entry.clock)
        for role in (Role.CASEWORKER, Role.REVIEWER):
            sign_in(entry, office.desk(role).user.username, "sample-desk")
        auditor = office.desk(Role.AUDITOR)
        found = journalview.journal_numbers(auditor, JournalAsked(action="read_agreements"))
        return [(one.said, one.details) for one in reversed(journalview.journal_lines(auditor, found))]

    assert told() == []
    own.mkdir()
    text = (resource("agreements") / "foi.toml").read_text("utf-8")
    ours, theirs = Path(own / "ours.toml"), Path(own / "theirs.toml")
    ours.write_text(text.replace('id = "foi"', 'id = "foi-of-ours"', 1), "utf-8")
    theirs.write_text(text.replace('id = "foi"', 'id = "foi-of-theirs"', 1), "utf-8")
    said = "Signed in to a desk whose own agreements’ files were changed"
    new = (said, "agreements: foi-of-ours, foi-of-theirs")
    assert told() == [new]
    assert told() == [new]
    ours.write_text(ours.read_text("utf-8") + "# another word\n", "utf-8")
    changed = (said, "agreements: foi-of-ours")
    assert told() == [new, changed]
    theirs.unlink()
    assert told() == [new, changed, (said, "agreements: foi-of-theirs")]
