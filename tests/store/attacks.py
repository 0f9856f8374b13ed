"""For each guard of the database a statement that it alone refuses: what an attack with SQL would say.

``{draft}`` and the like are the numbers of cases in that state, ``{gone}`` that of a destroyed case, ``{caseworker}``
and the like of people; ``{at}`` is the moment now and ``{hash}`` a hash of something else.
"""

from __future__ import annotations

from db.migrations import whole_schema


def copied(table: str, where: str = "1", how: str = "INSERT", **changes: object) -> str:
    """Puts a row of the table into it again, with a number of its own, and with these changes as SQL."""
    columns = whole_schema().tables[table].columns
    if "id" in columns and columns["id"].type.python_type is int:
        changes = {"id": "NULL", **changes}
    names = ", ".join(f'"{one.name}"' for one in columns)
    values = ", ".join(str(changes.get(one.name, f'"{one.name}"')) for one in columns)
    return f'{how} INTO "{table}" ({names}) SELECT {values} FROM "{table}" WHERE {where} LIMIT 1'


def moved(state: str, to: str, **changes: object) -> str:
    """Puts a case of one state into another."""
    more = "".join(f", {name} = {value}" for name, value in changes.items())
    return f"UPDATE cases SET version = version + 1, state = '{to}'{more} WHERE id = {{{state}}}"


_EMPTY = {"requester": "''", "requester_reference": "''", "family_name": "''", "given_names": "''", "born": "''"}


def destroying(case: str, *, at: str = "{at}", by: str = "{officer}", **changes: object) -> str:
    """Destroys a case."""
    values = {**_EMPTY, "salt": "X''", "changed_by": by, "changed_at": f"'{at}'", **changes}
    return moved(case, "destroyed", **values)


def _letter(case: str = "{released}", **changes: object) -> str:
    last = f"(SELECT snapshot_hash FROM finding WHERE case_id = {case} ORDER BY number DESC LIMIT 1)"
    changes = {"number": 9000, "case_id": case, "replaces": "NULL", "snapshot_hash": last, **changes}
    return copied("letter", "kind = 'disclosure'", "INSERT", **changes)


def _look(**changes: object) -> str:
    """A second look at a decision that was drawn and waits for one."""
    found = "(SELECT decision_id FROM second_look_draw WHERE case_id = {refused})"
    changes = {"decision_id": found, "case_id": "{refused}", "looked_by": "{guardian}", "reasons": "'x'", **changes}
    return copied("second_look", "1", "INSERT", **changes)


def _told(action: str, part: str) -> str:
    """Has the journal know of a number that no row has any more."""
    return f"UPDATE journal SET action = '{action}', data = '{{{{\"{part}\":99999}}}}' WHERE seq = 1"


