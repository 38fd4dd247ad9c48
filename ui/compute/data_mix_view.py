"""Where a run's tokens come from and what they cost: the bill by part, the parts to edit, published prices to add."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.charts.data_and_people import data_bill_figure
from core.compute.data_cost import DataCost, DataSource, data_sources
from core.errors import InputError
from core.plan.currency import converted
from core.plan.data_mix import DataMix, DataShare, mix_cost
from core.plan.data_proposal import (
    HANDLING_SOURCES,
    handling_price,
    part_from_source,
    part_written_by,
    proposed_mix,
    tokens_if_words,
    usual_tokens,
    usual_weight,
)
from core.plan.scenario import PlannedRun, Scenario
from ui import formats, inputs, scenario_state
from ui.chart_words import draw_chart
from ui.compute.data_words import KINDS, UNITS
from ui.compute.page_choices import Number, ask_number, chosen
from ui.errors import error_text
from ui.labels import field_label
from ui.language import N_, words
from ui.new_items import fresh_name
from ui.scenario_inputs import editable_list
from ui.sources import age_text, source_text
from ui.units import BILLION, COUNT
from ui.user_text import escaped, shown_name

PLACE = "data"
LINES = ("cleaning", "storage", "egress")
ADDABLE = ("crawl", "code", "licensed", "synthetic", "human")
PART_FIELDS = ("weight", "price_per_million_tokens", "keep_rate", "epochs", "fixed_price")
MIX_FIELDS = (
    "cleaning_price_per_million_tokens",
    "storage_price_per_terabyte_month",
    "storage_months",
    "egress_price_per_terabyte",
)
TOKENS_A_UNIT = Number(
    N_("Tokens one unit yields"),
    COUNT,
    help=N_("A person who composes types 19 words a minute, 1,520 tokens an hour; a comparison has about 800 tokens."),
)
CHARACTERS = Number(
    N_("Characters, if known"),
    BILLION,
    help=N_("A check: English has about four characters a token. Not part of the plan."),
)


def show(index: int) -> None:
    """The data of one planned run."""
    scenario = scenario_state.current()
    run = scenario.runs[index]
    if run.data_mix is None:
        _one_price(scenario, run, index)
        return
    bill = mix_cost(run.data_mix, run.tokens)
    st.markdown(_answer(run, bill))
    chart, handling = st.columns([2, 1], gap="large")
    with chart:
        draw_chart(
            data_bill_figure(bill, _line_names(bill), run.currency, words),
            key="data-bill",
            alt=words("Bill of the data by part; the table below has the figures."),
        )
    with handling:
        for field in MIX_FIELDS:
            inputs.number(f"runs.{index}.data_mix.{field}", PLACE)
    _handling_sources(scenario, run, run.data_mix)
    _parts_table(run, run.data_mix, bill)
    editable_list(f"runs.{index}.data_mix.parts", run.data_mix.parts, lambda part: _part_inputs(run, index, part))
    _add_part(scenario, run, run.data_mix, index)
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
            model=shown_name(run.name),
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
            help=words(
                "Starts from web, licensed and synthetic text, code and answers by people, at published prices."
            ),
            on_click=lambda: scenario_state.edit({f"runs.{index}.data_mix": proposed_mix(scenario, run)}),
        )
    _published_prices(scenario, run)


def _answer(run: PlannedRun, bill: DataCost) -> str:
    shares = [float(line.amount) for line in bill.lines]
    total, largest = float(bill.total), max(shares)
    if not total:
        return words("The data of {model} costs nothing.").format(model=shown_name(run.name))
    text = words(
        "The data of {model} costs **{amount}**, {price} for a million training tokens; the largest part is {part} "
        "({share})."
    )
    return text.format(
        model=shown_name(run.name),
        amount=_money(total, run),
        price=_money(float(bill.price_per_million_tokens), run),
        part=escaped(_line_names(bill)[shares.index(largest)]),
        share=formats.percent(largest / total, 0),
    )


def _line_names(bill: DataCost) -> list[str]:
    parts = [words(line.name) for line in bill.lines[: -len(LINES)]]
    return parts + [words(KINDS[line]) for line in LINES]


def _handling_sources(scenario: Scenario, run: PlannedRun, mix: DataMix) -> None:
    """Where cleaning, storage and moving have the published price: its source and age."""
    published = {field: handling_price(scenario, run, field) for field in HANDLING_SOURCES}
    shown = [
        words(field_label(field).text) + words(": ") + source_text(source)
        for field, (price, source) in published.items()
        if getattr(mix, field) == price
    ]
    if shown:
        st.caption("  \n".join(shown))


def _parts_table(run: PlannedRun, mix: DataMix, bill: DataCost) -> None:
    weights = sum(part.weight for part in mix.parts)
    rows = [
        {
            words("Part"): words(part.name),
            words("Cost"): formats.money(float(line.amount), run.currency),
            words("A million tokens"): formats.money(part.price_per_million_tokens, run.currency),
            words("Of the tokens"): _share(part.weight / weights),
            words("Tokens paid for"): formats.quantity(_tokens(run, mix, part) / part.keep_rate),
            words("Kind"): words(KINDS[part.kind]),
        }
        for part, line in zip(mix.parts, bill.lines, strict=False)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Parts of the data mix and what each costs"))


def _share(share: float) -> str:
    return formats.percent(share) if share >= 0.001 else f"{formats.decimal(share * 100, 6)}%"


def _tokens(run: PlannedRun, mix: DataMix, part: DataShare) -> float:
    """A part's tokens, each counted once."""
    return run.tokens * part.weight / sum(one.weight for one in mix.parts) / part.epochs


