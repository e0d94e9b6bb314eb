"""Ends the emulator when whoever started it is gone, however that died: nothing stays behind."""

import os
import signal
import threading
import time

from localstack.runtime import hooks


@hooks.on_infra_start()
def end_with_parent():
    parent = int(os.environ.get("STEPLEARN_PARENT", "0"))
    if parent:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int):
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os.kill(os.getpid(), signal.SIGKILL)
