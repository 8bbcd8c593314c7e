import { expect, test } from "vitest";
import { ok } from "../../src/collect/answer.ts";
import { guard } from "../../src/collect/guard.ts";

const broken = { status: "failed", detail: "harden failed to read this source: oops", data: null };

test.each([
  ["answers", () => ok(1), ok(1)],
  ["answers later", () => Promise.resolve(ok(1)), ok(1)],
  ["throws", () => { throw new Error("oops"); }, broken],
  ["rejects", () => Promise.reject(new Error("oops")), broken],
  ["hangs", () => new Promise<never>(() => undefined), { status: "failed", detail: "not done within 0.05 s", data: null }],
])("a source that %s", async (_, collect, answer) => {
  expect(await guard(collect, 50)).toEqual(answer);
});
