"""What a comparison starts from: the published figures, and none where nothing is published."""

import pytest

from core.compute.accelerators import accelerator, accelerators
from core.compute.ownership_defaults import (
    idle_power_share,
    is_sold,
    ownership_defaults,
    purchase_price,
    server_watts,
)


def test_terms_are_those_of_their_sources() -> None:
    """Amazon's five years (10-K for 2024), CoreWeave's 12 % (note to 30 June 2025), CBRE's 194.95 a kilowatt and month
    (H2 2025), Cottier et al.'s 1.64 and 19 %."""
    value = {name: figure.value for name, figure in ownership_defaults().items()}
    assert (value["life_years"], value["interest_rate"], value["colocation_per_kilowatt_month"]) == (5, 0.12, 194.95)
    assert (value["server_ratio"], value["interconnect_share"]) == (1.64, 0.19)
    assert value["cost_of_capital"] == value["interest_rate"]


def test_discount_is_the_smallest_of_the_three_clouds() -> None:
    """Azure: 25 % for one year, 49 % for three (Epoch AI, training-cost-trends)."""
    figures = ownership_defaults()
    assert (figures["discount_1_year"].value, figures["discount_3_year"].value) == (0.25, 0.49)
    assert figures["discount_1_year"].source is not None


def test_price_of_the_h800_is_that_of_the_h100() -> None:
    """A board of eight H100 for 230,000 USD, interpromicro.com, March 2025: 28,750 each."""
    for chip in ("h100-sxm", "h800-sxm"):
        price = purchase_price(chip)
        assert price is not None
        assert price.value == 28_750
        assert price.source is not None


def test_no_price_is_guessed() -> None:
    assert purchase_price("rtx-4090") is None
    assert purchase_price("unknown") is None


def test_what_google_and_amazon_build_is_not_sold() -> None:
    kept = {chip.id for chip in accelerators().values() if not is_sold(chip)}
    assert {"tpu-v4", "tpu-v7", "trainium2"} <= kept
    assert not any(accelerator(chip).vendor in ("NVIDIA", "AMD", "Intel") for chip in kept)


def test_power_of_a_dgx_h100() -> None:
    """10.2 kW for eight of 700 W is 1,275 W each; the host draws the other 575 W when they rest."""
    assert server_watts(700.0).value == pytest.approx(10_200 / 8, rel=1e-3)
    assert idle_power_share() == pytest.approx(575 / 1_275, abs=0.002)
