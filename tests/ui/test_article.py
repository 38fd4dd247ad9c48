"""The article, told again: every part in both languages, corrections, presets with their cost, resources with dates."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.errata.article_training import network_parameters
from tests.ui.addresses import addresses
from tests.ui.test_pages import LOCALES, opened
from ui.learn import article_text
from ui.learn.article_view import PARTS
from ui.learn.resources import KINDS, PURPOSES, resources
from ui.presets import presets

PAGE = "learn/article.py"
PASSAGES = (
    *article_text.IDEAS,
    *article_text.LOOP,
    *article_text.STEPS,
    *article_text.TRENDS,
    *article_text.CHALLENGES,
    *article_text.QUESTIONS,
)


def page(part: str, locale: str = "en-US") -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.session_state["page-choices"] = {"article-part": part}
    return app.run()


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_with_its_numbers_filled_in(part: str, locale: str) -> None:
    app = page(part, locale)
    assert not app.exception
    assert "{" not in texts(app)
    assert "}" not in texts(app)


def test_links_lead_to_pages_and_uses_to_presets() -> None:
    assert {address for passage in PASSAGES for address in passage.pages} <= addresses()
    assert {use.preset for use in article_text.USES} <= presets().keys()


def test_the_network_is_far_from_large() -> None:
    """By hand: 320 + 18,496 + 1,601 · 128 + 1,290; a billion is 4,444 times as many."""
    assert network_parameters(1600) == 320 + 18_496 + 204_928 + 1_290 == 225_034
    shown = texts(page("ideas"))
    assert "225,034: 4,444 times" in shown
    steps = texts(page("learning"))
    assert "expects 3,136 inputs and gets 1,600" in steps
    assert "421,642 with padding" in steps  # 320 + 18,496 + 3,137 · 128 + 1,290


def test_models_that_are_not_large() -> None:
    """torchvision's ResNet50_Weights: num_params 25557032; Devlin et al. 2018: BERT-large has 340M parameters."""
    shown = texts(page("uses"))
    assert "ResNet-50 has 25.6M parameters" in shown
    assert "Its larger version has 340M parameters" in shown


def test_a_use_shows_its_cost_and_opens_its_scenario() -> None:
    app = page("uses")
    assert len(article_text.USES) == sum("Final training" in one.value for one in app.caption)
    app.button(key="article-open-Language: writing, translation, answers").click().run()
    assert app.session_state["workspace"].shown.preset == "deepseek-v3-class"
    assert app.title[0].value == "Plan"
    assert not app.exception


def test_a_use_of_deepseek_v3s_size_costs_what_was_published() -> None:
    """DeepSeek-V3, arXiv 2412.19437, table 1: 2.788M GPU hours at $2 are $5.576M."""
    assert any("5.58M" in one.value for one in page("uses").caption)


def test_resources_are_dated_and_their_addresses_well_formed() -> None:
    found = resources()
    assert {one.kind for one in found} <= set(KINDS)
    assert {one.what_for for one in found} == set(PURPOSES)
    assert len({one.source.url for one in found}) == len(found)
    for one in found:
        assert one.source.url.startswith("https://")
        assert not set(one.source.url) & set(" |()[]")
        assert "|" not in one.title
        assert date(2026, 1, 1) <= one.source.as_of
    table = next(one.value for one in page("reading").markdown if one.value.startswith("| "))
    assert table.count("https://") == len(found)
    assert table.count("2026") >= len(found)


def test_a_part_that_is_not_there_is_the_first() -> None:
    app = page("no such part")
    assert not app.exception
    assert app.segmented_control(key="article-part").value == "ideas"
