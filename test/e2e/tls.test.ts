/** Real engines behind TLS, reached as Docker's own client reaches them: by its variables, and by contexts that it has written. */
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Authority, encryptKey, EXPIRED, EXPIRED_AT, type Issued, makeAuthority } from "../support/certificates.ts";
import { writeContext } from "../support/docker-client.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { DOCKER_CLIENT, ENGINE_VERSIONS } from "../support/engine-version.ts";
import { HARDEN } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { holdNamespace, type HeldNamespace } from "../support/hold-namespace.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

const PORT = 2376;
const LOCAL = "IP:127.0.0.1,IP:192.0.2.1,DNS:localhost";
type Environment = Readonly<Record<string, string>>;

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version, programs: ["openssl"] }, `an engine ${version} with --tlsverify`, () => {
    let held: HeldNamespace;
    let engine: Engine;
    let authority: Authority;
    let other: Authority;
    let client: Issued;
    beforeAll(async () => {
      held = await holdNamespace();
      authority = makeAuthority(join(held.folder, "own"), "Own");
      other = makeAuthority(join(held.folder, "other"), "Other");
      client = authority.issue({ name: "client", use: "clientAuth" });
      await plantServer(authority.issue({ name: "engine", hosts: LOCAL, use: "serverAuth" }));
      const of = (name: string): string => join(held.folder, `${name}.pem`);
      engine = await startEngine({ version, args: ["-H", `tcp://0.0.0.0:${PORT}`, "--tlsverify", `--tlscacert=${of("server-ca")}`, `--tlscert=${of("server")}`, `--tlskey=${of("server-key")}`] });
      await importImages(engine);
      await engine.docker("create", "--name", "privileged", "--privileged", "busybox:plain");
      await engine.docker("create", "--name", "sound", "--user", "1000", "--cap-drop", "ALL", "busybox:plain");
    });
    afterAll(async () => {
      await engine.stop();
      await held.release();
    });

    async function plantServer({ certificate, key }: Issued): Promise<void> {
      const files = { "server-ca": authority.certificate, server: certificate, "server-key": key };
      for (const [name, text] of Object.entries(files)) await writeFile(join(held.folder, `${name}.pem`), text);
    }

    let count = 0;
    /** A folder for DOCKER_CONFIG with these files. */
    async function plant(files: Readonly<Record<string, string>>): Promise<string> {
      const folder = join(held.folder, `client-${++count}`);
      await mkdir(folder);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(join(folder, path, ".."), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      return folder;
    }

    const clientFiles = ({ certificate, key }: Issued, ca = authority.certificate): Record<string, string> => ({ "ca.pem": ca, "cert.pem": certificate, "key.pem": key });

    /** What harden's report says, and whether Docker's client gets an answer with the same environment. */
    async function scan(environment: Environment, netns = engine.netns): Promise<{ report: Report; source: string; docker: boolean; exitCode: number | undefined }> {
      const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/nonexistent", ...environment };
      const options = { env, extendEnv: false, reject: false, stdin: "ignore", timeout: 60_000 } as const;
      const [{ stdout, stderr, exitCode }, docker] = await Promise.all([
        execa("nsenter", [`--net=${netns}`, "--", process.execPath, HARDEN, "scan", "--profile", "strict", "-o", "json"], options),
        execa("nsenter", [`--net=${netns}`, "--", DOCKER_CLIENT, "version"], options),
      ]);
      expect(stderr).toBe("");
      const report = JSON.parse(stdout) as Report;
      const engineSource = report.sources.find(({ name }) => name === "engine");
      const detail = (engineSource?.detail ?? "").replaceAll(environment["DOCKER_CONFIG"] ?? "", "~");
      return { report, exitCode, docker: docker.exitCode === 0, source: `${engineSource?.status ?? ""}${detail === "" ? "" : `: ${detail.replace(/GET \/(info|version): /, "")}`}` };
    }

    function containersOf(report: Report): string[] {
      return report.results.filter(({ policy }) => policy === "container-privileged").map(({ status, resource }) => `${status} ${resource.id ?? "-"}`).sort();
    }

    const HOST = { DOCKER_HOST: `tcp://127.0.0.1:${PORT}` };
    const VERIFIED = { ...HOST, DOCKER_TLS_VERIFY: "1" };

    test("is judged, and kept apart from this machine, over the network of another one", async () => {
      const outside: Outside = await joinOutside(engine);
      try {
        const folder = await plant(clientFiles(client));
        const { report, source, docker, exitCode } = await scan({ ...VERIFIED, DOCKER_HOST: `tcp://${outside.engine4}:${PORT}`, DOCKER_CONFIG: folder }, outside.netns);
        expect([source, docker, exitCode]).toEqual(["ok", true, 1]);
        expect(containersOf(report)).toEqual(["fail privileged", "pass sound"]);
        const apart = `the engine is not on this host: tcp://${outside.engine4}:${PORT} is reached over the network`;
        const notEngine = report.sources.filter(({ name }) => !["host", "engine", "containers", "networks", "volumes", "images"].includes(name));
        expect(notEngine.filter(({ status, detail }) => status !== "absent" || detail !== apart)).toEqual([]);
        const local = report.results.filter(({ resource }) => ["host", "sysctl", "ruleset"].includes(resource.kind));
        expect(local.length).toBeGreaterThan(10);
        expect(local.filter(({ status }) => status !== "unknown")).toEqual([]);
      } finally {
        await outside.remove();
      }
    });

    describe("with client certificates by the environment", () => {
      const refused = "failed: the engine refuses the client certificate ~/cert.pem: ";
      test.each<[string, () => Readonly<Record<string, string>>, string | RegExp]>([
        ["its own", () => clientFiles(client), "ok"],
        ["expired", () => clientFiles(authority.issue({ name: "client", use: "clientAuth", ...EXPIRED })), `${refused}CN=client expired at ${EXPIRED_AT}`],
        ["of another authority", () => clientFiles(other.issue({ name: "client", use: "clientAuth" })), new RegExp(`^${refused}issued by CN=Other, .*(bad certificate|unknown ca|certificate required)`)],
        ["none", () => ({ "ca.pem": authority.certificate }), "failed: the engine asks for a client certificate, and there is none: ~/cert.pem is missing"],
        ["without its key", () => ({ "ca.pem": authority.certificate, "cert.pem": client.certificate }), "failed: the engine asks for a client certificate, and there is none: ~/key.pem is missing"],
        ["with another key", () => ({ ...clientFiles(client), "key.pem": other.issue({ name: "x" }).key }), "failed: ~/key.pem: the key is not that of ~/cert.pem"],
        ["with an encrypted key", () => ({ ...clientFiles(client), "key.pem": encryptKey(client.key, "pkcs8") }), "failed: ~/key.pem: the key is encrypted; only one without a passphrase can be used"],
        ["no files at all", () => ({}), "failed: ~/ca.pem: the file is missing"],
        ["another authority for the engine", () => clientFiles(client, other.certificate), "failed: the engine's certificate, issued by CN=Own, is not signed by an authority in ~/ca.pem"],
      ])("%s", async (_name, files, expected) => {
        const { report, source, docker, exitCode } = await scan({ ...VERIFIED, DOCKER_CONFIG: await plant(files()) });
        expect(source).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
        expect(docker, "Docker's client").toBe(source === "ok");
        expect(containersOf(report)).toEqual(source === "ok" ? ["fail privileged", "pass sound"] : ["unknown -"]);
        if (source === "ok") return;
        // The rest of the audit goes on: this machine is judged.
        expect([1, 3]).toContain(exitCode);
        expect(report.results.filter(({ resource, status }) => resource.kind === "host" && status !== "unknown").length).toBeGreaterThan(0);
      });
    });

    test.each<[string, () => Issued, string]>([
      ["expired", () => authority.issue({ name: "engine", hosts: LOCAL, ...EXPIRED }), `CN=engine expired at ${EXPIRED_AT}`],
      ["for another host", () => authority.issue({ name: "engine", hosts: "DNS:docker.example" }), "the engine's certificate is for DNS:docker.example, not for 127.0.0.1"],
    ])("whose own certificate is %s", async (_name, make, words) => {
      await plantServer(make());
      await engine.restart();
      const folder = await plant(clientFiles(client));
      const strict = await scan({ ...VERIFIED, DOCKER_CONFIG: folder });
      const lax = await scan({ ...HOST, DOCKER_TLS: "1", DOCKER_CONFIG: folder });
      await plantServer(authority.issue({ name: "engine", hosts: LOCAL, use: "serverAuth" }));
      await engine.restart();
      expect([strict.source.endsWith(words), strict.docker]).toEqual([true, false]);
      expect([lax.source, lax.docker]).toEqual(["ok: the engine's certificate is not verified: DOCKER_TLS is set without DOCKER_TLS_VERIFY", true]);
    });

    describe("by contexts that Docker's client has written", () => {
      let folder: string;
      beforeAll(async () => {
        folder = await plant({ ...clientFiles(client), "wrong-ca.pem": other.certificate });
        const of = (name: string): string => join(folder, `${name}.pem`);
        const create = (name: string, endpoint: string): Promise<unknown> =>
          execa(DOCKER_CLIENT, ["context", "create", name, "--docker", endpoint], { env: { DOCKER_CONFIG: folder, DOCKER_HOST: "" } });
        await create("whole", `host=tcp://127.0.0.1:${PORT},ca=${of("ca")},cert=${of("cert")},key=${of("key")}`);
        await create("lax", `host=tcp://127.0.0.1:${PORT},skip-tls-verify=true,cert=${of("cert")},key=${of("key")}`);
        await create("wrong", `host=tcp://127.0.0.1:${PORT},ca=${of("wrong-ca")},cert=${of("cert")},key=${of("key")}`);
        await create("system", `host=tcp://127.0.0.1:${PORT},cert=${of("cert")},key=${of("key")}`);
        await create("plain", `host=tcp://127.0.0.1:${PORT}`);
        await create("socket", `host=unix://${engine.socket}`);
      });

      test.each<[string, Environment, string, boolean]>([
        ["the one of DOCKER_CONTEXT", { DOCKER_CONTEXT: "whole" }, "ok", true],
        ["one that does not verify", { DOCKER_CONTEXT: "lax" }, 'ok: the engine\'s certificate is not verified: SkipTLSVerify is set in the context "lax"', true],
        ["one with another authority", { DOCKER_CONTEXT: "wrong" }, "failed: the engine's certificate, issued by CN=Own, is not signed by an authority in ~/contexts/tls/*/docker/ca.pem", false],
        ["one without an authority, which the system does not trust", { DOCKER_CONTEXT: "system" }, "failed: the engine's certificate, issued by CN=Own, is not signed by an authority that this system trusts", false],
        ["one without certificates", { DOCKER_CONTEXT: "plain" }, "failed: HTTP 400 Client sent an HTTP request to an HTTPS server.", false],
        ["a socket", { DOCKER_CONTEXT: "socket" }, "ok", true],
        ["one that is not there", { DOCKER_CONTEXT: "whoel" }, 'failed: ~/contexts/meta/*/meta.json: there is no context "whoel", which DOCKER_CONTEXT names; did you mean "whole"?', false],
        ["DOCKER_HOST before it", { DOCKER_CONTEXT: "wrong", ...VERIFIED }, "ok", true],
      ])("%s", async (_name, environment, expected, answers) => {
        const { source, docker, report } = await scan({ DOCKER_CONFIG: folder, ...environment });
        expect([source.replace(/[0-9a-f]{64}/, "*"), docker]).toEqual([expected, answers]);
        expect(containersOf(report)).toEqual(answers ? ["fail privileged", "pass sound"] : ["unknown -"]);
      });

      test("one without an authority, which the system trusts", async () => {
        const { source, docker } = await scan({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: "system", SSL_CERT_FILE: join(folder, "ca.pem") });
        expect([source, docker]).toEqual(["ok", true]);
      });

      test("the current one of config.json, which docker context use writes", async () => {
        const use = (name: string): Promise<unknown> => execa(DOCKER_CLIENT, ["context", "use", name], { env: { DOCKER_CONFIG: folder, DOCKER_HOST: "" } });
        await use("whole");
        expect((await scan({ DOCKER_CONFIG: folder })).source).toBe("ok");
        await use("wrong");
        expect((await scan({ DOCKER_CONFIG: folder })).source).toMatch(/^failed: the engine's certificate, issued by CN=Own/);
        await rm(join(folder, "config.json"));
      });

      test("has the files that the tests without an engine plant", async () => {
        const planted = writeContext("whole", { host: `tcp://127.0.0.1:${PORT}`, ca: authority.certificate, client });
        const listed = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(folder.length));
        const id = Object.keys(planted)[0]?.split("/")[3] ?? "";
        expect(Object.keys(planted).sort()).toEqual(listed.filter((path) => path.includes(id)).sort());
        for (const [path, text] of Object.entries(planted)) {
          const written = readFileSync(join(folder, path), "utf8");
          expect(path.endsWith(".json") ? JSON.parse(written) as unknown : written).toEqual(path.endsWith(".json") ? JSON.parse(text) as unknown : text);
        }
      });
    });
  });
}
