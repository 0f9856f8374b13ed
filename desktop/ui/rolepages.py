"""The pages of each role, and what stands in its navigation."""

from __future__ import annotations

from db.records import Role
from desktop.ui.kit.navigation import DEFAULT_ITEMS, NavigationItem

PAGES: dict[Role, tuple[str, ...]] = {
    Role.CASEWORKER: ("work", "register", "reports"),
    Role.REVIEWER: ("review", "register", "reports"),
    Role.GUARDIAN: ("review", "register", "retention", "reports", "admin"),
    Role.RECORDS_OFFICER: ("retention", "register", "reports"),
    Role.ADMINISTRATOR: ("admin", "retention", "reports"),
    Role.AUDITOR: ("register", "retention", "reports", "admin"),
}
"""The pages of each role; the first one is shown after signing in."""

_ADMIN_ALONE = {Role.AUDITOR: ("Journal", "scroll-text"), Role.GUARDIAN: ("Agreements and requesters", "book-open")}
"""What the last page is called by those who see one part of it alone."""
_NO_NAMES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def why_no_case(role: Role) -> str:
    """Why somebody of this role opens no case, "" for one that does."""
    return "Your role shows you how cases were handled, not whom they are about." if role in _NO_NAMES else ""


def items_of(role: Role) -> tuple[NavigationItem, ...]:
    """The navigation of a role, its first page first."""
    items = {item.key: item for item in DEFAULT_ITEMS}
    if role in _ADMIN_ALONE:
        items["admin"] = NavigationItem("admin", *_ADMIN_ALONE[role], items["admin"].number)
    return tuple(items[key] for key in PAGES[role])
