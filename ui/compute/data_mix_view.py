"""Where a run's tokens come from and what they cost: the bill by part, the parts to edit, published prices to add."""

import pandas as pd
import streamlit as st

from core.charts.data_and_people import data_bill_figure
from core.compute.data_cost import DataCost, DataSource, data_sources
from core.plan.currency import converted
from core.plan.data_mix import mix_cost
from core.plan.data_proposal import part_from_source, part_written_by, proposed_mix
from core.plan.scenario import PlannedRun, Scenario
from ui import formats, inputs, scenario_state
from ui.compute.page_choices import Number, ask_number, chosen
from ui.labels import COUNT
from ui.language import N_, words
from ui.scenario_inputs import editable_list
from ui.sources import age_text, source_text

PLACE = "data"
KINDS = {
    "crawl": N_("web crawl"),
    "code": N_("code"),
    "licensed": N_("licensed"),
    "synthetic": N_("written by a model"),
    "human": N_("written or judged by people"),
    "cleaning": N_("cleaning"),
    "storage": N_("storage"),
    "egress": N_("moving it out"),
}
UNITS = {
    "million_tokens": N_("million tokens"),
    "accelerator_hour": N_("accelerator-hour"),
    "word": N_("word"),
    "title": N_("title"),
    "comparison": N_("comparison"),
    "hour": N_("hour"),
    "contract": N_("contract"),
    "year": N_("year"),
    "terabyte_month": N_("terabyte and month"),
    "terabyte": N_("terabyte"),
}
LINES = ("cleaning", "storage", "egress")
ADDABLE = ("crawl", "code", "licensed", "synthetic", "human")
PART_FIELDS = ("weight", "price_per_million_tokens", "keep_rate", "epochs", "fixed_price")
MIX_FIELDS = (
    "cleaning_price_per_million_tokens",
    "storage_price_per_terabyte_month",
    "storage_months",
    "egress_price_per_terabyte",
)
TOKENS_A_UNIT = Number(N_("Tokens one unit yields"), COUNT, 0.0, help=N_("Needed where the price is by word or hour."))
TOKENS_A_WORD = 1 / 0.75


def show(index: int) -> None:
    """The data of one planned run."""
    scenario = scenario_state.current()
    run = scenario.runs[index]
    if run.data_mix is None:
        _one_price(scenario, run, index)
        return
    bill = mix_cost(run.data_mix, run.tokens)
    st.markdown(_answer(run, bill))
    chart, general = st.columns([2, 1], gap="large")
    with chart:
        names = {
            **{line: words(KINDS[line]) for line in LINES},
            **{one.name: words(one.name) for one in bill.lines[:-3]},
        }
        st.plotly_chart(
            data_bill_figure(bill, names, run.currency, words),
            key="data-bill",
            alt=words("Bill of the data by part; the table below has the figures."),
        )
    with general:
        for field in MIX_FIELDS:
            inputs.number(f"runs.{index}.data_mix.{field}", PLACE)
    _parts_table(run, bill)
    editable_list(f"runs.{index}.data_mix.parts", run.data_mix.parts, lambda part: _part_inputs(index, part))
    _add_part(scenario, run, index)
    st.button(
        words("Use one price for all tokens instead"),
        key="data-one-price",
        on_click=scenario_state.edit,
        args=({f"runs.{index}.data_mix": None},),
    )
    _published_prices(scenario, run)


def _one_price(scenario: Scenario, run: PlannedRun, index: int) -> None:
    price = run.data_cost_per_million_tokens
    text = words("The data of {model} costs **{amount}**: {price} for each million of its {tokens} tokens.")
    st.markdown(
        text.format(
            model=words(run.name),
            amount=_money(run.tokens / 1e6 * price, run),
            price=_money(price, run),
            tokens=formats.quantity(run.tokens),
        )
    )
    price_input, lay_out = st.columns(2, vertical_alignment="bottom")
    with price_input:
        inputs.number(f"runs.{index}.data_cost_per_million_tokens", PLACE)
    with lay_out:
        st.button(
            words("Lay out the sources"),
            key="data-lay-out",
            icon=":material/account_tree:",
            help=words("Starts from web text, code and synthetic text at published prices."),
            on_click=lambda: scenario_state.edit({f"runs.{index}.data_mix": proposed_mix(scenario, run)}),
        )
    _published_prices(scenario, run)


