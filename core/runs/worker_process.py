"""The process that trains: started warm, spoken to in lines of JSON, and found out when it dies.

What it is told, a line each:
    {"do": "train", "run": ID, "root": FOLDER}    trains, or does the folder's job, or resumes from the saved state
    {"do": "pause", "run": ID}   {"do": "stop", "run": ID}
    {"do": "ask", "number": N, "run": ID | null, "root": FOLDER, "question": {...}, "answer": FILE}
What it says:
    {"said": "ready", "environment": {...}}   {"said": "began", "run": ID}
    {"said": "done", "run": ID, "failed": EVENT | null}
    {"said": "answering", "number": N, "share": 0 to 1}   {"said": "answered", "number": N, "failed": EVENT | null}
It ends by itself, with the state saved, when its input closes: when the server is gone.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import InputError

HOME = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "core.vision.worker")
LARGEST_LOG_BYTES = 1_000_000
Heard = Callable[[Mapping[str, Any]], None]


class WorkerProcess:
    """One worker; `heard` gets each of its sayings and `ended` its exit code, on a thread of its own.

    Raises InputError where the system starts no process.
    """

    def __init__(
        self, heard: Heard, ended: Callable[["WorkerProcess", int], None], log: Path, command: Sequence[str] = COMMAND
    ) -> None:
        self._heard, self._ended = heard, ended
        self._writing = threading.Lock()
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.unlink()
        with log.open("ab") as errors:
            try:
                self._process = subprocess.Popen(
                    list(command),
                    cwd=HOME,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    start_new_session=True,  # Ctrl+C at the server's terminal closes its input, so the state is saved
                )
            except OSError as error:
                raise InputError("missing", "server.process", error.strerror, "a process that starts") from None
        threading.Thread(target=self._listen, name="training-worker", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, **message: Any) -> bool:
        """Sends one command; False where the worker is gone."""
        line = json.dumps(message).encode() + b"\n"
        try:
            with self._writing:
                assert self._process.stdin is not None
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def close(self) -> None:
        """Lets it save its state and end."""
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def wait(self, seconds: float) -> int | None:
        """Its exit code, None while it lives on."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with contextlib.suppress(ValueError):
                    self._heard(json.loads(line))
        self.close()
        self._ended(self, self._process.wait())
