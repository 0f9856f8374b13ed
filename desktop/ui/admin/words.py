"""What Administration says: the roles, and the journal's actions and headings."""

from __future__ import annotations

from collections.abc import Mapping

from db.records import Heading, Role

ROLE_DOES: Mapping[Role, str] = {
    Role.CASEWORKER: "Registers requests, tests them, records what the search found and issues letters. Never decides.",
    Role.REVIEWER: "Approves, refuses, rejects, sends back or escalates, and releases. Never a case they worked on.",
    Role.GUARDIAN: "Decides what reviewers escalate, releases, takes cases off hold, and says who may ask.",
    Role.RECORDS_OFFICER: "Sees what is kept, for how long, and what is due for review.",
    Role.ADMINISTRATOR: "Manages people and the organisation’s details, and reads the journal. Searches for nobody.",
    Role.AUDITOR: "Reads the register, with names hidden, and the journal. Changes nothing.",
}

HEADING_WORDS: Mapping[Heading, str] = {
    Heading.COLLECTION: "Collection",
    Heading.ALTERATION: "Alteration",
    Heading.CONSULTATION: "Consultation",
    Heading.DISCLOSURE: "Disclosure",
    Heading.COMBINATION: "Combination",
    Heading.ERASURE: "Erasure",
    Heading.DECISION: "Decision",
    Heading.SYSTEM: "System",
}

_ACTIONS: Mapping[str, str] = {
    "set_up": "Made the store",
    "sign_in": "Signed in",
    "sign_in_failed": "A sign-in failed",
    "account_locked": "An account was locked",
    "add_user": "Added a person",
    "switch_on_user": "Switched an account on",
    "switch_off_user": "Switched an account off",
    "reset_password": "Gave a new first password",
    "change_password": "Changed their own password",
    "change_organisation": "Changed the organisation’s details",
    "first_certificate": "Made the first certificate for letters",
    "make_certificate": "Made a new certificate for letters",
    "import_certificate": "Imported a certificate for letters",
    "save_certificate_page": "Saved the page about the certificate",
    "back_up": "Backed the store up",
    "restore": "Restored a backup",
    "confirm_restore": "Confirmed a restore",
    "replace_backups": "Replaced old backups",
    "carried": "Carried over from the store that a restore replaced",
    "erase_again": "Destroyed again what came back with a backup",
    "settle": "Finished or undid what was cut short",
    "keep_key": "Kept the store’s key on this computer",
    "write_key_file": "Wrote the store’s key to a file",
    "new_recovery_key": "Made a new recovery sheet",
    "change_key": "Changed the store’s key",
    "add_requester": "Put a requester on record",
    "change_requester": "Changed a requester on record",
    "remove_requester": "Took a requester off the record",
    "add_officer": "Put an officer of a requester on record",
    "change_officer": "Changed an officer of a requester",
    "remove_officer": "Took an officer of a requester off the record",
    "accredit": "Accredited a requester",
    "end_accreditation": "Ended a requester’s accreditation",
    "register": "Registered a request",
    "save_answers": "Changed a request",
    "edit": "Changed a request",
    "open_case": "Opened a case",
    "same_person": "Found two requests to be about one person",
    "someone_else": "Found two requests to be about different people",
    "link_duplicate": "Linked a case as a duplicate",
    "link_duplicate_from": "Made a case the leading one of a duplicate",
    "link_follow_up": "Linked a case as a follow-up",
    "link_follow_up_from": "Linked a follow-up to a case",
    "link_same_request": "Linked a case as split from another’s request",
    "link_same_request_from": "Linked to a case one split from its request",
    "link_related": "Linked two cases",
    "link_related_from": "Linked two cases",
    "unlink": "Unlinked two cases",
    "unlink_from": "Unlinked two cases",
    "add_attachment": "Attached a file",
    "remove_attachment": "Removed an attached file",
    "read_attachment": "Looked at an attached file",
    "copy_attachment": "Saved a copy of an attached file",
    "chase": "Recorded a reminder to a requester",
    "submit": "Submitted a request",
    "withdraw": "Withdrew a request",
    "return": "Returned a request to its requester",
    "resume": "Took a request up again",
    "take_off_hold": "Took a request off hold",
    "approve": "Approved a request",
    "refuse": "Refused a request",
    "reject": "Rejected a request",
    "send_back": "Sent a request back",
    "escalate": "Escalated a request",
    "record": "Recorded an outcome",
    "release": "Released a disclosure",
    "return_outcome": "Sent an outcome back",
    "issue": "Issued a letter",
    "read_letter": "Read a letter",
    "print": "Printed a letter",
    "save_copy": "Saved a copy of a letter",
    "prepare_mail": "Prepared an e-mail with a letter",
    "mark_sent": "Marked a letter as sent",
}


def action_words(action: str) -> str:
    """An action of the journal in words."""
    return _ACTIONS.get(action, action.replace("_", " ").capitalize())
