"""One execution environment: a Node process and the Lambda Runtime API that it talks to, on 127.0.0.1 and a free port.

What happens to the process arrives in `events`, as (kind, request id, body):
ready, response, error, init-error, exit (body: exit code, negative for a signal), closed.
"""

import atexit
import contextlib
import logging
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import weakref
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOG = logging.getLogger(__name__)
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
BASE = "/2018-06-01/runtime/"
_workers: "weakref.WeakSet[Worker]" = weakref.WeakSet()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    worker: "Worker"

    def handle_error(self, request, client_address):
        LOG.debug("connection of a function's process broke", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *args):
        pass

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None):
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self):
        if self.path != BASE + "invocation/next":
            return self._answer(404)
        job = self.server.worker.next_job()
        if job is None:
            self.close_connection = True
            return self._answer(410)
        self.server.worker.fetched = True
        headers, payload = job
        self._answer(200, payload, headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        worker = self.server.worker
        if self.path == BASE + "init/error":
            worker.events.put(("init-error", None, body))
            return self._answer(202, b'{"status":"OK"}')
        route = self.path.removeprefix(BASE).split("/")
        if len(route) == 3 and route[0] == "invocation" and route[2] in ("response", "error"):
            if route[1] != worker.current:
                return self._answer(400, b'{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}')
            worker.current = None
            worker.events.put((route[2], route[1], body))
            return self._answer(202, b'{"status":"OK"}')
        self._answer(404)


class Worker:
    def __init__(self, command: list[str], env: dict[str, str], folder: str):
        self.jobs: queue.SimpleQueue = queue.SimpleQueue()
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        self.current: str | None = None
        """Request that the process works on."""
        self.fetched = False
        """The process has taken its last job."""
        self._closed = False
        self._ready = False
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.worker = self
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
        self._home = tempfile.mkdtemp(prefix="function-")
        # Both streams append to one file, which is read and emptied after each call: their order stays.
        self._log = open(os.path.join(self._home, "output.log"), "ab+")
        scratch = os.path.join(self._home, "tmp")
        os.mkdir(scratch)
        self._process = subprocess.Popen(
            command,
            env=env
            | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_address[1]}", "HOME": scratch, "TMPDIR": scratch},
            cwd=folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        _workers.add(self)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        self.events.put(("exit", None, self._process.wait()))

    def next_job(self):
        if not self._ready:
            self._ready = True
            self.events.put(("ready", None, b""))
        return self.jobs.get()

    def drain(self) -> bool:
        """Forgets what happened since the last call; whether the process has ended meanwhile."""
        ended = False
        with contextlib.suppress(queue.Empty):
            while True:
                ended = self.events.get_nowait()[0] == "exit" or ended
        return ended

    def read_log(self) -> str:
        """Returns and forgets what the process wrote since the last time."""
        with self._lock:
            if self._log.closed:
                return ""
            self._log.seek(0)
            text = self._log.read()
            self._log.truncate(0)
        return text.decode("utf-8", "replace")

    def peak_megabytes(self) -> int:
        """Resident memory at its highest; 0 where the system does not tell."""
        with contextlib.suppress(OSError, IndexError):
            for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) // 1024
        return 0

    def kill(self):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self):
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self.kill()
        self.jobs.put(None)
        self.events.put(("closed", None, b""))
        with contextlib.suppress(Exception):
            self._process.wait(timeout=5)
        # shutdown() waits for the poll interval.
        threading.Thread(target=self._close_server, daemon=True).start()
        with self._lock:
            self._log.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _close_server(self):
        with contextlib.suppress(Exception):
            self._server.socket.close()
            self._server.shutdown()


@atexit.register
def _close_all():
    for worker in list(_workers):
        worker.close()
