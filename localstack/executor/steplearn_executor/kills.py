"""Kills calls of functions by the rules of a test."""

from dataclasses import dataclass

from steplearn_executor.rules import drawn, rule_of_call


@dataclass(frozen=True)
class Kill:
    seconds: float | None
    """When the process dies, after it got the job; None: when its work is done and its answer under way."""
    error: str
    """What Lambda says of it."""


def kill_of(function: str, payload: bytes) -> Kill | None:
    found = rule_of_call("kill", function, payload)
    chosen = found and drawn(*found)
    if not chosen:
        return None
    moment, kind = chosen
    names = found[0].get("as", ["Runtime.ExitError"])
    return Kill(None if moment < 0.5 else 0.1 * (moment - 0.5), names[int(kind * len(names))])
