"""What LocalStack 4.14.0 gets wrong and steplearn depends on, put right when the emulator starts. 4.14.0 is the last free release."""

import contextlib
import functools
import json
import threading
import uuid
from urllib.parse import unquote

from localstack.runtime import hooks


@hooks.on_infra_start()
def apply_repairs():
    paths_are_parsed_once()
    synchronous_children_are_found()
    rules_start_executions_without_an_id()
    keys_in_events_are_plain()
    stopping_ends_inner_frames()
    functions_log_where_they_are_told()
    environments_are_reserved_before_they_are_seen()


def paths_are_parsed_once():
    """Each evaluation of a JSONPath built the tables of its parser again: 90 % of all processor time."""
    from localstack.services.stepfunctions.asl.component.common.path import result_path
    from localstack.services.stepfunctions.asl.utils import json_path

    json_path.parse = functools.lru_cache(maxsize=4096)(json_path.parse)
    result_path.parse = functools.lru_cache(maxsize=4096)(result_path.parse)


def synchronous_children_are_found():
    """aws-sdk:sfn:startSyncExecution called http://sync-localhost, which is nowhere."""
    from botocore.config import Config
    from localstack.services.stepfunctions.asl.utils import boto_client

    boto_client._BOTO_CLIENT_CONFIG = boto_client._BOTO_CLIENT_CONFIG.merge(Config(inject_host_prefix=False))


def rules_start_executions_without_an_id():
    """A rule's target was named by event["id"], which an input that the rule has transformed lacks."""
    from localstack.services.events.target import StatesTargetSender, to_json_str

    def send_event(self, event, trace_header):
        self.service = "stepfunctions"
        name = event.get("id") if isinstance(event, dict) else None
        self.client.start_execution(stateMachineArn=self.target["Arn"], name=name or str(uuid.uuid4()), input=to_json_str(event))

    StatesTargetSender.send_event = send_event


def keys_in_events_are_plain():
    """S3 encodes keys in notifications to queues and functions, but not in events to EventBridge
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html); LocalStack encoded both."""
    from localstack.services.s3.notifications import EventBridgeNotifier

    encoded = EventBridgeNotifier._get_event_payload

    def plain(ctx, config_id=None):
        entry = encoded(ctx, config_id)
        detail = json.loads(entry["Detail"])
        detail["object"]["key"] = unquote(detail["object"]["key"])
        entry["Detail"] = json.dumps(detail)
        return entry

    EventBridgeNotifier._get_event_payload = staticmethod(plain)


def stopping_ends_inner_frames():
    """StopExecution during an inline Map ended as FAILED with States.Runtime: inner frames read the error as a dict of details."""
    from localstack.services.stepfunctions.asl.eval.environment import Environment

    set_stop = Environment.set_stop

    def frames_first(self, stop_date, cause, error):
        if not isinstance(error, dict):
            details = {name: value for name, value in (("error", error), ("cause", cause)) if isinstance(value, str)}
            for frame in list(self._frames):
                frame.set_stop(stop_date=stop_date, cause=cause, error=details)
        set_stop(self, stop_date=stop_date, cause=cause, error=error)

    Environment.set_stop = frames_first


def functions_log_where_they_are_told():
    """LoggingConfig.LogGroup was accepted, and everything written to /aws/lambda/<name>."""
    from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment

    def group(self):
        config = self.function_version.config.logging_config or {}
        return config.get("LogGroup") or f"/aws/lambda/{self.function_version.id.function_name}"

    ExecutionEnvironment.get_log_group_name = group


STARTS_AT_ONCE = 8


def environments_are_reserved_before_they_are_seen():
    """A new environment was listed before it was reserved, and the list changed under whoever went through it."""
    from localstack.services.lambda_.invocation import assignment

    starts = threading.Semaphore(STARTS_AT_ONCE)

    def free(self, version_manager_id, provisioning_type):
        for environment in list(self.environments[version_manager_id].values()):
            if environment.initialization_type == provisioning_type:
                with contextlib.suppress(assignment.InvalidStatusException):
                    environment.reserve()
                    return environment
        return None

    @contextlib.contextmanager
    def get_environment(self, version_manager_id, function_version, provisioning_type):
        chosen = free(self, version_manager_id, provisioning_type)
        if chosen is None:
            if provisioning_type != assignment.InitializationType.on_demand:
                raise assignment.AssignmentException("No provisioned concurrency environment available despite lease.")
            with starts:
                chosen = self.start_environment(version_manager_id, function_version)
            chosen.reserve()
            self.environments[version_manager_id][chosen.id] = chosen
        try:
            yield chosen
            chosen.release()
        except assignment.InvalidStatusException as error:
            assignment.LOG.error("InvalidStatusException: %s", error)
        except Exception as error:
            assignment.LOG.error("Failed invocation %s: %s", type(error), error)
            self.stop_environment(chosen)
            raise

    def on_timeout(self, version_manager_id, environment_id):
        self.environments[version_manager_id].pop(environment_id, None)

    assignment.AssignmentService.get_environment = get_environment
    assignment.AssignmentService.on_timeout = on_timeout
