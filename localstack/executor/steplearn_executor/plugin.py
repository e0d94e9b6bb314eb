"""Entry point of the executor. LocalStack calls load() for every execution environment, so it does nothing else."""

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *args, **kwargs):
        from steplearn_executor.executor import ProcessExecutor

        return ProcessExecutor
