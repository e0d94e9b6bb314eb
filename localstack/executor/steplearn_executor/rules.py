"""What goes wrong, by rules of a test: each file `*.json` in `$STEPLEARN_FAULTS`, read before every call, holds one.

    {"what": "kill", "functions": "-mapper-", "where": {"run": "churn-1"}, "by": ["round", "task"], "share": 0.7, "seed": 7}
    {"what": "kill", …, "as": ["Runtime.OutOfMemory", "Sandbox.Timedout"]}
    {"what": "throttle", "functions": "", "where": {"run": "churn-1"}, "by": ["round", "task"], "share": 0.1, "seed": 7}
    {"what": "s3", "keys": "runs/churn-1/", "kinds": ["unavailable", "lost", "conflict", "slow"], "share": 0.1, "seed": 7}

`functions` is a part of the function's name, `where` values of its payload, `keys` a part of the object's path. Whether a call goes wrong is
drawn from the seed, what tells it from others (the fields `by` of its payload; method and key) and how often that was called before, so the
order in which calls come does not matter.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections import Counter
from pathlib import Path

_folder = os.environ.get("STEPLEARN_FAULTS")
_calls: Counter = Counter()
_lock = threading.Lock()


def rules(what: str) -> list[dict]:
    found = []
    for file in sorted(Path(_folder).glob("*.json")) if _folder else []:
        # A test may have ended meanwhile.
        with contextlib.suppress(FileNotFoundError):
            rule = json.loads(file.read_text())
            if rule["what"] == what:
                found.append(rule)
    return found


def rule_of_call(what: str, function: str, payload: bytes) -> tuple[dict, str] | None:
    """The rule for a call of a function, and what tells the call from others."""
    for rule in rules(what):
        if rule["functions"] not in function:
            continue
        fields = json.loads(payload)
        if isinstance(fields, dict) and all(fields.get(name) == value for name, value in rule["where"].items()):
            return rule, json.dumps([rule["seed"], *(fields.get(name) for name in rule["by"])])
    return None


def drawn(rule: dict, identity: str, kind: str = "") -> tuple[float, float] | None:
    """None: nothing goes wrong. Otherwise two numbers in [0, 1) to choose how by. Kinds of rules count their calls apart."""
    with _lock:
        _calls[kind, identity] += 1
        call = _calls[kind, identity]
    digest = hashlib.sha256(f"{identity} {call}".encode()).digest()
    chance, one, other = (int.from_bytes(digest[at : at + 4]) / 2**32 for at in (0, 4, 8))
    return (one, other) if chance < rule["share"] else None
