"""The serving page's answer: the sentence, the figures, what looks wrong, the charts, and the way into the plan."""

from dataclasses import dataclass

import streamlit as st

from core.charts.serving import batch_figure, memory_figure, step_figure
from core.compute.accelerators import accelerators
from core.compute.serving_speed import decode_step
from core.errors import InputError
from core.plan.currency import rate
from core.plan.scenario import PlannedRun, Scenario
from core.plan.service import Service, batch_curve, fit, service
from core.plan.serving_doubts import ServingDoubt, serving_doubts
from core.plan.serving_proposal import changed, resized_setup
from core.plan.values import Currency
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.serving_terms import PREFIX, Terms, let_plan_use, use_one_cost, use_setup
from ui.errors import error_text
from ui.language import N_, sentences, words
from ui.user_text import escaped

EXPLAINED = (
    N_(
        "**Prefill** reads the whole prompt at once and is limited by arithmetic, so an input token is cheap; "
        "**decode** writes the answer one token at a time and is limited by memory bandwidth, since every token reads "
        "all weights."
    ),
    N_(
        "Many requests share one reading of the weights: the larger the **batch**, the cheaper each token, and the "
        "longer everybody waits."
    ),
    N_(
        "What the model remembers of a conversation, the **key-value cache (KV cache)**, grows with its length and "
        "stays in memory beside the weights: it decides how many requests fit."
    ),
)
DOUBTS = {
    "uneven_replica": N_(
        "{value} accelerators cannot share this model's attention heads or experts evenly; {expected} can."
    ),
    "unlikely_efficiency": N_(
        "{value} of the roofline is outside what eight in ten measured systems of this size reach; {expected} is "
        "likely."
    ),
    "sparse_peak": N_("{value} TFLOP/s is the peak with sparsity, twice the dense one; {expected} is right here."),
    "longer_than_context": N_(
        "A request of {value} tokens is longer than the {expected} tokens that this model was released for."
    ),
    "slower_than_reading": N_(
        "{value} ms for each token is slower than people read; a smaller batch or a larger replica brings it below "
        "{expected} ms."
    ),
    "faster_than_measured": N_(
        "{value} ms for each token is far below the fastest measurement here, {expected} ms: with so few requests "
        "the traffic between accelerators decides, which this model leaves out. Expect to wait longer and to pay "
        "more."
    ),
    "other_size": N_(
        "The shape has {value} parameters where the plan's model has {expected}: the cost is off by about as much. "
        "Choose a nearer shape under Model and precision."
    ),
}
MILLISECONDS = 1000


@dataclass(frozen=True)
class Shown:
    """The currency of what the page shows, and its units for one unit of the product's currency."""

    currency: Currency
    units: float

    def price(self, amount: float) -> str:
        """A price of a million tokens, ready for markdown."""
        return formats.in_markdown(formats.price(amount * self.units, self.currency))

    def amount(self, amount: float) -> str:
        return formats.money(amount * self.units, self.currency)


def shown_in(scenario: Scenario, asked: Terms) -> Shown:
    """Results are in the reporting currency."""
    return Shown(scenario.reporting_currency, float(rate(scenario, asked.currency)))


def chip_name(accelerator: str) -> str:
    """An accelerator's name, of one that no table knows what the user calls it."""
    chip = accelerators().get(accelerator)
    return chip.name if chip else accelerator


def served(asked: Terms) -> Service | None:
    """The service, or, where its requests do not fit, None after saying what would."""
    try:
        return service(asked.setup, asked.shape, asked.million_tokens, asked.price)
    except InputError as error:
        room = fit(asked.setup, asked.shape)
        if error.field not in ("batch", "accelerators_per_replica"):
            st.error(error_text(error), icon=":material/block:")
            return None
        _explain_misfit(asked, room.largest_batch, room.accelerators_for_one, room.accelerators_for_batch)
        return None


