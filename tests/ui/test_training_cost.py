"""The Training cost page: shape, loss, memory, utilisation, data and people, opened and used."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.architecture import architectures
from core.compute.published_shapes import nearest_architecture, plain
from core.plan.scenario_io import edited, to_code
from tests.ui.test_pages import opened
from ui.compute.doubts_view import remarks
from ui.presets import presets

PAGE = "compute/training_cost.py"
SECTIONS = ("shape", "loss", "memory", "utilisation", "data", "people")
LLAMA = plain(architectures()["llama-3.1-405b"])


def unfolded(app: AppTest, *sections: str) -> AppTest:
    for section in sections:
        app.session_state[f"training-{section}"] = True
    return app.run()


def llama(**fields: object) -> AppTest:
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
    return opened(PAGE, "first-lab", code=to_code(scenario))


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.warning, *app.caption, *app.info))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("preset", presets())
def test_every_section_opens_with_every_preset(preset: str, locale: str) -> None:
    app = unfolded(opened(PAGE, preset, locale), *SECTIONS)
    assert not app.exception
    assert not app.error


def test_presets_raise_no_false_alarm() -> None:
    """Their figures are published or assumed with care: nothing looks like per cent, sparsity or words."""
    for scenario in presets().values():
        for index, run in enumerate(scenario.runs):
            assert not remarks(run, f"runs.{index}.")


def test_llama_405b_needs_its_own_hours_at_its_published_utilisation() -> None:
    """30.84 million H100-hours (model card) of 6 × 405e9 × 15.6e12 FLOPs at 989.5e12 a second: an MFU of 34.5 %."""
    app = llama(mfu=6 * 405e9 * 15.6e12 / (30.84e6 * 3600 * 989.5e12), peak_flops=989.5e12)
    assert "30.8M accelerator-hours" in texts(app)


def test_llama_405b_fits_no_single_machine_and_the_page_says_what_holds_it() -> None:
    """405e9 parameters × 18 bytes of weights, gradients and Adam are 7.3 TB: more than 91 of 80 GB."""
    app = unfolded(llama(), "memory")
    sentence = next(one.value for one in app.markdown if "fewest accelerators" in one.value)
    fewest = int(sentence.split("hold it: ")[1].split(";")[0].replace(",", ""))
    assert fewest > 7.3e12 / 80e9


def test_exact_flops_stand_beside_six_n_d() -> None:
    """Llama 3.1 405B at 8,192 tokens: attention adds 12·L·H·Q·T/2 = 12 × 126 × 128 × 128 × 4,096 to the 6·N a token."""
    app = llama()
    app.session_state["page-choices"] = {"sequence-length": 8192}
    app = unfolded(app, "shape")
    attention = 12 * 126 * 128 * 128 * 4096
    embeddings = 6 * 128_256 * 16_384  # looked up, not multiplied
    ratio = 1 + (attention - embeddings) / (6 * 405.85e9)
    assert f"{ratio:.3f} ×" in texts(app)


def test_sparse_peak_is_flagged_and_one_click_takes_the_dense_one() -> None:
    """NVIDIA's headline for the H100 SXM5 is 1,979 TFLOP/s in BF16 with sparsity, half of it dense."""
    app = llama(peak_flops=1979e12)
    assert "sparsity" in app.warning[0].value
    app.button(key="doubt-0").click().run()
    assert not app.warning


def test_total_parameters_where_active_ones_are_meant() -> None:
    """DeepSeek-V3: 671B in total, 37B active (arXiv 2412.19437)."""
    shape = plain(architectures()["deepseek-v3"])
    app = llama(architecture=shape, total_parameters=671e9, active_parameters=671e9)
    assert "nearer to the total" in texts(app)
    app.button(key="doubt-0").click().run()
    assert app.number_input(key="lever-runs-0-active_parameters").value == pytest.approx(37.6, abs=1)


def test_tokens_in_words_are_flagged_with_the_published_tokens() -> None:
    """Three quarters of Llama 3.1's 15.6T tokens are 11.7T words."""
    app = llama(tokens=11.7e12)
    assert "15.6T" in app.warning[0].value


def test_utilisation_in_per_cent_is_refused_with_what_is_meant() -> None:
    app = llama()
    app.number_input(key="lever-runs-0-mfu").set_value(3310).run()
    assert "3,310 %" in app.error[0].value
    assert "33.1 %?" in app.error[0].value


def test_fp8_takes_its_own_peak_and_utilisation() -> None:
    """H100: 1,979 TFLOP/s in FP8, twice its BF16 peak; the run becomes 1.17 times as fast, so MFU × 1.17 / 2."""
    app = unfolded(llama(mfu=0.30, peak_flops=989.4e12), "utilisation")
    app.selectbox(key="precision-0").select("fp8").run()
    assert app.number_input(key="lever-runs-0-mfu").value == pytest.approx(30 * 1.17 / 2, abs=0.1)


def test_budget_of_a_round_buys_a_loss() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "loss")
    choice = app.selectbox(key="loss-budget")
    app = choice.select_index(2).run()
    assert not app.exception
    assert "$14.4M** for compute buys" in texts(app).replace("\\", "")


def test_published_shape_nearest_to_the_run_is_offered_first() -> None:
    run = presets()["deepseek-v3-class"].runs[0]
    assert nearest_architecture(run.total_parameters, run.active_parameters).id == "deepseek-v3"


def test_sources_of_data_are_laid_out_and_taken_back() -> None:
    app = unfolded(opened(PAGE, "first-lab"), "data")
    app.button(key="data-lay-out").click().run()
    assert not app.exception
    assert "most of it is" in texts(app)
    app.button(key="data-one-price").click().run()
    assert "most of it is" not in texts(app)


def test_role_at_published_pay_joins_the_team() -> None:
    """The first row of data/salaries.csv: 160,000 USD × 1.2 of employer's cost = 192,000."""
    app = unfolded(opened(PAGE, "first-lab"), "people")
    app.button(key="pay-add").click().run()
    assert not app.exception
    assert "$192K" in str(app.dataframe[0].value.to_dict())
