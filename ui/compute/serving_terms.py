"""What the serving page works with: the plan's setup of a product, else a proposal that the user may change.

A proposal is no part of the scenario: what is changed in it is kept for the session, a field at a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.compute.accelerators import Accelerator, accelerators, default_price
from core.compute.architecture import Architecture, architecture, architectures
from core.compute.published_shapes import nearest_architecture, plain, published
from core.compute.reference_figures import reference_figures
from core.errors import InputError
from core.plan.currency import converted
from core.plan.fields import field_bounds
from core.plan.provenance import accelerator_source
from core.plan.scenario import PlannedRun, Product, Scenario
from core.plan.service import planned_million_tokens
from core.plan.serving_proposal import (
    BF16_BYTES,
    FOUR_BITS,
    FP8_BYTES,
    changed,
    fitted,
    on_accelerator,
    peak_flops,
    proposed_setup,
    resized_setup,
)
from core.plan.serving_setup import ServingSetup
from core.plan.values import Currency
from ui import inputs, scenario_state
from ui.compute.page_choices import Number, ask_number, choose, chosen, forget
from ui.labels import field_help, field_label
from ui.language import N_, words
from ui.levers import PLACE
from ui.new_items import FIRST_ACCELERATOR
from ui.units import MILLION_TOKENS, MONEY_PRICE

PREFIX = "serving-"
OWN_SHAPE = "own"
FIRST_ARCHITECTURE = "llama-3.1-8b"
FIRST_TRAFFIC = 10_000.0
PRICE_DIGITS = 4
WEIGHTS = {
    BF16_BYTES: N_("BF16, 2 bytes a parameter"),
    FP8_BYTES: N_("FP8, 1 byte"),
    FOUR_BITS: N_("4 bits, multiplied in BF16"),
}
CACHES = {BF16_BYTES: N_("BF16, 2 bytes an element"), FP8_BYTES: N_("FP8, 1 byte"), FOUR_BITS: N_("4 bits")}
TRAFFIC = Number(N_("Tokens a month, in and out"), MILLION_TOKENS, 0.0, None)
PRICE = Number(N_("Price of a million tokens"), MONEY_PRICE, 0.0, None, N_("Input and output together."))


Option = TypeVar("Option")


@dataclass(frozen=True)
class Terms:
    """One product, or a model on its own, and how it is served; amounts in `currency`.

    product: its place in the scenario, None for a calculation beside the plan
    run: the training run whose model it serves, None where the product names none
    in_plan: whether the plan uses this setup
    """

    name: str
    product: int | None
    run: int | None
    in_plan: bool
    setup: ServingSetup
    shape: Architecture
    million_tokens: NDArray[np.float64]
    price: float
    launch: date
    currency: Currency

    @property
    def place(self) -> str:
        return f"{PREFIX}{self.product}-"


def terms(scenario: Scenario, index: int | None) -> Terms:
    """The terms of a product, or of a calculation beside the plan. Raises InputError where nothing can serve it."""
    if index is None:
        return _beside_the_plan(scenario)
    product = scenario.demand[index]
    run = next((place for place, one in enumerate(scenario.runs) if one.name == product.run), None)
    shape = scenario.runs[run].architecture if run is not None else None
    in_plan = product.serving is not None and shape is not None
    if product.serving is None or shape is None:
        shape = _draft_shape(scenario, index, scenario.runs[run] if run is not None else None)
        setup = _draft(f"{PREFIX}{index}-", _proposal(scenario, shape, product, run))
    else:
        setup = product.serving
    row = published(shape) if run is None else None
    name = words("{product} (as {model})").format(product=words(product.name), model=row.name) if row else None
    return Terms(
        name=name or words(product.name),
        product=index,
        run=run,
        in_plan=in_plan,
        setup=setup,
        shape=shape,
        million_tokens=planned_million_tokens(scenario, product),
        price=product.price_per_million_tokens,
        launch=product.launch,
        currency=product.currency,
    )


def shape_choice(asked: Terms) -> None:
    """The model's shape: the run's own, or that of a published model, which brings a proposal of its own."""
    options = {key: row.name for key, row in architectures().items()}
    row = published(asked.shape)
    own = scenario_state.current().runs[asked.run].architecture if asked.run is not None else None
    if own is not None and published(own) is None:
        options = {OWN_SHAPE: words("the plan's own shape")} | options

    def write(choice: str) -> None:
        if not asked.in_plan:
            forget(asked.place)
            if choice != OWN_SHAPE:
                choose(asked.place + "shape", choice)
        elif choice != OWN_SHAPE:
            scenario_state.edit({f"runs.{asked.run}.architecture": plain(architecture(choice))})

    tip = words(
        "Layers, attention heads and experts decide how much memory a token's keys and values take. Grouped-query "
        "(GQA) and latent attention (MLA) keep less of them."
    )
    _select(asked.place + "shape", words("Shape of the model"), row.id if row else OWN_SHAPE, options, write, tip=tip)


def accelerator_choice(scenario: Scenario, asked: Terms) -> None:
    """Choosing one copies its dense peak, bandwidth, memory and default price, and serves what fits on it."""
    known = accelerators()
    options = {key: chip.name for key, chip in known.items()}
    if asked.setup.accelerator not in options:
        options = {asked.setup.accelerator: asked.setup.accelerator} | options

    def write(choice: str) -> None:
        if choice in known:
            chip = known[choice]
            price = _default_price(scenario, chip, asked.currency)
            moved = on_accelerator(
                asked.setup, asked.shape, chip, asked.setup.price_per_hour if price is None else price
            )
            use_setup(asked, moved)

    label = words(field_label("accelerator").text)
    _select(asked.place + "accelerator", label, asked.setup.accelerator, options, write)


def replica_size(asked: Terms) -> None:
    """Accelerators a replica; the efficiency moves along the measurements' line."""
    label = field_label("accelerators_per_replica")
    key = asked.place + "replica"
    st.session_state[key] = asked.setup.accelerators_per_replica

    def write() -> None:
        if st.session_state[key] is not None:
            use_setup(asked, resized_setup(asked.setup, int(st.session_state[key])))

    low, high = field_bounds(asked.setup, "accelerators_per_replica")
    st.number_input(
        words(label.text), key=key, min_value=int(low), max_value=int(high), on_change=write, help=field_help(label)
    )


