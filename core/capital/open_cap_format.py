"""The Open Cap Format (github.com/Open-Cap-Table-Coalition/Open-Cap-Format-OCF) in and out.

In, `core.capital.ocf_reader` says what is read how; out, `core.capital.ocf_writer`.
"""

from collections.abc import Mapping

from core.capital.ocf_reader import Reading, reading_of
from core.capital.ocf_writer import written
from core.capital.securities import Event

__all__ = ["Reading", "read_ocf", "reading_of", "write_ocf"]

write_ocf = written


def read_ocf(files: Mapping[str, bytes] | bytes) -> tuple[Event, ...]:
    """The events of a package, a zip or its files by name. Raises InputError naming the object it cannot express."""
    return reading_of(files).events
