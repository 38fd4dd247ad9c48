"""`data/training_runs.csv`: the frozen list of scored runs, what each run's hours imply, a source for every row."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.compute.accelerators import accelerators
from core.compute.organizations import organizations
from core.compute.training_runs import TrainingRun, full_runs, published_runs

FILE = Path(__file__).resolve().parent.parent / "data" / "training_runs.csv"
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
RUNS = {run.id: run for run in published_runs()}

# Fixed before a predictor was chosen: never add to it or take from it, or scores stop being comparable.
FROZEN_LINES = """
llama-7b llama-33b llama-65b llama-2-7b llama-2-13b llama-2-70b llama-3-8b llama-3-70b
llama-3.1-8b llama-3.1-70b llama-3.1-405b llama-4-scout llama-4-maverick gopher-280b palm-540b glm-130b
mpt-7b pythia-70m pythia-160m pythia-410m pythia-1b pythia-1.4b pythia-6.9b pythia-12b
bloomberggpt-50b tinyllama-1.1b olmoe-1b-7b olmo-3-32b deepseek-v2 deepseek-v3 nemotron-3-8b trinity-large
"""
FROZEN = FROZEN_LINES.split()

# 6·N·D over (peak · hours) by hand from the papers' figures, in per cent to one digit.
IMPLIED = {
    "llama-7b": 43.4, "llama-33b": 45.8, "llama-65b": 47.7, "llama-2-7b": 39.1, "llama-2-13b": 37.7,
    "llama-2-70b": 42.8, "llama-3-8b": 15.6, "llama-3-70b": 27.9, "llama-3.1-8b": 13.9, "llama-3.1-70b": 25.5,
    "llama-3.1-405b": 34.6, "llama-3.2-1b": 5.0, "llama-3.2-3b": 10.6, "llama-4-scout": 22.9,
    "llama-4-maverick": 26.5, "gpt-3-175b": 19.7, "gopher-280b": 30.2, "palm-540b": 30.4, "mt-nlg-530b-280": 29.8,
    "mt-nlg-530b-420": 26.9, "opt-175b": 34.6, "glm-130b": 25.1, "gpt-neox-20b-estimate": 25.1, "falcon-40b": 38.6,
    "mpt-7b": 35.7, "mpt-30b-estimate": 37.3, "pythia-70m": 22.1, "pythia-160m": 25.2, "pythia-410m": 25.6,
    "pythia-1b": 33.6, "pythia-1.4b": 31.8, "pythia-6.9b": 32.8, "pythia-12b": 26.2, "bloomberggpt-50b": 23.6,
    "tinyllama-1.1b": 51.0, "olmoe-1b-7b": 18.2, "olmo-3-32b": 28.2, "deepseek-v2": 20.5, "deepseek-v3": 34.6,
    "nemotron-3-8b": 34.8, "trinity-large": 10.1,
}  # fmt: skip


def test_frozen_full_runs_are_the_frozen_list() -> None:
    assert [run.id for run in full_runs() if run.cohort == "frozen"] == FROZEN
    assert len(FROZEN) == 32


@pytest.mark.parametrize(("id", "percent"), IMPLIED.items())
def test_hours_imply_the_known_utilisation(id: str, percent: float) -> None:
    assert RUNS[id].implied_mfu * 100 == pytest.approx(percent, abs=0.06)


def test_every_frozen_row_has_its_utilisation_checked() -> None:
    assert {run.id for run in published_runs() if run.cohort == "frozen"} == set(IMPLIED)


def test_excluded_runs_say_why() -> None:
    """Third parties' hours, distilled models and steps of a benchmark prove nothing about a full run."""
    excluded = {run.id: run.excluded for run in published_runs() if run.excluded}
    assert excluded == {
        "llama-3.2-1b": "pruned and distilled",
        "llama-3.2-3b": "pruned and distilled",
        "gpt-3-175b": "third-party hours",
        "mt-nlg-530b-280": "step benchmark",
        "mt-nlg-530b-420": "step benchmark",
        "opt-175b": "third-party hours",
        "gpt-neox-20b-estimate": "third-party hours",
        "falcon-40b": "third-party hours",
        "mpt-30b-estimate": "third-party hours",
    }
    assert all(run.excluded for run in published_runs() if run.tag == "third-party")


