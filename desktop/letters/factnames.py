"""What a reader calls the facts of a letter, where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "agreement_from": "day from which the agreement is in force",
        "agreement_title": "title of the agreement",
        "agreement_version": "version of the agreement",
        "answer_by": "day by which they are to answer us",
        "answer_note": "note under the answer",
        "answer_title": "heading for the answer",
        "answer_within": "length of time for an answer",
        "basis": "law or agreement that sets the time",
        "because": "reason",
        "body": "name of the body that asked",
        "carried_out": "name of who carried it out, and when",
        "clock_effect": "words on what waiting does to the time",
        "content_hash": "fingerprint of its content",
        "counted": "words on how it was counted",
        "dated": "date",
        "debt": "amount of the debt",
        "destroy_by": "day by which it must be destroyed",
        "due": "day by which we answer",
        "email": "e-mail address",
        "file_id": "mark by which its file is known",
        "gateway": "law that allows it",
        "governed_by": "law that it was tested against",
        "groups": "groups of the key",
        "how_to_ask": "advice on how to ask",
        "made_on": "date",
        "matched": "details that agreed",
        "named": "name on the certificate",
        "not_given": "items that were not given",
        "own_words": "words of our own",
        "phone": "telephone number",
        "received": "day on which the request was received",
        "refusal_title": "heading for the refusal",
        "reply_to": "address to reply to",
        "request_words": "words on what was asked",
        "retention": "length of time for which the record is kept",
        "said": "words of the caseworker",
        "salutation": "name to greet",
        "signatory_name": "name of who signs",
        "signatory_title": "title of who signs",
        "snapshot_hash": "fingerprint of what was approved",
        "status_answer": "answer",
        "taken_at": "time at which the records were read",
        "their_reference": "reference of theirs",
        "was_due": "day by which we were to answer",
    }
)
"""What a reader calls the facts whose own names are no words for one."""


def plain(name: str) -> str:
    """What a reader calls a fact, as it reads after "The letter has no"."""
    return _NAMED.get(name, name)
