"""The tokens can be read, and the theme follows what is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.settings import TEXT_SCALES
from desktop.ui.icons import OUTCOME_ICONS, ROLE_ICONS, STATE_ICONS
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.text import Text
from desktop.ui.theme import SCHEMES, Theme, current_theme
from desktop.ui.tokens import PALETTES, TYPE
from resources import resource

GROUNDS = ("chrome", "canvas", "surface", "sunken", "hover", "selected")
WORDS = ("text", "text-2", "text-3", "accent", "green", "amber", "red", "violet", "grey")
TINTED = ("green", "amber", "red", "violet", "grey")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(palette: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """(ink, ground, least ratio) for every ink on every ground that it may stand on."""
    for ground in GROUNDS:
        for ink in WORDS:
            yield ink, ground, 4.5
        yield "edge", ground, 3.0
        yield "focus", ground, 3.0
    for colour in TINTED:
        yield colour, f"{colour}-tint", 4.5
        yield "text", f"{colour}-tint", 4.5
    yield "on-accent", "accent", 4.5
    yield "on-accent", "accent-hover", 4.5
    yield "surface", "text", 4.5
    yield "surface", "text-2", 4.5
    yield "surface", "red", 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", PALETTES)
def test_words_edges_and_rings_can_be_seen(name: str) -> None:
    palette = PALETTES[name]
    weak = [
        f"{ink} on {ground}: {contrast(palette[ink], palette[ground]):.2f}"
        for ink, ground, least in pairs(palette)
        if contrast(palette[ink], palette[ground]) < least
    ]
    assert not weak


def test_every_palette_has_every_token() -> None:
    assert {frozenset(palette) for palette in PALETTES.values()} == {frozenset(PALETTES["light"])}


def test_every_icon_that_is_named_is_shipped() -> None:
    for name in (*STATE_ICONS.values(), *OUTCOME_ICONS.values(), *ROLE_ICONS.values()):
        assert resource("icons", f"{name}.svg").is_file(), name


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if scheme != "system"])
def test_a_chosen_palette_is_used_everywhere(theme: Theme, qapp: QApplication, scheme: str) -> None:
    theme.set_scheme("light" if scheme == "dark" else "dark")
    seen: list[str] = []
    theme.changed.connect(lambda: seen.append(theme.effective))
    theme.set_scheme(scheme)
    assert seen == [scheme]
    assert qapp.palette().window().color() == QColor(PALETTES[scheme]["canvas"])
    assert theme.hex("text") == PALETTES[scheme]["text"]


def test_an_unknown_palette_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="sepia"):
        theme.set_scheme("sepia")


@pytest.mark.parametrize(("asked", "kept"), [(50, 100), (150, 150), (200, 200), (900, 200)])
def test_all_sizes_follow_the_text(theme: Theme, asked: int, kept: int) -> None:
    theme.set_text_scale(asked)
    assert theme.text_scale == kept
    assert theme.px(32) == round(32 * kept / 100)
    for style, step in TYPE.items():
        assert theme.font(style).pixelSize() == round(step.size * kept / 100)


def test_inter_comes_with_the_desk_in_its_three_weights(theme: Theme) -> None:
    for style in ("body", "label", "strong"):
        info = QFontInfo(theme.font(style))
        assert info.family() == "Inter"
        assert info.weight() == TYPE[style].weight


def test_figures_are_as_wide_as_each_other(theme: Theme) -> None:
    metrics = theme.metrics("body")
    assert metrics.horizontalAdvance("1111111111") == metrics.horizontalAdvance("8888888888")


def test_the_theme_is_found_on_the_application(theme: Theme) -> None:
    assert current_theme() is theme


def test_icons_are_drawn_in_the_colour_asked_for(theme: Theme) -> None:
    image = theme.pixmap("check", "red", 32).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 250
    ]
    assert inked
    assert {colour.name().upper() for colour in inked} == {theme.hex("red")}


def test_text_is_shown_as_typed_and_never_as_markup(theme: Theme, qtbot: QtBot) -> None:
    hostile = "<b>O’Brien & Sons</b> <img src=x>"
    text = Text(hostile, wrap=True)
    qtbot.addWidget(text)
    assert text.textFormat() == QLabel().textFormat().PlainText
    assert text.text() == hostile


def test_wrapped_text_is_whole_lines_high(theme: Theme, qtbot: QtBot) -> None:
    text = Text("One word after another, until the line is full and more are needed. " * 3, wrap=True)
    qtbot.addWidget(text)
    high = text.heightForWidth(200)
    assert high % theme.line("body") == 0
    assert high > 3 * theme.line("body")
    assert text.heightForWidth(400) < high


def made(theme: Theme) -> tuple[QWidget, QVBoxLayout, list[QLayout]]:
    """A page as the desk makes them: measured once, with a row in it that has the gap of the column around it."""
    page = QWidget()
    inner = QWidget(page)
    column = QVBoxLayout(inner)
    column.setContentsMargins(theme.px(24), 1, theme.px(7), theme.px(3))
    column.setSpacing(theme.px(12))
    row, own, flow, grid = QHBoxLayout(), QHBoxLayout(), Flow(gap=theme.px(9)), QGridLayout()
    own.setSpacing(theme.px(5))
    grid.setHorizontalSpacing(theme.px(24))
    grid.setVerticalSpacing(theme.px(2))
    grid.setColumnMinimumWidth(0, theme.px(92))
    column.addSpacing(theme.px(11))
    for one in (row, own, flow, grid):
        column.addLayout(one)
    label = QLabel("Who asked")
    label.setFixedWidth(theme.px(101))
    label.setMaximumHeight(theme.px(77))
    row.addWidget(label)
    return page, column, [row, own, flow, grid]


def measures(page: QWidget, column: QVBoxLayout, inner: list[QLayout]) -> list[object]:
    """What was measured when it was made."""
    grid, label, air = inner[3], page.findChild(QLabel), column.itemAt(0)
    assert isinstance(grid, QGridLayout)
    assert label is not None
    assert air is not None
    return [
        column.contentsMargins().left(),
        column.contentsMargins().top(),
        column.contentsMargins().right(),
        column.contentsMargins().bottom(),
        column.spacing(),
        air.sizeHint().height(),
        *(one.spacing() for one in inner[:3]),
        grid.horizontalSpacing(),
        grid.verticalSpacing(),
        grid.columnMinimumWidth(0),
        label.minimumWidth(),
        label.maximumWidth(),
        label.minimumHeight(),
        label.maximumHeight(),
    ]


def test_what_was_measured_before_follows_the_size_of_text(qtbot: QtBot, theme: Theme) -> None:
    kept = made(theme)
    qtbot.addWidget(kept[0])
    first = measures(*kept)
    for scale in (*TEXT_SCALES[1:], *TEXT_SCALES[-2::-1]):
        theme.set_text_scale(scale)
        anew = made(theme)
        qtbot.addWidget(anew[0])
        assert measures(*kept) == measures(*anew), scale
    assert measures(*kept) == first


def test_words_that_are_out_of_sight_grow_with_the_others(qtbot: QtBot, theme: Theme) -> None:
    """A new style sheet takes the font of whatever was never shown."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    spare = QWidget()
    title = Text("My work", "title", parent=spare)
    title.ensurePolished()
    theme.set_text_scale(200)
    column.addWidget(spare)
    window.show()
    qtbot.waitExposed(window)
    assert title.font().pixelSize() == theme.font("title").pixelSize() == 48
