"""The Losses page: the article's numbers, edits of its data, other losses beside it, every row in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.losses import LOSSES
from core.formulas.regularizers import REGULARIZERS
from tests.ui.test_pages import LOCALES, opened

SECTIONS = ("card", "added", "all")


def page(locale: str = "en-US", /, **choices: object) -> AppTest:
    app = opened("learn/losses.py", "first-lab", locale)
    if not choices:
        return app
    app.session_state["page-choices"] = {f"losses-{name}": value for name, value in choices.items()}
    app.session_state["losses-editor-version"] = 1  # draws the table anew over what is kept
    return app.run()


def answer(app: AppTest) -> str:
    return str(next(text.value for text in app.markdown if text.value.startswith("## ")))


@pytest.mark.parametrize("locale", LOCALES)
def test_page_opens_with_the_articles_example(locale: str) -> None:
    """The article: 0.02 / 3, which it rounds to 0.0067."""
    app = page(locale)
    assert not app.exception
    assert not app.error
    assert answer(app).endswith("**0.00666667**")
    assert app.latex[0].value.strip("$\n") == r"\frac{0.01 + 0.01 + 0}{3} = 0.00666667"
    assert [metric.value for metric in app.metric[:3]] == ["0.02", "3", "0.0666667"]


def test_the_table_of_terms_leaves_out_what_the_editor_shows() -> None:
    """Predictions 0.2, 0.1, 0.3 for 0.1, 0.2, 0.3: squares 0.01, 0.01, 0, and slopes 2 · ±0.1 / 3."""
    terms = next(one.value for one in page().dataframe if "slope" in one.value)
    assert list(terms) == ["sample", "term", "slope", "share"]
    assert list(terms["slope"]) == pytest.approx([0.2 / 3, -0.2 / 3, 0])


def test_articles_cross_entropy_is_not_what_it_says() -> None:
    """-0.1 ln 0.2 - 0.2 ln 0.1 - 0.3 ln 0.3 = 0.982653 nats; the article says 0.0972, and its numbers add up to 0.6."""
    app = page(loss="cross_entropy_of_distributions")
    assert answer(app).endswith("**0.982653**")
    assert len(app.warning) == 2


@pytest.mark.parametrize("locale", LOCALES)
def test_every_loss_opens(locale: str) -> None:
    app = page(locale)
    for loss in LOSSES:
        app.selectbox(key="losses-loss").select(loss).run()
        assert not app.exception, loss
        assert not app.error, loss
        assert len(app.get("plotly_chart")) == 1


def test_sum_and_none() -> None:
    assert answer(page(reduction="sum")).endswith("**0.02**")
    assert answer(page(reduction="none")).endswith("**0.01; 0.01; 0**")


def test_an_outlier_takes_over_the_mean_squared_error() -> None:
    """The last target moves from 0.3 to 10.3: (0.01 + 0.01 + 100) / 3; its slope is 20 of 20.4."""
    app = page(others=("mae", "huber"))
    app.button(key="losses-outlier").click().run()
    assert not app.exception
    assert answer(app).endswith("**33.34**")
    assert app.metric[3].value == "98%"
    table = next(text.value for text in app.markdown if text.value.startswith("| Loss"))
    assert "sample 3: 98%" in table
    assert "| 3.4 | all alike: 33% |" in table  # of the absolute errors: (0.1 + 0.1 + 10) / 3

    app.button(key="losses-example").click().run()
    assert answer(app).endswith("**0.00666667**")


def test_class_weights_weigh_the_mean() -> None:
    """One sample of class 0 with weight 2: twice the term, divided by 2."""
    app = page(loss="cross_entropy", weighted=True, **{"weight-0": 2.0})
    assert answer(app).endswith("**2.40761**")
    assert [metric.value for metric in app.metric[:2]] == ["4.81521", "2"]


def test_more_classes_keep_the_scores() -> None:
    """ln(e + e² + e³ + 1) - 1 = 2.440190 with a fourth score of 0."""
    app = page(loss="cross_entropy")
    app.number_input(key="losses-parts-cross_entropy").set_value(4).run()
    assert not app.exception
    assert answer(app).endswith("**2.44019**")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("loss", "rows"),
    [
        ("bce", ((1.5, 0.0),)),
        ("hinge", ((0.5, 0.3),)),
        ("cross_entropy", ((1.0, 2.0, 3.0, 7.0),)),
        ("rmse", ((1.0, 0.5, 0.5), (2.0, 0.5, 0.5), (2.0, 0.5, 0.5))),
        ("mse", ()),
    ],
)
def test_bad_data_are_explained(loss: str, rows: tuple[tuple[float, ...], ...], locale: str) -> None:
    app = page(locale, loss=loss, **{f"rows-{loss}": rows})
    assert not app.exception
    assert len(app.error) == 1


def test_labels_that_are_no_numbers_are_explained() -> None:
    app = page(loss="ctc", **{"labels-ctc": "one, two"})
    assert not app.exception
    assert "one, two" in app.error[0].value


def test_settings_change_the_loss() -> None:
    """Huber with δ = 0.05: 0.05 (0.1 - 0.025) for each error of 0.1, so 0.0075 / 3."""
    app = page(loss="huber", **{"huber-delta": 0.05})
    assert answer(app).endswith("**0.0025**")


@pytest.mark.parametrize("locale", LOCALES)
def test_folded_parts_open(locale: str) -> None:
    app = page(locale)
    for name in SECTIONS:
        app.session_state[f"losses-section-{name}"] = True
    app.session_state["take-loss"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert len(app.get("download_button")) == 2
    assert len(app.dataframe) >= 3


def test_every_regulariser_opens() -> None:
    app = page()
    app.session_state["losses-section-added"] = True
    for name in REGULARIZERS:
        app.session_state["page-choices"] = {"losses-regularizer": name}
        app.run()
        assert not app.exception