def precision_choices(asked: Terms) -> None:
    """What weights and cache are kept in; weights copy the accelerator's peak for that format."""
    chip = accelerators().get(asked.setup.accelerator)
    no_fp8 = chip is not None and chip.fp8_dense_tflops is None
    weights = {size: words(text) for size, text in WEIGHTS.items() if not (size == FP8_BYTES and no_fp8)}

    def write_weights(size: float) -> None:
        peak = peak_flops(chip, size) if chip is not None else asked.setup.peak_flops
        try:
            use_setup(asked, fitted(changed(asked.setup, weight_bytes=size, peak_flops=peak), asked.shape))
        except InputError:
            use_setup(asked, changed(asked.setup, weight_bytes=size, peak_flops=peak))

    def write_cache(size: float) -> None:
        use_setup(asked, fitted(changed(asked.setup, cache_bytes=size), asked.shape))

    labels = (words(field_label(name).text) for name in ("weight_bytes", "cache_bytes"))
    caches = {size: words(text) for size, text in CACHES.items()}
    setup = asked.setup
    _select(
        asked.place + "weights", next(labels), setup.weight_bytes, _with(weights, setup.weight_bytes), write_weights
    )
    _select(asked.place + "cache", next(labels), setup.cache_bytes, _with(caches, setup.cache_bytes), write_cache)


def number(asked: Terms, field: str) -> None:
    """One number of the setup: in the plan, or in the proposal."""
    if asked.in_plan:
        inputs.number(f"demand.{asked.product}.serving.{field}", PLACE)
        return
    label = field_label(f"serving.{field}")
    low, high = field_bounds(asked.setup, field)
    value = getattr(asked.setup, field)
    in_dollars = field != "price_per_hour" or asked.currency == "USD"
    source = accelerator_source(asked.setup.accelerator, field, value) if in_dollars else None
    wanted = Number(label.text, label.unit, low, high, field_help(label))
    ask_number(asked.place + field, wanted, value, source, asked.currency)


def price_and_traffic(asked: Terms) -> None:
    """The price, of the plan's product or of the calculation beside it, whose traffic is asked for too."""
    if asked.product is not None:
        inputs.number(f"demand.{asked.product}.price_per_million_tokens", PLACE)
        return
    ask_number(PREFIX + "price", PRICE, asked.price, None, asked.currency)
    ask_number(PREFIX + "traffic", TRAFFIC, float(asked.million_tokens[0]))