def test_ids_and_names_are_unique() -> None:
    assert len(RUNS) == len(published_runs()) == len({run.name for run in published_runs()})
    assert all(re.fullmatch(r"[a-z0-9.]+(-[a-z0-9.]+)*", key) for key in RUNS)


@pytest.mark.parametrize("run", published_runs(), ids=lambda run: run.id)
def test_row_is_plausible_and_sourced(run: TrainingRun) -> None:
    peaks = {chip.bf16_dense_tflops for chip in accelerators().values()}
    assert run.peak_dense_tflops in peaks
    assert run.active_parameters <= run.parameters
    assert 0.04 <= run.implied_mfu <= 0.65  # 5 % for a distilled model, 63 % for phi-2 as its card has it
    assert run.reported_mfu is None or 0.1 <= run.reported_mfu <= 0.6
    assert run.accelerator_count is None or run.accelerator_count >= 1
    assert organizations(run.organization)
    assert run.source is not None
    assert run.source.url.startswith("https://")
    assert not any(site in run.source.url for site in BANNED)
    assert date(2020, 1, 1) <= run.source.as_of <= datetime.now(UTC).date()
    assert (run.source.confidence == "low") >= (run.tag == "third-party")


def test_cells_are_trimmed_and_counts_are_whole() -> None:
    with FILE.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        assert all(cell == cell.strip() for cell in row.values())
        assert all(row[column].isdigit() for column in ("parameters", "active_parameters", "tokens"))


def test_hours_derived_from_count_and_days() -> None:
    """From the model cards: SmolLM3 24 days on 384 H100; phi-4 21 days on 1,920; StableLM-3B 30 days on 256 A100."""
    assert RUNS["smollm3-3b"].accelerator_hours == 384 * 24 * 24
    assert RUNS["phi-4"].accelerator_hours == 1920 * 21 * 24
    assert RUNS["stablelm-3b-4e1t"].accelerator_hours == 256 * 30 * 24


def test_implied_utilisation_of_added_runs_by_hand() -> None:
    """BLOOM: 6 × 176.247e9 × 366e9 / (312e12 × 1,082,990 × 3600) = 31.8 %. Apertus: 6.354e24 / 2.136e25 = 29.7 %."""
    assert RUNS["bloom-176b"].implied_mfu == pytest.approx(0.318, abs=0.0005)
    assert RUNS["apertus-70b"].implied_mfu == pytest.approx(0.297, abs=0.0005)


def test_runs_in_other_than_whole_days() -> None:
    """llm.c: 18,865 steps of 524,288 tokens in 94.3 minutes on 8 A100; OpenELM: 16 · 8 · 16 · 2048 tokens a step.

    Skywork: 3.15T tokens in 39 days on 512 A800 are 1,826 tokens/s a GPU, 97 % of the 1,873 that the paper measured.
    """
    assert RUNS["llm.c-124m"].tokens == 18865 * 524288
    assert RUNS["llm.c-124m"].accelerator_hours == pytest.approx(8 * 94.3 / 60, abs=0.01)
    assert RUNS["openelm-3b"].tokens == 350000 * 16 * 8 * 16 * 2048
    assert RUNS["skywork-13b"].accelerator_hours == 512 * 39 * 24
    skywork = RUNS["skywork-13b"]
    assert skywork.tokens / (skywork.accelerator_hours * 3600) == pytest.approx(1826, abs=1)


def test_the_record_is_wide_enough_to_leave_organisations_out() -> None:
    assert len(full_runs()) >= 80
    assert len({min(organizations(run.organization)) for run in full_runs()}) >= 25
