"""What Administration says: the roles, and the journal's headings."""

from __future__ import annotations

from collections.abc import Mapping

from db.records import Heading, Role

ROLE_DOES: Mapping[Role, str] = {
    Role.CASEWORKER: "Registers requests, tests them, records what the search found and issues letters. Never decides.",
    Role.REVIEWER: "Approves, refuses, rejects, sends back or escalates, and releases. Never a case they worked on.",
    Role.GUARDIAN: "Decides what reviewers escalate, releases, takes cases off hold, and says who may ask.",
    Role.RECORDS_OFFICER: "Sees what is kept and what is due, destroys it when two agree, places and releases holds.",
    Role.ADMINISTRATOR: "Manages people and the organisation’s details, and reads the journal. Searches for nobody.",
    Role.AUDITOR: "Reads the register and retention, with names hidden, and the journal. Changes nothing.",
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