ATTACKS: dict[str, str] = {
    "accreditation_insert": copied("accreditation", given_by="{caseworker}"),
    "accreditation_update": "UPDATE accreditation SET valid_to = '2099-01-01'",
    "address_guardian": "INSERT INTO address_release SELECT id, case_id, {reviewer}, decided_at FROM decision"
    " WHERE case_id = {approved}",
    "answer_fixed": "UPDATE answer SET case_id = {draft}, field = 'x' || field WHERE case_id = {approved}",
    "answer_insert_open": copied("answer", "case_id = {approved}", field="'x'"),
    "answer_update_open": "UPDATE answer SET value = '1' WHERE case_id = {approved}",
    "asking_begin": "INSERT INTO asking VALUES (9000, 'x', 0)",
    "attachment_begin": copied("attachment", "content IS NOT NULL", submitted=1, sha256="'{hash}'"),
    "attachment_fixed": "UPDATE attachment SET name = 'x' WHERE case_id = {issued}",
    "attachment_held": "UPDATE attachment SET name = '', sha256 = '', content = NULL WHERE case_id = {issued}",
    "attachment_once": copied("attachment", "case_id = {issued}"),
    "attachment_open": copied("attachment", "case_id = {issued}", sha256="'{hash}'"),
    "attachment_removal_role": "UPDATE attachment SET removed_by = {reviewer} WHERE case_id = {issued}",
    "attachment_role": copied("attachment", "case_id = {issued}", added_by="{reviewer}"),
    "attachment_room": copied("attachment", "case_id = {issued}", content="zeroblob(53000000)", size="53000000"),
    "calendar_begin": copied("calendar", replaced_by="{guardian}"),
    "cases_answered": moved("released", "issued", outcome="'status'"),
    "cases_answered_kept": "UPDATE cases SET answered_as = 'x' WHERE id = {issued}",
    "cases_begin": copied("cases", "state = 'approved'", reference="'TR-9'"),
    "cases_beside": destroying("linked"),
    "cases_caseworker": "UPDATE cases SET caseworker_id = 2 WHERE id = {draft}",
    "cases_closed_said": destroying("ready"),
    "cases_closed": "UPDATE cases SET closed_on = '2020-01-01' WHERE id = {issued}",
    "cases_dates": "UPDATE cases SET due_on = '2030-01-01' WHERE id = {submitted}",
    "cases_decided": moved("submitted", "approved"),
    "cases_due": destroying("ready"),
    "cases_fixed": "UPDATE cases SET family_name = 'X' WHERE id = {approved}",
    "cases_held": destroying("issued"),
    "cases_issued": moved("released", "issued"),
    "cases_life": moved("draft", "approved"),
    "cases_officer": destroying("ready", by="{caseworker}"),
    "cases_origin": "UPDATE cases SET reference = 'TR-1' WHERE id = {draft}",
    "cases_outcome": "UPDATE cases SET outcome = 'traced' WHERE id = {submitted}",
    "cases_packed": destroying("ready"),
    "cases_pinned": "UPDATE cases SET agreement_hash = 'x' WHERE id = {draft}",
    "cases_put_forward": "UPDATE cases SET submission = submission + 1 WHERE id = {approved}",
    "cases_quiet": destroying("ready"),
    "cases_received_once": "UPDATE cases SET received_on = '2020-01-01' WHERE id = {draft}",
    "cases_recorded": moved("approved", "recorded"),
    "cases_released": moved("recorded", "released"),
    "cases_reopened": moved("withdrawn", "draft", outcome="NULL", closed_on="NULL"),
    "cases_reopened_free": moved("withdrawn", "draft", outcome="NULL", closed_on="NULL"),
    "cases_run": destroying("issued"),
    "cases_said": destroying("ready"),
    "cases_stub": "UPDATE cases SET family_name = 'back' WHERE id = {gone}",
    "cases_submitted": moved("draft", "submitted", submission=1),
    "cases_timed_once": moved("draft", "withdrawn"),
    "cases_told": moved("released", "issued"),
    "cases_version": "UPDATE cases SET requester = 'X' WHERE id = {draft}",
    "cases_voided": moved("approved", "draft"),
    "cases_wiped": destroying("ready", family_name="'Kept'"),
    "certificate_insert": copied("certificate", made_by="{caseworker}", fingerprint="'{hash}'"),
    "chase_returned": copied("chase", case_id="{draft}"),
    "chase_role": copied("chase", recorded_by="{reviewer}"),
    "concern_begin": copied("concern", raised_by="{officer}"),
    "decision_guardian": copied("decision", "action = 'approve'", case_id="{released}", decided_by="{reviewer}"),
    "decision_role": copied("decision", case_id="{submitted}", action="'approve'", decided_by="{caseworker}"),
    "decision_second_person": copied("decision", case_id="{submitted}", decided_by="{caseworker}"),
    "destruction_certificate_done": copied("destruction_certificate", run_id=2, number=9000),
    "disposal_item_open": copied("disposal_item", run_id=2, case_id="{submitted}"),
    "disposal_result_done": copied("disposal_result", run_id=2, case_id="{issued}"),
    "disposal_result_said": copied("disposal_result", "NOT destroyed", case_id="{ready}"),
    "disposal_run_officer": copied("disposal_run", proposed_by="{administrator}"),
    "disposal_run_said": copied("disposal_run"),
    "disposal_transfer_undecided": "INSERT INTO disposal_transfer VALUES (2, 'x')",
    "disposal_verdict_counted": copied("disposal_verdict", run_id=2, decided_at="'9999-12-31T23:59:59.000000Z'"),
    "disposal_verdict_grace": copied("disposal_verdict", run_id=2, decided_at="'2019-01-01T00:00:00.000000Z'"),
    "disposal_verdict_moment": copied("disposal_verdict", run_id=2, decided_at="'{at}'"),
    "disposal_verdict_said": copied("disposal_verdict", run_id=2),
    "disposal_verdict_second": copied("disposal_verdict", run_id=2, decided_by="{officer}"),
    "extension_open": copied("extension", case_id="{released}"),
    "extension_role": copied("extension", extended_by="{officer}"),
    "finding_state": copied("finding", "case_id = {released}", case_id="{submitted}"),
    "given_reason_begin": "INSERT INTO given_reason VALUES (999999, {draft}, 'x')",
    "hold_officer": copied("hold", placed_by="{caseworker}"),
    "hold_said": copied("hold"),
    "hold_step_said": copied("hold_step"),
    "hold_step_second": "INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at)"
    " VALUES (1, 'release', 'x', {officer}, '{at}')",
    "hold_whole": copied("hold", "person_of IS NOT NULL", agreement_id="'foi'"),
    "identifier_held": "DELETE FROM identifier WHERE case_id = {draft}",
    "identifier_open": "DELETE FROM identifier WHERE case_id = {submitted}",
    "import_batch_once": copied("import_batch", how="INSERT OR REPLACE", id="id"),
    "journal_chained": copied(
        "journal", seq="(SELECT MAX(seq) + 1 FROM journal)", prev_hash="'{hash}'", hash="'{hash}'"
    ),
    "journal_reopens": copied("journal", seq="NULL", action="'reopen'", case_id="{draft}"),
    "letter_address": _letter("{released}"),
    "letter_bound": _letter(snapshot_hash="'{hash}'"),
    "letter_event_moment": copied("letter_event", done_at="'1999-01-01T00:00:00.000000Z'"),
    "letter_event_said": copied("letter_event"),
    "letter_guardian": _letter("{released}"),
    "letter_number": _letter(number="(SELECT number FROM notice LIMIT 1)"),
    "letter_ready": _letter("{submitted}", snapshot_hash="'{hash}'"),
    "letter_told": _letter(),
    "letter_whole": _letter(pdf="X'00'"),
    "letter_words_insert": copied("letter_words", made_by="{caseworker}"),
    "link_fixed": "UPDATE link SET other_id = {refused} WHERE case_id = {issued}",
    "link_held": "UPDATE link SET same_person = 0",
    "link_role": "INSERT INTO link VALUES ({issued}, {refused}, 1, {reviewer}, '{at}')",
    "link_said_insert": "INSERT INTO link VALUES ({issued}, {refused}, 1, {caseworker}, '{at}')",
    "link_said_update": "UPDATE link SET same_person = 1",
    "meta_counts": "UPDATE meta SET value = '1' WHERE key = 'sequence.case.TR'",
    "meta_count_insert": "INSERT INTO meta VALUES ('sequence.case.XX', 'many')",
    "meta_count_update": "UPDATE meta SET value = '9999x' WHERE key = 'sequence.case.TR'",
    "meta_fixed": "UPDATE meta SET key = 'x' WHERE key = 'sequence.case.TR'",
    "notice_bound": copied("notice", owed_id=9000, number=9000, snapshot_hash="'{hash}'"),
    "notice_not_excused": copied("notice", owed_id=2, number=9000),
    "notice_ready": copied("notice", owed_id=9000, number=9000),
    "notice_whole": copied("notice", owed_id=9000, number=9000, pdf="X'00'"),
    "notice_excuse_ready": copied("notice_excuse", owed_id=9000),
    "notice_excuse_second_person": copied("notice_excuse", owed_id=9000, excused_by="{caseworker}"),
    "organisation_one": copied("organisation", id=7),
    "organisation_same": "UPDATE organisation SET id = 0",
    "organisation_sample": "UPDATE organisation SET sample = NOT sample",
    "owed_notice_released": copied("owed_notice", case_id="{submitted}"),
    "pause_fixed": "UPDATE pause SET since = '2020-01-01'",
    "policy_change_begin": copied("policy_change", decided_by="{administrator}"),
    "policy_change_day": copied("policy_change", takes_effect="'soon'"),
    "policy_change_said": copied("policy_change"),
    "publication_fixed": "UPDATE publication SET control = 'below-10'",
    "publication_kept": "DELETE FROM publication",
    "publication_told_apart": copied("publication", control="'nhs'"),
    "relation_begin": copied("relation", unlinked_at="'{at}'"),
    "relation_chain": "INSERT INTO relation (case_id, other_id, kind, linked_by, linked_at)"
    " SELECT other_id, case_id, 'follow_up', linked_by, linked_at FROM relation WHERE kind = 'follow_up'",
    "relation_end_role": "UPDATE relation SET unlinked_by = {reviewer}",
    "relation_end_said": "UPDATE relation SET unlinked_by = {caseworker}, unlinked_at = '{at}'",
    "relation_fixed": "UPDATE relation SET kind = 'linked'",
    "relation_leading": copied("relation", "kind = 'duplicate'", case_id="{refused}", other_id="case_id"),
    "relation_one_earlier": copied("relation", "kind = 'follow_up'", other_id="{refused}"),
    "relation_one_leading": copied("relation", "kind = 'duplicate'", other_id="{refused}"),
    "relation_pair": copied("relation", case_id="other_id", other_id="case_id"),
    "relation_role": copied("relation", other_id="{refused}", linked_by="{reviewer}"),
    "release_address": copied("finding_review", "action = 'release'", case_id="{released}"),
    "release_guardian": copied("finding_review", "action = 'release'", case_id="{released}", reviewed_by="{reviewer}"),
    "release_role": copied("finding_review", case_id="{submitted}"),
    "release_second_person": copied("finding_review", reviewed_by="{caseworker}"),
    "relation_said": copied("relation", other_id="{refused}"),
    "requester_body_delete": "DELETE FROM requester_body",
    "requester_body_insert": copied("requester_body", name="'X'", name_key="'x'", changed_by="{caseworker}"),
    "requester_body_taken": copied("requester_body", name="'X'", name_key="'x'"),
    "requester_body_update": "UPDATE requester_body SET note = 'x', changed_by = {caseworker}",
    "requester_officer_taken": copied("requester_officer", name_key="'x'"),
    "retention_closed": copied("retention", case_id="{submitted}"),
    "retention_change_officer": copied("retention_change", decided_by="{caseworker}"),
    "retention_change_ruled": copied("retention_change", kind="'rebase'", months=0),
    "retention_change_said": copied("retention_change", due_on="'2031-01-01'"),
    "retention_change_second": copied("retention_change", kind="'rebase'", months=1, confirmed_by="{caseworker}"),
    "retention_change_years": copied("retention_change", due_on="'9999-12-31'"),
    "retention_event_said": copied("retention_event"),
    "retention_event_closed": copied("retention_event", case_id="{submitted}"),
    "retention_ruled": copied("retention", case_id="{refused}"),
    "saved_view_delete": "DELETE FROM saved_view",
    "saved_view_known": copied("saved_view", name_key="'x'", choices='\'{{"agreement":"anna-kowalczyk"}}\''),
    "saved_view_no_replace": copied("saved_view", how="INSERT OR REPLACE", id="id", name_key="'x'"),
    "saved_view_taken": copied("saved_view", name_key="'x'"),
    "saved_view_owner": copied("saved_view", name_key="'x'", owner_id="{caseworker}", saved_by="{reviewer}"),
    "saved_view_rename": "UPDATE saved_view SET name = 'theirs', saved_by = {reviewer}",
    "saved_view_report": copied("saved_view", name_key="'x'", kind="'report'", choices='\'{{"report":"today"}}\''),
    "saved_view_words": copied("saved_view", name_key="'x'", choices='\'{{"text":"Kowalczyk"}}\''),
    "second_look_begin": _look(looked_by="{caseworker}"),
    "second_look_blind": _look(),
    "second_look_draw_begin": copied("second_look_draw", decision_id=1),
    "second_look_second_person": _look(looked_by="{reviewer}"),
    "second_look_share_begin": copied("second_look_share", set_by="{reviewer}"),
    "submission_open": copied("submission", "case_id = {approved}", number="number + 1"),
    "transfer_package_said": copied("transfer_package", case_id="{refused}"),
    "transfer_package_run": copied("transfer_package", case_id="{refused}"),
    "user_fixed": "UPDATE user SET role = 'reviewer' WHERE role = 'caseworker'",
    "user_named": "UPDATE user SET name = 'Ruth Adeyemi'",
    "user_new_password": copied("user", username="'x'"),
    "user_on_said": "UPDATE user SET active = 'on'",
    "user_own_password": "UPDATE user SET password_hash = (SELECT password_hash FROM user WHERE role = 'reviewer')",
    "user_password_said": "UPDATE user SET password_hash = 'none: ' || id WHERE role = 'records_officer'",
    "user_said": copied("user", username="'x'", password_hash="'y'"),
    "voiding_open": "INSERT INTO voiding SELECT id, {caseworker}, '{at}' FROM decision WHERE case_id = {issued}",
}
"""Those whose statement does not follow from what they are."""

