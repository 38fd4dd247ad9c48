"""The shape of a model: a published one to start from, its parameters by part, exact FLOPs beside 6·N·D."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.compute.architecture import (
    Architecture,
    Parameters,
    active_parameters,
    approximate_training_flops,
    architectures,
    cache_bytes_per_token,
    exact_training_flops,
    total_parameters,
)
from core.compute.published_shapes import nearest_architecture, plain
from core.plan.run_doubts import shape_sizes
from core.plan.scenario import PlannedRun
from ui import formats, inputs, scenario_state
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, words
from ui.sources import source_text

PLACE = "shape"
SEQUENCE_KEY = "sequence-length"
USUAL_SEQUENCE = 4096
SEQUENCE = Number(N_("Tokens of one training sequence"), low=1, help=N_("Attention costs more the longer they are."))
AS_PUBLISHED = "{:.4g}"  # makers state three digits or four
PARTS = {
    "embedding": N_("token tables"),
    "attention": N_("attention"),
    "feed_forward": N_("feed-forward and experts"),
    "router": N_("router of the experts"),
    "norms": N_("norms"),
}
FIELDS = ("layers", "hidden_size", "heads", "key_value_heads", "head_dim", "feed_forward_width", "vocabulary")
EXPERTS = ("experts", "experts_per_token", "shared_experts", "expert_width", "moe_layers")
LATENT = ("key_value_rank", "query_rank", "rotary_dim", "value_dim")
WINDOW = ("window", "windowed_layers")
CHOICES: Mapping[str, Mapping[str, str]] = {
    "feed_forward": {"gated": N_("gated (SwiGLU)"), "plain": N_("plain")},
    "embeddings": {"untied": N_("one in, one out"), "tied": N_("one for both")},
}


def show(index: int) -> None:
    """The shape of one planned run."""
    run = scenario_state.current().runs[index]
    _choose(run, index)
    shape = run.architecture
    if shape is None:
        st.caption(
            words(
                "The run states no shape yet: its cost follows from 6·N·D alone, and memory is shown for the nearest "
                "published model. Taking a shape also sets the run's parameters."
            )
        )
        return
    _figures(run, shape)
    _own_shape(shape, f"runs.{index}.architecture")


def sequence_length() -> int:
    """Tokens of a training sequence, as chosen on the page."""
    return int(chosen(SEQUENCE_KEY, USUAL_SEQUENCE))


def ask_sequence_length(place: str) -> None:
    """Its input, in several places of the page."""
    ask_number(SEQUENCE_KEY, SEQUENCE, sequence_length(), place=place)


def _choose(run: PlannedRun, index: int) -> None:
    known = architectures()
    labels = {one.id: f"{one.name} ({one.developer}, {one.year})" for one in known.values()}
    key = f"shape-choice-{index}"
    if key not in st.session_state:
        st.session_state[key] = nearest_architecture(run.total_parameters, run.active_parameters).id
    choice, copy = st.columns([2, 1], vertical_alignment="bottom")
    with choice:
        name = st.selectbox(words("A published shape"), list(labels), format_func=labels.__getitem__, key=key)
    published, at = known[name], f"runs.{index}."
    sizes = {field: float(AS_PUBLISHED.format(size)) for field, size in shape_sizes(published).items()}
    with copy:
        st.button(
            words("Take this shape"),
            key="shape-copy",
            icon=":material/content_copy:",
            help=words("Also sets the run's parameters, in total and active."),
            on_click=scenario_state.edit,
            args=({at + "architecture": plain(published), **{at + field: size for field, size in sizes.items()}},),
        )
    total, active = (formats.quantity(size) for size in sizes.values())
    counted = words("{total} in total, {active} active").format(total=total, active=active)
    st.caption(f"{counted} · {source_text(published.source)}")


def _figures(run: PlannedRun, shape: Architecture) -> None:
    length = sequence_length()
    exact = float(exact_training_flops(shape, run.tokens, length))
    approximate = float(approximate_training_flops(shape, run.tokens))
    total, active = total_parameters(shape), active_parameters(shape)
    cache = float(cache_bytes_per_token(shape)) / 1000
    with st.grid(4, min_column_width=170):
        _metric(words("Parameters"), formats.quantity(total.total), words("counted from the shape"))
        share = words("{share} of all").format(share=formats.percent(active.total / total.total))
        _metric(words("A token meets"), formats.quantity(active.total), share)
        note = words("6·N·D: {flops}").format(flops=formats.scientific(approximate))
        _metric(words("Exact training FLOP"), formats.scientific(exact), note)
        text = words("at {length} tokens").format(length=formats.decimal(length, 0))
        _metric(words("Exact / 6·N·D"), formats.decimal(exact / approximate, 3) + " ×", text)
    left, right = st.columns([2, 1], gap="large")
    with left:
        _parts_table(total, active)
    with right:
        ask_sequence_length(PLACE)
        st.caption(
            words(
                "6·N·D charges the input table, which is only looked up, and leaves attention out; the exact count "
                "multiplies every matrix and half of each score matrix, as causal attention needs. A token of context "
                "keeps {cache} kB of keys and values in BF16."
            ).format(cache=formats.decimal(cache, 1))
        )


def _parts_table(total: Parameters, active: Parameters) -> None:
    names = {part: words(name) for part, name in PARTS.items() if getattr(total, part)} | {"total": words("all")}
    rows = [
        {
            words("Part"): name,
            words("Parameters"): formats.quantity(getattr(total, part)),
            words("A token meets"): formats.quantity(getattr(active, part)),
            words("Of the total"): formats.percent(getattr(total, part) / total.total),
        }
        for part, name in names.items()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Parameters of the model by part"))


def _own_shape(shape: Architecture, path: str) -> None:
    st.markdown(words("**Your own shape**"))
    shown = FIELDS + (LATENT if shape.latent else ()) + (WINDOW if shape.windowed_layers else ()) + EXPERTS
    with st.grid(4, min_column_width=170):
        for field in shown:
            inputs.number(f"{path}.{field}", PLACE)
        for field, names in CHOICES.items():
            labels = {option: words(name) for option, name in names.items()}
            inputs.choice(f"{path}.{field}", list(labels), labels.__getitem__, PLACE)
    st.button(
        words("Forget the shape"),
        key="shape-forget",
        on_click=scenario_state.edit,
        args=({path: None},),
    )


def _metric(label: str, value: str, note: str) -> None:
    st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)
