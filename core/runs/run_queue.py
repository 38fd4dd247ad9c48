"""The runs of a server: one trains, the others wait; each may be paused, stopped and resumed.

A viewer knows a run by its id alone. What a run is doing follows from its place here and the last event in its folder,
so it is known after the server was started anew, too.
"""

import hashlib
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from core.errors import InputError
from core.host_limits import HostLimits, host_limits
from core.runs import retention
from core.runs.events import Event, event
from core.runs.jobs import JOB_FILE, Job
from core.runs.run_folder import RUNS, RunFolder, RunId, find_run, new_run
from core.runs.run_history import history
from core.runs.system_limits import check_room, images_bytes, refusals_named, worker_bytes
from core.runs.training_config import TrainingConfig
from core.runs.worker_process import COMMAND, WorkerProcess

ANSWER_SECONDS = 60.0
SHARE_SECONDS = 0.1
Doing = Literal["waiting", "running", "paused", "ended", "failed", "interrupted"]


@dataclass(frozen=True)
class Standing:
    """What a run is doing.

    ahead: runs before it in the queue, the training one among them
    failure: a "failed" event; exit_code: of the worker that died under the run
    resumable: it can go on from a saved state or, where none was saved yet, from its start
    """

    doing: Doing
    ahead: int = 0
    failure: Event | None = None
    exit_code: int | None = None

    @property
    def live(self) -> bool:
        return self.doing in ("waiting", "running")

    @property
    def resumable(self) -> bool:
        of_the_server = self.failure is not None and str(self.failure["field"]).startswith("server.")
        return self.doing in ("paused", "interrupted") or of_the_server


