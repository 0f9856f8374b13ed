"""A store that a restore replaces beside the backup that takes its place: what each says, and in what they differ.
SQLite alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from db.erasures import ERASED, ERASED_CASE_KEY, case_key, hashes_of
from db.migrations import whole_schema
from db.migrations.conditions_0017 import months_on
from db.migrations.conditions_0032 import london_day, timers
from db.migrations.conditions_0044 import person, stands_over
from db.records import State

OF_RUNS = tuple(one.name for one in whole_schema().sorted_tables if "run_id" in one.columns)
"""The tables of what became of a disposal run."""
READ = frozenset({
    "agreement_text", "cases", "disposal_run", "hold", "hold_step", "identifier", "journal", "letter",
    "letter_event", "link", "meta", "policy_change", "publication", "relation", "retention", "retention_change",
    "retention_event", "sqlite_sequence", "user", *OF_RUNS,
})  # fmt: skip
"""The tables that a restore reads in the store that it replaces: those of which damage is looked past, and told."""


Hold = tuple[frozenset[str], str, str]
"""A hold, whatever its number: the references of the cases that it names, when it was placed and by what authority."""


class Replaced:
    """A store or a backup through a driver connection, which it only reads: first of all the one that is replaced.

    `unread`: the tables of which some rows cannot be read, and are not here.
    """

    def __init__(self, raw: Any, unread: frozenset[str] = frozenset()) -> None:
        self._raw = raw
        self.unread = unread
        self._tables = {row["name"] for row in self._ask("SELECT name FROM sqlite_master WHERE type = 'table'")}
        # SQLite's own table of numbers has no other that could stand before it.
        self._tables -= unread & {"sqlite_sequence"}

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        found = self._raw.execute(sql, values)
        names = [one[0] for one in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def rows(self, table: str, rest: str = "", values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a table as the file has them; none where an earlier program made no such table."""
        if table not in self._tables:
            return []
        return self._ask(f'SELECT * FROM "{table}" {rest}', values)

    def whole(self) -> frozenset[str]:
        """The references of the cases that it holds in full."""
        return frozenset(self._whole().values())

    def _whole(self) -> dict[int, str]:
        rows = self._ask("SELECT id, reference FROM cases WHERE state <> 'destroyed'")
        return {row["id"]: row["reference"] for row in rows}

    def open_cases(self) -> frozenset[str]:
        """The references of its cases that are not closed."""
        rows = self.rows("cases", "WHERE state NOT IN ('issued', 'withdrawn', 'destroyed')")
        return frozenset(row["reference"] for row in rows)

    @cached_property
    def references(self) -> dict[int, str]:
        """The references of all its cases by their numbers, as far as they can be read."""
        return {row["id"]: row["reference"] for row in self.rows("cases")}

    @cached_property
    def covered(self) -> dict[int, frozenset[str]]:
        """The standing holds by their numbers, and the references of the whole cases that each stands over.

        Of a copy of the holds, those on a person.
        """
        if "cover" in self._tables:
            query = "SELECT hold_id AS id, reference FROM cover JOIN cases ON cases.id = case_id"
            over = {row["hold_id"] for row in self.rows("hold_step", "WHERE step = 'release'")}
            return self._by_hold([row for row in self._ask(query) if row["id"] not in over])
        if "hold" not in self._tables or "identifier" not in self._tables:
            return {}
        query = f"SELECT hold.id, cases.reference FROM hold JOIN cases ON {stands_over('cases')}"
        return self._by_hold(self._ask(f"{query} WHERE cases.state <> 'destroyed'"))

    def _by_hold(self, rows: Sequence[Mapping[str, Any]]) -> dict[int, frozenset[str]]:
        found: dict[int, set[str]] = {}
        for row in rows:
            found.setdefault(row["id"], set()).add(row["reference"])
        return {number: frozenset(cases) for number, cases in found.items()}

    def about_one(self, reference: str) -> frozenset[str]:
        """The references of the cases about the person of this one, and its own; none where it is not here."""
        query = "SELECT cases.reference FROM cases JOIN cases AS named ON named.reference = ? WHERE cases.id IN"
        rows = self._ask(f"{query} ({person('named.id')})", (reference,))
        return frozenset(row["reference"] for row in rows)

    def linked(self, reference: str) -> frozenset[str]:
        """The references of the cases that somebody linked to this one as being about one person."""
        pairs = [_named(self, row, *_ENDS) for row in self.rows("link", "WHERE same_person")]
        return frozenset[str]().union(*(pair for pair in pairs if reference in pair))

    def held(self, over: frozenset[Hold] = frozenset()) -> frozenset[str]:
        """The references of the whole cases over which a hold stands, and that is not `over` by what another knows."""
        return frozenset[str]().union(
            *(cases for number, cases in self.covered.items() if self.holds[number] not in over)
        )

    @cached_property
    def holds(self) -> dict[int, Hold]:
        """The holds by their numbers."""
        return {
            row["id"]: (_named(self, row, "case_id", "person_of"), row["placed_at"], row["authority"])
            for row in self.rows("hold")
        }

    def released(self) -> frozenset[Hold]:
        """The holds that it knows to be released."""
        numbers = (row["hold_id"] for row in self.rows("hold_step", "WHERE step = 'release'"))
        return frozenset(self.holds[one] for one in numbers if one in self.holds)

    def knowingly(self, of_cases: frozenset[bytes]) -> frozenset[str]:
        """The references of the cases that it holds in full though it keeps the hashes of an erasure list for them.

        `of_cases`: as of ``case_keys``.
        """
        kept = {row["key"].removeprefix(ERASED) for row in self.rows("meta", f"WHERE key LIKE '{ERASED}%'")}
        return frozenset(one for one in self.whole() if kept & hashes_of(one, of_cases)) if kept else frozenset()

    def hash_at(self, seq: int) -> str | None:
        """The hash of an entry of its journal."""
        return next((str(row["hash"]) for row in self.rows("journal", "WHERE seq = ?", (seq,))), None)

    def last_until(self, seq: int) -> int:
        """The last entry of its journal that it has up to this one; 0 for none."""
        return int(self._ask("SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE seq <= ?", (seq,))[0]["seq"])

    def entries_after(self, seq: int) -> int:
        """How many entries of its journal follow this one."""
        return int(self._ask("SELECT COUNT(*) AS many FROM journal WHERE seq > ?", (seq,))[0]["many"])

    def head(self) -> tuple[int, str]:
        """The last entry of its journal."""
        rows = self.rows("journal", "ORDER BY seq DESC LIMIT 1")
        return (int(rows[0]["seq"]), str(rows[0]["hash"])) if rows else (0, "")

    def due(self) -> dict[str, str]:
        """The references of its closed cases to the days on which they are due for review."""
        cases = self._whole()
        if "retention_event" in self._tables:
            rows = self._ask(timers())
        else:
            # Before revision 0017 no timer had a trigger.
            rows = [*self.rows("retention"), *self.rows("retention_change", "ORDER BY id")]
        return {cases[row["case_id"]]: row["due_on"] for row in rows if row["case_id"] in cases}

    def due_if_closed(self, at: str) -> dict[str, str]:
        """The references of its closed cases to the days on which they would be due if they were closed at a moment."""
        if "retention_event" not in self._tables:
            return {}
        query = (
            f"SELECT reference, {months_on('now.day', 'retention.months')} AS day FROM retention"
            f" JOIN cases ON cases.id = case_id JOIN (SELECT {london_day('at')} AS day FROM (SELECT ? AS at)) AS now"
            " WHERE state IN ('issued', 'withdrawn') AND retention.months IS NOT NULL"
        )
        return {row["reference"]: row["day"] for row in self._ask(query, (at,))}


