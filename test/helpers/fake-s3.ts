/**
 * S3 in this process, as the request handler of the SDK's client: buckets that are there as soon as they are named, ranges, listings, conditions
 * and uploads in parts as AWS documents them. `disturb` may answer in its place, or hold a request up.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { s3Client } from "../../src/adapters/aws/clients.ts";

interface FakeRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Partial<Record<string, string>>>;
  readonly headers: Readonly<Partial<Record<string, string>>>;
  readonly signal: AbortSignal;
}

interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Partial<Record<string, string>>>;
  readonly body?: Uint8Array | string;
  /** The connection breaks after so many bytes of the body. */
  readonly breakAfter?: number;
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly meta: Readonly<Partial<Record<string, string>>>;
}

export interface FakeS3 {
  readonly client: S3Client;
  /** By `bucket/key`. */
  readonly objects: Map<string, Stored>;
  readonly requests: FakeRequest[];
  /** Uploads in parts that nobody has ended. */
  readonly uploads: ReadonlyMap<string, unknown>;
}

type Disturb = (request: FakeRequest, answer: () => FakeAnswer) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>;

const failed = (status: number, code: string): FakeAnswer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} of the fake</Message></Error>`,
  headers: { "content-type": "application/xml" },
});

export const slowDown = (): FakeAnswer => failed(503, "SlowDown");
export const refused = (): FakeAnswer => failed(403, "AccessDenied");
export const inTheWay = (): FakeAnswer => failed(409, "ConditionalRequestConflict");

export function fakeS3(disturb: Disturb = () => undefined, config: S3ClientConfig = {}): FakeS3 {
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, { meta: Stored["meta"]; parts: Map<number, Uint8Array> }>();
  const requests: FakeRequest[] = [];
  let ids = 0;

  const condition = (request: FakeRequest): FakeAnswer | null => {
    const there = objects.get(`${request.bucket}/${request.key}`);
    if (request.headers["if-none-match"] === "*" && there !== undefined) return failed(412, "PreconditionFailed");
    const wanted = request.headers["if-match"];
    if (wanted === undefined) return null;
    if (there === undefined) return failed(404, "NoSuchKey");
    return there.etag === wanted ? null : failed(412, "PreconditionFailed");
  };

  const put = (request: FakeRequest, bytes: Uint8Array, etag: string, meta: Stored["meta"]): void => {
    objects.set(`${request.bucket}/${request.key}`, { bytes, etag, meta });
  };

  const get = (request: FakeRequest): FakeAnswer => {
    const there = objects.get(`${request.bucket}/${request.key}`);
    if (there === undefined) return failed(404, "NoSuchKey");
    const wanted = request.headers["if-match"];
    if (wanted !== undefined && wanted !== there.etag) return failed(412, "PreconditionFailed");
    const size = there.bytes.length;
    const headers = { etag: there.etag, ...there.meta };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    if (range === null) return { status: 200, headers: { ...headers, "content-length": `${size}` }, body: there.bytes };
    const first = Number(range[1]);
    if (first >= size) return failed(416, "InvalidRange");
    const last = Math.min(size - 1, range[2] === "" ? size - 1 : Number(range[2]));
    const body = there.bytes.subarray(first, last + 1);
    const told = { ...headers, "content-length": `${body.length}`, "content-range": `bytes ${first}-${last}/${size}` };
    return { status: 206, headers: told, body };
  };

  const list = ({ bucket, query }: FakeRequest): FakeAnswer => {
    const encode = (key: string): string => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
    const keys = [...objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/${query.prefix ?? ""}`))
      .map((name) => name.slice(bucket.length + 1))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(query["continuation-token"] ?? "")) > 0);
    const page = keys.slice(0, 3);
    const contents = page.map((key) => {
      const { bytes, etag } = objects.get(`${bucket}/${key}`) as Stored;
      return `<Contents><Key>${encode(key)}</Key><Size>${bytes.length}</Size><ETag>${etag.replaceAll('"', "&quot;")}</ETag></Contents>`;
    });
    const next = keys.length > page.length ? `<NextContinuationToken>${encodeXml(page[page.length - 1])}</NextContinuationToken>` : "";
    const body = `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== ""}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`;
    return { status: 200, body, headers: { "content-type": "application/xml" } };
  };

  const answer = (request: FakeRequest, body: Uint8Array): FakeAnswer => {
    const { method, key, query, headers } = request;
    if (method === "GET" && key === "") return list(request);
    if (method === "GET") return get(request);
    if (method === "HEAD") {
      const { body: _, ...head } = get(request);
      return head;
    }
    const meta = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-")));
    if (method === "POST" && "uploads" in query) {
      const id = `upload-${++ids}`;
      uploads.set(id, { meta, parts: new Map() });
      return { status: 200, body: `<Result><UploadId>${id}</UploadId></Result>` };
    }
    if (method === "DELETE") return { status: uploads.delete(`${query.uploadId}`) ? 204 : 404 };
    const upload = uploads.get(`${query.uploadId}`);
    if (query.uploadId !== undefined && upload === undefined) return failed(404, "NoSuchUpload");
    const refusal = upload === undefined || method === "POST" ? condition(request) : null;
    if (refusal !== null) return refusal;
    if (upload === undefined) {
      const etag = `"${md5(body)}"`;
      put(request, body, etag, meta);
      return { status: 200, headers: { etag } };
    }
    if (method === "PUT") {
      upload.parts.set(Number(query.partNumber), body);
      return { status: 200, headers: { etag: `"${md5(body)}"`, "x-amz-checksum-crc32": headers["x-amz-checksum-crc32"] } };
    }
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
    const etag = `"${md5(Buffer.concat(parts.map((part) => Buffer.from(md5(part), "hex"))))}-${parts.length}"`;
    put(request, new Uint8Array(Buffer.concat(parts)), etag, upload.meta);
    uploads.delete(`${query.uploadId}`);
    return { status: 200, body: `<Result><ETag>${etag.replaceAll('"', "&quot;")}</ETag></Result>` };
  };

  const handle = async (wire: WireRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
    const [bucket, ...rest] = wire.path.slice(1).split("/").map(decodeURIComponent);
    const signal = abortSignal ?? new AbortController().signal;
    const headers = Object.fromEntries(Object.entries(wire.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const request: FakeRequest = { method: wire.method, bucket, key: rest.join("/"), query: wire.query ?? {}, headers, signal };
    requests.push(request);
    // As on a wire: later changes to the caller's buffer do not arrive.
    const body = new Uint8Array(Buffer.from((wire.body as Uint8Array | undefined) ?? new Uint8Array(0)));
    let answered: FakeAnswer | undefined;
    const once = (): FakeAnswer => {
      answered ??= answer(request, body);
      return answered;
    };
    const given = (await disturb(request, once)) ?? once();
    signal.throwIfAborted();
    return { response: { statusCode: given.status, headers: { ...given.headers }, body: stream(given) } };
  };

  const client = s3Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
    requestHandler: { handle, metadata: { handlerProtocol: "h1" } } as never,
    ...config,
  });
  return { client, objects, requests, uploads };
}

interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

function stream({ body = "", breakAfter }: FakeAnswer): Readable {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
  async function* chunks(): AsyncGenerator<Buffer> {
    const end = breakAfter ?? bytes.length;
    for (let at = 0; at < end; at += 65_536) yield bytes.subarray(at, Math.min(end, at + 65_536));
    if (breakAfter !== undefined) throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
  return Readable.from(chunks(), { objectMode: false });
}

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const encodeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("'", "&apos;").replaceAll('"', "&quot;");
