"""The app as hosts run it: Streamlit Community Cloud's entry from the repository's top, and the Dockerfile's steps.

No image is built here, for a test machine has no container to build it in: the files that the Dockerfile copies are
copied into an empty folder, and its health check and its command run there as a user without rights. What is not
performed is the installation, whose index of CPU builds may be out of reach.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT, served, wait_until_healthy
from tests.browser.visits import opened, settle

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
NOBODY = 65534
STARTS_ANOTHER = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
PATIENCE = 120_000  # milliseconds: the training process may start on a busy machine


def test_the_cloud_entry_answers_a_deep_link_first(browser: Browser) -> None:
    with served("deploy/cloud/streamlit_app.py") as address:
        page = opened(browser, f"{address}/plan")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("h2").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with what the Dockerfile copies, and what it makes writable in nobody's hands."""
    top = tmp_path / "app"
    top.mkdir()
    for sources, target in re.findall(r"^COPY (.+) (\S+)$", DOCKERFILE, flags=re.MULTILINE):
        for source in sources.split():
            place = top / target / (source if target.endswith("/") else "")
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place)
    made = re.search(r"mkdir -p (.+?) && chown -R app (.+)$", DOCKERFILE, flags=re.MULTILINE)
    assert made is not None
    assert made[1] == made[2], "what the app writes to is the app's own"
    for folder in made[1].split():
        (top / folder).mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            os.chown(top / folder, NOBODY, NOBODY)
    for folder in (tmp_path, *tmp_path.parents):
        if os.getuid() == 0 and folder.stat().st_uid == 0 and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    return top


def test_the_dockerfiles_files_serve_and_train_without_rights(image: Path, browser: Browser) -> None:
    assert re.search(r"^USER app$", DOCKERFILE, flags=re.MULTILINE)
    command = json.loads(re.findall(r"^CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)[0])
    check = json.loads(re.findall(r"^HEALTHCHECK .*CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)[0])
    port = free_port()
    ours = [one.replace("8501", port) for one in command]
    assert ours[:2] == ["streamlit", "run"]
    server = without_rights([sys.executable, "-m", *ours], image)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", server)
        assert check[0] == "python"
        healthy = without_rights([sys.executable, check[1], check[2].replace("8501", port)], image)
        assert healthy.wait(20) == 0, shlex.join(check)
        page = opened(browser, f"http://127.0.0.1:{port}/plan")
        expect(page.locator("h2").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if without_rights([sys.executable, "-c", STARTS_ANOTHER], image).wait(20) != 0:
            return  # this interpreter lies in a folder of its owner's: a training process is out of nobody's reach
        page.goto(f"http://127.0.0.1:{port}/train")
        settle(page)
        page.click(".st-key-run-start button")
        page.wait_for_selector(".st-key-run-curves .scatterlayer .trace path", state="attached", timeout=PATIENCE)
        assert any((image / "runs").iterdir())
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def without_rights(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """The command in the folder, as nobody where this process may choose, else as itself."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "runs")}
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
    return subprocess.Popen([*as_nobody, *command], cwd=folder, env=environment)
