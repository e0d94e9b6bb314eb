/** The data sets beside the project, as files. */
import { existsSync } from "node:fs";

const FOLDER = new URL("../../../shared/data/", import.meta.url);

/** Path of a shared file. An error that names it where it is not there. */
export function sharedFile(path: string): string {
  const file = new URL(path, FOLDER).pathname;
  if (!existsSync(file)) throw new Error(`data set ${path} must lie in ${FOLDER.pathname}, got no such file`);
  return file;
}
