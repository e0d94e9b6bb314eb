"""Runs every execution environment of Lambda as a process of this machine, in place of a container.

LocalStack makes one `ProcessExecutor` for each environment and calls it from the thread that waits for the answer.
"""

import json
import logging
import os
import queue
import signal
import tempfile
import threading
import time
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from steplearn_executor.journal import record
from steplearn_executor.kills import kill_of
from steplearn_executor.worker import Worker

LOG = logging.getLogger(__name__)
BOOTSTRAP = str(Path(__file__).with_name("bootstrap.mjs"))
MAX_RESPONSE = config.LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._env: dict[str, str] = {}
        self._init_ms: float | None = None
        self._last_log = ""

    def start(self, env_vars: dict[str, str]) -> None:
        conf = self.function_version.config
        env = {name: str(value) for name, value in env_vars.items() if not name.startswith("LOCALSTACK_") and name != "EDGE_PORT"}
        self._env = env | {
            "LAMBDA_TASK_ROOT": str(conf.code.get_unzipped_code_location()),
            "LAMBDA_RUNTIME_DIR": str(Path(__file__).parent),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{conf.runtime}",
            "TZ": "UTC",
            "LANG": "en_US.UTF-8",
            # The next process of the same code starts in half the time.
            "NODE_COMPILE_CACHE": os.path.join(tempfile.gettempdir(), "compiled"),
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        }
        self._spawn()

    def _spawn(self) -> Worker:
        started = time.perf_counter()
        with self._lock:
            if self._stopped:
                raise RuntimeError("execution environment was stopped")
            command = [os.environ["STEPLEARN_NODE"], BOOTSTRAP]
            worker = self._worker = Worker(command, self._env, self._env["LAMBDA_TASK_ROOT"])
        # LocalStack's own timer stops an environment that starts too slowly, which arrives as "closed".
        kind, _, body = worker.events.get(timeout=config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT + 5)
        if kind == "ready":
            self._init_ms = (time.perf_counter() - started) * 1000
            return worker
        self._last_log = worker.read_log()
        self._discard(worker)
        if kind == "closed":
            raise RuntimeError("execution environment was stopped while it started")
        if kind == "exit":
            LOG.warning("function ended while it started: %s", self._last_log[-2000:])
            body = _error("Runtime.ExitError", f"Error: Runtime exited {_exit_text(body)}")
        raise StatusErrorException("function did not start", payload=body)

    def _discard(self, worker: Worker):
        with self._lock:
            if self._worker is worker:
                self._worker = None
        worker.close()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            worker, self._worker = self._worker, None
        if worker:
            worker.close()

    def invoke(self, payload: dict[str, str], again: bool = True) -> InvocationResult:
        request, event = payload["invoke-id"], payload["payload"].encode()
        conf, name = self.function_version.config, self.function_version.id.function_name
        try:
            worker = self._ready_worker()
        except StatusErrorException as error:
            return InvocationResult(request, error.payload, True, self._last_log or "function did not start\n")
        init_ms, self._init_ms = self._init_ms, None
        prefix = worker.read_log()
        kill = kill_of(name, event) if again else None
        started = time.perf_counter()
        worker.current, worker.fetched = request, False
        worker.jobs.put(({
            "Lambda-Runtime-Aws-Request-Id": request,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + conf.timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": payload["invoked-function-arn"],
            "Lambda-Runtime-Trace-Id": payload.get("trace-id", ""),
        }, event))  # fmt: skip
        if kill and kill.seconds is not None:
            threading.Timer(kill.seconds, worker.kill).start()
        kind, body = _wait(worker, request, started + conf.timeout)
        if kind == "exit" and not worker.fetched and again and not kill:
            # It was on its way out already, after an error of the call before that nobody caught.
            self._discard(worker)
            return self.invoke(payload, again=False)
        elapsed = (time.perf_counter() - started) * 1000
        memory = worker.peak_megabytes()
        if kill and kind in ("response", "error"):
            worker.kill()
            kind, body = "exit", -signal.SIGKILL
        failed, tail = kind != "response", ""
        if kind == "closed":
            raise RuntimeError("execution environment was stopped during the call")
        if kind == "timeout":
            message = f"Task timed out after {conf.timeout:.2f} seconds"
            tail = f"{_now()} {request} {message}\n"
            body = _error("Sandbox.Timedout", f"RequestId: {request} Error: {message}")
        elif kind == "exit":
            message, error = f"Runtime exited {_exit_text(body)}", kill.error if kill else "Runtime.ExitError"
            tail = f"RequestId: {request} Error: {message}\n{error}\n"
            body = _error(error, f"RequestId: {request} Error: {message}")
        elif len(body) > MAX_RESPONSE:
            failed = True
            body = _error(
                "Function.ResponseSizeTooLarge", f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
            )
        output = worker.read_log()
        if kind in ("timeout", "exit"):
            self._discard(worker)
        record(function=name, ended="killed" if kill else kind, milliseconds=round(elapsed, 1), initMilliseconds=init_ms and round(init_ms, 1),
               megabytes=memory, payload=event)  # fmt: skip
        report = (
            f"REPORT RequestId: {request}\tDuration: {elapsed:.2f} ms\tBilled Duration: {int(elapsed) + 1} ms\t"
            f"Memory Size: {conf.memory_size} MB\tMax Memory Used: {memory} MB\t"
            + (f"Init Duration: {init_ms:.2f} ms\t" if init_ms else "")
        )
        if output and not output.endswith("\n"):
            output += "\n"
        start = f"START RequestId: {request} Version: {self.function_version.id.qualifier}\n"
        self._last_log = f"{prefix}{start}{output}{tail}END RequestId: {request}\n{report}\n"
        return InvocationResult(request, body, failed, self._last_log)

    def _ready_worker(self) -> Worker:
        worker = self._worker or self._spawn()
        if worker.drain():
            self._discard(worker)
            worker = self._spawn()
        return worker

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return "http://127.0.0.1"

    def get_logs(self) -> str:
        return self._last_log

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        conf = function_version.config
        if not (conf.runtime or "").startswith("nodejs"):
            raise ValueError(f"the process executor runs functions of nodejs only, got {conf.runtime}")
        if conf.layers:
            raise ValueError("the process executor runs functions without layers only")
        conf.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    @classmethod
    def validate_environment(cls) -> bool:
        # Seen in the log, because LocalStack silently takes Docker where it does not find an executor.
        LOG.warning("Lambda functions run as processes of %s", os.environ["STEPLEARN_NODE"])
        return True


def _wait(worker: Worker, request: str, deadline: float) -> tuple[str, bytes]:
    while True:
        try:
            kind, event_request, body = worker.events.get(timeout=max(0.0, deadline - time.perf_counter()))
        except queue.Empty:
            return "timeout", b""
        if kind == "ready" or (kind in ("response", "error") and event_request != request):
            continue
        return kind, body


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _exit_text(code: int) -> str:
    if code == 0:
        return "without providing a reason"
    if code < 0:
        return f"with error: signal: {signal.Signals(-code).name}"
    return f"with error: exit status {code}"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{int(time.time() * 1000) % 1000:03d}Z"
