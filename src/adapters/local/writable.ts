/** Whether a folder could be written, asked before a run that takes hours ends in it. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../../ports/errors.ts";

/** Nothing is made. InputError, about `subject`, where the folder, or the nearest one above that is there, may not be written or is a file. */
export async function checkWritable(folder: string, subject: string): Promise<void> {
  let place = resolve(folder);
  for (;;) {
    try {
      if (!(await stat(place)).isDirectory()) throw refused("a file", place);
      await access(place, constants.W_OK);
      return;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") place = dirname(place);
      else if (code === "EACCES" || code === "EROFS")
        throw refused(code === "EROFS" ? "a read-only file system" : "permission denied", place, error);
      else throw error;
    }
  }

  function refused(found: string, at: string, cause?: unknown): InputError {
    const where = at === resolve(folder) ? "" : ` at ${at}`;
    return new InputError(`${subject} must be a folder that can be written, got ${folder} (${found}${where})`, { cause });
  }
}
