"""The Training cost page: shape, loss, memory, utilisation, data and people, opened and used."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.architecture import architectures
from core.compute.published_shapes import nearest_architecture, plain
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, to_code
from tests.ui.test_pages import opened
from ui.presets import presets

PAGE = "compute/training_cost.py"
SECTIONS = ("shape", "loss", "memory", "utilisation", "data", "people")
LLAMA = plain(architectures()["llama-3.1-405b"])


def unfolded(app: AppTest, *sections: str) -> AppTest:
    for section in sections:
        app.session_state[f"training-{section}"] = True
    return app.run()


def scenario_of(app: AppTest) -> Scenario:
    shown: Scenario = app.session_state["workspace"].shown.scenario
    return shown


def llama(locale: str = "en-US", **fields: object) -> AppTest:
    """The first preset's first run made Llama 3.1 405B: 15.6T tokens on 16,384 H100 (arXiv 2407.21783)."""
    run = {
        "runs.0.architecture": LLAMA,
        "runs.0.total_parameters": 405e9,
        "runs.0.active_parameters": 405e9,
        "runs.0.tokens": 15.6e12,
        "runs.0.accelerator_count": 16_384,
        "runs.0.post_training_share": 0.0,
    }
    scenario = edited(presets()["first-lab"], run | {f"runs.0.{name}": value for name, value in fields.items()})
    return opened(PAGE, "first-lab", locale, to_code(scenario))


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.warning, *app.caption, *app.info))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("preset", presets())
def test_every_section_opens_with_every_preset(preset: str, locale: str) -> None:
    app = unfolded(opened(PAGE, preset, locale), *SECTIONS)
    assert not app.exception
    assert not app.error


def test_llama_405b_needs_its_own_hours_at_its_published_utilisation() -> None:
    """30.84 million H100-hours (model card) of 6 × 405e9 × 15.6e12 FLOPs at 989.5e12 a second: an MFU of 34.5 %."""
    app = llama(mfu=6 * 405e9 * 15.6e12 / (30.84e6 * 3600 * 989.5e12), peak_flops=989.5e12)
    assert "30.8M accelerator-hours" in texts(app)


def test_cost_at_the_utilisation_of_others() -> None:
    """Eight in ten reach 18.1 to 48.0 %: 30.84 million hours at 34.5 % and 2 USD become 44.3 to 117 million USD."""
    app = llama(mfu=0.345, price_per_hour=2.0, peak_flops=989.5e12)
    assert "18% to 48%" in texts(app)
    assert "**$44.3M** and **$117M**" in texts(app).replace("\\", "")


def test_llama_405b_is_laid_out_as_meta_did() -> None:
    """Tensor 8, pipeline 16, data 128 (arXiv 2407.21783, table 4). 405.9e9 × 18 bytes fill 102 times 72 GB."""
    app = llama()
    app.session_state["page-choices"] = {"sequence-length": 8192}
    app = unfolded(app, "memory")
    assert [app.selectbox(key=f"layout-0-{name}").value for name in ("tensor", "pipeline")] == [8, 16]
    assert app.number_input(key="layout-0-data").value == 128
    assert "It fits" in texts(app)
    assert "fill 102 accelerators" in texts(app)


def test_layout_that_does_not_fit_says_what_would_and_does_it() -> None:
    app = unfolded(llama(), "memory")
    app.selectbox(key="layout-0-zero").select(0).run()
    app.selectbox(key="layout-0-pipeline").select(2).run()
    assert "It does not fit" in texts(app)
    app.button(key="layout-0-change").click().run()
    assert not app.exception
    assert "It fits" in texts(app)


def test_layout_for_other_accelerators_than_the_run_has_is_flagged() -> None:
    app = unfolded(llama(), "memory")
    copies = app.number_input(key="layout-0-data").value
    app.number_input(key="layout-0-data").set_value(2 * copies).run()
    assert "32,768 accelerators" in app.warning[-1].value
    app.button(key="layout-0-copies").click().run()
    assert app.number_input(key="layout-0-data").value == copies


