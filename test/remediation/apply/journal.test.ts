/** The journal's log as data: what a crash cut off, what it tells, what is damage. */
import { describe, expect, it } from "vitest";
import type { LogEntry } from "../../../src/remediation/apply/journal/model.ts";
import { parseLog } from "../../../src/remediation/apply/journal/parse.ts";
import { isRevertible, isSettled, readStatus } from "../../../src/remediation/apply/journal/status.ts";

const line = (entry: object): string => `${JSON.stringify({ at: "2026-01-01T00:00:00Z", detail: null, ...entry })}\n`;
const APPLYING = line({ uptime: 1, state: "applying" });
const STARTED = line({ n: 0, event: "started" });
const entries = (...texts: string[]): LogEntry[] => parseLog(texts.join(""), "log", 2).entries;

describe("parseLog", () => {
  it("leaves out what follows the last line end, and tells how much stays", () => {
    expect(parseLog(`${APPLYING}${STARTED}{"n": 0, "ev`, "log", 2)).toEqual({ entries: entries(APPLYING, STARTED), size: APPLYING.length + STARTED.length });
    expect(parseLog("", "log", 2)).toEqual({ entries: [], size: 0 });
  });

  it("counts its size in bytes", () => {
    expect(parseLog(line({ n: 1, event: "left", detail: "é" }), "log", 2).size).toBe(line({ n: 1, event: "left", detail: "é" }).length + 1);
  });

  it.each([
    "nonsense\n", "null\n", "{}\n", line({ state: "asleep" }), line({ n: 2, event: "done" }), line({ n: -1, event: "done" }), line({ n: 0.5, event: "done" }),
    line({ n: 0, event: "lost" }), line({ n: 0, event: "done", detail: 3 }),
  ])("calls %j damage, at its line", (text) => {
    expect(() => parseLog(`${APPLYING}${text}`, "log", 2)).toThrow(expect.objectContaining({ position: { file: "log", line: 2 }, message: expect.stringContaining("is damaged") as string }));
  });
});

describe("readStatus", () => {
  it("is that of a run that has just begun where nothing is written", () => {
    expect(readStatus([], 1)).toMatchObject({ state: "applying", operations: [{ event: "pending", seen: null, reason: null }] });
  });

  it("keeps what the machine showed until the operation starts anew", () => {
    const done = line({ n: 0, event: "done", detail: "rules" });
    const left = line({ n: 0, event: "left", detail: "changed" });
    expect(readStatus(entries(APPLYING, STARTED, done, left), 2).operations).toEqual([{ event: "left", seen: "rules", reason: "changed" }, { event: "pending", seen: null, reason: null }]);
    expect(readStatus(entries(STARTED, done, STARTED), 1).operations).toEqual([{ event: "started", seen: null, reason: null }]);
  });

  it.each([
    ["applying", false, true], ["awaiting", false, true], ["keeping", false, true], ["kept", true, true], ["undoing", false, true], ["undone", true, false],
  ])("%s: settled %j, to be taken back %j", (state, settled, revertible) => {
    const status = readStatus(entries(line({ uptime: 1, state })), 1);
    expect([isSettled(status), isRevertible(status)]).toEqual([settled, revertible]);
  });

  it("has something to take back where something was left", () => {
    expect(isRevertible(readStatus(entries(line({ n: 0, event: "left", detail: "" }), line({ uptime: 1, state: "undone" })), 1))).toBe(true);
  });
});
