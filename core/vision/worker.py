"""The process that trains, `python -m core.vision.worker`: warm, and spoken to as `core.runs.worker_process` says.

Between two steps of a run it listens: a pause or stop is obeyed, a question is answered with the random numbers of the
run left as they were.
"""

import contextlib
import itertools
import json
import math
import os
import queue
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import torch

from core.errors import InputError
from core.host_limits import host_limits
from core.runs.answers import write_answer
from core.runs.events import Command, Event, failure
from core.runs.jobs import job_of
from core.runs.run_folder import RunFolder, find_run
from core.runs.system_limits import DISK_FULL, NOT_WRITABLE
from core.runs.training_config import TrainingConfig
from core.vision import devices
from core.vision.jobs import do_job
from core.vision.questions import answered
from core.vision.recorder import Recorder, recorder
from core.vision.train import train

IDLE_SECONDS = 900.0  # then the memory is given back
Message = Mapping[str, Any]


class Worker:
    """One conversation with the server."""

    def __init__(self, hears: BinaryIO, says: BinaryIO) -> None:
        self._says = says
        self._inbox: queue.Queue[Message | None] = queue.Queue()
        self._trains: RunFolder | None = None
        self._command: Command = "go"
        self._left = False
        self._until = math.inf
        self._longest_seconds = host_limits().training_hours * 3_600
        self._threads = torch.get_num_threads()
        threading.Thread(target=self._listen, args=(hears,), daemon=True).start()

    def work(self) -> None:
        """Until the server leaves, or says nothing for long."""
        self._say(said="ready", environment=devices.environment(devices.chosen("auto"), "float32"))
        while not self._left:
            try:
                message = self._inbox.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                return
            self._obey(message)

    def _listen(self, hears: BinaryIO) -> None:
        for line in hears:
            self._inbox.put(json.loads(line))
        self._inbox.put(None)

    def _obey(self, message: Message | None) -> None:
        if message is None:
            self._left, self._command = True, "pause"
        elif message["do"] == "train":
            self._train(find_run(message["run"], Path(message["root"])))
        elif message["do"] == "ask":
            self._answer(message)
        elif self._trains is not None and message["run"] == self._trains.id:
            self._command = message["do"]

    def _control(self) -> Command:
        """Asked between two steps."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._obey(self._inbox.get_nowait())
        if self._command == "go" and time.monotonic() > self._until:
            self._command = "pause"
        return self._command

    def _train(self, folder: RunFolder) -> None:
        self._trains, self._command = folder, "go"
        self._until = time.monotonic() + self._longest_seconds
        torch.set_num_threads(self._threads)  # the run before may have set its own
        self._say(said="began", run=folder.id)
        failed = None
        try:
            with recorder(folder) as record:
                try:
                    self._do(folder, record)
                except InputError as error:
                    if record.last is None or record.last.kind != "failed":
                        record(failure(error))
            if record.last is not None and record.last.kind == "paused" and time.monotonic() > self._until:
                hours = f"{self._longest_seconds / 3_600:g}"
                failed = dict(failure(InputError("too_large", "server.hours", hours, f"<= {hours}")).fields)
        except Exception as error:
            failed = dict(failure_of(error).fields)
            self._left = self._left or failed["field"] == "server.device"  # a new process may find another device
        self._trains = None
        self._say(said="done", run=folder.id, failed=failed)

    def _do(self, folder: RunFolder, record: Recorder) -> None:
        job = job_of(folder)
        if job is None:
            train(folder.config(), folder, record, self._control)
        else:
            do_job(job, folder, record, self._control)

    def _answer(self, message: Message) -> None:
        failed = None
        try:
            folder = find_run(message["run"], Path(message["root"])) if message["run"] else None
            with _random_numbers_kept():
                answer = answered(folder, message["question"], lambda share: self._share(message["number"], share))
            write_answer(Path(message["answer"]), answer)
        except Exception as error:
            failed = dict(failure_of(error).fields)
        self._say(said="answered", number=message["number"], failed=failed)

    def _share(self, number: int, share: float) -> None:
        self._say(said="answering", number=number, share=share)

    def _say(self, **said: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._says.write(json.dumps(said).encode() + b"\n")
            self._says.flush()


def failure_of(error: Exception) -> Event:
    """What went wrong, for the page; what nobody foresaw goes to the log in full."""
    if isinstance(error, InputError):
        return failure(error)
    traceback.print_exception(error)
    text = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    if getattr(error, "errno", None) in DISK_FULL or "No space left" in str(error):
        return failure(InputError("out_of_range", "server.disk", text, "> 0 MB"))
    if getattr(error, "errno", None) in NOT_WRITABLE:
        return failure(InputError("missing", "server.folder", "runs", text))
    if isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error):
        return failure(InputError("missing", "server.device", text, "cuda"))
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error):
        return failure(InputError("out_of_range", "server.memory", text, "> 0 MB"))
    return failure(InputError("malformed", "server.worker", text, "a run"))


@contextlib.contextmanager
def _random_numbers_kept() -> Iterator[None]:
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    with torch.random.fork_rng(devices=devices):
        yield


def _warm_up() -> None:
    """A few steps on the embedded digits, so that the first real one finds everything loaded."""
    asked = itertools.count()
    with tempfile.TemporaryDirectory() as folder:
        train(TrainingConfig(), RunFolder(Path(folder)), lambda _: None, lambda: "stop" if next(asked) > 2 else "go")


def main() -> None:
    says = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to the log
    _warm_up()
    Worker(sys.stdin.buffer, says).work()
    os._exit(0)  # leaving after long silence, the thread that still listens would abort the interpreter's own exit


if __name__ == "__main__":
    main()