def _part_inputs(run: PlannedRun, index: int, position: int) -> None:
    at = f"runs.{index}.data_mix.parts.{position}."
    with st.grid(3, min_column_width=180):
        inputs.text(at + "name", PLACE)
        inputs.choice(at + "kind", ADDABLE, lambda kind: words(KINDS[kind]), PLACE)
        for field in PART_FIELDS:
            inputs.number(at + field, PLACE)
        key = f"data-characters-{index}-{position}"
        characters = float(chosen(key, 0.0))
        ask_number(key, CHARACTERS, characters)
    assert run.data_mix is not None
    tokens = _tokens(run, run.data_mix, run.data_mix.parts[position])
    likely = tokens_if_words(tokens, characters)
    if likely is not None:
        text = words(
            "{tokens} tokens of {characters} characters look like words. In tokens that text has about {likely}."
        )
        st.warning(
            text.format(
                tokens=formats.quantity(tokens),
                characters=formats.quantity(characters),
                likely=formats.quantity(likely),
            ),
            icon=":material/help:",
        )


def _add_part(scenario: Scenario, run: PlannedRun, mix: DataMix, index: int) -> None:
    sources = {name: one for name, one in data_sources().items() if one.kind in ADDABLE}
    products = {f"product-{at}": one for at, one in enumerate(scenario.demand)}
    labels = {name: words(KINDS[one.kind]) + words(": ") + words(one.name) for name, one in sources.items()}
    served = words("written by a model: {product}, at what it costs to serve")
    labels |= {name: served.format(product=words(one.name)) for name, one in products.items()}
    choice = st.selectbox(words("Add a source"), list(labels), format_func=labels.__getitem__, key="data-source")
    source = sources.get(choice)
    kind = source.kind if source is not None else "synthetic"
    weight = usual_weight(kind, sum(part.weight for part in mix.parts), run.tokens)
    try:
        part = (
            part_from_source(scenario, run, source, weight, _tokens_asked(scenario, run, choice, source))
            if source is not None
            else part_written_by(scenario, run, products[choice], weight)
        )
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    st.caption(" · ".join(_part_facts(scenario, run, part, source)))
    names = [one.name for one in mix.parts]
    added = part.model_copy(update={"name": fresh_name(part.name, names)})
    st.button(
        words("Add this source"),
        key="data-add",
        icon=":material/add:",
        on_click=scenario_state.edit,
        args=({f"runs.{index}.data_mix.parts": [*mix.parts, added]},),
    )


def _tokens_asked(scenario: Scenario, run: PlannedRun, choice: str, source: DataSource) -> float | None:
    """Tokens of one unit where the source names none; at least so many that a million tokens cost a million."""
    usual = usual_tokens(source)
    if source.tokens_per_unit is not None or usual is None:
        return None
    fewest = max(1.0, converted(scenario, source.usd_per_unit, "USD", run.currency))
    tokens = max(fewest, float(chosen(f"data-tokens-{choice}", usual)))
    ask_number(f"data-tokens-{choice}", replace(TOKENS_A_UNIT, low=fewest), tokens)
    return tokens


def _part_facts(scenario: Scenario, run: PlannedRun, part: DataShare, source: DataSource | None) -> list[str]:
    """The price as published and by the million tokens, its range, its source and age."""
    million = words("{price} a million tokens").format(price=_money(part.price_per_million_tokens, run))
    if source is None:
        return [million]

    def money(usd: float) -> str:
        return _money(converted(scenario, usd, "USD", run.currency), run)

    facts = [words("{price} a {unit}").format(price=money(source.usd_per_unit), unit=words(UNITS[source.unit]))]
    if source.low is not None or source.high is not None:
        facts.append(range_text(*(money(usd) if usd is not None else None for usd in (source.low, source.high))))
    if source.unit != "million_tokens" and not part.fixed_price:
        facts.append(million)
    return [*facts, source_text(source.source)]


def range_text(low: str | None, high: str | None) -> str:
    """A range for people; one end or both may be unknown."""
    if low is None and high is None:
        return "–"
    if low is None or high is None:
        return words("from {low}").format(low=low) if high is None else words("up to {high}").format(high=high)
    return words("{low} to {high}").format(low=low, high=high)


def _published_prices(scenario: Scenario, run: PlannedRun) -> None:
    if not st.toggle(words("Show every published price"), key="data-prices"):
        return

    def money(usd: float | None) -> str | None:
        return formats.money(converted(scenario, usd, "USD", run.currency), run.currency) if usd is not None else None

    rows = [
        {
            words("Source of data"): words(one.name),
            words("Kind"): words(KINDS[one.kind]),
            words("A million tokens"): money(one.usd_per_million_tokens) or "–",
            words("Price"): money(one.usd_per_unit),
            words("by the"): words(UNITS[one.unit]),
            words("Range"): range_text(money(one.low), money(one.high)),
            words("As of"): age_text(one.source),
            words("Source"): one.source.url,
        }
        for one in data_sources().values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
            words("Range"): st.column_config.TextColumn(width=150),
        },
        alt=words("Published prices of training data"),
    )


def _money(amount: float, run: PlannedRun) -> str:
    return formats.in_markdown(formats.money(amount, run.currency))
