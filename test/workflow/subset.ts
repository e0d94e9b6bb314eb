/** The part of the Amazon States Language that AWS, LocalStack 4.14 and aws-local-stepfunctions 3 all do; `violations` tells what goes beyond. */
import type { Asl } from "../../src/ports/orchestrator.ts";

const common = ["Type"];
const flow = ["Next", "End"];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...common, ...flow, "Resource", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "TimeoutSeconds", "Retry", "Catch"],
  Map: [...common, ...flow, "ItemsPath", "ItemSelector", "ItemProcessor", "MaxConcurrency", "MaxConcurrencyPath", "ResultPath", "Catch"],
  Choice: [...common, "Choices", "Default"],
  Pass: [...common, ...flow, "Parameters", "Result", "ResultPath", "OutputPath"],
  Succeed: common,
  Fail: [...common, "Error", "Cause", "ErrorPath", "CausePath"],
};
const RULE = ["Variable", "StringEquals", "StringMatches", "NumericLessThan", "IsPresent", "And", "Or", "Not", "Next"];
const RETRIER = ["ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"];
const CATCHER = ["ErrorEquals", "ResultPath", "Next"];
const MACHINE = ["Comment", "StartAt", "States", "TimeoutSeconds", "ProcessorConfig"];
const RESOURCES = [
  "arn:aws:states:::lambda:invoke",
  "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
  "arn:aws:states:::states:startExecution",
  "arn:aws:states:::sqs:sendMessage",
];
const INTRINSICS = ["States.Format", "States.JsonToString", "States.StringToJson", "States.ArrayRange", "States.MathAdd", "States.Hash"];
const CONTEXT = [
  "$$.Execution.Name",
  "$$.Execution.Id",
  "$$.Execution.StartTime",
  "$$.Execution.Input.score",
  "$$.Execution.Input.update",
  "$$.StateMachine.Id",
  "$$.Map.Item.Value",
  "$$.Map.Item.Index",
];
const PATH = /^\$(\.[a-zA-Z_]+(\[\d+\])?|\['[a-z-]+'\])*$/;

type Json = Record<string, unknown>;

/** One line for each thing that not all three do; none for a portable machine. */
export function violations(machine: Asl): string[] {
  const found: string[] = [];
  const only = (where: string, object: object, allowed: readonly string[]) => {
    for (const field of Object.keys(object)) if (!allowed.includes(field)) found.push(`${where}: field ${field}`);
  };

  function expression(where: string, value: unknown): void {
    if (typeof value !== "string") return void found.push(`${where}: path ${JSON.stringify(value)}`);
    if (value.startsWith("$$")) {
      if (!CONTEXT.includes(value)) found.push(`${where}: context ${value}`);
    } else if (value.startsWith("$")) {
      if (!PATH.test(value)) found.push(`${where}: path ${value}`);
    } else intrinsic(where, value);
  }

  function intrinsic(where: string, call: string): void {
    const match = /^(States\.\w+)\((.*)\)$/s.exec(call);
    if (match === null || !INTRINSICS.includes(match[1])) return void found.push(`${where}: intrinsic ${call}`);
    // The interpreter counts parentheses inside quotes and strips backslashes from results.
    const template = /'([^']*)'/.exec(match[2])?.[1] ?? "";
    if (/[()\\]/.test(template)) found.push(`${where}: template ${template}`);
    const rest = match[2]
      .replace(/'[^']*'/g, "0")
      .split(",")
      .map((argument) => argument.trim());
    for (const argument of rest) if (!/^\d+$/.test(argument)) expression(where, argument);
  }

  function template(where: string, value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key.endsWith(".$")) expression(`${where}.${key}`, inner);
      else template(`${where}.${key}`, inner);
    }
  }

  function rule(where: string, json: Json): void {
    only(where, json, RULE);
    for (const nested of [
      ...((json.And ?? []) as Json[]),
      ...((json.Or ?? []) as Json[]),
      ...(json.Not === undefined ? [] : [json.Not as Json]),
    ]) {
      rule(where, nested);
    }
    if (json.Variable !== undefined && !PATH.test(json.Variable as string)) found.push(`${where}: path ${json.Variable}`);
    // The interpreter answers false to `IsPresent: false` whatever it finds.
    if (json.IsPresent === false) found.push(`${where}: IsPresent false`);
  }

  function states(where: string, inner: Asl, names: Set<string>): void {
    only(where, inner, MACHINE);
    for (const [name, state] of Object.entries(inner.States)) {
      const at = `${where} > ${name}`;
      // The interpreter finds handlers by the name alone.
      if (names.has(name)) found.push(`${at}: name used twice`);
      names.add(name);
      if (name.length > 80) found.push(`${at}: name too long`);
      only(at, state, FIELDS[state.Type] ?? []);
      if (state.Type === "Task" && !RESOURCES.includes(state.Resource as string)) found.push(`${at}: resource ${state.Resource}`);
      for (const field of ["Parameters", "ItemSelector", "ResultSelector"]) template(`${at}.${field}`, state[field]);
      for (const field of ["ItemsPath", "MaxConcurrencyPath", "ResultPath", "OutputPath", "ErrorPath", "CausePath"]) {
        const path = state[field];
        if (path !== undefined && !(typeof path === "string" && PATH.test(path))) found.push(`${at}.${field}: path ${path}`);
      }
      for (const choice of state.Choices ?? []) rule(at, choice as Json);
      for (const retrier of state.Retry ?? []) only(`${at}.Retry`, retrier, RETRIER);
      for (const catcher of state.Catch ?? []) only(`${at}.Catch`, catcher, CATCHER);
      if (state.ItemProcessor !== undefined) states(at, state.ItemProcessor, names);
    }
  }

  states("machine", machine, new Set());
  return found;
}
