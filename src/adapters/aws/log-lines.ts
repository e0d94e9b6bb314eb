/** Lines of the stack's logs. */
import { CloudWatchLogsClient, FilterLogEventsCommand, type FilterLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import { NotFoundError } from "../../ports/errors.ts";
import { transport } from "./clients.ts";
import { asked } from "./service-errors.ts";

export interface LogLine {
  readonly millis: number;
  readonly group: string;
  readonly text: string;
}

/** Lines of the groups that hold a text, since a time, in their order. The first `most` of each group. */
export async function logLines(
  groups: readonly string[],
  { text, fromMillis, most }: { text: string; fromMillis: number; most: number },
  client = new CloudWatchLogsClient({ ...transport }),
): Promise<LogLine[]> {
  const lines = await Promise.all(groups.map((group) => linesOf(client, group, { text, fromMillis, most })));
  return lines.flat().sort((a, b) => a.millis - b.millis);
}

const NOTHING: FilterLogEventsCommandOutput = { events: [], $metadata: {} };

async function linesOf(
  client: CloudWatchLogsClient,
  group: string,
  { text, fromMillis, most }: { text: string; fromMillis: number; most: number },
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const filter = { logGroupName: group, startTime: fromMillis, filterPattern: `"${text}"`, nextToken };
    const page = await asked("logs:FilterLogEvents", group, client.send(new FilterLogEventsCommand(filter))).catch((error) => {
      // A group that nothing was written to yet.
      if (error instanceof NotFoundError) return NOTHING;
      throw error;
    });
    for (const { timestamp = 0, message = "" } of page.events ?? []) {
      if (message.includes(text)) lines.push({ millis: timestamp, group, text: message.trimEnd() });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined && lines.length < most);
  return lines.slice(0, most);
}
