import { expect, test } from "vitest";
import { booleanSetting, mapSetting, parseBoolean, textSetting } from "../../../src/facts/daemon/setting.ts";

test("booleans as Go reads them, and no other words", () => {
  for (const text of ["1", "t", "T", "true", "TRUE", "True"]) expect(parseBoolean(text)).toBe(true);
  for (const text of ["0", "f", "F", "false", "FALSE", "False"]) expect(parseBoolean(text)).toBe(false);
  for (const text of ["", "yes", "no", "on", "tRUE", " true"]) expect(parseBoolean(text)).toBeUndefined();
});

test("the last flag counts, a value of a wrong type is refused", () => {
  const icc = booleanSetting("icc", true);
  expect([icc.ofFlags(["true", "false"]), icc.ofFlags(["nope"]), icc.ofFile("false"), icc.ofFile(false)]).toEqual([false, undefined, undefined, false]);
});

test("an empty text is not set", () => {
  const remap = textSetting("userns-remap", null);
  expect([remap.ofFile(""), remap.ofFile("default"), remap.ofFile(true), remap.ofFlags([""])]).toEqual([null, "default", undefined, null]);
});

test("options given one by one are a map", () => {
  const options = mapSetting("log-opts", "log-opt");
  expect(options.ofFlags(["max-size=10m", "labels=a=b", "compress"])).toEqual({ "max-size": "10m", labels: "a=b", compress: "" });
  expect([options.ofFile([]), options.ofFile(null), options.ofFile({ a: "b" })]).toEqual([undefined, undefined, { a: "b" }]);
});
