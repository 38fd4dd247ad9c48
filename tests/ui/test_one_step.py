"""The page of one training step: the published example stage by stage, other nets, faults in words."""

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InputError
from core.formulas.net_examples import NET_EXAMPLES
from core.formulas.small_net import train
from tests.ui.test_pages import LOCALES, opened
from ui.errors import error_text
from ui.language import speaking
from ui.learn.one_step.lesson import Lesson
from ui.learn.one_step.stages_view import every_number

PAGE = "learn/one_step.py"


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    """The page with these choices made: `place=2` is the choice "one-step-place"."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {f"one-step-{name}": value for name, value in choices.items()}
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.warning, *app.error, *app.latex))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("example", ["published", "exclusive_or", "classes"])
def test_every_example_opens_with_every_section(example: str, locale: str) -> None:
    app = page(locale, example=example, place=2)
    for section in ("numbers", "workings", "cards"):
        app.session_state[f"one-step-box-{section}"] = True
    app.run()
    assert not app.exception
    assert not app.error


def test_the_published_example_stage_by_stage() -> None:
    """mattmazur.com, 2015-03-17: 0.75136507, 0.772928465, 0.298371109, w5 0.4 -> 0.35891648 by 0.5 · 0.082167041."""
    app = page()
    assert "the net gives **0.751365 and 0.772928**; the targets are 0.01 and 0.99." in app.markdown[1].value
    assert r"0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35 = 0.3775" in app.latex[0].value.replace("&", "")
    forward = app.button(key="one-step-next")
    assert forward.label == "Next: Loss"
    forward.click().run()
    assert "**0.298371**" in app.markdown[1].value
    app.button(key="one-step-next").click().run()
    assert "0.138499 \\cdot 0.59327 = 0.082167" in texts(app)
    app.button(key="one-step-next").click().run()
    assert r"0.4 - 0.5 \cdot 0.082167 &= 0.358916" in texts(app)
    assert "the loss goes from 0.298371 to **0.280471**" in app.markdown[1].value
    app.button(key="one-step-next").click().run()
    assert "Step 2, forward" in app.markdown[1].value
    app.button(key="one-step-back").click().run()
    assert "Step 1, update" in app.markdown[1].value
    app.segmented_control(key="one-step-stage").set_value("loss").run()
    assert "Step 1, loss" in app.markdown[1].value
    app.button(key="one-step-ten").click().run()
    assert "Step 11, loss" in app.markdown[1].value
    app.button(key="one-step-over").click().run()
    assert "Step 1, forward" in app.markdown[1].value


def test_the_optimizer_is_chosen_and_taken_apart() -> None:
    """Adam's first step is its learning rate, 0.001, in every weight, whatever the gradient."""
    app = page(place=3, **{"published-optimizer": "adam"})
    app.session_state["one-step-box-workings"] = True
    app.run()
    row = next(line for line in texts(app).splitlines() if r"$\Delta\theta_t$" in line)
    assert [float(cell.replace("−", "-")) for cell in row.split("|")[3:-1]] == pytest.approx(
        [1e-3, 1e-3, -1e-3, -1e-3], rel=1e-5
    )


def test_what_was_typed_is_in_force_until_it_is_taken_back() -> None:
    """A target of 0.75136507 for the first output leaves it nothing to learn: its slope is 0."""
    app = page(place=2, **{"published-targets": [[0.7513650695523157, 0.99]]})
    assert r"\partial L/\partial \hat y_{1} &= 0 " in texts(app).replace(r"\\", " ")
    app.session_state["one-step-box-numbers"] = True
    app.run()
    app.button(key="one-step-published-reset").click().run()
    assert "the net gives **0.751365 and 0.772928**; the targets are 0.01 and 0.99." in app.markdown[1].value


def test_a_loss_that_cannot_take_the_outputs_says_so() -> None:
    """Binary cross-entropy wants probabilities; plain sums are none. Signs are -1 and 1, and 0.01 is neither."""
    app = page(**{"published-loss": "bce", "published-output": "identity"})
    assert "Predictions** is out of range" in app.error[0].value
    app = page(**{"published-loss": "hinge"})
    assert "Targets** is out of range" in app.error[0].value
    assert not app.exception


def test_a_net_that_runs_away_is_explained() -> None:
    """Mean squared error without a bound and a rate of 10: the weights pass every number."""
    choices = {"published-output": "identity", "published-hidden": "identity", "published-sgd-rate": 10.0}
    app = page(**choices)
    assert "no longer finite numbers" in texts(app)
    assert not app.exception
    app = page(place=4000, **choices)
    assert not app.exception


@pytest.mark.parametrize(
    ("field", "english", "chinese"),
    [
        ("small_net.hidden_weights", "**Weights of the hidden units**", "**"),
        ("optimizer.adam.beta1", "**Adam · memory of the gradient's running mean**", "**Adam · 梯度滑动平均的记忆**"),
        ("schedule.step.period", "**Step · steps between two cuts**", "**阶梯 · 两次下降之间的步数**"),
        ("mse.targets", "**Mean squared error · Targets**", "**均方误差 · 目标**"),
        ("huber.delta", "error where the parabola becomes a straight line", "**Huber"),
        ("character 7", "**Character 7**", "**"),
    ],
)
def test_fields_of_formulas_have_names(field: str, english: str, chinese: str) -> None:
    error = InputError("out_of_range", field, 1e-12, "0 < x")
    with speaking("en"):
        said = error_text(error)
        assert english in said
        assert "`0 < x`" in said
    with speaking("zh_CN"):
        assert chinese in error_text(error)


def test_every_number_of_a_step_can_be_taken_away() -> None:
    """mattmazur.com: loss 0.298371109, w5 0.4 before and 0.35891648 after."""
    example = NET_EXAMPLES["published"]
    steps = train(example.net, example.inputs, example.targets, 1)
    with speaking("en"):
        columns, rows = every_number(Lesson(example, example.targets, steps, None, 0, "forward"))
    assert columns == ("stage", "Quantity", "place", "Value")
    values = {row[:3]: row[3] for row in rows}
    assert values["loss", "loss", ""] == pytest.approx(0.298371109)
    assert values["before", "Weights of the outputs", "w(2) 11"] == pytest.approx(0.4)
    assert values["after", "Weights of the outputs", "w(2) 11"] == pytest.approx(0.35891648)
    assert [row[0] for row in rows] == sorted(
        (row[0] for row in rows), key=["before", "forward", "loss", "backward", "after"].index
    )
