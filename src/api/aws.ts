/** AWS as the place of a training: `train(job, { on: aws() })`. */
import { DEFAULT_STACK } from "../workflow/stack.ts";

export { DEFAULT_STACK };

/** Where a training is to run: a stack that is deployed in the region of the credentials. */
export interface Aws {
  readonly stack: string;
}

export const aws = ({ stack = DEFAULT_STACK }: Partial<Aws> = {}): Aws => ({ stack });
