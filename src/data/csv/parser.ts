/** Drives the CSV kernel over the bytes of a cut, handed over in order and in any portions. */
import { InputError } from "../../ports/errors.ts";
import type { BadRow, Conflict, CutAnswer, QuoteTrouble } from "../cut.ts";
import { type Collector, createCollector, type ParserOptions } from "./columns.ts";
import { checkHeader } from "./header.ts";
import type { CsvKernels } from "./kernel.ts";
import { BAD, get, KIND, LONGEST_FIELD_BYTES, OUTCOME, openScan, set, sizeOf } from "./scan.ts";
import { hasStrayQuote, lineEnds } from "./stray-quote.ts";

/** Bad rows described at most. */
const SAMPLES = 20;
/** Bytes of a value that a message shows. */
const SHOWN_BYTES = 40;
/** Values of a block at most, unless it then has too few rows: the kernel's columns stay in the second-level cache beside the text. */
const BLOCK_VALUES = 65_536;
const FEWEST_BLOCK_ROWS = 512;
const LINE_END = 10;
/** Largest offset in the text. */
const FARTHEST = 0x7fff_ffff;

/** A run of bytes of one object: the rows that start in [startByte, endByte) belong to it. */
export interface Span {
  readonly key: string;
  readonly startByte: number;
  /** Infinity: to the end of the object. */
  readonly endByte: number;
  /** Whether startByte lies inside a quoted field. */
  readonly insideQuotes: boolean;
}

/** Before the first byte, looking for the first row, before the header, among the rows, in the rest of a row that is too long, done. */
type Phase = "start" | "seek" | "header" | "rows" | "overlong" | "done";

/** One cut: begin a span, feed its bytes, finish it, and so on; then take the answer. The kernel memory is the caller's to release. */
export class CsvParser {
  readonly #k: CsvKernels;
  readonly #options: ParserOptions;
  readonly #scan: number;
  readonly #text: number;
  readonly #collector: Collector;
  readonly #samples: BadRow[] = [];
  readonly #conflicts: Conflict[] = [];
  readonly #quotes: QuoteTrouble[] = [];
  #badRows = 0;
  #takenRows = 0;
  #quoteParity = 0;

  #span: Span = { key: "", startByte: 0, endByte: 0, insideQuotes: false };
  /** Rows that start here or later are not ours. */
  #ownEnd = 0;
  #phase: Phase = "done";
  /** Where the span's first row with a quote out of place starts. */
  #firstStray: number | null = null;
  #unclosed = false;
  /** The text starts at byte `base` of the object and has `length` bytes; those before `position` are dealt with. */
  #base = 0;
  #length = 0;
  #position = 0;
  /** Quote state at the end of the text: 1 inside. */
  #inside = 0;

  constructor(k: CsvKernels, options: ParserOptions) {
    const { dialect, columns, partRows, portionBytes, longestRowBytes } = options;
    this.#k = k;
    this.#options = options;
    const blockRows = Math.min(partRows, Math.max(FEWEST_BLOCK_ROWS, Math.floor(BLOCK_VALUES / columns.length)));
    this.#scan = openScan(k, dialect, columns, blockRows, longestRowBytes + portionBytes + 1);
    this.#text = get(k, "scan", this.#scan, "text");
    this.#collector = createCollector(k, this.#scan, options, blockRows);
  }

  begin(span: Span): void {
    this.#endSpan();
    this.#span = span;
    this.#ownEnd = span.endByte;
    this.#phase = span.startByte > 0 ? "seek" : "start";
    this.#position = span.startByte > 0 ? 1 : 0;
    this.#base = span.startByte - this.#position;
    this.#length = 0;
    this.#inside = span.insideQuotes ? 1 : 0;
  }

  /**
   * Takes the next bytes of the span, the first of them being the byte before startByte where there is one. No call goes across endByte;
   * calls go on behind it until the answer is false: nothing of the span is left to read.
   */
  feed(bytes: Uint8Array): boolean {
    const { portionBytes } = this.#options;
    for (let from = 0; from < bytes.length && this.#phase !== "done"; from += portionBytes) {
      this.#append(bytes.subarray(from, from + portionBytes));
      this.#advance();
    }
    return this.#phase !== "done";
  }

