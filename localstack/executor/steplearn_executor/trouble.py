"""Services that go wrong by the rules of a test: Lambda without room, S3 that is busy, slow, or loses its answers."""

import io
import json
import re
import time
import uuid
from urllib.parse import unquote

from localstack.aws import handlers
from localstack.runtime import hooks

from steplearn_executor.rules import drawn, rule_of_call, rules

INVOKE = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
SLOW_SECONDS = 1.5
ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{0}</Code><Message>{0}</Message><RequestId>trouble</RequestId></Error>'


@hooks.on_infra_start()
def make_trouble():
    handlers.serve_custom_service_request_handlers.append(_before)
    handlers.run_custom_response_handlers.append(_after)


def _before(chain, context, response):
    request = context.request
    if context.service is None:
        return
    if context.service.service_name == "lambda":
        invoked = INVOKE.match(request.path)
        if invoked and rules("throttle") and _throttled(unquote(invoked[1]), _payload(context.service_request)):
            body = json.dumps({"Reason": "ConcurrentInvocationLimitExceeded", "message": "Rate Exceeded."})
            headers = {"x-amzn-ErrorType": "TooManyRequestsException", "x-amzn-RequestId": str(uuid.uuid4())}
            chain.respond(429, body, headers | {"Content-Type": "application/json"})
    elif context.service.service_name == "s3":
        kind = _object_trouble(request)
        if kind == "slow":
            time.sleep(SLOW_SECONDS)
        elif kind == "lost":
            request.steplearn_lost = True
        elif kind == "unavailable":
            chain.respond(503, ERROR.format("SlowDown"), {"Content-Type": "application/xml"})
        elif kind == "conflict" and request.method == "PUT" and ("If-Match" in request.headers or "If-None-Match" in request.headers):
            chain.respond(409, ERROR.format("ConditionalRequestConflict"), {"Content-Type": "application/xml"})


def _after(chain, context, response):
    """The work is done, the caller does not hear of it."""
    if getattr(context.request, "steplearn_lost", False):
        response.status_code = 500
        response.set_data(ERROR.format("InternalError"))


def _payload(invocation: dict) -> bytes:
    """A stream, to be read once more by whoever invokes."""
    stream = invocation.get("Payload") or b""
    payload = stream if isinstance(stream, bytes) else stream.read()
    invocation["Payload"] = io.BytesIO(payload)
    return payload


def _throttled(function: str, payload: bytes) -> bool:
    found = rule_of_call("throttle", function, payload or b"{}")
    return found is not None and drawn(*found, "throttle") is not None


def _object_trouble(request) -> str | None:
    for rule in rules("s3"):
        if rule["keys"] in unquote(request.path):
            chosen = drawn(rule, f"{rule['seed']} {request.method} {request.path}", "s3")
            return rule["kinds"][int(chosen[0] * len(rule["kinds"]))] if chosen else None
    return None
