/** What the account lets run at once. */
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { transport } from "./clients.ts";

/** Lambda functions of the region that may run at once, but for what is reserved for some of them. A new account has 10. */
export async function freeConcurrency(client = new LambdaClient({ ...transport })): Promise<number> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  return AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 10;
}
