"""Pictures of a report as inline SVG: steps over time with the numbers at risk below them, and points with their intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Final

WIDTH: Final = 720
LEFT: Final = 64
RIGHT: Final = 24
TOP: Final = 18
PLOT: Final = 250
INK: Final = "#222"
GRID: Final = "#ddd"
COLOURS: Final = ("#00519e", "#b34700", "#6b4fa0", "#3c7a3c", "#777")
"""Told apart without colour too: each line has its own dashes."""
DASHES: Final = ("", "7 4", "2 3", "9 3 2 3", "4 4")


@dataclass(frozen=True, slots=True)
class Steps:
    """One line of a picture: its name, the days on which it steps, its values (0-1), and limits of its band, or none."""

    name: str
    days: Sequence[int]
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """What stands around a picture: title, words of the axes and of the numbers at risk, marked days, the target (0-1).

    ``percent`` is what follows a number of hundredths, as the language writes it.
    """

    title: str
    across: str
    up: str
    at_risk: str
    marks: Sequence[int]
    target: float | None
    target_word: str
    percent: str = "%"


def steps_picture(lines: Sequence[Steps], at_risk: Sequence[tuple[int, str]], last: int, axes: Axes) -> str:
    """Draw shares over time as steps, the first with its band, and the numbers at risk under the axis.

    Parameters
    ----------
    lines
        Each begins at 0 on day 0 and keeps its last value until it ends; an unknown limit (NaN) leaves a gap in the band.
    at_risk
        (day, number as it is written): where the axis has its ticks.
    last
        Last day of the axis.
    """
    most = max([0.1, axes.target or 0, *(v for line in lines for v in (*line.values, *line.high) if isfinite(v))])
    top = min(1.0, (int(most * 10) + 1) / 10)

    def x(day: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * day / last, 1)

    def y(share: float) -> float:
        return round(TOP + PLOT * (1 - share / top), 1)

    drawn = [_text(14, TOP + PLOT / 2, axes.up, "middle", f' transform="rotate(-90 14 {TOP + PLOT / 2})"')]
    for tenth in range(round(top * 10) + 1):
        if top <= 0.5 or tenth % 2 == 0:
            height = y(tenth / 10)
            drawn.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}" stroke="{GRID}"/>')
            drawn.append(_text(LEFT - 8, height + 4, f"{10 * tenth}{axes.percent}", "end"))
    for mark in axes.marks:
        drawn.append(f'<line x1="{x(mark)}" x2="{x(mark)}" y1="{TOP}" y2="{TOP + PLOT}" stroke="{INK}" stroke-dasharray="1 3"/>')
    if axes.target is not None:
        height = y(axes.target)
        drawn.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}" stroke="{INK}" stroke-dasharray="6 3"/>'
        )
        drawn.append(_text(LEFT + 6, height - 5, axes.target_word, "start"))
    for line in lines[:1]:
        drawn += [f'<path d="{area}" fill="{COLOURS[0]}" opacity="0.15"/>' for area in _bands(line, x, y)]
    for number, line in enumerate(lines):
        drawn.append(_line(line, number, x, y))
    base = TOP + PLOT
    for day, people in at_risk:
        drawn.append(f'<line x1="{x(day)}" x2="{x(day)}" y1="{base}" y2="{base + 5}" stroke="{INK}"/>')
        drawn += [_text(x(day), base + 18, str(day), "middle"), _text(x(day), base + 62, people, "middle")]
    drawn += [
        _text((LEFT + WIDTH - RIGHT) / 2, base + 34, axes.across, "middle"),
        _text(LEFT - 40, base + 48, axes.at_risk, "start"),
    ]
    legend, height = [], base + 86
    for number, line in enumerate(lines):
        legend.append(
            _stroke(f"M{LEFT} {height + 18 * number}h34", number) + _text(LEFT + 42, height + 4 + 18 * number, line.name, "start")
        )
    return _svg(axes.title, height + 18 * len(lines), [*drawn, *legend])


def _line(line: Steps, number: int, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    path = f"M{x(0)} {y(0)}" + "".join(f"H{x(day)}V{y(value)}" for day, value in zip(line.days, line.values, strict=True))
    return _stroke(path, number)


def _stroke(path: str, number: int) -> str:
    dash = f' stroke-dasharray="{DASHES[number]}"' if DASHES[number] else ""
    return f'<path d="{path}" fill="none" stroke="{COLOURS[number]}" stroke-width="2"{dash}/>'


def _bands(line: Steps, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    """Paths of the band between the limits, one for each stretch in which both are known."""
    found: list[list[tuple[float, float, float]]] = [[]]
    for day, low, high in zip(line.days, line.low, line.high, strict=False):
        if isfinite(low) and isfinite(high):
            found[-1].append((x(day), y(low), y(high)))
        elif found[-1]:
            found.append([])
    paths = []
    for stretch in (stretch for stretch in found if len(stretch) > 1):
        there = f"M{stretch[0][0]} {stretch[0][2]}" + "".join(f"H{a}V{h}" for a, _, h in stretch[1:])
        back = (
            f"V{stretch[-1][1]}"
            + "".join(f"V{low}H{a}" for a, low in ((stretch[n][0], stretch[n - 1][1]) for n in range(len(stretch) - 1, 0, -1)))
            + f"H{stretch[0][0]}Z"
        )
        paths.append(there + back)
    return paths


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a picture: its name, a number with its interval, and how it is written."""

    name: str
    value: float
    low: float
    high: float
    said: str


def intervals_picture(bars: Sequence[Bar], axes: Axes) -> str:
    """Draw shares as points with their intervals, one below the other, against the target."""
    most = max([0.1, axes.target or 0, *(n for bar in bars for n in (bar.value, bar.high) if isfinite(n))])
    top, row, left = min(1.0, (int(most * 10) + 1) / 10), 44, 24

    def x(share: float) -> float:
        return round(left + (WIDTH - left - RIGHT) * share / top, 1)

    height = TOP + row * len(bars) + 8
    drawn = []
    for tenth in range(round(top * 10) + 1):
        drawn.append(f'<line x1="{x(tenth / 10)}" x2="{x(tenth / 10)}" y1="{TOP}" y2="{height}" stroke="{GRID}"/>')
        drawn.append(_text(x(tenth / 10), height + 16, f"{10 * tenth}{axes.percent}", "middle"))
    if axes.target is not None:
        at = x(axes.target)
        drawn.append(f'<line x1="{at}" x2="{at}" y1="{TOP - 4}" y2="{height}" stroke="{INK}" stroke-dasharray="6 3"/>')
        drawn.append(_text(at + 4, TOP - 6, axes.target_word, "start"))
    for number, bar in enumerate(bars):
        middle = TOP + row * number + 30
        drawn.append(
            _text(left, middle - 12, f"{bar.name} {bar.said}", "start")
        )
        if isfinite(bar.low) and isfinite(bar.high):
            drawn.append(f'<path d="M{x(bar.low)} {middle}H{x(bar.high)}" stroke="{COLOURS[0]}" stroke-width="5" opacity="0.4"/>')
        if isfinite(bar.value):
            drawn.append(f'<circle cx="{x(bar.value)}" cy="{middle}" r="5" fill="{COLOURS[0]}"/>')
    return _svg(axes.title, height + 24, drawn)


def _text(x: float, y: float, said: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{more}>{escape(said)}</text>'


def _svg(title: str, height: float, drawn: Sequence[str]) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
    return f'{head}<title>{escape(title)}</title><g font-size="13" fill="{INK}">{"".join(drawn)}</g></svg>'
