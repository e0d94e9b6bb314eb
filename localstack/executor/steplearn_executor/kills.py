"""Kills calls of functions by chance, the same ones in every run.

Each file `*.json` in `$STEPLEARN_FAULTS`, read before every call, is a rule:

    {"functions": "-mapper-", "where": {"run": "churn-1"}, "share": 0.7, "seed": 7, "by": ["round", "task"]}

Calls of functions whose name contains `functions` and whose payload has the values of `where` die with probability `share`. Whether one does
is drawn from the seed, the fields `by` of its payload and how often those were called before, so the order of calls does not matter.
"""

import contextlib
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
        self._folder = Path(folder) if folder else None
        self._calls: Counter = Counter()
        self._lock = threading.Lock()

    def draw(self, function: str, payload: bytes) -> Kill | None:
        fields = json.loads(payload)
        rule = next((rule for rule in self._rules() if _concerns(rule, function, fields)), None)
        if rule is None:
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

    def _rules(self) -> list[dict]:
        if self._folder is None:
            return []
        rules = []
        for file in sorted(self._folder.glob("*.json")):
            # A test may have ended meanwhile.
            with contextlib.suppress(FileNotFoundError):
                rules.append(json.loads(file.read_text()))
        return rules


def _concerns(rule: dict, function: str, fields) -> bool:
    if rule["functions"] not in function or not isinstance(fields, dict):
        return False
    return all(fields.get(name) == value for name, value in rule["where"].items())


KILLS = Kills(os.environ.get("STEPLEARN_FAULTS"))
