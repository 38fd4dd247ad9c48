"""The inputs of a run: the few that matter, and all others folded."""

from collections.abc import Mapping

import streamlit as st

from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig, recommended, trainable
from ui.compute.page_choices import Number, ask_number, ask_one, ask_whether, choose, chosen, forget
from ui.language import N_, words
from ui.learn import settings_inputs
from ui.learn.training import recipe
from ui.learn.training.recipe import PREFIX
from ui.units import Unit

EPOCHS = Number(N_("Epochs"), low=1, high=200, help=N_("How often the network sees every training image."))
BATCH = Number(N_("Batch"), low=1, high=8192, help=N_("Images a step; the gradient is their mean."))
SEED = Number(
    N_("Random seed"), low=0, high=2**31 - 1, help=N_("The same seed draws the same weights, batches and noise.")
)
RATE = Unit("", 1.0, 0.001, "%g")
SHARE = Unit("", 1.0, 0.05, "%g")
TINY = Unit("", 1.0, 0.0001, "%g")
MORE = (
    Number(N_("Validation share"), SHARE, 0.0, 0.5, N_("Training images set apart, to judge each epoch by.")),
    Number(N_("Shift, pixels"), low=0, high=8, help=N_("Each image is moved at random by at most so much.")),
    Number(
        N_("Turn, degrees"),
        Unit("", 1.0, 5.0, "%g"),
        0.0,
        180.0,
        N_("Each image is turned at random by at most so much."),
    ),
    Number(N_("Noise"), SHARE, 0.0, 5.0, N_("Standard deviation of what is added to the standardised brightness.")),
    Number(N_("L1 penalty"), TINY, 0.0, 1.0, N_("Adds this times the sum of the weights' sizes to the loss.")),
    Number(N_("L2 penalty"), TINY, 0.0, 1.0, N_("Adds half of this times the sum of the squared weights to the loss.")),
    Number(N_("Label smoothing"), SHARE, 0.0, 0.9, N_("Share of the target that is spread over all classes.")),
)
FORWARDED = {"x-forwarded-for", "forwarded", "x-real-ip"}
OWN_ADDRESSES = (None, "127.0.0.1", "::1", "::ffff:127.0.0.1")
MORE_FIELDS = ("validation_share", "shift_pixels", "rotate_degrees", "noise", "l1", "l2", "label_smoothing")
# Off until switched on: the field, its switch, its number and what it starts at.
SWITCHED: Mapping[str, tuple[str, Number, float | int]] = {
    "dropout": (N_("Own dropout"), Number(N_("Dropout"), SHARE, 0.0, 0.95), 0.3),
    "clip_norm": (N_("Clip the gradient"), Number(N_("Largest length"), Unit("", 1.0, 0.5, "%g"), 0.01, 1e6), 1.0),
    "early_stopping_epochs": (N_("Stop early"), Number(N_("After epochs without a better loss"), low=1, high=200), 3),
    "weight_average": (
        N_("Average the weights"),
        Number(N_("Decay of the average"), Unit("", 1.0, 0.001, "%g"), 0.5, 0.9999),
        0.99,
    ),
}
DRAWN: Mapping[str, str] = {
    "": N_("each once"),
    "bootstrap": N_("by chance, with replacement (bagging)"),
    "thickness": N_("thin and thick strokes as often as usual ones"),
    "size": N_("small and large ones as often as usual ones"),
    "slant": N_("leaning ones as often as usual ones"),
}
CLIP = Number(N_("Each image's gradient at most"), Unit("", 1.0, 0.5, "%g"), 0.01, 1e6)
PRIVATE_NOISE = Number(
    N_("Noise, in such lengths"),
    Unit("", 1.0, 0.1, "%g"),
    0.0,
    100.0,
    N_("Standard deviation of what is added to the sum of a batch's gradients."),
)
USUAL_CLIP, USUAL_NOISE = 1.0, 1.0


def main_inputs() -> None:
    """Data, network, loss, optimizer and its rate, schedule, epochs, batch and seed."""
    data = ask_one(PREFIX + "data", words("Data"), _worded(recipe.DATA), "digits")
    base = recommended(data)
    ask_one(
        PREFIX + "model",
        words("Network"),
        _models(base),
        base.model,
        words(
            "SimpleCNN is the article's network. There it has 3,136 inputs where 1,600 arrive; both ways to mend it "
            "are here."
        ),
    )
    _row("loss", words("Loss"), base.loss)
    optimizer = _row("optimizer", words("Optimizer"), base.optimizer)
    asked = Number(N_("Learning rate"), RATE, 0.0, 10.0, N_("Size of a step, at the schedule's highest."))
    ask_number(recipe.rate_key(optimizer), asked, recipe.rate(base, optimizer))
    _row("schedule", words("Schedule of the rate"), base.schedule or Choice(recipe.NO_SCHEDULE))
    left, right = st.columns(2, vertical_alignment="bottom")
    below = st.container()
    for place, name, number in ((left, "epochs", EPOCHS), (right, "batch_size", BATCH), (below, "seed", SEED)):
        with place:
            ask_number(PREFIX + name, number, int(chosen(PREFIX + name, getattr(base, name))))