def test_exact_flops_stand_beside_six_n_d() -> None:
    """Llama 3.1 405B at 8,192 tokens: attention adds 12·L·H·Q·T/2 = 12 × 126 × 128 × 128 × 4,096 to the 6·N a token."""
    app = llama()
    app.session_state["page-choices"] = {"sequence-length": 8192}
    app = unfolded(app, "shape")
    attention = 12 * 126 * 128 * 128 * 4096
    embeddings = 6 * 128_256 * 16_384  # looked up, not multiplied
    ratio = 1 + (attention - embeddings) / (6 * 405.85e9)
    assert f"{ratio:.3f} ×" in [one.value for one in app.metric]


def test_published_shape_is_taken_in_one_change_with_its_parameters() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "shape")
    app.selectbox(key="shape-choice-0").select("deepseek-v3").run()
    app.button(key="shape-copy").click().run()
    run = scenario_of(app).runs[0]
    assert run.architecture == plain(architectures()["deepseek-v3"])
    assert (run.total_parameters, run.active_parameters) == (671e9, 37.55e9)
    app.button(key="undo").click().run()
    assert scenario_of(app) == presets()["first-lab"]


def test_own_shape_can_be_edited_and_forgotten() -> None:
    app = unfolded(llama(), "shape")
    app.number_input(key="shape-runs-0-architecture-layers").set_value(100).run()
    assert "its shape has" in app.warning[0].value
    app.button(key="doubt-other_than_shape").click().run()
    assert not app.warning
    assert scenario_of(app).runs[0].active_parameters < 405e9
    app.button(key="shape-forget").click().run()
    assert scenario_of(app).runs[0].architecture is None


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_impossible_shape_is_refused_with_what_would_be_right(locale: str) -> None:
    app = unfolded(llama(locale=locale), "shape")
    app.number_input(key="shape-runs-0-architecture-key_value_heads").set_value(7).run()
    assert "128 % key_value_heads = 0" in app.error[0].value
    assert not app.exception


def test_sparse_peak_is_flagged_and_one_click_takes_the_dense_one() -> None:
    """NVIDIA's headline for the H100 SXM5 is 1,979 TFLOP/s in BF16 with sparsity, half of it dense."""
    app = llama(peak_flops=1979e12)
    assert "sparsity" in app.warning[0].value
    app.button(key="doubt-sparse_peak").click().run()
    assert not app.warning


def test_total_parameters_where_active_ones_are_meant() -> None:
    """DeepSeek-V3: 671B in total, 37B active (arXiv 2412.19437)."""
    shape = plain(architectures()["deepseek-v3"])
    app = llama(architecture=shape, total_parameters=671e9, active_parameters=671e9)
    assert "look like all parameters" in app.warning[0].value
    app.button(key="doubt-total_for_active").click().run()
    assert app.number_input(key="lever-runs-0-active_parameters").value == pytest.approx(37.6, abs=1)


def test_tokens_in_words_are_flagged_with_the_published_tokens() -> None:
    """Three quarters of Llama 3.1's 15.6T tokens are 11.7T words."""
    app = llama(tokens=11.7e12)
    assert "15.6T" in app.warning[0].value


def test_utilisation_in_per_cent_is_refused_with_what_is_meant() -> None:
    app = llama()
    app.number_input(key="lever-runs-0-mfu").set_value(3310).run()
    assert "3,310%" in app.error[0].value
    assert "33.1%?" in app.error[0].value


def test_share_typed_as_per_cent_is_flagged_and_put_right() -> None:
    app = llama()
    app.number_input(key="lever-runs-0-mfu").set_value(0.33).run()
    assert "0.33%" in app.warning[0].value
    app.button(key="doubt-per_cent").click().run()
    assert app.number_input(key="lever-runs-0-mfu").value == 33
    assert not app.warning


def test_fp8_takes_its_own_peak_and_utilisation_in_one_change() -> None:
    """H100: 1,979 TFLOP/s in FP8, twice its BF16 peak; the run becomes 1.173 times as fast: 30 × 1.173 / 2.001 %."""
    app = unfolded(llama(mfu=0.30, peak_flops=989e12), "utilisation")
    before = scenario_of(app)
    app.selectbox(key="utilisation-precision-0").select("fp8").run()
    run = scenario_of(app).runs[0]
    assert (run.precision, run.peak_flops) == ("fp8", 1979e12)
    assert run.mfu == pytest.approx(0.1759, abs=0.0001)
    app.selectbox(key="lever-accelerator-0").select("h200-sxm").run()
    assert scenario_of(app).runs[0].peak_flops == 1979e12
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert scenario_of(app) == before


