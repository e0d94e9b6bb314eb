/**
 * Keeps out of a bundle what aws-local-stepfunctions imports and we never let it call: the Lambda client with its credentials, and the validator
 * (our tests validate). That is 700 KB, and 140 ms of every start.
 */
import type { Plugin } from "esbuild";

const unused = /^(@aws-sdk\/client-lambda|@aws-sdk\/credential-providers|asl-validator)$/;
const names = ["LambdaClient", "InvokeCommand", "fromCognitoIdentityPool"];

export const interpreterPlugin: Plugin = {
  name: "interpreter",
  setup(build) {
    build.onResolve({ filter: unused }, ({ path, importer }) => {
      // Our own adapters may import the same clients.
      return importer.includes("aws-local-stepfunctions") ? { path, namespace: "unused" } : undefined;
    });
    build.onLoad({ filter: unused, namespace: "unused" }, () => ({
      contents: `export default undefined; export const ${names.map((name) => `${name} = undefined`).join(", ")};`,
    }));
  },
};