def _answer(run: PlannedRun, bill: DataCost) -> str:
    largest = max(bill.lines, key=lambda line: float(line.amount))
    text = words(
        "The data of {model} costs **{amount}**, {price} for a million training tokens; most of it is {part} ({share})."
    )
    total = float(bill.total)
    return text.format(
        model=words(run.name),
        amount=_money(total, run),
        price=_money(float(bill.price_per_million_tokens), run),
        part=words(KINDS[largest.name]) if largest.name in LINES else words(largest.name),
        share=formats.percent(float(largest.amount) / total if total else 0.0, 0),
    )


def _parts_table(run: PlannedRun, bill: DataCost) -> None:
    assert run.data_mix is not None
    weights = sum(part.weight for part in run.data_mix.parts)
    rows = [
        {
            words("Part"): words(part.name),
            words("Of the tokens"): formats.percent(part.weight / weights),
            words("Tokens paid for"): formats.quantity(
                run.tokens * part.weight / weights / part.epochs / part.keep_rate
            ),
            words("A million tokens"): formats.money(part.price_per_million_tokens, run.currency),
            words("Cost"): formats.money(float(line.amount), run.currency),
        }
        for part, line in zip(run.data_mix.parts, bill.lines, strict=False)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Parts of the data mix and what each costs"))


def _part_inputs(index: int, part: int) -> None:
    at = f"runs.{index}.data_mix.parts.{part}."
    with st.grid(3, min_column_width=180):
        inputs.text(at + "name", PLACE)
        inputs.choice(at + "kind", ADDABLE, lambda kind: words(KINDS[kind]), PLACE)
        for field in PART_FIELDS:
            inputs.number(at + field, PLACE)


def _add_part(scenario: Scenario, run: PlannedRun, index: int) -> None:
    sources = {name: one for name, one in data_sources().items() if one.kind in ADDABLE}
    products = {f"product-{at}": one for at, one in enumerate(scenario.demand)}
    labels = {name: f"{words(KINDS[one.kind])}: {words(one.name)}" for name, one in sources.items()}
    served = words("written by a model: {product}, at what it costs to serve")
    labels |= {name: served.format(product=words(one.name)) for name, one in products.items()}
    choice = st.selectbox(words("Add a source"), list(labels), format_func=labels.__getitem__, key="data-source")
    source = sources.get(choice)
    tokens: float | None = None
    if source is not None:
        st.caption(f"{_unit_price(scenario, run, source)} · {source_text(source.source)}")
        if source.tokens_per_unit is None and source.unit in ("word", "hour", "comparison"):
            usual = TOKENS_A_WORD if source.unit == "word" else 1000.0
            tokens = float(chosen(f"data-tokens-{choice}", usual))
            ask_number(f"data-tokens-{choice}", TOKENS_A_UNIT, tokens)
    smallest = min((part.weight for part in run.data_mix.parts), default=1.0) if run.data_mix else 1.0

    def add() -> None:
        assert run.data_mix is not None
        part = (
            part_from_source(scenario, run, source, smallest, tokens)
            if source is not None
            else part_written_by(scenario, run, products[choice], smallest)
        )
        scenario_state.edit({f"runs.{index}.data_mix.parts": [*run.data_mix.parts, part]})

    st.button(words("Add this source"), key="data-add", icon=":material/add:", on_click=add)


def _unit_price(scenario: Scenario, run: PlannedRun, source: DataSource) -> str:
    price = formats.money(converted(scenario, source.usd_per_unit, "USD", run.currency), run.currency)
    return formats.in_markdown(words("{price} a {unit}").format(price=price, unit=words(UNITS[source.unit])))


def _published_prices(scenario: Scenario, run: PlannedRun) -> None:
    if not st.toggle(words("Show every published price"), key="data-prices"):
        return

    def money(usd: float | None) -> str:
        return formats.money(converted(scenario, usd, "USD", run.currency), run.currency) if usd is not None else "–"

    rows = [
        {
            words("Source of data"): words(one.name),
            words("Kind"): words(KINDS[one.kind]),
            words("Price"): money(one.usd_per_unit),
            words("by the"): words(UNITS[one.unit]),
            words("Low"): money(one.low),
            words("High"): money(one.high),
            words("A million tokens"): money(one.usd_per_million_tokens),
            words("As of"): age_text(one.source),
            words("Source"): one.source.url,
        }
        for one in data_sources().values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
        alt=words("Published prices of training data"),
    )


def _money(amount: float, run: PlannedRun) -> str:
    return formats.in_markdown(formats.money(amount, run.currency))
