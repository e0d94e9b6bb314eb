/** The S3 store against LocalStack's S3. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { s3Client } from "../../../src/adapters/aws/clients.ts";
import { s3Bucket } from "../../../src/adapters/aws/s3-store.ts";
import { objectStoreContract } from "../../contracts/object-store.ts";

objectStoreContract(async () => {
  await s3Client().send(new CreateBucketCommand({ Bucket: "contract" }));
  return { store: s3Bucket("contract", "some/prefix/"), close: async () => {} };
});