  /** The object has no more bytes. */
  finish(): void {
    if (this.#phase === "start") this.#begun();
    if (this.#phase === "header") this.#header(true);
    if (this.#phase === "rows" && this.#position < this.#length) {
      if (this.#inside === 1) {
        this.#strayQuote(this.#position, this.#length, "a quote is never closed");
      } else {
        this.#append(Uint8Array.of(LINE_END));
        this.#parse();
      }
    }
    if (this.#span.endByte === Number.POSITIVE_INFINITY) {
      this.#quoteParity ^= this.#inside ^ (this.#span.insideQuotes ? 1 : 0);
      this.#unclosed = this.#inside === 1;
    }
    this.#phase = "done";
  }

  #endSpan(): void {
    const found = { key: this.#span.key, firstRow: this.#firstStray, unclosed: this.#unclosed };
    if (found.firstRow !== null || found.unclosed) this.#quotes.push(found);
    this.#firstStray = null;
    this.#unclosed = false;
  }

  /** Rows read so far. */
  get rows(): number {
    return this.#takenRows + get(this.#k, "scan", this.#scan, "rows");
  }

  answer(): Omit<CutAnswer, "bytes"> {
    this.#endBlock(true);
    this.#endSpan();
    return {
      parts: this.#collector.parts(),
      rows: this.rows,
      types: this.#collector.types(),
      quoteParity: this.#quoteParity === 0 ? 0 : 1,
      badRows: this.#badRows,
      badSamples: this.#samples,
      conflicts: this.#conflicts,
      quotes: this.#quotes,
    };
  }

  /** Puts bytes behind what is left of the text. */
  #append(bytes: Uint8Array): void {
    const keep = Math.min(this.#position, this.#length);
    const memory = new Uint8Array(this.#k.memory.buffer);
    memory.copyWithin(this.#text, this.#text + keep, this.#text + this.#length);
    this.#base += keep;
    this.#position -= keep;
    this.#length -= keep;
    memory.set(bytes, this.#text + this.#length);
    this.#length += bytes.length;
  }

  #advance(): void {
    if (this.#phase === "start" && (this.#length >= 3 || this.#bytes(0, 1)[0] !== 0xef)) this.#begun();
    if (this.#phase === "seek") this.#seek();
    if (this.#phase === "overlong") this.#skip();
    if (this.#phase === "header") this.#header(false);
    if (this.#phase === "rows") this.#parse();
    const end = this.#base + this.#length;
    if (end === this.#span.endByte) this.#quoteParity ^= this.#inside ^ (this.#span.insideQuotes ? 1 : 0);
    // A row found from here on starts behind the span.
    if (end >= this.#span.endByte && this.#phase !== "rows" && this.#phase !== "start") this.#phase = "done";
  }

  /** At the first byte of an object: leaves out a byte order mark. */
  #begun(): void {
    const [a, b, c] = this.#bytes(0, Math.min(3, this.#length));
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.#position = 3;
      // The first row counts as starting at byte 0, before the mark.
      this.#ownEnd = Math.max(this.#ownEnd, 4);
    }
    this.#phase = this.#options.dialect.header ? "header" : "rows";
  }

  /** A row starts at startByte itself where a line ends before it. */
  #seek(): void {
    const atStart = this.#base + this.#position === this.#span.startByte;
    if (atStart && this.#inside === 0 && this.#bytes(0, 1)[0] === LINE_END) this.#phase = "rows";
    else this.#skip();
  }

  /** Goes to the next row. */
  #skip(): void {
    const next = this.#k.csvSkip(this.#text, this.#position, this.#length, this.#inside);
    if (this.#phase === "overlong") this.#badRows += lineEnds(this.#bytes(this.#position, next < 0 ? this.#length : next - 1));
    if (next >= 0) {
      this.#position = next;
      this.#phase = "rows";
    } else {
      this.#dropText();
      this.#inside = next === -2 ? 1 : 0;
    }
  }

  #dropText(): void {
    this.#base += this.#length;
    this.#length = 0;
    this.#position = 0;
  }

  #header(complete: boolean): void {
    const { dialect, longestRowBytes } = this.#options;
    while (this.#phase === "header") {
      const found = this.#k.csvSkip(this.#text, this.#position, this.#length, 0);
      this.#inside = found === -2 ? 1 : 0;
      if (found < 0 && !complete) {
        if (this.#length - this.#position <= longestRowBytes) return;
        throw new InputError(`${this.#span.key}: the header must have at most ${longestRowBytes} bytes, got more`);
      }
      const next = found < 0 ? this.#length : found;
      if (next === this.#position) return;
      if (checkHeader(this.#span.key, this.#bytes(this.#position, next), dialect)) this.#phase = "rows";
      this.#position = next;
    }
  }

  /** Reads rows until the text ends or the next row belongs to another span. */
  #parse(): void {
    const k = this.#k;
    const ownEnd = Math.min(Math.max(this.#ownEnd - this.#base, 0), FARTHEST);
    set(k, "scan", this.#scan, { length: this.#length, position: this.#position, ownEnd });
    let outcome: number;
    do {
      outcome = k.csvScan(this.#scan);
      this.#settle();
      if (outcome === OUTCOME.blockFull) this.#endBlock(false);
    } while (outcome === OUTCOME.blockFull || outcome === OUTCOME.leftFull);
    this.#position = get(k, "scan", this.#scan, "position");
    if (outcome === OUTCOME.done) {
      this.#phase = "done";
      this.#inside = 0;
      return;
    }
    this.#inside = get(k, "scan", this.#scan, "inside");
    if (this.#length - this.#position > this.#options.longestRowBytes) {
      const reason = `a row must have at most ${this.#options.longestRowBytes} bytes, got more`;
      if (this.#inside === 1) this.#strayQuote(this.#position, this.#length, `${reason}: perhaps a quote is never closed`);
      else this.#bad(this.#position, reason);
      this.#dropText();
      this.#phase = "overlong";
    }
  }

  /** Takes over what one run of the kernel leaves to JavaScript, while the text is still there. */
  #settle(): void {
    const k = this.#k;
    const left = get(k, "scan", this.#scan, "left");
    const leftCount = get(k, "scan", this.#scan, "leftCount");
    for (let i = 0; i < leftCount; i++) this.#round(left + i * sizeOf("left"));
    this.#noteConflicts();
    const bad = get(k, "scan", this.#scan, "bad");
    const badRows = get(k, "scan", this.#scan, "badRows");
    for (let i = 0; i < Math.min(badRows, SAMPLES); i++) {
      const record = bad + i * sizeOf("bad");
      const start = get(k, "bad", record, "start");
      const end = k.csvSkip(this.#text, start, this.#length, 0) - 1;
      // A row that a stray quote has made of several mostly has another number of fields, too.
      if (hasStrayQuote(this.#bytes(start, end), this.#options.dialect.separator)) this.#strayQuote(start, end, this.#reason(record));
      else this.#bad(start, this.#reason(record));
    }
    this.#badRows += Math.max(0, badRows - SAMPLES);
    set(k, "scan", this.#scan, { badRows: 0, leftCount: 0 });
  }

  /** Rounds a number with very many digits or an extreme exponent; one beyond float64 does not fit. */
  #round(record: number): void {
    const k = this.#k;
    const at = get(k, "left", record, "at");
    const length = get(k, "left", record, "length");
    const address = get(k, "left", record, "value");
    if (address === 0) return;
    const value = Number(new TextDecoder().decode(this.#bytes(at, at + length)));
    if (Number.isFinite(value)) {
      new DataView(k.memory.buffer).setFloat64(address, value, true);
      return;
    }
    const column = get(k, "left", record, "column");
    if (get(k, "column", column, "fixed")) {
      throw new InputError(`${this.#span.key}: a number must be below 1.8e308, got ${this.#show(at, length)} at byte ${this.#base + at}`);
    }
    set(k, "column", column, { kind: KIND.refused, refusedAt: at, refusedLength: length });
  }

  #noteConflicts(): void {
    const k = this.#k;
    const records = get(k, "scan", this.#scan, "columns");
    this.#options.columns.forEach(({ name }, i) => {
      const record = records + i * sizeOf("column");
      if (get(k, "column", record, "kind") !== KIND.refused || this.#conflicts.some(({ column }) => column === name)) return;
      const at = get(k, "column", record, "refusedAt");
      const found = this.#show(at, get(k, "column", record, "refusedLength"));
      this.#conflicts.push({ column: name, key: this.#span.key, byte: this.#base + at, found });
    });
  }

  #reason(record: number): string {
    const k = this.#k;
    const reason = get(k, "bad", record, "reason");
    const detail = get(k, "bad", record, "detail");
    if (reason === BAD.wrongCount) {
      const wanted = this.#options.dialect.names.length;
      return `a row must have ${wanted} fields, got ${detail > wanted ? "more" : detail}`;
    }
    if (reason === BAD.strayQuote) return "a field with quotes must be quoted from end to end, its own quotes doubled";
    if (reason === BAD.longField) return `a field must have at most ${LONGEST_FIELD_BYTES} bytes, got more`;
    const { name, type } = this.#options.columns[detail];
    return `${name} must be a ${type}, got ${this.#show(get(k, "bad", record, "at"), get(k, "bad", record, "length"))}`;
  }

  #bad(offset: number, reason: string): void {
    this.#badRows++;
    if (this.#samples.length < SAMPLES) this.#samples.push({ key: this.#span.key, byte: this.#base + offset, reason });
  }

  /** A row that a quote out of place may have made of many counts as as many bad rows as it has lines: no limit was meant for those. */
  #strayQuote(from: number, to: number, reason: string): void {
    const lines = lineEnds(this.#bytes(from, to - 1)) + 1;
    this.#bad(from, lines === 1 ? reason : `${reason}; it takes ${lines} lines with it`);
    this.#badRows += lines - 1;
    this.#firstStray ??= this.#base + from;
  }

  #endBlock(last: boolean): void {
    this.#takenRows += get(this.#k, "scan", this.#scan, "rows");
    this.#collector.take(last);
  }

  #bytes(from: number, to: number): Uint8Array {
    return new Uint8Array(this.#k.memory.buffer, this.#text + from, to - from);
  }

  /** The beginning of a text, quoted. */
  #show(at: number, length: number): string {
    return JSON.stringify(new TextDecoder().decode(this.#bytes(at, at + Math.min(length, SHOWN_BYTES))));
  }
}
