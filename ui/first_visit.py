"""What a first visit needs, imported before the server answers, so that the visitor need not wait for it.

Imported for that by the entries of the app: an import beside a page that loads would slow down the files it is made of.
"""

from ui import (  # noqa: F401
    address_bar,
    answer_view,
    errors,
    first_minute,
    flow_view,
    presets,
    scenario_bar,
    server_memory,
    strategy_choice,
    tour,
)

presets.presets()
server_memory.give_memory_back()
server_memory.set_aside_imports()
