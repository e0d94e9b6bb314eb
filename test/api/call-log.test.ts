import { afterEach, expect, it, vi } from "vitest";
import { callLog } from "../../src/api/call-log.ts";

afterEach(() => vi.restoreAllMocks());

it("tells whose a call was and how long it took, and nothing of the data", () => {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  const { called } = callLog("learn");
  const event = { run: "churn-1", round: 3, task: 0, answers: [{ inline: "secret" }], state: { error: { Cause: "secret" } } };
  called(event, "id-1", 12.4);
  called({ ...event, verb: "fail" }, "id-2", 3, new TypeError("value secret"));
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({ level: "INFO", service: "learn", run: "churn-1", round: 3, task: 0, millis: 12, coldStart: true });
  expect(second).toMatchObject({ level: "ERROR", message: "failed: TypeError", verb: "fail", requestId: "id-2", coldStart: false });
  expect(lines.join()).not.toContain("secret");
});