def answer_sentence(asked: Terms, found: Service, shown: Shown) -> str:
    """What a million tokens cost, on what, and what the price leaves."""
    sentence = words(
        "Serving {name} costs **{input}** per million input and **{output}** per million output tokens on {count} × "
        "{chip} at {load} load."
    ).format(
        name=escaped(asked.name),
        input=shown.price(float(found.rates.input_tokens)),
        output=shown.price(float(found.rates.output_tokens)),
        count=asked.setup.accelerators_per_replica,
        chip=escaped(chip_name(asked.setup.accelerator)),
        load=formats.percent(found.load_factor, 0),
    )
    if found.gross_margin is None:
        return sentence
    margin = formats.percent(abs(found.gross_margin), 0)
    text = (
        words("At {price} per million tokens that leaves a gross margin of **{margin}**.")
        if found.gross_margin >= 0
        else words("At {price} per million tokens that is a loss: the gross margin is **−{margin}**.")
    )
    return sentences(sentence, text.format(price=shown.price(found.price_per_million_tokens), margin=margin))


def headline(found: Service, shown: Shown) -> None:
    """Cost, margin, speed, latency, fleet; below each what it goes with."""
    speed, accelerators_by_month = found.speed, found.accelerators
    margin = "–" if found.gross_margin is None else formats.percent(found.gross_margin, 0).replace("-", "−")
    with st.grid(5, min_column_width=140):
        _metric(
            words("A million tokens"),
            shown.amount(found.blended_rate),
            words("input and output"),
            words("Cost of input and output together, in the proportion of the average request."),
        )
        _metric(
            words("Gross margin"),
            margin,
            words("at {price}").format(price=shown.price(found.price_per_million_tokens)),
            words("(Price − cost of serving) / price. Serving is the only cost of sales counted."),
        )
        _metric(
            words("Tokens a second"),
            formats.quantity(float(speed.output_tokens_per_second)),
            words("output, a replica"),
            words("Output tokens of all requests together at full load, with prefill in between."),
        )
        _metric(
            words("Each token"),
            words("{each} ms").format(
                each=formats.decimal(float(speed.seconds_per_output_token) * MILLISECONDS, 0),
            ),
            words("the first {first} ms").format(
                first=formats.decimal(float(speed.seconds_to_first_token) * MILLISECONDS, 0)
            ),
            words("Time per output token (TPOT), and to the first one (TTFT) without a queue."),
        )
        _metric(
            words("Accelerators"),
            formats.quantity(float(accelerators_by_month[-1])),
            words("{count} at launch").format(count=formats.quantity(float(accelerators_by_month[0]))),
            words("Whole replicas that carry the busiest hour, in the last month of the plan and at launch."),
        )


def warnings(asked: Terms, found: Service, run: PlannedRun | None) -> None:
    """What looks wrong, with the likely right value; and a price that does not pay."""
    for doubt in serving_doubts(found, asked.shape, run):
        st.warning(_doubt_text(doubt), icon=":material/warning:")
    load = found.break_even_load_factor
    if load is not None and load > found.load_factor:
        text = (
            words("The price pays for the accelerators from a load of {load} on; the fleet reaches {reached}.")
            if load <= 1
            else words("No load pays at this price: even fully used, a million tokens cost {load} of it.")
        )
        st.warning(
            text.format(load=formats.percent(load, 0), reached=formats.percent(found.load_factor, 0)),
            icon=":material/warning:",
        )


def plan_switch(asked: Terms, found: Service, shown: Shown, typed: float) -> None:
    """Whether the plan uses this, and the button that changes it. `typed`: the plan's one cost for all tokens."""
    text, button = st.columns([3, 1], vertical_alignment="center")
    if asked.in_plan:
        text.markdown(words("The plan books this setup: whole replicas, month by month."))
        button.button(
            words("Use one cost for all tokens instead"),
            key=PREFIX + "one-cost",
            icon=":material/undo:",
            width="stretch",
            on_click=use_one_cost,
            args=(asked,),
        )
        return
    with text:
        st.markdown(
            words(
                "The plan uses one typed-in cost, **{typed}** a million tokens; this setup comes to **{cost}**, whole "
                "replicas and idle hours included."
            ).format(typed=shown.price(typed), cost=shown.price(found.blended_rate))
        )
    with button:
        st.button(
            words("Let the plan use it"),
            key=PREFIX + "use",
            icon=":material/check:",
            type="primary",
            width="stretch",
            on_click=let_plan_use,
            args=(asked,),
        )