def more_inputs() -> None:
    """Everything else, and the ways back."""
    base = recommended(recipe.shown_data())
    with st.container(horizontal=True):
        st.button(
            words("The recommended recipe"), on_click=_only_data, key=PREFIX + "reset", icon=":material/restart_alt:"
        )
        st.button(
            words("The article's recipe, mended"),
            on_click=lambda: recipe.take(recipe.article(recipe.shown_data())),
            key=PREFIX + "article",
            icon=":material/article:",
        )
    st.markdown("**" + words("Formulas") + "**")
    rows = {row.id: words(row.name) for row in trainable("activation").values()}
    own = {recipe.OWN_ACTIVATION: words("The network's own")}
    ask_one(PREFIX + "activation", words("Activation"), own | rows, recipe.OWN_ACTIVATION)
    for field, name in (("loss", "Loss"), ("optimizer", "Optimizer"), ("schedule", "Schedule")):
        row = chosen(PREFIX + field, _base_name(field))
        settings = recipe.settings_of(field, row)
        if settings:
            st.caption(words("{name}: {text}").format(name=words(name), text=words(trainable(field)[row].name)))
            with st.container(horizontal=True):
                settings_inputs.ask(recipe.settings_prefix(field, row), settings)
    st.markdown("**" + words("Data and regularisation") + "**")
    with st.grid(4, min_column_width=150):
        for field, number in zip(MORE_FIELDS, MORE, strict=True):
            ask_number(PREFIX + field, number, chosen(PREFIX + field, getattr(base, field)))
    with st.grid(4, min_column_width=150):
        for field in SWITCHED:
            _switched(field)
        _private()
        _drawn_anew()
    st.markdown("**" + words("The machine") + "**")
    _machine()


def _machine() -> None:
    base = recommended(recipe.shown_data())
    with st.grid(4, min_column_width=150):
        formats = {"float32": "float32", "bfloat16": "bfloat16"}
        ask_one(PREFIX + "precision", words("Number format"), formats, base.precision)
        devices = {"auto": words("best there is"), "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
        ask_one(PREFIX + "device", words("Device"), devices, base.device)
        ask_whether(PREFIX + "channels_last", words("Channels last"), default=base.channels_last)
        ask_whether(PREFIX + "compile", words("Compile"), default=base.compile)
    if _own_machine() and recipe.shown_data() != "digits":
        kept = chosen(PREFIX + "root", None)
        st.session_state[PREFIX + "root"] = kept or ""
        st.text_input(
            words("Folder of the data"),
            key=PREFIX + "root",
            on_change=lambda: choose(PREFIX + "root", st.session_state[PREFIX + "root"].strip() or None),
            help=words(
                "It holds MNIST/raw or FashionMNIST/raw. Left empty, the files are fetched once from the network."
            ),
        )


def _own_machine() -> bool:
    """Whether the app runs where its user sits: nobody else names folders of it, and nobody behind a proxy here."""
    return st.context.ip_address in OWN_ADDRESSES and not FORWARDED & {name.lower() for name in st.context.headers}


def _row(field: str, label: str, base: Choice) -> str:
    rows = {row.id: words(row.name) for row in trainable(field).values()}
    name: str = ask_one(PREFIX + field, label, rows, base.name)
    return name


def _base_name(field: str) -> str:
    value: Choice | None = getattr(recommended(recipe.shown_data()), field)
    return value.name if value else recipe.NO_SCHEDULE


def _switched(field: str) -> None:
    label, number, start = SWITCHED[field]
    key, value = PREFIX + field, chosen(PREFIX + field, getattr(recommended(recipe.shown_data()), field))
    st.session_state[key + "-on"] = value is not None
    with st.container():
        st.toggle(
            words(label),
            key=key + "-on",
            on_change=lambda: choose(key, start if st.session_state[key + "-on"] else None),
        )
        if value is not None:
            ask_number(key, number, value)


def _private() -> None:
    """DP-SGD: its clip and its noise come and go together."""
    clip, noise = PREFIX + "private_clip", PREFIX + "private_noise"
    st.session_state[clip + "-on"] = chosen(clip, None) is not None

    def switch() -> None:
        on = st.session_state[clip + "-on"]
        choose(clip, USUAL_CLIP if on else None)
        choose(noise, USUAL_NOISE if on else 0.0)

    with st.container():
        st.toggle(words("Private training (DP-SGD)"), key=clip + "-on", on_change=switch)
        if chosen(clip, None) is not None:
            ask_number(clip, CLIP, chosen(clip, USUAL_CLIP))
            ask_number(noise, PRIVATE_NOISE, chosen(noise, 0.0))


def _drawn_anew() -> None:
    """How often each training image comes; once where nothing is chosen."""
    key = PREFIX + "resample"
    st.session_state[key] = chosen(key, None) or ""
    st.selectbox(
        words("Training images drawn"),
        list(DRAWN),
        format_func=lambda name: words(DRAWN[name]),
        key=key,
        on_change=lambda: choose(key, st.session_state[key] or None),
    )


def _only_data() -> None:
    data = recipe.shown_data()
    forget(PREFIX)
    choose(PREFIX + "data", data)


def _models(base: TrainingConfig) -> dict[str, str]:
    """The named networks, and a searched structure where the recipe has one."""
    shown = chosen(PREFIX + "model", base.model)
    return {name: recipe.model_name(name) for name in dict.fromkeys((*recipe.MODELS, shown))}


def _worded(names: Mapping[str, str]) -> dict[str, str]:
    return {name: words(text) for name, text in names.items()}
