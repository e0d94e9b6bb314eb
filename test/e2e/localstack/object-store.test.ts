/** The S3 store against LocalStack's S3. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { describe } from "vitest";
import { s3Client } from "../../../src/adapters/aws/clients.ts";
import { s3Bucket } from "../../../src/adapters/aws/s3-store.ts";
import { objectStoreContract } from "../../contracts/object-store.ts";

const open = (bucket: string, prefix: string) => async () => {
  await s3Client().send(new CreateBucketCommand({ Bucket: bucket }));
  return { store: s3Bucket(bucket, prefix), close: async () => {} };
};

describe("a bucket", () => objectStoreContract(open("contract-whole", "")));
describe("a prefix of a bucket", () => objectStoreContract(open("contract-below", "some/prefix/")));
