"""Where a run's training tokens come from, and what the whole mix costs."""

from typing import Annotated

from pydantic import Field

from core.compute.data_cost import DataCost, DataKind, DataPart, data_mix_cost
from core.compute.training import Real
from core.plan.values import Amount, Frozen, Name

Price = Annotated[float, Field(ge=0, le=1e6)]


class DataShare(Frozen):
    """One source's part of the tokens that a run trains on; amounts are in the run's currency.

    weight: relative to the other parts' (70 and 30, or 7 and 3)
    price_per_million_tokens: of tokens paid for; keep_rate: tokens kept / tokens paid for
    fixed_price: paid whatever the tokens; epochs: times that training sees each token
    """

    name: Name
    kind: DataKind
    weight: Annotated[float, Field(gt=0, le=1e6)]
    price_per_million_tokens: Price
    keep_rate: Annotated[float, Field(ge=0.001, le=1)] = 1.0
    fixed_price: Amount = 0.0
    epochs: Annotated[float, Field(ge=0.1, le=100)] = 1.0


class DataMix(Frozen):
    """All parts of a run's data, and what is done with it (see `core.compute.data_cost.data_mix_cost`)."""

    parts: Annotated[tuple[DataShare, ...], Field(min_length=1, max_length=20)]
    cleaning_price_per_million_tokens: Price = 0.0
    storage_price_per_terabyte_month: Price = 0.0
    storage_months: Annotated[float, Field(ge=0, le=120)] = 0.0
    egress_price_per_terabyte: Price = 0.0


def mix_cost(mix: DataMix, tokens: Real) -> DataCost:
    """The bill of a mix from which a run trains on `tokens`, in the run's currency."""
    weights = sum(part.weight for part in mix.parts)
    parts = [
        DataPart(
            name=part.name,
            kind=part.kind,
            tokens=tokens * (part.weight / weights) / part.epochs,
            price_per_million_tokens=part.price_per_million_tokens,
            keep_rate=part.keep_rate,
            fixed_price=part.fixed_price,
            epochs=part.epochs,
        )
        for part in mix.parts
    ]
    return data_mix_cost(
        parts,
        cleaning_price_per_million_tokens=mix.cleaning_price_per_million_tokens,
        storage_price_per_terabyte_month=mix.storage_price_per_terabyte_month,
        storage_months=mix.storage_months,
        egress_price_per_terabyte=mix.egress_price_per_terabyte,
    )
