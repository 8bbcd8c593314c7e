/** Questions that auditors answer wrongly, and harden's answers; whether Compose refuses what we refuse. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HardenError } from "../../src/errors.ts";
import { loadMemory } from "../support/compose/memory.ts";
import { findCompose, judge, writeProject } from "../support/compose/oracle.ts";
import { ALL_QUESTIONS, projectOf, type Question } from "../support/compose/questions.ts";
import { judgeProject } from "../support/compose/verdicts.ts";
import { describeWith } from "../support/requirements.ts";

const RANK = ["fail critical", "fail high", "fail medium", "fail low", "unknown critical", "unknown high", "unknown medium", "unknown low", "notApplicable", "pass"];

function answer({ policy, service }: Question): string {
  try {
    const lines = judgeProject(loadMemory(projectOf(service))).get(`${policy} app/web`) ?? [];
    const worst = RANK.find((rank) => lines.some((line) => line.startsWith(rank))) ?? "nothing";
    return worst.startsWith("fail") ? worst : (worst.split(" ")[0] ?? "");
  } catch (error) {
    if (error instanceof HardenError) return "refused";
    throw error;
  }
}

it.each(ALL_QUESTIONS)("$policy: $service", (question) => {
  expect(answer(question)).toBe(question.verdict);
});

describeWith({ files: [findCompose()] }, "Compose", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "harden-audit-"));
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it("refuses what is refused here", { timeout: 120_000 }, async () => {
    for (const [index, { service, verdict }] of ALL_QUESTIONS.entries()) {
      if (verdict !== "refused") continue;
      const project = { files: { "compose.yaml": projectOf(service) }, compose: ["compose.yaml"], environment: {} };
      const folder = join(root, String(index));
      writeProject(folder, project);
      expect([service, "refused" in (await judge(findCompose(), folder, project))]).toEqual([service, true]);
    }
  });
});
