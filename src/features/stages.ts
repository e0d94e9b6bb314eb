/** The stages that work column by column, by the name that a job gives them. */
import { imputer } from "./imputer.ts";
import { minMaxScaler } from "./minMaxScaler.ts";
import { oneHotEncoder } from "./oneHotEncoder.ts";
import type { Stage, StageKind } from "./params.ts";
import type { ColumnStage } from "./stage.ts";
import { standardScaler } from "./standardScaler.ts";
import { stringIndexer } from "./stringIndexer.ts";

type ColumnKind = Exclude<StageKind, "vectorAssembler">;
export type ColumnwiseStage = Extract<Stage, { kind: ColumnKind }>;

const stages: { readonly [K in ColumnKind]: ColumnStage<K> } = { stringIndexer, oneHotEncoder, imputer, standardScaler, minMaxScaler };

/** The verbs of a stage; its parameters are those of its kind. */
export function verbsOf<K extends ColumnKind>(stage: { readonly kind: K }): ColumnStage<K> {
  return stages[stage.kind];
}
