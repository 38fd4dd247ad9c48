"""The shape of a model: a published one to start from, its parameters by part, exact FLOPs beside 6·N·D."""

import pandas as pd
import streamlit as st

from core.compute.architecture import (
    Architecture,
    Parameters,
    active_parameters,
    architectures,
    attention_doubt,
    cache_bytes_per_token,
    exact_over_approximate,
    exact_training_flops,
    total_parameters,
)
from core.compute.published_shapes import nearest_architecture, plain
from core.plan.scenario import PlannedRun
from ui import formats, inputs, scenario_state
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, words
from ui.sources import source_text

PLACE = "shape"
SEQUENCE_KEY = "sequence-length"
USUAL_SEQUENCE = 4096
SEQUENCE = Number(N_("Tokens of one training sequence"), low=1, help=N_("Attention costs more the longer they are."))
PARTS = {
    "embedding": N_("token tables"),
    "attention": N_("attention"),
    "feed_forward": N_("feed-forward and experts"),
    "router": N_("router of the experts"),
    "norms": N_("norms"),
}
DENSE = ("layers", "hidden_size", "heads", "key_value_heads", "head_dim", "feed_forward_width", "vocabulary")
EXPERTS = ("moe_layers", "experts", "experts_per_token", "shared_experts", "expert_width")
LATENT = ("key_value_rank", "query_rank", "rotary_dim", "value_dim")
WINDOW = ("window", "windowed_layers")


def show(index: int) -> None:
    """The shape of one planned run."""
    run = scenario_state.current().runs[index]
    _choose(run, index)
    shape = run.architecture
    if shape is None:
        st.info(words("Without a shape, cost follows from the parameters alone: 6·N·D. Memory and serving need one."))
        return
    _figures(run, shape)
    with st.grid(4, min_column_width=170):
        for field in _shown_fields(shape):
            inputs.number(f"runs.{index}.architecture.{field}", PLACE)
    st.button(
        words("Forget the shape"),
        key="shape-forget",
        on_click=scenario_state.edit,
        args=({f"runs.{index}.architecture": None},),
    )


def sequence_length() -> int:
    """Tokens of a training sequence, as chosen on the page."""
    return int(chosen(SEQUENCE_KEY, USUAL_SEQUENCE))


def _choose(run: PlannedRun, index: int) -> None:
    known = architectures()
    labels = {one.id: f"{one.name} ({one.developer}, {one.year})" for one in known.values()}
    key = f"shape-choice-{index}"
    if key not in st.session_state:
        st.session_state[key] = nearest_architecture(run.total_parameters, run.active_parameters).id
    choice, copy = st.columns([2, 1], vertical_alignment="bottom")
    with choice:
        name = st.selectbox(words("A published shape"), list(labels), format_func=labels.__getitem__, key=key)
    published = known[name]
    total, active = (float(count(published).total) for count in (total_parameters, active_parameters))
    with copy:
        st.button(
            words("Take this shape"),
            key="shape-copy",
            icon=":material/content_copy:",
            help=words("Also sets the run's parameters, in total and active."),
            on_click=scenario_state.edit,
            args=(
                {
                    f"runs.{index}.architecture": plain(published),
                    f"runs.{index}.total_parameters": float(f"{total:.4g}"),
                    f"runs.{index}.active_parameters": float(f"{active:.4g}"),
                },
            ),
        )
    counted = words("{total} in total, {active} active").format(
        total=formats.quantity(total), active=formats.quantity(active)
    )
    st.caption(f"{counted} · {source_text(published.source)}")


def _figures(run: PlannedRun, shape: Architecture) -> None:
    length = sequence_length()
    ask_number(SEQUENCE_KEY, SEQUENCE, length)
    exact = float(exact_training_flops(shape, run.tokens, length))
    ratio = float(exact_over_approximate(shape, length))
    text = words(
        "Exactly **{exact}** FLOPs of training at {length} tokens a sequence, **{ratio} ×** what 6·N·D says. Each "
        "token "
        "of context keeps {cache} kB of keys and values."
    )
    st.markdown(
        text.format(
            exact=formats.scientific(exact),
            length=formats.decimal(length, 0),
            ratio=formats.decimal(ratio, 3),
            cache=formats.decimal(float(cache_bytes_per_token(shape)) / 1000, 1),
        )
    )
    if attention_doubt(shape, length) is not None:
        st.warning(
            words("Attention is a large part of the work at this length: 6·N·D leaves it out, so the cost is higher."),
            icon=":material/warning:",
        )
    total, active = total_parameters(shape), active_parameters(shape)
    rows = [
        {
            words("Part"): words(name),
            words("Parameters"): _count(total, part),
            words("A token meets"): _count(active, part),
            words("Of the total"): formats.percent(getattr(total, part) / total.total),
        }
        for part, name in PARTS.items()
        if getattr(total, part)
    ]
    rows.append(
        {
            words("Part"): words("all"),
            words("Parameters"): formats.quantity(float(total.total)),
            words("A token meets"): formats.quantity(float(active.total)),
            words("Of the total"): formats.percent(1.0),
        }
    )
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Parameters of the model by part"))


def _count(parameters: Parameters, part: str) -> str:
    return formats.quantity(float(getattr(parameters, part)))


def _shown_fields(shape: Architecture) -> tuple[str, ...]:
    return (
        *DENSE,
        *(EXPERTS if shape.moe_layers else ()),
        *(LATENT if shape.latent else ()),
        *(WINDOW if shape.windowed_layers else ()),
    )
