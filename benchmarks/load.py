"""Founders at work on one server, as real sessions over its websocket (`websocket_session`), and what it keeps of them.

`python -m benchmarks.load founders [--founders 50] [--minutes 5]`: each edits the page in front of him every 5 to 15
seconds. Bar: no error, median edit under a second. Told, too: memory a session, and the load generator's own share of
the processor.
`python -m benchmarks.load memory [--edits 10000]`: edits without a pause. Bar: over the last four fifths of them the
server's resident memory grows by less than 1 KB an edit.
Linux; docs/reliability.md says what was measured when.
"""

import argparse
import asyncio
import os
import random
import resource
import statistics
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.deployment_memory import server_process
from benchmarks.websocket_session import Session, opened
from core.plan.risk_defaults import graduations, with_published_risk
from core.plan.scenario_io import edited, to_code
from tests.browser.conftest import served
from ui.presets import presets

MEGABYTE = 1e6
FIRST_PRESET = "first-lab"
# page: the number that is edited, its first value, and the step to the next
EDITS = {
    "plan": ("lever-runs-1-mfu", 10.0, 0.05),
    "training-cost": ("lever-runs-0-mfu", 10.0, 0.05),
    "serving-cost": ("serving-0-price_per_hour", 1.0, 0.01),
    "rent-or-own": ("lever-runs-0-price_per_hour", 1.0, 0.01),
    "track-record": ("lever-runs-0-mfu", 10.0, 0.05),
    "exit": ("sale-plan-0-price", 50.0, 0.5),
    "documents": ("sale-documents-0-price", 50.0, 0.5),
    "risk": ("risk-fundraising-closing_rate", 10.0, 0.1),
}
PAUSE_SECONDS = (5.0, 15.0)
BETWEEN_ARRIVALS_SECONDS = 0.5
VALUES = 700  # different values of one input before the first comes again
BAR_SECONDS, BAR_BYTES_AN_EDIT = 1.0, 1_000
SAMPLE_EVERY = 50  # edits between two looks at the memory
SESSIONS_OF_MEMORY = 2 * len(EDITS)
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("founders", "memory"))
    parser.add_argument("--founders", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--pages", nargs="*", choices=list(EDITS), default=list(EDITS), help="of the memory's edits")
    options = parser.parse_args()
    with served() as address:
        if options.part == "founders":
            asyncio.run(founders(address, options.founders, options.minutes * 60))
        else:
            asyncio.run(memory(address, options.edits, options.pages))


async def founders(address: str, number: int, seconds: float) -> None:
    """All arrive one after the other, then edit for so many seconds."""
    await _warm(address)
    before = resident_bytes(address)
    shown = [list(EDITS)[position % len(EDITS)] for position in range(number)]
    sessions = [await _founder(address, position, page) for position, page in enumerate(shown)]
    a_session = (resident_bytes(address) - before) / number
    start, used = time.perf_counter(), _processor_seconds()
    server_used = _server_seconds(address)
    chance = random.Random(SEED)
    every = await asyncio.gather(
        *(_edits(one, page, seconds, random.Random(chance.random())) for one, page in zip(sessions, shown, strict=True))
    )
    took = time.perf_counter() - start
    times = sorted(one for founder in every for one in founder)
    faults = [fault for session in sessions for fault in session.faults]
    print(
        f"{number} founders, {len(times)} edits in {took / 60:.1f} minutes: median {statistics.median(times):.3f} s "
        f"(bar {BAR_SECONDS}), 95 % within {times[int(0.95 * len(times))]:.3f} s, longest {times[-1]:.2f} s"
    )
    for position, page in enumerate(EDITS):
        own = [one for founder in every[position :: len(EDITS)] for one in founder]
        print(f"  {page}: median {statistics.median(own):.3f} s of {len(own)} edits")
    print(f"exceptions shown: {len(faults)} {sorted(set(faults))}")
    print(
        f"processor, of {os.cpu_count()}: server {(_server_seconds(address) - server_used) / took:.2f}, "
        f"load generator {(_processor_seconds() - used) / took:.2f}"
    )
    print(
        f"memory: {before / MEGABYTE:.0f} MB after the first visitor, {a_session / MEGABYTE:.2f} MB more a session on "
        f"its page, {resident_bytes(address) / MEGABYTE:.0f} MB at the end"
    )


async def memory(address: str, number: int, pages: Sequence[str]) -> None:
    """One edit after the other, each in the session whose turn it is."""
    shown = [pages[position % len(pages)] for position in range(SESSIONS_OF_MEMORY)]
    sessions = [await _founder(address, position, page) for position, page in enumerate(shown)]
    seen: list[tuple[int, int]] = []
    start = time.perf_counter()
    for turn in range(number):
        position = turn % len(sessions)
        await _edit(sessions[position], shown[position], turn // len(sessions))
        if turn % SAMPLE_EVERY == 0:
            seen.append((turn, resident_bytes(address)))
            if turn % (20 * SAMPLE_EVERY) == 0:
                print(f"  after {turn} edits: {seen[-1][1] / MEGABYTE:.1f} MB")
    steady = [one for one in seen if one[0] >= number / 5]
    slope = float(np.polyfit([turn for turn, _ in steady], [size for _, size in steady], 1)[0])
    faults = sorted({fault for session in sessions for fault in session.faults})
    print(
        f"{number} edits in {(time.perf_counter() - start) / 60:.1f} minutes, exceptions shown: {faults}; resident "
        f"memory over the last four fifths: {slope:+.0f} bytes an edit (bar {BAR_BYTES_AN_EDIT})"
    )


async def _warm(address: str) -> None:
    """One visitor opens every page once, so that what is imported is not counted as a session's."""
    session = await opened(address)
    for page in EDITS:
        await session.visit(page)
    await session.socket.close()


async def _founder(address: str, position: int, page: str) -> Session:
    """A session on this page, with a plan of its own in its link."""
    session = await opened(address)
    await session.visit(page, f"s={_code(position)}")
    await asyncio.sleep(BETWEEN_ARRIVALS_SECONDS)
    return session


def _code(position: int) -> str:
    """The first preset with published risk and an opening cash that nobody else has."""
    preset = presets()[FIRST_PRESET]
    scenario = edited(preset, with_published_risk(preset, graduations("seed-priced")[0]))
    return to_code(edited(scenario, {"opening_cash": scenario.opening_cash + 1_000 * position}))


async def _edits(session: Session, page: str, seconds: float, chance: random.Random) -> Sequence[float]:
    """Seconds that each edit of a founder took until the last figure had come."""
    until = time.perf_counter() + seconds
    times = []
    for turn in count():
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        if time.perf_counter() > until:
            break
        times.append(await _edit(session, page, turn))
    return times


async def _edit(session: Session, page: str, turn: int) -> float:
    key, first, step = EDITS[page]
    return await session.edit(key, round(first + step * (turn % VALUES), 4))


def resident_bytes(address: str) -> int:
    """Resident memory of the server's process."""
    status = Path(f"/proc/{server_process(address)}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def _server_seconds(address: str) -> float:
    """Processor time that the server has taken so far."""
    fields = Path(f"/proc/{server_process(address)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
