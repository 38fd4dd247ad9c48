"""What underwriters are paid by the size of a US offering, as published, and a proposal from it."""

from dataclasses import dataclass
from fractions import Fraction

from core.tables import Source, load_table


@dataclass(frozen=True)
class SpreadBand:
    """Offerings whose gross, over-allotment left out, lies in [gross_from_usd, gross_below_usd).

    spread_rate: what to propose; lowest_rate, highest_rate: what else is paid in the band
    """

    gross_from_usd: float
    gross_below_usd: float | None
    spread_rate: float
    lowest_rate: float
    highest_rate: float
    source: Source


def underwriting_spreads() -> tuple[SpreadBand, ...]:
    """All bands, smallest first."""
    return load_table("underwriting_spreads", SpreadBand)


def spread_band(gross_usd: Fraction) -> SpreadBand | None:
    """The band of an offering of that size, None below the smallest that figures are published for."""
    bands = [band for band in underwriting_spreads() if band.gross_from_usd <= gross_usd]
    return bands[-1] if bands else None


def proposed_spread(gross_usd: Fraction) -> Fraction | None:
    """The band's spread as an exact fraction."""
    band = spread_band(gross_usd)
    return None if band is None else Fraction(str(band.spread_rate))
