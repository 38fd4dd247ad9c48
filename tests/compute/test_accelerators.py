"""Accelerators and the price a plan starts from, on the real tables."""

import statistics

import pytest

from core.compute.accelerators import accelerator, accelerators, default_price, prices
from core.errors import InputError


def test_peaks_are_dense_bf16_in_flops() -> None:
    """NVIDIA's datasheets: H100 SXM 989 TFLOP/s dense BF16 (1,979 is with sparsity), A100 312."""
    assert accelerator("h100-sxm").peak_flops == 989e12
    assert accelerator("a100-80-sxm").peak_flops == 312e12


def test_unknown_accelerator_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        accelerator("h900")
    assert (caught.value.code, caught.value.field, caught.value.value) == ("unknown_name", "accelerator", "h900")
    assert "h100-sxm" in caught.value.expected.split(" | ")


def test_prices_are_cheapest_first_and_of_that_accelerator_alone() -> None:
    offers = prices("h100-sxm")
    assert [offer.usd_per_hour for offer in offers] == sorted(offer.usd_per_hour for offer in offers)
    assert {offer.accelerator for offer in offers} == {"h100-sxm"}
    assert prices("h900") == ()


def test_default_price_of_the_h100() -> None:
    """On-demand prices that the provider states (confidence high): 2.69 RunPod community, 3.20 Hyperstack, 3.90 Crusoe,
    3.99 Lambda, 3.99 RunPod, 4.50 Nebius, 6.155 CoreWeave, 6.88 AWS, 12.29 Azure: the fifth of nine is 3.99."""
    chosen = default_price("h100-sxm")
    assert chosen is not None
    assert (chosen.usd_per_hour, chosen.commitment, chosen.source.confidence) == (3.99, "on-demand", "high")
    assert chosen.provider == "RunPod"


def test_default_price_of_the_h800_is_what_deepseek_states() -> None:
    """Nobody lists an H800 on demand; DeepSeek's papers assume 2 USD an hour."""
    chosen = default_price("h800-sxm")
    assert chosen is not None
    assert (chosen.usd_per_hour, chosen.commitment) == (2.0, "stated-assumption")


@pytest.mark.parametrize("id", accelerators())
def test_default_price_is_the_middle_of_the_best_known_kind(id: str) -> None:
    """The median; of an even number of offers the cheaper of the middle two."""
    offers, chosen = prices(id), default_price(id)
    if not offers:
        assert chosen is None
        return
    assert chosen is not None
    on_demand = [offer for offer in offers if offer.commitment == "on-demand"]
    peers = [offer for offer in on_demand if offer.source.confidence == "high"] or on_demand or list(offers)
    assert chosen in peers
    assert chosen.usd_per_hour == statistics.median_low(offer.usd_per_hour for offer in peers)
