/** Secrets planted in every place that an engine knows: none is in what harden writes. And what it collects fits the published schema. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { runHarden } from "../support/harden.ts";
import { importImage, importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const SCHEMA = fileURLToPath(new URL("../../src/snapshot/snapshot.schema.json", import.meta.url));

/** All planted secrets hold this, in words and in capitals, so that one search finds any of them. */
const SECRET = "zqPlanted7vK9xW2";

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `a host full of secrets, engine ${version}`, () => {
    let engine: Engine;
    let collected: string;
    let snapshot: Snapshot;

    beforeAll(async () => {
      const proxy = `http://proxy-user:${SECRET}@proxy.example:3128`;
      engine = await startEngine({
        version,
        daemonJson: {
          "log-opts": { tag: `token=${SECRET}` },
          ...(version === "29" ? { proxies: { "http-proxy": proxy, "https-proxy": proxy } } : {}),
        },
        args: ["--label", `password=${SECRET}`],
      });
      await importImages(engine);
      await importImage(engine, "busybox:secret", [`ENV IMAGE_PASSWORD=${SECRET}`, `LABEL image.token=${SECRET}`, `HEALTHCHECK CMD curl -u admin:${SECRET} http://localhost/`]);
      const create = (name: string, args: readonly string[], command: readonly string[] = []): Promise<string> =>
        engine.docker("create", "--name", name, ...args, "busybox:secret", ...command);
      await create("environment", ["-e", `DB_PASSWORD=${SECRET}`, "-e", `DATABASE_URL=postgres://app:${SECRET}@db/app`, "-e", `AWS_SECRET_ACCESS_KEY=${SECRET}`]);
      await create("labels", ["--label", `com.example.token=${SECRET}`, "--label", `traefik.http.middlewares.a.basicauth.secret=${SECRET}`]);
      await create("command", [], ["sh", "-c", `mysql -p${SECRET} && curl -H 'Authorization: Bearer ${SECRET}' http://x`]);
      await create("flags", [], ["server", "--password", SECRET, `--api-key=${SECRET}`]);
      await create("entrypoint", ["--entrypoint", `/bin/run?password=${SECRET}`]);
      await create("health", ["--health-cmd", `redis-cli -a ${SECRET} ping`]);
      await create("logs", ["--log-driver", "json-file", "--log-opt", "labels=token", "--label", `token=${SECRET}`]);
      await engine.docker("run", "--detach", "--name", "running", "-e", `SESSION_TOKEN=${SECRET}`, "busybox:plain", "sh", "-c", `PASSWORD=${SECRET} sleep 3600`);
      await engine.docker("network", "create", "--label", `password=${SECRET}`, "--opt", `com.example.token=${SECRET}`, "labelled");
      await engine.docker("volume", "create", "--label", `api_key=${SECRET}`, "--opt", "type=cifs", "--opt", "device=//nas/share", "--opt", `o=username=u,password=${SECRET}`, "share");
      const run = await runHarden(["collect"], engine.env);
      expect([run.exitCode, run.stderr]).toEqual([0, ""]);
      collected = run.stdout;
      snapshot = JSON.parse(collected) as Snapshot;
    });
    afterAll(() => engine.stop());

    /** Where a planted secret stands, with what is around it. */
    function findSecrets(text: string): string[] {
      return [...text.toLowerCase().matchAll(new RegExp(SECRET.toLowerCase(), "g"))].map(({ index }) => text.slice(Math.max(0, index - 80), index + SECRET.length + 20));
    }

    test("what is collected fits the published schema", () => {
      const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
      validate(snapshot);
      expect(validate.errors).toBeNull();
      expect(Object.entries(snapshot.sources).filter(([, { status }]) => status !== "ok")).toEqual([]);
    });

    test("they are planted, and markers stand in their place", async () => {
      const inspects = await engine.docker("inspect", "environment", "labels", "command", "flags", "entrypoint", "health", "logs", "running");
      expect(findSecrets(inspects).length).toBeGreaterThan(20);
      expect(findSecrets(await engine.docker("info", "--format", "{{json .}}")).length).toBeGreaterThan(0);
      expect(readFileSync(`/proc/${engine.pid}/cmdline`, "latin1")).toContain(SECRET);
      expect(collected.match(/\[redacted:/g)?.length).toBeGreaterThan(40);
      expect(snapshot.sources.daemon.data?.configFile.text).toContain("[redacted:");
      expect(snapshot.sources.daemon.data?.commandLine?.join(" ")).toContain("password=[redacted:");
    });

    test("the snapshot holds none", () => {
      expect(findSecrets(collected)).toEqual([]);
    });

    test("the reports and the plan hold none", async () => {
      const [json, sarif, plan] = ["host.json", "host.sarif", "plan"].map((name) => join(engine.folder, name)) as [string, string, string];
      const { stdout, stderr } = await runHarden(["scan", "--profile", "strict", "-o", "console", "-o", `json=${json}`, "-o", `sarif=${sarif}`, "--plan", plan], engine.env);
      const written = await engine.inNamespace("sh", "-c", 'cat "$1"/*', "sh", plan);
      expect([stdout, stderr, readFileSync(json, "utf8"), readFileSync(sarif, "utf8"), written].flatMap(findSecrets)).toEqual([]);
      expect(readFileSync(json, "utf8")).toContain("container-secret-in-environment");
      expect(stdout).toContain("DB_PASSWORD");
    });
  });
}
