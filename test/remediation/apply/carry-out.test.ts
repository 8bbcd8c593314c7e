import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { HardenError } from "../../../src/errors.ts";
import { carryOutKeep, carryOutTry } from "../../../src/remediation/apply/carry-out.ts";
import type { Journal, State } from "../../../src/remediation/apply/journal/model.ts";
import type { OpenJournal } from "../../../src/remediation/apply/journal/store.ts";
import { openMachine } from "../../../src/remediation/apply/machine.ts";
import { takeBack } from "../../../src/remediation/apply/take-back.ts";
import { planOf } from "../../support/steps.ts";

/** A journal whose disk is full for one state. */
function fullAt(full: State, confirm: Journal["confirm"], states: State[]): OpenJournal {
  const plan = planOf([]);
  return {
    journal: { schemaVersion: "1", id: "run", tool: plan.tool, host: { name: "h", machineId: null }, network: { boot: "b", namespace: "net:[1]" }, startedAt: "", plan, operations: [], connection: null, confirm },
    folder: "",
    status: () => ({ state: "applying", since: 1, cause: null, operations: [] }),
    enter: (state) => {
      if (state === full) throw new HardenError("the journal cannot be written: ENOSPC");
      states.push(state);
    },
    record: () => undefined,
    close: () => undefined,
  };
}

it.each([
  [carryOutTry, "awaiting", ["applying", "undoing", "undone"]],
  [carryOutKeep, "kept", ["keeping", "undoing", "undone"]],
] as const)("what cannot be recorded goes back: %o, %s", async (carryOut, full, expected) => {
  const states: State[] = [];
  const outcome = await carryOut(fullAt(full, { seconds: 60, boot: "b" }, states), openMachine(null, () => undefined), () => null);
  expect([outcome, states]).toEqual([{ kind: "undone", reason: "the journal cannot be written: ENOSPC", left: [] }, expected]);
});

it("is not taken back twice by a process that cannot record it: an engine would be restarted as often", async () => {
  const folder = mkdtempSync("/tmp/harden-twice-");
  const path = join(folder, "file");
  try {
    const whole = fullAt("undone", null, []);
    const operation = { kind: "file", step: "s", phase: "try", path, before: null, after: "x", fresh: 0o644, folders: [] } as const;
    const journal: OpenJournal = { ...whole, journal: { ...whole.journal, operations: [{ ...operation, folders: [] }] }, status: () => ({ state: "applying", since: 1, cause: null, operations: [{ event: "done", seen: null, reason: null }] }) };
    const taken = new Set<number>();
    for (const expected of [false, true]) {
      writeFileSync(path, "x");
      expect(await takeBack(journal, openMachine(null, () => undefined), "late", taken)).toEqual(["what went back is not recorded: the journal cannot be written: ENOSPC"]);
      expect(existsSync(path)).toBe(expected);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
