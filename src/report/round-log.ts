/** Which ended rounds a log tells: of a run with thousands of them not all. */
import type { RoundRecord } from "../rounds/run.ts";
import { roundLine } from "./progress.ts";

/** Rounds of a phase that are told in any case. */
const FEW = 10;
/** A line has to be worth reading: this much later than the one before, and this share of the time that the log has taken. */
const LEAST_SECONDS = 1;
const LEAST_SHARE = 1 / 60;

interface RoundLog {
  add(record: RoundRecord): void;
  /** Tells the last round, where that has not been told. */
  end(): void;
}

/**
 * Writes lines of rounds: the first ten of each phase, its last, and between them one a second; of a long run one a minute of each hour
 * that it has taken. `seconds` is any clock.
 */
export function roundLog(write: (line: string) => void, seconds: () => number): RoundLog {
  const from = seconds();
  let [lastLine, ofPhase] = [from, 0];
  let last: RoundRecord | null = null;
  let isTold = true;
  const tell = (record: RoundRecord, now: number): void => {
    write(roundLine(record));
    [lastLine, isTold] = [now, true];
  };
  const end = (): void => {
    if (last !== null && !isTold) tell(last, seconds());
  };
  const add = (record: RoundRecord): void => {
    if (last !== null && last.phase !== record.phase) {
      end();
      ofPhase = 0;
    }
    [last, isTold] = [record, false];
    const now = seconds();
    if (++ofPhase <= FEW || now - lastLine >= Math.max(LEAST_SECONDS, LEAST_SHARE * (now - from))) tell(record, now);
  };
  return { add, end };
}
