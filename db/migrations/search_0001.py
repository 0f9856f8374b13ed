"""The full-text index (revision 0001): FTS5 with its own secure-delete, so that erased words leave its pages too."""

from __future__ import annotations

STATEMENTS = (
    (
        "CREATE VIRTUAL TABLE search USING fts5(reference, names, born, numbers, requester_reference,"
        ' tokenize = "unicode61 remove_diacritics 2", prefix = "2 3")'
    ),
    "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
)
