/** Hash of the code, put in by the build; the same name for all who run from source. */
declare const STEPLEARN_BUNDLE: string | undefined;

export const bundle = typeof STEPLEARN_BUNDLE === "string" ? STEPLEARN_BUNDLE : "source";
