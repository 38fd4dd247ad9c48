"""What imports brought is set aside once, so that no later look for garbage goes through it again."""

import gc
import importlib
import sys

from ui.garbage import set_aside_imports


def test_a_module_imported_since_is_set_aside_at_the_next_run() -> None:
    set_aside_imports()
    before = gc.get_freeze_count()
    sys.modules.pop("this_that_nobody_imports", None)
    sys.modules["this_that_nobody_imports"] = importlib.import_module("string")
    kept = [[] for _ in range(1_000)]
    set_aside_imports()
    assert gc.get_freeze_count() >= before + len(kept)
    del sys.modules["this_that_nobody_imports"]


def test_nothing_is_set_aside_while_no_module_comes() -> None:
    set_aside_imports()
    before = gc.get_freeze_count()
    kept = [[] for _ in range(1_000)]
    set_aside_imports()
    assert gc.get_freeze_count() <= before
    assert kept
