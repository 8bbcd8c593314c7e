import { expect, it } from "vitest";
import { sayValues } from "../../../src/facts/sysctl/words.ts";

it.each([
  [{ scope: "host", exists: true, value: "1", boot: null }, {}, "1"],
  [{ scope: "host", exists: true, value: "1", boot: "1" }, {}, "1"],
  [{ scope: "host", exists: true, value: "1", boot: "0" }, {}, "1 (0 at boot)"],
  [{ scope: "host", exists: false, value: null, boot: "0" }, {}, "not there (0 at boot)"],
  [{ scope: "host", exists: true, value: null, boot: "0" }, { "/value": "why" }, "? (0 at boot)"],
  [{ scope: "host", exists: true, value: "1", boot: null }, { "/boot": "why" }, "1 (? at boot)"],
  [{ scope: "file", exists: true, value: null, boot: "0" }, {}, "set to 0"],
] as const)("%o is said as it is", (values, unknown, words) => {
  expect(sayValues(values, unknown)).toBe(words);
});
