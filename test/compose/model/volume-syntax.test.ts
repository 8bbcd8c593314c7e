import { expect, it } from "vitest";
import { parseVolume } from "../../../src/compose/model/volume-syntax.ts";

it.each([
  ["/a", { type: "volume", source: "", target: "/a" }],
  ["x", { type: "volume", source: "", target: "x" }],
  ["data:/a", { type: "volume", source: "data", target: "/a", readOnly: false }],
  ["./a:/a:ro,z", { type: "bind", source: "./a", readOnly: true, selinux: "z" }],
  ["~/a:/a:rw,ro,rshared", { type: "bind", readOnly: true, propagation: "rshared" }],
  ["data:/a:nocopy,unheard", { noCopy: true, readOnly: false }],
  ["C:\\a:/a", { type: "bind", source: "C:\\a", target: "/a" }],
  ["${A:-x:y}:/a", { source: "${A:-x:y}", target: "/a" }],
  ["\\\\.\\pipe\\x:/a", { type: "bind" }],
])("%s", (text, expected) => {
  expect(parseVolume(text)).toMatchObject(expected);
});

it.each(["", "aa::b", ":/a", "aa:bb:cc:dd"])("%j is refused", (text) => {
  expect(parseVolume(text)).toHaveProperty("refused");
});
