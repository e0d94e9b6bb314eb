/** The laws of learners on the subjects that take seconds. */
import { describe, it } from "vitest";
import { subjects } from "../../laws/subjects.ts";
import { checkLaw, lawNames } from "../../laws/suite.ts";

for (const [name, own] of Object.entries(subjects)) {
  const slow = own.filter(({ isSlow }) => isSlow === true);
  describe.each(slow.map((subject) => [subject.classes.length, subject] as const))(`${name} with %i classes`, (_, subject) => {
    it.each(lawNames)("%s", (law) => {
      checkLaw(law, subject);
    });
  });
}
