/**
 * The program of a function's process: asks the Lambda Runtime API for calls, hands them to the handler, and answers. No dependencies.
 * As Lambda does: names of errors as they were thrown, lines of the console with time, request and level, an end by exit status.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, route, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host,
        port,
        method,
        path: `/2018-06-01/runtime/${route}`,
        agent,
        headers: body === undefined ? headers : { "content-length": Buffer.byteLength(body), ...headers },
      },
      (response) => {
        const pieces = [];
        response.on("data", (piece) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
      },
    );
    request.setNoDelay(true);
    request.on("error", reject);
    request.end(body);
  });
}

function described(error) {
  if (error !== null && typeof error === "object" && "message" in error)
    return { errorType: error.name || "Error", errorMessage: String(error.message), trace: String(error.stack ?? "").split("\n") };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

let requestId = "undefined";
const json = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
function emit(level, args) {
  const [timestamp, message] = [new Date().toISOString(), util.format(...args)];
  const line = json ? JSON.stringify({ timestamp, level, requestId, message }) : `${timestamp}\t${requestId}\t${level}\t${message}`;
  fs.writeSync(1, `${line.replaceAll("\n", "\r")}\n`);
}
for (const method of ["log", "info", "debug", "warn", "error", "trace"])
  console[method] = (...args) => emit(method === "log" ? "INFO" : method.toUpperCase(), args);

const answerError = (route, error) =>
  call("POST", route, JSON.stringify(error), { "content-type": "application/json", "lambda-runtime-function-error-type": error.errorType });

async function fatal(route, error, code) {
  emit("ERROR", [JSON.stringify(error)]);
  try {
    await answerError(route, error);
  } finally {
    process.exit(code);
  }
}

const named = (name, message) => Object.assign(new Error(message), { name });

async function loadHandler() {
  const full = process.env._HANDLER;
  const dot = full.lastIndexOf(".");
  if (dot < 1 || full.includes("..")) throw named("Runtime.MalformedHandlerName", `Bad handler ${full}`);
  const stem = path.resolve(process.env.LAMBDA_TASK_ROOT, full.slice(0, dot));
  const file = [".mjs", ".js", ".cjs"].map((extension) => stem + extension).find((candidate) => fs.existsSync(candidate));
  if (file === undefined) throw named("Runtime.ImportModuleError", `Cannot find module '${path.basename(stem)}'`);
  let module;
  try {
    module = await import(pathToFileURL(file));
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND") error.name = "Runtime.ImportModuleError";
    else if (error instanceof SyntaxError) error.name = "Runtime.UserCodeSyntaxError";
    throw error;
  }
  const name = full.slice(dot + 1);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") throw named("Runtime.HandlerNotFound", `${full} is undefined or not exported`);
  return handler;
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  await fatal("init/error", described(error), 1);
}

process.on("uncaughtException", (error) => void fatal(`invocation/${requestId}/error`, described(error), 129));
process.on("unhandledRejection", (reason) => {
  const error = { ...described(reason), errorType: "Runtime.UnhandledPromiseRejection" };
  void fatal(`invocation/${requestId}/error`, error, 128);
});

const env = process.env;
for (;;) {
  let next;
  try {
    next = await call("GET", "invocation/next");
  } catch {
    process.exit(0); // The emulator is gone.
  }
  if (next.status !== 200) process.exit(0);
  requestId = next.headers["lambda-runtime-aws-request-id"];
  const deadline = Number(next.headers["lambda-runtime-deadline-ms"]);
  env._X_AMZN_TRACE_ID = next.headers["lambda-runtime-trace-id"] ?? "";
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: next.headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    const result = await handler(JSON.parse(next.body.toString("utf8") || "{}"), context);
    await call("POST", `invocation/${requestId}/response`, JSON.stringify(result === undefined ? null : result), {
      "content-type": "application/json",
    });
  } catch (error) {
    emit("ERROR", ["Invoke Error", JSON.stringify(described(error))]);
    try {
      await answerError(`invocation/${requestId}/error`, described(error));
    } catch {
      process.exit(0);
    }
  }
}
