"""What people did, in words: every action that the journal keeps, as an auditor reads it and as a case's history does.

A new action gets its line here: ``tests/store/test_journal_words.py`` finds each that the desk appends to the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from db.records import Heading, Json
from db.records_log import JournalEntry

TO_CASES: Mapping[str, tuple[str, str]] = {
    # An action on a case: in the journal, and in the history of that case. Where another case stands in the entry as
    # "other", its reference follows the second.
    "register": ("Registered a request", "registered the request"),
    "save_answers": ("Changed a request", "changed the request"),
    "open_case": ("Opened a case", "looked at the case"),
    "submit": ("Submitted a request", "put it before a reviewer"),
    "withdraw": ("Withdrew a request", "withdrew it"),
    "reopen": ("Reopened a request", "reopened it"),
    "return": ("Returned a request to its requester", "returned it to the requester"),
    "resume": ("Took a request up again", "took it up again"),
    "chase": ("Recorded a reminder to a requester", "recorded a reminder to the requester"),
    "extend": ("Extended the time of a request", "extended the time"),
    "put_on_hold": ("Put a request on hold", "put it on hold, as its agreement was suspended when it was received"),
    "take_off_hold": ("Took a request off hold", "took it off hold"),
    "approve": ("Approved a request", "approved it"),
    "refuse": ("Refused a request", "refused it"),
    "reject": ("Rejected a request", "rejected it"),
    "send_back": ("Sent a request back", "sent it back"),
    "escalate": ("Escalated a request", "escalated it to the guardian"),
    "open_second_look": ("Opened a request for a second look", "opened it for a second look"),
    "second_look": ("Took a second look at a decision", "took a second look at a decision"),
    "record": ("Recorded an outcome", "recorded the outcome"),
    "release": ("Released a disclosure", "released the disclosure"),
    "return_outcome": ("Sent an outcome back", "sent the outcome back"),
    "write": ("Issued a letter on the way to an answer", "issued a letter"),
    "issue": ("Issued a letter", "issued the letter"),
    "reissue": ("Issued a letter again", "issued the letter again"),
    "read_letter": ("Read a letter", "read the letter"),
    "print": ("Printed a letter", "printed the letter"),
    "save_copy": ("Saved a copy of a letter", "saved a copy of the letter"),
    "prepare_mail": ("Prepared an e-mail with a letter", "prepared an e-mail with the letter"),
    "mark_sent": ("Marked a letter as sent", "marked the letter as sent"),
    "settle": ("Recorded that a debt was settled", "recorded that the debt was settled"),
    "hand_over": ("Handed a case over in a sealed package", "handed it over in a sealed package"),
    "tell": ("Issued a notice of correction", "issued a notice of correction"),
    "excuse": ("Recorded why a recipient is not told", "recorded why a recipient is not told"),
    "read_notice": ("Read a notice of correction", "read a notice of correction"),
    "handle_notice": (
        "Printed, copied or sent a notice of correction",
        "printed, copied or sent a notice of correction",
    ),
    "corrected": (
        "Told a recipient that what they were given was wrong",
        "told its recipient that what it gave was wrong: corrected by",
    ),
    "add_attachment": ("Attached a file", "attached a file"),
    "remove_attachment": ("Removed an attached file", "removed an attached file"),
    "read_attachment": ("Looked at an attached file", "looked at an attached file"),
    "copy_attachment": ("Saved a copy of an attached file", "saved a copy of an attached file"),
    "link_duplicate": ("Linked a case as a duplicate", "linked it as a duplicate of"),
    "link_duplicate_from": ("Made a case the leading one of a duplicate", "made it the leading case of"),
    "link_follow_up": ("Linked a case as a follow-up", "linked it as a follow-up of"),
    "link_follow_up_from": ("Linked a follow-up to a case", "linked to it its follow-up"),
    "link_same_request": ("Linked a case as split from another’s request", "linked it as split from the request of"),
    "link_same_request_from": (
        "Linked a case to one split from it",
        "linked to it, as split from its request,",
    ),
    "link_related": ("Linked two cases", "linked it to"),
    "link_related_from": ("Linked two cases", "linked it to"),
    "unlink": ("Unlinked two cases", "unlinked it from"),
    "unlink_from": ("Unlinked two cases", "unlinked it from"),
    "same_person": (
        "Found two requests to be about one person",
        "recorded that it is about the same person as",
    ),
    "someone_else": (
        "Found two requests to be about different people",
        "recorded that it is not about the same person as",
    ),
    "who_asked": ("Looked up who asked about a person", "looked up who asked about the person"),
    "shown_by_who_asked": (
        "Saw a case in who asked about a person",
        "was shown it among those that asked about the person of",
    ),
    "save_who_asked": ("Saved a list of who asked about a person", "saved the list of who asked about the person"),
    "raise_concern": ("Raised a safeguarding concern", "raised a safeguarding concern"),
    "bring_concern": (
        "Brought a case to the guardian’s attention",
        "brought it to the guardian’s attention, because of",
    ),
    "place_hold": ("Placed a hold", "placed a hold over it"),
    "propose_release_of_hold": ("Proposed to release a hold", "proposed to release a hold over it"),
    "release_hold": ("Released a hold", "released a hold over it"),
    "keep_hold": ("Kept a hold", "kept a hold over it"),
    "adopt_agreement": ("Took in a change of an agreement", "took in a change of the agreement"),
    "recount": ("Counted a due date again", "counted its due date again by other bank holidays"),
    "rebase": ("Moved a review to a new retention rule", "moved its review to a new retention rule"),
    "retain": ("Kept a case longer", "kept it longer"),
    "keep_case": ("Kept a case out of its destruction", "kept it out of its destruction"),
    "destroy": ("Destroyed a case", "destroyed it"),
    "carried": ("Carried an entry over a restore", "carried an entry over a restore"),
    "erase_again": ("Destroyed a restored case again", "destroyed it again after a restore"),
}

OF_DESK: Mapping[str, str] = {
    # An action that is on no case.
    "set_up": "Made the store",
    "sign_in": "Signed in",
    "sign_in_failed": "A sign-in failed",
    "account_locked": "An account was locked",
    "sign_out": "Signed out",
    "lock": "Locked the desk",
    "unlock": "Unlocked the desk",
    "unlock_failed": "Tried to unlock the desk",
    "add_user": "Added a person",
    "switch_on_user": "Switched an account on",
    "switch_off_user": "Switched an account off",
    "reset_password": "Gave a new first password",
    "change_password": "Changed their own password",
    "change_password_failed": "Gave a wrong old password",
    "change_organisation": "Changed the organisation’s details",
    "save_filter": "Saved a filter of the register",
    "rename_filter": "Renamed a saved filter",
    "delete_filter": "Deleted a saved filter",
    "save_report_choices": "Saved a report to be counted again",
    "rename_saved_report": "Renamed a saved report",
    "delete_saved_report": "Deleted a saved report",
    "change_second_looks": "Changed the share of second looks",
    "change_words": "Changed the organisation’s words in letters",
    "make_recovery_sheet": "Made a new recovery sheet",
    "keep_recovery_sheet": "Printed or saved the recovery sheet",
    "back_up": "Made a backup",
    "rotate_backups": "Let older backups give way",
    "restore": "Restored the store from a backup",
    "confirm_restore": "Let go of the store before a restore",
    "replace_backups": "Replaced old backups",
    "mend_folders": "Wrote anew where backups are kept",
    "give_up_folder": "Gave up a folder of backups",
    "mend_erasures": "Wrote a damaged list of erasures or copy of the holds anew",
    "open_recovered": "Opened the store with the recovery sheet",
    "finish_swap": "Finished or undid what was cut short",
    "keep_key": "Kept the store’s key on this computer",
    "write_key_file": "Wrote the store’s key to a file",
    "change_key": "Changed the store’s key",
    "anchor": "Anchored the journal",
    "anchor_key": "Made a key for anchors",
    "save_anchor_page": "Saved the page about an anchor",
    "export_journal": "Exported the journal",
    "save_retention_rules": "Saved the register of retention rules",
    "first_certificate": "Made the first certificate for letters",
    "make_certificate": "Made a new certificate for letters",
    "import_certificate": "Imported a certificate for letters",
    "save_certificate_page": "Saved the page about the certificate",
    "clock_right": "Said that the clock is right again",
    "log_damaged": "The end of the store’s log was damaged",
    "search": "Searched for people",
    "copy_list": "Copied a list of cases",
    "send_back_rows": "Saved the rows of a file to send back",
    "save_form": "Saved a blank request form",
    "save_calendar": "Saved the dates of their cases",
    "replace_calendar": "Replaced the bank holidays",
    "suspend_agreement": "Suspended an agreement",
    "resume_agreement": "Resumed an agreement",
    "withdraw_agreement": "Withdrew an agreement",
    "supersede_agreement": "Superseded an agreement",
    "read_agreements": "Signed in to a desk whose own agreements’ files were changed",
    "add_requester": "Put a requester on record",
    "change_requester": "Changed a requester on record",
    "remove_requester": "Took a requester off the record",
    "add_officer": "Put an officer of a requester on record",
    "change_officer": "Changed an officer of a requester",
    "remove_officer": "Took an officer of a requester off the record",
    "accredit": "Accredited a requester",
    "end_accreditation": "Ended a requester’s accreditation",
    "propose_run": "Proposed a disposal run",
    "approve_run": "Approved a disposal run",
    "turn_down_run": "Turned down a disposal run",
    "withdraw_run": "Took back a disposal run that they had proposed",
    "certify_run": "Certified a destruction",
    "save_certificate": "Saved a certificate of destruction",
    "publish": "Published a table",
    "save_oversight": "Saved the oversight report",
    "publish_today": "Saved the figures of the desk today",
}

_RECOVERED = "Made a new administrator with the recovery sheet, two people together"


def action_words(action: str) -> str:
    """An action as whoever reads the whole journal is told it; one of a newer desk by its own name."""
    return TO_CASES[action][0] if action in TO_CASES else OF_DESK.get(action, action.replace("_", " ").capitalize())


def entry_words(action: str, data: Mapping[str, Json]) -> str:
    """What an entry tells: as ``action_words``, and a new administrator of the recovery sheet in words of its own."""
    return _RECOVERED if action == "add_user" and "with" in data else action_words(action)


def what_happened(action: str) -> str:
    """An action as the history of its case tells it, after who did it."""
    return TO_CASES[action][1] if action in TO_CASES else action.replace("_", " ")


class Origin(NamedTuple):
    """Where an entry that a restore carried over stood first: its number in the store that was replaced, and when."""

    seq: int | None
    """None for an entry that could not be read."""
    at: datetime


def as_it_was(stored: JournalEntry) -> tuple[JournalEntry, Origin | None]:
    """An entry that a restore carried over, whole or under its own action, and where it stood first; or as it is."""
    entry, origin = stored, stored.data.get("carried")
    while entry.action == "carried" and isinstance(inner := entry.data.get("data"), dict):
        action, heading = str(entry.data.get("action")), Heading(str(entry.data.get("heading")))
        origin = entry.data
        entry = replace(entry, action=action, heading=heading, data=inner)
    if not isinstance(origin, dict):
        return stored, None
    while isinstance(earlier := origin.get("carried"), dict):
        origin = earlier
    seq = int(str(origin["seq"])) if "seq" in origin else None
    return entry, Origin(seq, datetime.fromisoformat(str(origin["at"])))
