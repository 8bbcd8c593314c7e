/** Settings that real engines change on containers as they run, and change back. */
import { mkdtemp, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openMachine } from "../../src/remediation/apply/machine.ts";
import { containerEffects } from "../../src/remediation/apply/operations/container.ts";
import type { Step } from "../../src/remediation/model.ts";
import { renderPlan } from "../../src/remediation/render.ts";
import { writePlan } from "../../src/remediation/write.ts";
import type { ContainerDraft } from "../../src/remediation/operations/container.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { importImages, SERVE } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `settings of a container on engine ${version}`, () => {
    let engine: Engine;
    let container: string;
    const machine = openMachine(null, () => undefined);
    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      container = (await engine.docker("run", "-d", "--name", "web", "--restart", "always", "busybox:plain", ...SERVE)).trim();
    });
    afterAll(() => engine.stop());

    const draft = (setting: ContainerDraft["setting"], before: string, after: string): ContainerDraft =>
      ({ kind: "container", step: "containers", phase: "keep", socket: engine.socket, container, name: "web", setting, before, after });
    const inspect = async (format: string): Promise<string> => (await engine.docker("inspect", "--format", format, "web")).trim();

    it.each([
      ["pids-limit", "-1", "200", "{{.HostConfig.PidsLimit}}", /^200$/, /^(0|-1|<nil>)$/],
      ["restart", "always", "on-failure:5", "{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}", /^on-failure:5$/, /^always:0$/],
    ] as const)("are set and taken back while it runs: %s", async (setting, before, after, format, set, back) => {
      const pid = await inspect("{{.State.Pid}}");
      const operation = await containerEffects.read(draft(setting, before, after), machine);
      if (operation === null) throw new Error("nothing to do");
      for (let round = 1; round <= 2; round += 1) await containerEffects.perform(operation, machine);
      expect(await inspect(format)).toMatch(set);
      expect(await containerEffects.read(draft(setting, before, after), machine)).toBeNull();
      for (let round = 1; round <= 2; round += 1) expect(await containerEffects.undo(operation, null, machine)).toBeNull();
      expect(await inspect(format)).toMatch(back);
      expect(await inspect("{{.State.Pid}}")).toBe(pid);
    });

    it("are set and taken back by the plan's scripts", async () => {
      const folder = await mkdtemp("/tmp/harden-update-");
      const changes = [draft("pids-limit", "-1", "200"), draft("restart", "always", "on-failure:5")].map(({ setting, before, after }) => ({ container, name: "web", setting, before, after }));
      const step: Step = { kind: "containers", id: "containers", title: "", findings: [], notes: [], undo: "", restart: null, socket: engine.socket, changes };
      writePlan(folder, renderPlan({ schemaVersion: "1", tool: { name: "harden", version: "1" }, host: hostname(), collectedAt: "2026-01-01T00:00:00Z", policies: [], steps: [step], advice: [], omitted: [] }));
      const settings = (): Promise<string> => inspect("{{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}");
      for (let round = 1; round <= 2; round += 1) await execa(join(folder, "apply.sh"), ["containers"], { env: engine.env });
      expect(await settings()).toBe("200 on-failure:5");
      expect((await execa(join(folder, "rollback.sh"), { env: engine.env })).stdout).toContain("all is as it was before");
      expect(await settings()).toMatch(/^(0|-1|<nil>) always:0$/);
      await rm(folder, { recursive: true });
    });

    it("are left as others set them since, and of a container that is gone nothing is left to do", async () => {
      const operation = await containerEffects.read(draft("pids-limit", "-1", "200"), machine);
      if (operation === null) throw new Error("nothing to do");
      await containerEffects.perform(operation, machine);
      await engine.docker("update", "--pids-limit", "77", "web");
      expect(await containerEffects.undo(operation, null, machine)).toBe("pids-limit of web was changed since and is left alone");
      await expect(containerEffects.read(draft("pids-limit", "-1", "200"), machine)).rejects.toThrow("is 77 and not -1");
      await expect(containerEffects.perform(operation, machine)).rejects.toThrow("is 77 and not -1");
      await engine.docker("rm", "-f", "web");
      expect(await containerEffects.undo(operation, null, machine)).toBeNull();
      await expect(containerEffects.read(draft("pids-limit", "-1", "200"), machine)).rejects.toThrow("web is gone");
    });
  });
}