class RunQueue:
    """Runs under one folder, trained one at a time by one worker that stays warm between them."""

    def __init__(self, root: Path = RUNS, command: Sequence[str] = COMMAND, limits: HostLimits | None = None) -> None:
        self.root = root
        self._limits = limits or HostLimits()
        self._command = command
        self._lock = threading.RLock()
        self._waiting: deque[RunId] = deque()
        self._running: RunId | None = None
        self._turn_began = 0.0
        self._turn_over = False
        self._begun = False
        self._worker: WorkerProcess | None = None
        self._answers: dict[int, Future[None]] = {}
        self._environment: Mapping[str, Any] | None = None
        self._shares: dict[int, float] = {}
        self._numbers = itertools.count()
        self._failures: dict[RunId, Event] = {}
        self._exit_codes: dict[RunId, int] = {}

    def warm(self) -> None:
        """Starts the worker, so that the next run begins at once. Raises InputError where the machine lacks room."""
        with self._lock:
            if self._worker is None:
                with refusals_named(self.root.name):
                    check_room(self.root, worker_bytes())
                    self._worker = WorkerProcess(self._heard, self._ended, self.root / "worker.log", self._command)
                self._tidy()

    def start(self, config: TrainingConfig, job: Job | None = None) -> RunId:
        """A new run, or job, at the end of the queue. Raises InputError where it is full or the machine lacks room."""
        with self._lock:
            self._check_queue()
            self.warm()
            check_room(self.root, images_bytes(config.data))
            self._tidy()
            with refusals_named(self.root.name):
                folder = new_run(config, self.root)
                if job is not None:
                    folder.write_json(JOB_FILE, job.model_dump())
            self._waiting.append(folder.id)
            self._next()
            return folder.id

    def resume(self, run: str) -> None:
        """A run that stands still goes on, at the end of the queue. Raises InputError."""
        folder = find_run(run, self.root)
        with self._lock:
            if folder.id in self._busy():
                return
            self._check_queue()
            self.warm()
            check_room(self.root, images_bytes(folder.config().data))
            self._failures.pop(folder.id, None)
            self._exit_codes.pop(folder.id, None)
            self._waiting.append(folder.id)
            self._next()

    def pause(self, run: str) -> None:
        """Raises InputError for an unknown run, or a folder that cannot be written."""
        self._halt(run, "pause")

    def stop(self, run: str) -> None:
        """Raises as `pause` does."""
        self._halt(run, "stop")

    def standing(self, run: str) -> Standing:
        """What a run is doing. Raises InputError for an unknown run."""
        folder = find_run(run, self.root)
        with self._lock:
            if folder.id == self._running:
                self._end_turn()
                return Standing("running")
            if folder.id in self._waiting:
                self._end_turn()
                return Standing("waiting", self._waiting.index(folder.id) + (self._running is not None))
            failure, exit_code = self._failures.get(folder.id), self._exit_codes.get(folder.id)
        told = history(folder.path)
        told.update()
        last = told.last
        if failure is not None or (last is not None and last.kind == "failed"):
            return Standing("failed", failure=failure or last)
        if last is not None and last.kind in ("paused", "ended"):
            return Standing("paused" if last.kind == "paused" else "ended")
        return Standing("interrupted", exit_code=exit_code)

    def ask(
        self,
        run: str | None,
        question: Mapping[str, Any],
        seconds: float = ANSWER_SECONDS,
        share: Callable[[float], object] | None = None,
    ) -> Path:
        """The file of the worker's answer (see `core.runs.answers`); a question answered before is not asked again.

        share: takes how much of a slow answer is done, from 0 to 1, on the thread that asks
        Between the steps of a run the worker answers questions about others. Raises InputError.
        """
        folder = find_run(run, self.root) if run else None
        answer = self._answer_file(folder, question)
        if answer.exists():
            return answer
        with self._lock:
            self.warm()
            assert self._worker is not None
            number, future = next(self._numbers), Future[None]()
            self._answers[number] = future
            with refusals_named(self.root.name):
                answer.parent.mkdir(parents=True, exist_ok=True)
                retention.tidy_answers(answer.parent)
            asked = {"number": number, "run": run, "root": str(self.root), "answer": str(answer)}
            self._worker.tell(do="ask", question=dict(question), **asked)
        try:
            self._await(number, future, time.monotonic() + seconds, share)
        except TimeoutError:
            raise InputError("missing", "run.answer", None, f"<= {seconds:g} s") from None
        finally:
            self._answers.pop(number, None)
            self._shares.pop(number, None)
        return answer

    def known(self, run: str, question: Mapping[str, Any]) -> Path | None:
        """The file of an answer that was given before, of the run's weights as they are; asks nobody."""
        answer = self._answer_file(find_run(run, self.root), question)
        return answer if answer.exists() else None

    def _await(
        self, number: int, future: Future[None], end: float, share: Callable[[float], object] | None = None
    ) -> None:
        """Until the answer is there; raises its error, or TimeoutError."""
        if share is None:
            future.result(end - time.monotonic())
            return
        told = -1.0
        while True:
            left = end - time.monotonic()
            try:
                future.result(max(0.0, min(SHARE_SECONDS, left)))
                return
            except TimeoutError:
                if left <= 0:
                    raise
            now = self._shares.get(number, 0.0)
            if now != told:
                share(now)
                told = now

    def close(self) -> None:
        """Ends the worker, with the state of its run saved."""
        with self._lock:
            self._waiting.clear()
            worker = self._worker
        if worker is not None:
            worker.close()
            worker.wait(10)

    @property
    def environment(self) -> Mapping[str, Any] | None:
        """What trains here: device, device_name, threads, torch; None until a worker was ready once."""
        return self._environment

    @property
    def worker_pid(self) -> int | None:
        return self._worker.pid if self._worker else None

    def _tidy(self) -> None:
        """Whenever the worker starts and with each new run, so that old runs go from a server where nobody trains."""
        for gone in retention.tidy(self.root, self._limits, self._busy()):
            self._failures.pop(gone, None)
            self._exit_codes.pop(gone, None)

    def _check_queue(self) -> None:
        most = self._limits.runs_waiting
        if most == 0:
            raise InputError("missing", "server.training", None, "COMPUTE_CAPITAL_RUNS_WAITING > 0")
        if len(self._waiting) >= most:
            raise InputError("too_large", "server.queue", len(self._waiting), f"< {most}")

    def _busy(self) -> list[RunId]:
        return [*self._waiting, *([self._running] if self._running else [])]

    def _next(self) -> None:
        """Gives the worker the first waiting run where it has none."""
        if self._running is None and self._waiting and self._worker is not None:
            self._running = self._waiting.popleft()
            self._turn_began, self._turn_over, self._begun = time.monotonic(), False, False
            self._worker.tell(do="train", run=self._running, root=str(self.root))

    def _end_turn(self) -> None:
        """Where others wait, a long run is paused and queued again."""
        over = time.monotonic() - self._turn_began > self._limits.turn_seconds
        if self._running and self._waiting and over and not self._turn_over and self._worker:
            self._turn_over = True
            self._worker.tell(do="pause", run=self._running)

    def _halt(self, run: str, command: Literal["pause", "stop"]) -> None:
        folder = find_run(run, self.root)
        with self._lock:
            if folder.id == self._running and self._worker is not None:
                self._turn_over = False
                self._worker.tell(do=command, run=folder.id)
                return
            if folder.id in self._waiting:
                self._waiting.remove(folder.id)
        if command == "stop" and self.standing(run).resumable:
            self._note(folder, _stopped(folder))
        elif command == "pause" and self.standing(run).doing == "interrupted":
            self._note(folder, event("paused", step=0, epoch=0))

    def _note(self, folder: RunFolder, told: Event) -> None:
        with refusals_named(self.root.name):
            folder.append(told)

    def _heard(self, said: Mapping[str, Any]) -> None:
        failed = said.get("failed")
        if said["said"] == "answered":
            future = self._answers.get(said["number"])
            if future is not None and failed:
                future.set_exception(InputError(failed["code"], failed["field"], failed["value"], failed["expected"]))
            elif future is not None:
                future.set_result(None)
        elif said["said"] == "ready":
            self._environment = said["environment"]
        elif said["said"] == "answering":
            self._shares[said["number"]] = said["share"]
        elif said["said"] == "began":
            self._begun = True
        elif said["said"] == "done":
            with self._lock:
                run = RunId(said["run"])
                if failed:
                    self._failures[run] = Event("failed", failed)
                if self._turn_over and not failed and run == self._running:
                    self._waiting.append(run)
                self._running = None
                self._next()

    def _ended(self, worker: WorkerProcess, exit_code: int) -> None:
        """The worker is gone: its run is interrupted, its questions fail, the next run gets a new worker."""
        with self._lock:
            if worker is not self._worker:
                return
            self._worker = None
            if self._running is not None and exit_code == 0 and not self._begun:
                self._waiting.appendleft(self._running)  # it had just left, as it does after long idleness
            elif self._running is not None:
                self._exit_codes[self._running] = exit_code
            self._running = None
            for future in self._answers.values():
                if not future.done():
                    future.set_exception(InputError("missing", "server.worker", exit_code, "exit code 0"))
            if self._waiting:
                try:
                    self.warm()
                except InputError:
                    self._waiting.clear()  # they can be resumed when there is room
                self._next()

    def _answer_file(self, folder: RunFolder | None, question: Mapping[str, Any]) -> Path:
        place = folder.path if folder else self.root / "questions"
        weights = folder.checkpoint_file if folder else None
        version = weights.stat().st_mtime_ns if weights and weights.exists() else 0
        text = json.dumps([version, dict(question)], sort_keys=True)
        return place / "answers" / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"


def _stopped(folder: RunFolder) -> Event:
    told = history(folder.path)
    figures = {name: told.latest(name) or 0.0 for name in ("step", "seconds")}
    unknown = dict.fromkeys(("accuracy", "accuracy_low", "accuracy_high", "test_samples"))
    return Event("ended", {"reason": "stopped", **figures, **unknown})


@lru_cache(maxsize=1)
def the_queue() -> RunQueue:
    """This server's queue."""
    return RunQueue(limits=host_limits())
