"""Spellings of one organisation meet; those of two do not."""

import pytest

from core.compute.organizations import organizations


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meta", "Meta AI"),
        ("Allen Institute for AI", "AI2"),
        ("EleutherAI", "Eleuther AI"),
        ("Google DeepMind", "DeepMind"),
        ("TII", "Technology Innovation Institute (TII)"),
        ("Hugging Face", "HuggingFaceTB"),
        ("BigCode / Hugging Face / ServiceNow", "hugging face"),
        ("Tsinghua University / Zhipu AI", "Z.ai"),
        ("SUTD", "Singapore University of Technology and Design"),
        ("Microsoft / NVIDIA", "NVIDIA Corporation"),
        ("MosaicML", "Databricks"),
        ("DeepSeek", "DeepSeek-AI"),
        ("Swiss AI", "ETH Zürich & EPFL"),
        ("Stability AI", "StabilityAI"),
        ("IBM", "IBM Research"),
        ("Arcee AI", "arcee-ai"),
    ],
)
def test_same_organisation(one: str, other: str) -> None:
    assert organizations(one) & organizations(other)


def test_different_organisations() -> None:
    names = [
        "Meta",
        "Google",
        "Allen Institute for AI",
        "EleutherAI",
        "OpenAI",
        "01.AI",
        "Stability AI",
        "Swiss AI",
        "NVIDIA",
    ]
    assert len(frozenset().union(*(organizations(name) for name in names))) == len(names)


def test_legal_forms_are_no_organisation() -> None:
    assert organizations("NVIDIA, Inc.") == organizations("nvidia")
    assert not organizations("Meta Platforms, Inc.") & organizations("Nobody, Inc.")
