/** The name of a model whose job gives none: `jobs/churn.yaml` and `s3://bucket/churn-*.csv.gz` both name it churn. */
export function nameOf(path: string): string {
  const last = path.split(/[\\/]/).findLast((step) => step !== "") ?? "";
  const stem = last.replace(/\..*$/, "").replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  return stem.replaceAll(/^[-_]+|[-_]+$/g, "").slice(0, 64) || "model";
}
