import { expect, test } from "vitest";
import { type Arrival, findObjection } from "../../../../src/remediation/apply/switch/objection.ts";

const FIRST = "203.0.113.7 50000 192.0.2.1 22";
const open = (text: string, start: number | null): Arrival => ({ kind: "open", text, start });

test.each<[string, Arrival, string | null, RegExp | null]>([
  ["a new connection", open("203.0.113.7 50001 192.0.2.1 22", 101), FIRST, null],
  ["a console, though it was applied over SSH", { kind: "none" }, FIRST, null],
  ["the console that applied", { kind: "none" }, null, null],
  ["a new connection, though it was applied at a console", open(FIRST, 101), null, null],
  ["the connection that applied", open(FIRST, 50), FIRST, /applied over/],
  ["a second window that was open before", open("203.0.113.7 50001 192.0.2.1 22", 99), FIRST, /older/],
  ["one of unknown age", open("203.0.113.7 50001 192.0.2.1 22", null), FIRST, /how old/],
  ["ssh localhost", open("127.0.0.1 50001 127.0.0.1 22", 101), FIRST, /machine itself/],
  ["ssh to one's own address", open("192.0.2.1 50001 192.0.2.1 22", 101), FIRST, /machine itself/],
  ["a tunnel whose end is here, where that is how one comes", open("::1 50001 ::1 22", 101), "::1 50000 ::1 22", null],
  ["a window of tmux", { kind: "gone", text: FIRST }, FIRST, /tmux/],
  ["what cannot be told", { kind: "unknown", reason: "no right to look" }, FIRST, /no right to look/],
])("%s", (_, arrival, connection, objection) => {
  const found = findObjection(arrival, { connection, since: 100 });
  if (objection === null) expect(found).toBeNull();
  else expect(found).toMatch(objection);
});
