"""The style sheet for what Qt draws itself: fields, combos, scroll bars, menus, tables, tooltips."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

_SHEET = Template("""
QToolTip { background: $text; color: $surface; border: 1px solid $text; padding: ${p6}px ${p8}px; }
QLineEdit, QPlainTextEdit, QComboBox {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: ${corner}px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $text3; }
QLineEdit { padding: 0 ${p8}px; min-height: ${p30}px; }
QPlainTextEdit { padding: ${p3}px ${p6}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $focus; }
QLineEdit:focus { padding: 0 ${in8}px; min-height: ${p28}px; }
QPlainTextEdit:focus { padding: ${in3}px ${in6}px; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] { border: 2px solid $red; }
QLineEdit[problem="true"] { padding: 0 ${in8}px; min-height: ${p28}px; }
QPlainTextEdit[problem="true"] { padding: ${in3}px ${in6}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $text3; border-color: $line; }
QComboBox { padding: 0 ${p4}px 0 ${p10}px; min-height: ${p30}px; }
QComboBox:focus, QComboBox[problem="true"] { padding: 0 ${in4}px 0 ${in10}px; min-height: ${p28}px; }
QComboBox::drop-down { border: 0; width: ${p28}px; subcontrol-position: center right; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView {
  background: $surface; color: $text; border: 1px solid $edge; outline: 0; padding: ${p4}px;
  selection-background-color: $selected; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: ${p28}px; padding: 0 ${p6}px; border-radius: ${key}px; }
QComboBox QAbstractItemView::item:hover { background: $hover; color: $text; }
QComboBox QAbstractItemView::item:selected { background: $selected; color: $text; }
QMenu { background: $surface; color: $text; border: 1px solid $edge; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p24}px ${p6}px ${p12}px; border-radius: ${key}px; }
QMenu::icon { padding-left: ${p10}px; }
QMenu::item:selected { background: $hover; color: $text; }
QMenu::item:disabled { color: $text3; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px 0; }
QScrollArea, QScrollArea > QWidget > QWidget[scrollBody="true"] { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: ${p3}px; margin: ${p3}px; }
QScrollBar::handle:vertical { min-height: ${p32}px; }
QScrollBar::handle:horizontal { min-width: ${p32}px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
  background: $surface; border: 1px solid $edge; border-radius: ${p4}px; min-height: ${p6}px; max-height: ${p6}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }
QAbstractScrollArea::corner { background: transparent; }
QTableView, QListView, QTreeView {
  background: $surface; color: $text; border: 0; outline: 0;
  selection-background-color: $selected; selection-color: $text; gridline-color: $line; }
QHeaderView { background: $sunken; border: 0; }
QHeaderView::section {
  background: $sunken; color: $text2; border: 0; border-bottom: 1px solid $line; padding: 0 ${p8}px; }
""")

_SIZES = (3, 4, 6, 8, 10, 12, 16, 24, 27, 28, 30, 32)


def style_sheet(colour: Callable[[str], str], px: Callable[[float], int], corner: int) -> str:
    """The style sheet in these colours and sizes."""
    colours = {
        name.replace("-", "_"): colour(name)
        for name in ("surface", "sunken", "hover", "selected", "line", "edge", "text", "accent", "on-accent")
    }
    sizes = {f"p{size}": str(px(size)) for size in _SIZES}
    # Inside a line of two pixels, which is one more at every size of text: words stay where they are.
    sizes |= {f"in{size}": str(px(size) - 1) for size in _SIZES}
    return _SHEET.substitute(
        colours,
        **sizes,
        focus=colour("focus"),
        red=colour("red"),
        text2=colour("text-2"),
        text3=colour("text-3"),
        corner=str(px(corner)),
        key=str(px(4)),
    )
