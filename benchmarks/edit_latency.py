"""How long an edit on the Plan page takes to show its new answer, against a hello-world Plotly page, in one run.

Both are served by Streamlit on this machine and edited in turn in the same headless Chromium; the time runs from
Enter to the changed text. `python -m benchmarks.edit_latency [ROUNDS]`; RESULTS.md says what was measured when.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT, wait_until_healthy
from tests.browser.visits import settle

HELLO = """
import plotly.graph_objects as go
import streamlit as st
x = st.number_input("x", key="x", value=30.0)
st.markdown(f"## {x}")
st.plotly_chart(go.Figure(go.Scatter(y=[x * i for i in range(60)])), key="chart")
"""
PORTS = {"hello": 8711, "plan": 8712}


def serve(script: str, port: int, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until_healthy(f"http://127.0.0.1:{port}", process)
    return process


def edit_seconds(page: Page, field: str, answer: str, value: str) -> float:
    before = page.locator(answer).first.inner_text()
    page.fill(field, value)
    start = time.perf_counter()
    page.press(field, "Enter")
    page.wait_for_function(
        "([answer, before]) => document.querySelector(answer)?.innerText !== before", arg=[answer, before], polling=5
    )
    seconds = time.perf_counter() - start
    settle(page)
    return seconds


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "hello.py").write_text(HELLO, encoding="utf-8")
        servers = [serve("hello.py", PORTS["hello"], Path(folder)), serve("app.py", PORTS["plan"], ROOT)]
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            hello, plan = browser.new_page(), browser.new_page()
            hello.goto(f"http://127.0.0.1:{PORTS['hello']}/")
            plan.goto(f"http://127.0.0.1:{PORTS['plan']}/plan")
            settle(hello)
            settle(plan)
            times: dict[str, list[float]] = {"hello": [], "plan": []}
            for turn in range(rounds + 2):
                value = str(20 + turn / 2)
                hello_seconds = edit_seconds(hello, ".st-key-x input", "h2", value)
                plan_seconds = edit_seconds(
                    plan, ".st-key-lever-runs-1-mfu input", '[data-testid="stMetricValue"]', value
                )
                if turn >= 2:
                    times["hello"].append(hello_seconds)
                    times["plan"].append(plan_seconds)
        finally:
            for server in servers:
                server.terminate()
    hello_ms, plan_ms = (statistics.median(times[name]) * 1000 for name in ("hello", "plan"))
    print(f"hello-world edit {hello_ms:.0f} ms, Plan edit {plan_ms:.0f} ms (medians of {rounds})")
    print(f"ratio {plan_ms / hello_ms:.2f} (bar: 2.5)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
