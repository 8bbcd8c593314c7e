/** `harden check` on rule-set dumps: what their tables decide, at the line of the dump. */
import { fileURLToPath } from "node:url";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { runHarden } from "../support/harden.ts";

const FOLDER = dirname(fileURLToPath(new URL("../fixtures/rulesets/recorded/x", import.meta.url)));

/** `status policy line`, fails and unknowns. */
async function judge(file: string): Promise<{ exitCode: number; found: string[] }> {
  const { exitCode, stdout } = await runHarden(["check", `${FOLDER}/${file}`, "-o", "json"]);
  const { results } = JSON.parse(stdout) as Report;
  return { exitCode, found: results.filter(({ status }) => status === "fail" || status === "unknown").map(({ status, policy, location }) => `${status} ${policy} ${String(location?.line)}`) };
}

describe("a dump", () => {
  it("with the handbook's rules for INPUT tells of the bound that stands behind what drops all", async () => {
    expect(await judge("handbook-input.nft.v4")).toEqual({
      exitCode: 3,
      found: [
        "fail firewall-dead-rule 8", "unknown firewall-docker-user-missing 1", "unknown firewall-drop-logging 1", "unknown firewall-not-persistent 6",
      ],
    });
  });

  it("with Docker's chains tells whether DOCKER-USER is met", async () => {
    expect(await judge("docker-29-rules.nft.v4")).toEqual({ exitCode: 0, found: ["unknown firewall-drop-logging 1", "unknown firewall-not-persistent 25"] });
    expect((await judge("docker-20.10-rules.nft.v4")).found).toContain("fail firewall-dead-rule 51");
  });
});