RUINED = {
    "cases_due": "UPDATE retention_change SET due_on = '2099-01-01' WHERE case_id = {ready}",
    "cases_quiet": "UPDATE journal SET at = '{at}' WHERE case_id = {ready}",
    "cases_received_once": "UPDATE journal SET action = 'reopen', case_id = {draft} WHERE seq = 1",
    "cases_timed_once": copied("retention", case_id="{draft}"),
    "cases_reopened_free": copied("retention_change", case_id="{withdrawn}", kind="'rebase'"),
    "disposal_transfer_undecided": copied("disposal_verdict", run_id=2),
    "disposal_verdict_moment": "UPDATE journal SET at = '2099-01-01T00:00:00.000000Z' WHERE seq = 1",
    "link_held": "UPDATE link SET same_person = 1",
    "requester_body_taken": _told("add_requester", "requester"),
    "requester_officer_taken": _told("add_officer", "officer"),
    "saved_view_taken": _told("save_filter", "filter"),
    "second_look_blind": "UPDATE journal SET at = '2099-01-01T00:00:00.000000Z', action = 'open_case',"
    " actor_id = {guardian} WHERE case_id = {refused}",
    "user_new_password": "UPDATE organisation SET sample = 0",
    "user_on_said": "UPDATE user SET active = 0",
    "user_said": "UPDATE organisation SET sample = 0",
    "user_own_password": "UPDATE organisation SET sample = 0",
}
"""What an attack finds changed, with every guard lifted, before it comes."""

WRITING = {
    "answer_insert_author": (copied("answer", "case_id = {draft}", field="'x'", changed_by=7), "case_author"),
    "answer_update_author": ("UPDATE answer SET changed_by = 7 WHERE case_id = {draft}", "case_author"),
    "attachment_author": (copied("attachment", case_id="{draft}", sha256="'{hash}'", added_by=7), "case_author"),
    "attachment_submitted": (copied("submission", "case_id = {issued}", number=7), "attachment WHERE submitted = 7"),
    "case_creator": (copied("cases", "id = {draft}", reference="'TR-9'", created_by=7), "case_author"),
    "cases_author": ("UPDATE cases SET family_name = 'X', changed_by = 7 WHERE id = {draft}", "case_author"),
    "finding_author": (copied("finding", "case_id = {issued}", number=7, recorded_by=7), "case_author"),
    "submission_author": (copied("submission", "case_id = {issued}", number=7, submitted_by=7), "case_author"),
    "submission_screened": (
        copied("submission", "case_id = {issued}", number=7, snapshot='\'{{"safeguarding.x": "yes"}}\''),
        "concern WHERE case_id = {issued}",
    ),
}
"""The guards that write a row of themselves: the statement that has them do so, and where the row is."""
