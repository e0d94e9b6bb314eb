/** How LocalStack 4.14.0 is configured, in a container or not. https://docs.localstack.cloud/references/configuration */

const REGION = "us-east-1";

/** What clients need, the functions' own clients included. The keys are those that LocalStack takes for account 000000000000. */
export const clientEnvironment = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: REGION,
});

export type ClientEnvironment = ReturnType<typeof clientEnvironment>;

/** `listen` is where it listens, `host` how it names itself in URLs that it answers. */
export const emulatorEnvironment = (listen: string, host: string) => ({
  GATEWAY_LISTEN: listen,
  LOCALSTACK_HOST: host,
  // Nothing is resolved, downloaded or reported.
  DNS_ADDRESS: "0",
  SKIP_SSL_CERT_DOWNLOAD: "1",
  DISABLE_EVENTS: "1",
  // Otherwise queues are given names of hosts that do not exist.
  SQS_ENDPOINT_STRATEGY: "path",
  LAMBDA_RUNTIME_EXECUTOR: "process",
  LAMBDA_SYNCHRONOUS_CREATE: "1",
  // An environment lives a minute without work, and starts within twenty seconds.
  LAMBDA_KEEPALIVE_MS: "60000",
  LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT: "20",
  // Seconds before an asynchronous call is tried again; AWS takes a minute.
  LAMBDA_RETRY_BASE_DELAY: "1",
});
