"""Heights on a grid as a picture of coloured bands, for the ground of a figure that plays.

Plotly takes every trace away that cannot be animated as soon as another one is; a picture stays.
"""

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FINENESS = 7  # pixels a cell of the grid
LINE = (255, 255, 255)  # between two bands
Scale = Sequence[tuple[float, str]]


def banded_picture(heights: Array, lowest: float, highest: float, bands: int, scale: Scale) -> str:
    """A data URI of a PNG, the first row of heights at its foot; transparent where a height is not finite.

    bands: so many of equal height from `lowest` to `highest`; scale: colours "#rrggbb" by place from 0 to 1
    """
    fine = _between(_between(heights).T).T[::-1]
    known = np.isfinite(fine)
    share = np.where(known, fine - lowest, 0.0) / ((highest - lowest) or 1.0)
    band = np.clip((share * bands).astype(int), 0, bands - 1)
    lines = np.zeros(band.shape, dtype=bool)
    lines[:, :-1] |= band[:, 1:] != band[:, :-1]
    lines[:-1] |= band[1:] != band[:-1]
    pixels = np.where(known, np.where(lines, bands, band), bands + 1).astype(np.uint8)
    places = np.linspace(0.0, 1.0, bands)
    stops = [at for at, _ in scale]
    red, green, blue = zip(*(bytes.fromhex(colour[1:]) for _, colour in scale), strict=True)
    colours = np.stack([np.interp(places, stops, channel) for channel in (red, green, blue)], axis=-1).round()
    palette = [*colours.astype(int).tolist(), LINE, (0, 0, 0)]
    return "data:image/png;base64," + base64.b64encode(_png(pixels, palette)).decode()


def _between(values: Array) -> Array:
    """Rows and, between each two of them, further ones on the straight line."""
    at = np.linspace(0.0, len(values) - 1, (len(values) - 1) * FINENESS + 1)
    low = np.minimum(at.astype(int), len(values) - 2)
    part = (at - low)[:, None]
    return np.asarray(values[low] * (1 - part) + values[low + 1] * part)


def _png(pixels: NDArray[np.uint8], palette: Sequence[Sequence[int]]) -> bytes:
    """A PNG of palette numbers, the last of which is transparent (W3C, PNG specification, third edition)."""
    rows, columns = pixels.shape
    scanlines = np.concatenate([np.zeros((rows, 1), dtype=np.uint8), pixels], axis=1).tobytes()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(part for colour in palette for part in colour)),
        (b"tRNS", bytes([255] * (len(palette) - 1) + [0])),
        (b"IDAT", zlib.compress(scanlines, 6)),
        (b"IEND", b""),
    )
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