def batch_chart(found: Service, shown: Shown) -> None:
    """Cost and latency against the batch."""
    draw_chart(
        batch_figure(batch_curve(found), shown.units, found.setup.batch, shown.currency, words),
        key="serving-batches",
        alt=words("Cost of a million output tokens falls and the time for each rises with the batch."),
    )


def explainer() -> None:
    """Three sentences for who has never served a model."""
    st.markdown(sentences(*map(words, EXPLAINED)))


def time_and_memory(found: Service) -> None:
    """The roofline of one decode step, and the memory of a replica."""
    setup = found.setup
    step = decode_step(found.model, found.replica, setup.batch, setup.input_tokens + setup.output_tokens / 2)
    reading = float(step.weights_seconds + step.key_value_seconds)
    bound = (
        words("Memory bandwidth decides: reading takes {ratio} × as long as the arithmetic.").format(
            ratio=formats.decimal(reading / float(step.compute_seconds), 1)
        )
        if reading >= float(step.compute_seconds)
        else words("Arithmetic decides: it takes {ratio} × as long as reading the memory.").format(
            ratio=formats.decimal(float(step.compute_seconds) / reading, 1)
        )
    )
    cache = words("A token keeps {cache} kB of keys and values; prefill takes {share} of a replica's time.").format(
        cache=formats.decimal(float(found.model.key_value_bytes_per_token) / 1000, 1),
        share=formats.percent(float(found.speed.prefill_share), 0),
    )
    draw_chart(step_figure(step, words), key="serving-step", alt=bound)
    draw_chart(memory_figure(found.memory, words), key="serving-memory", alt=words("Memory of a replica by use"))
    st.caption(sentences(bound, cache))


def _metric(label: str, value: str, note: str, tip: str) -> None:
    st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True, help=tip)


def _explain_misfit(asked: Terms, most: int, for_one: int, for_batch: int) -> None:
    """What would fit, as buttons."""
    setup = asked.setup
    tokens = formats.decimal(setup.input_tokens + setup.output_tokens, 0)
    if most >= 1:
        text = words(
            "{batch} requests of {tokens} tokens do not fit: {most} do, or a replica of {count} accelerators holds "
            "them all."
        )
    else:
        text = words(
            "{now} accelerators do not hold the model and one request of {tokens} tokens; {count} accelerators do."
        )
    needed = for_batch if most >= 1 else for_one
    st.error(
        text.format(
            batch=formats.decimal(setup.batch, 0),
            tokens=tokens,
            most=formats.decimal(most, 0),
            count=formats.decimal(needed, 0),
            now=formats.decimal(setup.accelerators_per_replica, 0),
        ),
        icon=":material/block:",
    )
    with st.container(horizontal=True):
        if most >= 1:
            label = words("Serve {most} at once").format(most=formats.decimal(most, 0))
            st.button(label, key=PREFIX + "fit", on_click=use_setup, args=(asked, changed(setup, batch=most)))
        size = 1 << (needed - 1).bit_length()
        larger = resized_setup(setup, size)
        larger = changed(larger, batch=max(1, min(setup.batch, fit(larger, asked.shape).largest_batch)))
        label = words("Use {count} accelerators a replica").format(count=formats.decimal(size, 0))
        st.button(label, key=PREFIX + "grow", on_click=use_setup, args=(asked, larger))


def _doubt_text(doubt: ServingDoubt) -> str:
    form = {
        "uneven_replica": lambda value: formats.decimal(value, 0),
        "unlikely_efficiency": lambda value: formats.percent(value, 0),
        "sparse_peak": lambda value: formats.decimal(value / 1e12, 0),
        "longer_than_context": lambda value: formats.decimal(value, 0),
        "slower_than_reading": lambda value: formats.decimal(value * MILLISECONDS, 0),
        "faster_than_measured": lambda value: formats.decimal(value * MILLISECONDS, 1),
        "other_size": formats.quantity,
    }[doubt.code]
    expected = form(doubt.expected[0])
    if len(doubt.expected) > 1:
        expected = words("{first} or {second}").format(first=expected, second=form(doubt.expected[1]))
    return words(DOUBTS[doubt.code]).format(value=form(doubt.value), expected=expected)
