"""Kills calls of functions by chance, the same ones in every run.

`$STEPLEARN_FAULTS/kills.json`, read before every call, switches it on:

    {"functions": "-mapper-", "where": {"run": "churn-1"}, "share": 0.7, "seed": 7, "by": ["round", "task"]}

Calls of functions whose name contains `functions` and whose payload has the values of `where` die with probability `share`. Whether one does
is drawn from the seed, the fields `by` of its payload and how often those were called before, so the order of calls does not matter.
"""

import hashlib
import json
import os
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kill:
    """Where the process dies: `seconds` after it got the job; None: when its work is done and its answer under way."""

    seconds: float | None


class Kills:
    def __init__(self, folder: str | None):
        self._file = Path(folder, "kills.json") if folder else None
        self._calls: Counter = Counter()
        self._lock = threading.Lock()

    def draw(self, function: str, payload: bytes) -> Kill | None:
        if self._file is None:
            return None
        try:
            rule = json.loads(self._file.read_text())
        except FileNotFoundError:
            return None
        fields = json.loads(payload)
        if rule["functions"] not in function or any(fields.get(name) != value for name, value in rule["where"].items()):
            return None
        identity = json.dumps([rule["seed"], *(fields.get(name) for name in rule["by"])])
        with self._lock:
            self._calls[identity] += 1
            call = self._calls[identity]
        digest = hashlib.sha256(f"{identity} {call}".encode()).digest()
        chance, moment = (int.from_bytes(digest[at : at + 4]) / 2**32 for at in (0, 4))
        if chance >= rule["share"]:
            return None
        return Kill(None if moment < 0.5 else 0.1 * (moment - 0.5))


KILLS = Kills(os.environ.get("STEPLEARN_FAULTS"))
