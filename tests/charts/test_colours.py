"""Colours that the colour-blind can tell apart and that are seen on both grounds."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from core.charts.colours import HITS, MISTAKES, NEUTRAL, SERIES, area, bar, between, places, readable_on
from tests.colour_vision import VISIONS, ciede2000, contrast, difference

ROOT = Path(__file__).resolve().parents[2]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
GROUNDS = (THEME["light"]["backgroundColor"], THEME["dark"]["backgroundColor"])
SEEN = 3.0  # WCAG 2.2, success criterion 1.4.11: graphical objects
APART = 10.0  # CIEDE2000: ten times what can just be seen


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0000, 2.6772, -79.7751), (50.0000, 0.0000, -82.7485), 2.0425),
        ((50.0000, 2.5000, 0.0000), (73.0000, 25.0000, -18.0000), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_gives_the_papers_own_figures(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    """Sharma, Wu & Dalal 2005, table 1, pairs 1, 17, 25 and 34."""
    assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=5e-5)


def test_contrast_is_wcags() -> None:
    """WCAG 2.2: black on white has 21; #767676 is its well-known grey that just passes 4.5 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scale", [HITS, MISTAKES])
def test_a_number_on_any_shade_of_a_scale_is_readable(scale: tuple[tuple[float, str], ...]) -> None:
    """WCAG 2.2, 1.4.3: 4.5 for text of this size; black or white reach it on every colour."""
    shades = [between(scale, share / 100) for share in range(101)]
    assert [shade for shade in shades if contrast(readable_on(shade), shade) < 4.5] == []
    assert (shades[0], shades[-1]) == (scale[0][1], scale[1][1])


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_series_is_seen_on_both_grounds(ground: str) -> None:
    assert {colour: contrast(colour, ground) for colour in (*SERIES, NEUTRAL) if contrast(colour, ground) < SEEN} == {}


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_series_look_different_to_everybody(vision: str) -> None:
    alike = {
        pair: difference(*pair, vision)
        for pair in itertools.combinations(SERIES, 2)
        if difference(*pair, vision) < APART
    }
    assert alike == {}


def test_areas_are_filled_whole_so_that_their_colours_are_those_above() -> None:
    """A veil of half a colour had 1.5 on the dark ground, where every colour of SERIES has 3."""
    assert [area(place)["fillcolor"] for place in range(len(SERIES))] == list(SERIES)


def test_the_eleventh_area_is_the_first_with_a_hatch() -> None:
    """Zhipu has eleven owners; ten is what the theme has colours for."""
    looks = [(area(place)["fillcolor"], area(place)["fillpattern"].get("shape")) for place in range(30)]
    assert len(set(looks)) == 30
    assert looks[10] == (SERIES[0], "/")
    assert bar(10)["marker"]["color"] == SERIES[0]
    assert tuple(THEME["chartCategoricalColors"]) == tuple(colour for colour, _ in looks[:10])


def test_a_name_keeps_its_colour_in_the_next_chart() -> None:
    """The pool owns and does not vote; a holder without a part comes last."""
    owners = ("Founders", "Option pool", "Series A")
    assert places(owners, ["Founders", "Series A", "Trustee"]) == {
        "Founders": 0, "Option pool": 1, "Series A": 2, "Trustee": 3
    }  # fmt: skip
    assert places(owners, ["common", "options"]) == {"common": 0, "options": 1}


def test_charts_without_colours_of_their_own_take_the_same() -> None:
    """Plotly under Streamlit takes the theme's colours where it has at least ten, else its own."""
    assert tuple(THEME["chartCategoricalColors"][: len(SERIES)]) == SERIES
    assert len(THEME["chartCategoricalColors"]) >= 10
    assert "chartCategoricalColors" not in THEME["dark"]


def test_colours_stand_in_one_place() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{6}\b|rgba?\(\d")
    elsewhere = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("core/charts", "ui", "pages")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name not in ("colours.py", "main.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if literal.search(line)
    ]
    assert elsewhere == []