def test_measured_step_becomes_a_whole_run() -> None:
    """A failure every 3.09 hours, a minute to save, 15 to restart: goodput 0.839, and 41 % × 0.839 = 34.4 %."""
    app = unfolded(llama(mfu=0.30), "utilisation")
    app.number_input(key="goodput-measured").set_value(41.0).run()
    assert "**83.9%**" in texts(app)
    app.button(key="goodput-use").click().run()
    assert scenario_of(app).runs[0].mfu == pytest.approx(0.344, abs=0.0005)


def test_hfu_loses_what_is_recomputed() -> None:
    """Full recomputation is a fourth forward pass in three: 48 % HFU are 36 % of step MFU."""
    app = unfolded(llama(mfu=0.30, accelerator_count=1), "utilisation")
    app.selectbox(key="goodput-kind").select("HFU").run()
    app.selectbox(key="goodput-recompute").select("full").run()
    app.number_input(key="goodput-measured").set_value(48.0).run()
    app.button(key="goodput-use").click().run()
    assert scenario_of(app).runs[0].mfu == pytest.approx(0.36, abs=0.002)


def test_budget_of_a_round_buys_a_loss() -> None:
    """The median Series A of the first preset, and more of it in the law as published."""
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    app = app.selectbox(key="loss-budget").select_index(2).run()
    assert not app.exception
    assert "$14.4M** for compute buys" in texts(app).replace("\\", "")
    assert "95% interval" in texts(app)
    app.selectbox(key="loss-law").select("original").run()
    assert "95% interval" not in texts(app)


def test_another_amount_can_be_typed() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    app.selectbox(key="loss-budget").select("other").run()
    app.number_input(key="loss-amount").set_value(50.0).run()
    assert "$50M** for compute buys" in texts(app).replace("\\", "")


def test_budget_in_flop() -> None:
    """Chinchilla's 5.76e23 FLOP; Epoch's refit asks for about 20 tokens a parameter (arXiv 2404.10102)."""
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    app.selectbox(key="loss-budget").select("flops").run()
    app.number_input(key="loss-flops").set_value(576.0).run()
    assert "buys 5.76 × 10²³ FLOP" in texts(app)
    assert 15 < float(app.dataframe[0].value["Tokens a parameter"][0]) < 25


def test_repeated_tokens_are_worth_less() -> None:
    """Muennighoff et al.: 1T over 0.25T unique tokens are 3 repeats, 0.25 (1 + 15.39 (1 - e^(-3/15.39))) = 0.93T."""
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    app.number_input(key="loss-unique").set_value(0.25).run()
    assert "seen 4 times: worth **931B**" in texts(app)


def test_serving_asks_for_a_smaller_model() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    app.number_input(key="loss-serving-0-output_tokens").set_value(1000.0).run()
    planned, _, cheapest = (float(size.removesuffix("B")) for size in app.dataframe[1].value["Parameters"])
    assert not app.exception
    assert cheapest < planned == 7


def test_published_shape_nearest_to_the_run_is_offered_first() -> None:
    run = presets()["deepseek-v3-class"].runs[0]
    assert nearest_architecture(run.total_parameters, run.active_parameters).id == "deepseek-v3"


def test_sources_of_data_are_laid_out_and_taken_back() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "data")
    app.button(key="data-lay-out").click().run()
    assert not app.exception
    assert "the largest part is" in texts(app)
    app.button(key="data-one-price").click().run()
    assert "the largest part is" not in texts(app)


def test_role_at_published_pay_joins_the_team() -> None:
    """The first row of data/salaries.csv: 160,000 USD × 1.2 of employer's cost = 192,000."""
    app = unfolded(opened(PAGE, "first-lab"), "people")
    app.button(key="pay-add").click().run()
    assert not app.exception
    assert "$192K" in str(app.dataframe[0].value.to_dict())
