"""Shapes with coordinates, and their SVG: one code for the screen and for paper.

A shape names a tone ("solid", "up", "note"), never a colour. The ink decides what a tone is:
attributes with literal colours on paper, where no stylesheet reaches into an SVG, and classes on
the screen, where light and dark differ. Coordinates are written with at most two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: str


@dataclass(frozen=True, slots=True)
class Label:
    """Text standing on the base line `y`; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    tone: str = "text"
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Trace:
    """A line through points."""

    points: Sequence[tuple[float, float]]
    tone: str


@dataclass(frozen=True, slots=True)
class Door:
    """A clear rectangle that leads somewhere when it is pressed; `name` says where."""

    x: float
    y: float
    width: float
    height: float
    url: str
    name: str


Shape = Rect | Line | Label | Trace | Door


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    shapes: Sequence[Shape] = field(default_factory=tuple)
    title: str = ""
    """What a screen reader says instead of the drawing."""


Ink = Mapping[str, str]
"""Tone → SVG attributes, ready to be written."""

PAPER: Ink = {
    "solid": 'fill="#1D3A6D"',
    "medium": 'fill="#A9B8D2"',
    "light": 'fill="#DFE6F0"',
    "up": 'fill="#A9B8D2" stroke="#5D76A3" stroke-width=".2"',
    "down": 'fill="#FFFFFF" stroke="#1D3A6D" stroke-width=".25"',
    "won": 'fill="#FFFFFF" stroke="#1D3A6D" stroke-width=".25"',
    "hatch": 'fill="#A9B8D2"',
    "break": 'fill="#FFFFFF"',
    "axis": 'stroke="#191C22" stroke-width=".2"',
    "link": 'stroke="#5A616C" stroke-width=".15" stroke-dasharray=".8 .6"',
    "limit": 'stroke="#191C22" stroke-width=".45"',
    "trace": 'fill="none" stroke="#1D3A6D" stroke-width=".45"',
    "text": 'fill="#191C22"',
    "strong": 'fill="#1D3A6D" font-weight="700"',
    "name": 'fill="#191C22"',
    "bold": 'fill="#191C22" font-weight="700"',
    "note": 'fill="#5A616C"',
    "on": 'fill="#FFFFFF" font-weight="700"',
    "small": 'fill="#5A616C"',
    "behind": 'fill="#191C22"',
    "plus": 'fill="#191C22"',
    "minus": 'fill="#191C22"',
}

SCREEN: Ink = {
    "solid": 'class="full"',
    "medium": 'class="part"',
    "light": 'class="pale"',
    "up": 'class="up"',
    "down": 'class="down"',
    "won": 'class="out" fill="url(#net)"',
    "hatch": 'class="edge" fill="url(#net)"',
    "break": 'class="cut"',
    "axis": 'class="base"',
    "link": 'class="tie"',
    "limit": 'class="goal"',
    "trace": 'class="trace"',
    "text": 'class="v"',
    "strong": 'class="tot"',
    "name": 'class="lead"',
    "bold": 'class="lead"',
    "note": "",
    "on": 'class="v"',
    "small": 'class="ax"',
    "behind": 'class="ax bad"',
    "plus": 'class="v"',
    "minus": 'class="v bad"',
}
"""Classes of the stylesheet; a page that uses it draws NET once."""

NET = Markup(
    '<svg class="net" width="0" height="0" aria-hidden="true"><defs><pattern id="net" width="5" '
    'height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" y1="0" x2="0" y2="5"/></pattern></defs></svg>'
)


def svg(drawing: Drawing, ink: Ink, unit: str = "", attributes: str = "") -> Markup:
    """`unit` "mm" fixes the size, so that one user unit is one millimetre; without it the
    drawing takes the width it is given. `attributes` goes into the tag as it is."""
    w, h = _n(drawing.width), _n(drawing.height)
    size = f'width="{w}{unit}" height="{h}{unit}"' if unit else ""
    role = "group" if any(isinstance(shape, Door) for shape in drawing.shapes) else "img"
    named = f'role="{role}"><title>{escape(drawing.title)}</title>' if drawing.title else ">"
    body = "".join(_shape(shape, ink) for shape in drawing.shapes)
    more = f" {attributes}" if attributes else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {w} {h}"{more} {named}'
    # S704: every text in it was escaped on the way in, every number was formatted here.
    return Markup(f"{head}{body}</svg>")  # noqa: S704


def _shape(shape: Shape, ink: Ink) -> str:
    if isinstance(shape, Door):
        return (
            f'<a href="{escape(shape.url)}" aria-label="{escape(shape.name)}"><rect '
            f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
            f'height="{_n(shape.height)}" class="door"/></a>'
        )
    look = ink[shape.tone]
    if isinstance(shape, Rect):
        return (
            f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
            f'height="{_n(shape.height)}" {look}/>'
        )
    if isinstance(shape, Line):
        return (
            f'<line x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" '
            f'y2="{_n(shape.y2)}" {look}/>'
        )
    if isinstance(shape, Trace):
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return f'<polyline points="{points}" {look}/>'
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" '
        f'text-anchor="{shape.anchor}" {look}>{escape(shape.text)}</text>'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