def back_to_proposal(asked: Terms) -> None:
    """A button that drops what was changed in a proposal."""
    st.button(
        words("Back to the proposal"), key=PREFIX + "back", icon=":material/undo:", on_click=forget, args=(asked.place,)
    )


def use_setup(asked: Terms, setup: ServingSetup) -> None:
    """The whole setup in one change, so that a proposal mixes nothing of two accelerators."""
    if asked.in_plan:
        scenario_state.edit({f"demand.{asked.product}.serving": setup})
        return
    for name, value in setup.model_dump().items():
        choose(asked.place + name, value)


def let_plan_use(asked: Terms) -> None:
    """The proposal becomes the plan's, with the shape of its run, in one change."""
    changes: dict[str, object] = {f"demand.{asked.product}.serving": asked.setup}
    if scenario_state.current().runs[asked.run or 0].architecture != asked.shape:
        changes[f"runs.{asked.run}.architecture"] = plain(asked.shape)
    scenario_state.edit(changes)


def use_one_cost(asked: Terms) -> None:
    """The plan goes back to one cost for all tokens."""
    scenario_state.edit({f"demand.{asked.product}.serving": None})


def _draft(place: str, proposal: ServingSetup) -> ServingSetup:
    kept = {name: chosen(place + name, value) for name, value in proposal.model_dump().items()}
    return ServingSetup.model_validate(kept)


def _draft_shape(scenario: Scenario, index: int | None, run: PlannedRun | None) -> Architecture:
    """The shape that was chosen, else the run's, else the published one nearest to it or to the plan's newest then."""
    picked = chosen(f"{PREFIX}{index}-shape", None)
    if picked is not None:
        return plain(architecture(picked))
    if run is not None and run.architecture is not None:
        return run.architecture
    like = run or _newest(scenario, index)
    if like is None:
        return plain(architecture(FIRST_ARCHITECTURE))
    return plain(nearest_architecture(like.total_parameters, like.active_parameters))


def _newest(scenario: Scenario, index: int | None) -> PlannedRun | None:
    """The last run that starts before a product's launch, else the plan's first."""
    launch = scenario.demand[index].launch if index is not None else scenario.founding
    before = [run for run in scenario.runs if run.start < launch]
    return max(before, key=lambda run: run.start) if before else next(iter(scenario.runs), None)


def _proposal(scenario: Scenario, shape: Architecture, product: Product | None, run: int | None) -> ServingSetup:
    """On the accelerators of the run, or of the newest then, at its price; without any on H100 at list price."""
    currency = product.currency if product else scenario.reporting_currency
    place = scenario.demand.index(product) if product else None
    planned = scenario.runs[run] if run is not None else _newest(scenario, place)
    if planned is not None and planned.accelerator in accelerators():
        price = round(converted(scenario, planned.price_per_hour, planned.currency, currency), PRICE_DIGITS)
        return proposed_setup(shape, accelerators()[planned.accelerator], price)
    chip = accelerators()[FIRST_ACCELERATOR]
    return proposed_setup(shape, chip, _default_price(scenario, chip, currency) or 0.0)


def _beside_the_plan(scenario: Scenario) -> Terms:
    shape = _draft_shape(scenario, None, None)
    price = reference_figures()["price_usd_per_million_tokens_7b"].value
    currency = scenario.reporting_currency
    row = published(shape)
    return Terms(
        name=row.name if row else words("the model"),
        product=None,
        run=None,
        in_plan=False,
        setup=_draft(f"{PREFIX}None-", _proposal(scenario, shape, None, None)),
        shape=shape,
        million_tokens=np.array([chosen(PREFIX + "traffic", FIRST_TRAFFIC)], dtype=np.float64),
        price=chosen(PREFIX + "price", converted(scenario, price, "USD", currency)),
        launch=scenario.founding,
        currency=currency,
    )


def _default_price(scenario: Scenario, chip: Accelerator, currency: Currency) -> float | None:
    offer = default_price(chip.id)
    return round(converted(scenario, offer.usd_per_hour, "USD", currency), PRICE_DIGITS) if offer else None


def _with(options: Mapping[float, str], value: float) -> dict[float, str]:
    return {**options} if value in options else {value: words("{bytes} bytes").format(bytes=value), **options}


def _select(
    key: str,
    label: str,
    value: Option,
    options: Mapping[Option, str],
    write: Callable[[Option], None],
    *,
    tip: str | None = None,
) -> None:
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        help=tip,
        on_change=lambda: write(st.session_state[key]),
    )
