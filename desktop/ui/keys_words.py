"""Every key of the desk in words, as the windows have them."""

from __future__ import annotations

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Everywhere",
        (
            ("Ctrl+K", "Search"),
            ("Ctrl+1 to Ctrl+6", "My work, Review queue, Register, Retention, Reports, Administration"),
            ("Ctrl+N", "New request"),
            ("F6, Shift+F6", "Next, previous pane"),
            ("Ctrl+B", "Wide or narrow navigation"),
            ("Alt+Left", "Back"),
            ("Ctrl+W", "Close the case"),
            ("Ctrl+Plus, Ctrl+Minus, Ctrl+0", "Text size"),
            ("Ctrl+Shift+L", "Lock"),
            ("F1", "Help"),
            ("Ctrl+/", "All keys"),
            ("Ctrl+Q", "Quit"),
            ("Esc", "Cancel"),
        ),
    ),
    (
        "Lists",
        (
            ("Arrows, Home, End", "Move"),
            ("Enter", "Open"),
            ("Space", "Tick, fold or preview"),
            ("Ctrl+F", "Filter"),
            ("Ctrl+Shift+F", "Clear the filters"),
            ("Ctrl+Shift+C", "Copy the reference"),
            ("Ctrl+Shift+X", "Save my work as a calendar"),
            ("Ctrl+Shift+I", "Issue many letters of my work"),
            ("Shift+F10", "Menu"),
        ),
    ),
    (
        "Case",
        (
            ("Ctrl+PgUp, Ctrl+PgDn", "Previous, next section"),
            ("Ctrl+Enter", "The main button"),
            ("F8, Shift+F8", "Next, previous problem"),
            ("Ctrl+Shift+D", "Why this date"),
            ("Ctrl+G", "Agreement"),
            ("Ctrl+R", "Earlier requests"),
            ("Ctrl+Shift+A", "Check answers"),
            ("Ctrl+L", "Letter"),
            ("Ctrl+Shift+H", "History"),
        ),
    ),
    (
        "Criteria",
        (
            ("Alt+1", "Met"),
            ("Alt+2", "Not met"),
            ("Alt+3", "Not applicable"),
            ("Alt+4", "Can’t tell"),
            ("F4", "Next without an answer"),
        ),
    ),
    (
        "Review",
        (
            ("Ctrl+J", "Next case"),
            ("Alt+A", "Agree"),
            ("Alt+D", "Disagree"),
            ("Ctrl+Shift+W", "What changed"),
            ("Alt+P, Alt+R, Alt+J", "Choose approve, refuse, reject"),
            ("Alt+B, Alt+E", "Choose send back, escalate"),
            ("Ctrl+Enter", "Do it"),
        ),
    ),
    (
        "Letter",
        (
            ("PgUp, PgDn", "Previous, next page"),
            ("Ctrl+Shift+G", "Large print"),
            ("Ctrl+Enter", "Issue"),
            ("Ctrl+P", "Print"),
            ("Ctrl+S", "Save a copy"),
            ("Ctrl+E", "Prepare an e-mail"),
            ("Ctrl+M", "Mark as sent"),
        ),
    ),
    (
        "Retention",
        (
            ("Ctrl+Shift+P", "Destroy or keep what is due"),
            ("Ctrl+Shift+K", "There: keep longer"),
            ("Ctrl+Enter", "Approve the run"),
            ("Ctrl+Shift+T", "Save the certificate"),
            ("Ctrl+Shift+O", "Place a hold"),
            ("Ctrl+Shift+R", "Propose the release of the hold, or release it"),
        ),
    ),
    (
        "Reports",
        (
            ("Arrows, Home, End", "From figure to figure"),
            ("Enter, Space", "The cases behind a figure"),
            ("Ctrl+PgUp, Ctrl+PgDn", "Previous, next period"),
            ("Ctrl+Enter", "Publish or save"),
            ("Esc", "Stop counting"),
        ),
    ),
)