def case_keys(keys: Sequence[bytes], *several: Replaced) -> frozenset[bytes]:
    """The keys of cases under which erasure lists may have been written: of these keys of a store, and of the earlier
    ones of which these know.
    """
    rows = [row for one in several for row in one.rows("meta", f"WHERE key LIKE '{ERASED_CASE_KEY}%'")]
    return frozenset((*map(case_key, keys), *(bytes.fromhex(row["value"]) for row in rows)))


def agreeing(one: Replaced, other: Replaced) -> int:
    """The number of entries with which both journals begin: a chain that agrees at one entry agrees before it. Of one
    that cannot be read, those around it tell.
    """
    low, high = 0, min(one.head()[0], other.head()[0])
    while low < high:
        middle = (low + high + 1) // 2
        both = _in_both(one, other, middle)
        if both <= low or one.hash_at(both) == other.hash_at(both):
            low = middle
        else:
            high = both - 1
    return low


def _in_both(one: Replaced, other: Replaced, seq: int) -> int:
    """The last entry that both journals have up to this one; 0 for none."""
    while (here := one.last_until(seq)) != (there := other.last_until(seq)):
        seq = min(here, there)
    return here


def later(old: Replaced, other: Replaced) -> dict[str, str]:
    """The references of the cases that are due later in the replaced store than here, to the days of there. What was
    reopened since has none there: it counts as if it had been closed when somebody did something there last.
    """
    here, reopened = other.due(), old.open_cases()
    last = next((row["at"] for row in old.rows("journal", "ORDER BY seq DESC LIMIT 1")), "")
    there = {one: day for one, day in other.due_if_closed(last).items() if day and one in reopened} | old.due()
    return {reference: day for reference, day in there.items() if day > here.get(reference, day)}


