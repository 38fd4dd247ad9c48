"""Sessions that look at the same plan share its results: opening a page, and an edit there, leave them as they were."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from tests.ui.test_pages import PAGES, opened
from ui.presets import presets
from ui.results import answers


def leaves(value: Any) -> Iterator[Any]:
    """Everything that a result is made of, arrays as bytes."""
    if isinstance(value, np.ndarray):
        yield value.tobytes() if value.dtype != object else repr(value.tolist())
    elif is_dataclass(value):
        for one in fields(value):
            yield from leaves(getattr(value, one.name))
    elif isinstance(value, Mapping):
        yield from (repr(key) for key in value)
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from leaves(one)
    else:
        yield repr(value)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leaves_shared_results_as_they_were(page: str) -> None:
    preset = next(iter(presets()))
    shared = answers(presets()[preset])
    before = list(leaves(shared))
    assert sum(isinstance(one, bytes) for one in before) > 10, "a plan's answer holds the arrays of its months"

    app = opened(page, preset, "zh-CN")
    app.segmented_control(key="language").select("en").run()

    assert answers(presets()[preset]) is shared, "a page that is opened works nothing out again"
    assert list(leaves(shared)) == before
