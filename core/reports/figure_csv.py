"""Everything that one figure plots, as a table of a row a point: the name of its trace, x, y, and z of a surface.

And any other table, with all the digits of its numbers.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.units import Words
from core.reports.plotted_csv import spreadsheet_cell

Point = tuple[str, Any, Any, Any]


def figure_csv(figure: go.Figure, words: Words) -> bytes:
    """CSV with the mark that tells Excel how it is written. The column z stands only where something has one."""
    points = [point for trace in figure.data for point in _points(trace)]
    columns = [words("Series"), "x", "y", *(["z"] if any(point[3] is not None for point in points) else [])]
    return table_csv(columns, points)


def table_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """CSV of so many columns of each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(cell) for cell in row[: len(columns)]] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _points(trace: Any) -> Iterator[Point]:
    """The points of one trace; one without an x or a y, as a bar by its place, gets its place."""
    name = trace.name or ""
    if getattr(trace, "z", None) is not None and np.ndim(trace.z) == 2:
        yield from _grid(trace, name)
        return
    x, y = getattr(trace, "x", None), getattr(trace, "y", None)
    z = getattr(trace, "z", None)
    count = max(len(axis) for axis in (x, y, ()) if axis is not None)
    for at in range(count):
        across, up, height = (None if axis is None else axis[at] for axis in (x, y, z))
        yield name, at if x is None else across, at if y is None else up, height


def _grid(trace: Any, name: str) -> Iterator[Point]:
    """A heat map, a contour plot or a surface: z has a row for each y; a surface may have x and y of its own shape."""
    heights = np.asarray(trace.z)
    rows, columns = heights.shape
    x = np.arange(columns) if trace.x is None else np.asarray(trace.x)
    y = np.arange(rows) if trace.y is None else np.asarray(trace.y)
    for row in range(rows):
        for column in range(columns):
            across = x[column] if x.ndim == 1 else x[row, column]
            up = y[row] if y.ndim == 1 else y[row, column]
            yield name, across, up, heights[row, column]


def _cell(value: Any) -> object:
    """Numbers with all their digits; nothing for what is missing."""
    if isinstance(value, int | float | np.number):
        return repr(float(value)) if np.isfinite(value) else ("" if np.isnan(value) else str(float(value)))
    return "" if value is None else spreadsheet_cell(str(value).replace("<br>", " "))