def new_cases(old: Replaced, backup: Replaced) -> tuple[list[str], list[str], list[str]]:
    """References of cases that the backup does not have, has in an earlier form, and has though they were destroyed."""
    there = {row["reference"]: row for row in backup.rows("cases")}
    lost, older, erased = [], [], []
    for row in old.rows("cases", "ORDER BY id"):
        was = there.get(row["reference"])
        if was is None:
            lost.append(row["reference"])
        elif row["state"] == State.DESTROYED.value:
            if was["state"] != State.DESTROYED.value and was["created_at"] == row["created_at"]:
                erased.append(row["reference"])
        elif was["version"] != row["version"] or was["changed_at"] != row["changed_at"]:
            older.append(row["reference"])
    return lost, older, erased


def listed_in(
    backup: Replaced,
    others: Sequence[Replaced],
    hashes: frozenset[str],
    of_cases: frozenset[bytes],
    knowing: frozenset[str],
) -> tuple[frozenset[str], frozenset[str]]:
    """The references of cases of a backup that an erasure list has and that go again, and of those that stay: a hold
    stands over them, a store knew the list and kept them, or one of the others knows another case that was destroyed
    under the reference.

    `of_cases`: as of ``case_keys``. `knowing`: the cases that the backup kept ``knowingly``, before it took over any
    hash from another store.
    """
    found = frozenset(one for one in backup.whole() if hashes & hashes_of(one, of_cases))
    if not found:
        return found, found
    # A restore takes over that a hold is released, as it does that one stands.
    over = frozenset[Hold]().union(*(each.released() for each in (backup, *others)))
    stay = {*knowing, *backup.held(over)}
    stay |= {one for each in others for one in (*each.held(over), *each.knowingly(of_cases))}
    stay |= {one for each in others for one in _other_cases(each, backup)}
    return found - stay, found & stay


def _other_cases(old: Replaced, backup: Replaced) -> frozenset[str]:
    """The references under which each has a case of its own: they were not made at one moment."""
    made = {row["reference"]: row["created_at"] for row in backup.rows("cases")}
    return frozenset(
        row["reference"]
        for row in old.rows("cases")
        if row.get("created_at") and made.get(row["reference"], row["created_at"]) != row["created_at"]
    )


def new_holds(backup: Replaced, *others: Replaced) -> int:
    """How many holds, steps towards their release, and links of cases that the backup has, the others know together and
    the backup does not.
    """
    here = {row["reference"] for row in backup.rows("cases")}
    said = set[tuple[Any, ...]]().union(*map(_said, others)) - _said(backup)
    last = _last_links(backup)
    linked = [pair for pair, at in _last_links(*others).items() if at > last.get(pair, "")]
    return sum(cases <= here for cases in (*(cases for cases, *_ in said), *linked))


def narrowed(backup: Replaced, *others: Replaced) -> frozenset[str]:
    """The references of the cases over which a hold on a person stands in one of the others, and would not in the
    backup: it lacks the case that the hold names, or what joins them to it.
    """
    found = set[str]()
    for one in others:
        for row in one.rows("hold", "WHERE person_of IS NOT NULL"):
            if cases := one.covered.get(row["id"], frozenset()) & backup.whole():
                named = one.references.get(row["person_of"], "")
                joined = backup.about_one(named)
                found |= cases - joined - (one.linked(named) if joined else frozenset())
    return frozenset(found)


def _named(one: Replaced, row: Mapping[str, Any], *columns: str) -> frozenset[str]:
    """The references of the cases that a row names; "", which no case has, for one that cannot be read."""
    names = one.references
    return frozenset(names.get(row[column], "") for column in columns if row[column] is not None)


def _said(one: Replaced) -> set[tuple[Any, ...]]:
    cases = {number: hold[0] for number, hold in one.holds.items()}
    return {
        *one.holds.values(),
        *((cases.get(row["hold_id"], _NO_CASE), row["taken_at"], row["step"]) for row in one.rows("hold_step")),
        *(
            (_named(one, row, *_ENDS), row["linked_at"], row["kind"], row["unlinked_at"])
            for row in one.rows("relation")
        ),
    }


_ENDS = ("case_id", "other_id")
_NO_CASE = frozenset({""})


def _last_links(*several: Replaced) -> dict[frozenset[str], str]:
    """When it was last said of two cases whether they are about one person."""
    found: dict[frozenset[str], str] = {}
    for one in several:
        for row in one.rows("link"):
            pair = _named(one, row, *_ENDS)
            found[pair] = max(found.get(pair, ""), str(row["linked_at"]))
    return found
