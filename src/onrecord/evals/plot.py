"""Curves as the coordinates of small plots, for a page to draw without a script."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.types import Value

SIZE = 200.0
"""Width and height of a plot's unit square, in SVG units."""


class Mark(Value):
    """One point of a plot.

    Attributes:
        x: From the left, in SVG units.
        y: From the top, in SVG units.
        label: What a reader is told who points at it.
    """

    x: float
    y: float
    label: str


class Plot(Value):
    """A curve within the unit square.

    Attributes:
        title: What it shows.
        along: What the horizontal axis counts, 0 to 1.
        up: What the vertical axis counts, 0 to 1.
        reading: One sentence on how to read it.
        diagonal: Whether the line from corner to corner, the ideal, is drawn too.
        marks: The points, from left to right.
    """

    title: str
    along: str
    up: str
    reading: str
    diagonal: bool
    marks: tuple[Mark, ...]

    @property
    def line(self) -> str:
        """The `points` of an SVG polyline through the marks."""
        return " ".join(f"{mark.x:.1f},{mark.y:.1f}" for mark in self.marks)


def marks(points: Iterable[tuple[float, float, str]]) -> tuple[Mark, ...]:
    """Return points (x and y between 0 and 1, and a label) in the coordinates of a plot."""
    return tuple(Mark(x=x * SIZE, y=(1 - y) * SIZE, label=label) for x, y, label in points)
