import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import { findEndpoint } from "../../src/collect/endpoint.ts";
import { collectEngine } from "../../src/collect/engine.ts";
import { type Authority, encryptKey, EXPIRED, EXPIRED_AT, type Issued, makeAuthority } from "../support/certificates.ts";
import { writeContext } from "../support/docker-client.ts";
import { describeWith } from "../support/requirements.ts";
import { startTlsEngine } from "../support/tls-engine.ts";
import { plantTree } from "../support/tree.ts";

const LOCAL = "IP:127.0.0.1,DNS:localhost";

describeWith({ programs: ["openssl"] }, "an engine behind TLS", () => {
  let folder: string;
  let authority: Authority;
  let other: Authority;
  let server: Issued;
  let client: Issued;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-certificates-"));
    authority = makeAuthority(join(folder, "own"), "Own");
    other = makeAuthority(join(folder, "other"), "Other");
    server = authority.issue({ name: "engine", hosts: LOCAL, use: "serverAuth" });
    client = authority.issue({ name: "client", use: "clientAuth" });
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  /** What the report would say of the source `engine`; the folders of certificates are ~. */
  async function ask(port: number, environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Promise<string> {
    const home = plantTree({ "/.keep": "", ...files });
    const endpoint = await findEndpoint({ DOCKER_CONFIG: home, DOCKER_HOST: `tcp://127.0.0.1:${port}`, ...environment });
    const { status, detail } = await collectEngine(connectEngine(endpoint, 5000), endpoint);
    return `${status}: ${(detail ?? "").replaceAll(home, "~").replace(/GET \/(info|version): /, "")}`;
  }

  const VERIFIED = { DOCKER_TLS_VERIFY: "1" };
  const pair = ({ certificate, key }: Issued): Record<string, string> => ({ "/cert.pem": certificate, "/key.pem": key });

  test("that proves itself is asked, one connection for many requests, and no client certificate is needed", async () => {
    const engine = await startTlsEngine(server);
    const endpoint = await findEndpoint({ DOCKER_CONFIG: plantTree({ "/ca.pem": authority.certificate }), DOCKER_HOST: `tcp://127.0.0.1:${engine.port}`, ...VERIFIED });
    const connected = connectEngine(endpoint, 5000);
    for (let count = 0; count < 5; count++) await connected.info();
    expect([engine.seen, engine.connections()]).toEqual([[null, null, null, null, null], 1]);
  });

  test("a host name is sent and compared as one", async () => {
    const engine = await startTlsEngine(authority.issue({ name: "engine", hosts: "DNS:localhost" }));
    expect(await ask(engine.port, { ...VERIFIED, DOCKER_HOST: `tcp://localhost:${engine.port}` }, { "/ca.pem": authority.certificate })).toBe("ok: ");
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": authority.certificate })).toBe("failed: the engine's certificate is for DNS:localhost, not for 127.0.0.1");
  });

  test("to which the client proves itself", async () => {
    const engine = await startTlsEngine(server, authority.certificate);
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": authority.certificate, ...pair(client) })).toBe("ok: ");
    expect([...new Set(engine.seen)]).toEqual(["CN=client"]);
  });

  test("an authority below the file's, and one that the file alone trusts though it is not the topmost", async () => {
    const middle = authority.issue({ name: "Middle", isAuthority: true });
    const below = makeAuthority(join(folder, "below"), "unused");
    const { certificate, key } = below.issueAs(middle, { name: "engine", hosts: LOCAL });
    const engine = await startTlsEngine({ certificate: certificate + middle.certificate, key });
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": authority.certificate })).toBe("ok: ");
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": middle.certificate })).toBe("ok: ");
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": `what stands beside it\n${other.certificate}${authority.certificate}` })).toBe("ok: ");
  });

  test.each<[string, () => Issued, string]>([
    ["expired", () => authority.issue({ name: "engine", hosts: LOCAL, ...EXPIRED }), `the engine's certificate is refused: CN=engine expired at ${EXPIRED_AT}`],
    ["not yet valid", () => authority.issue({ name: "engine", hosts: LOCAL, from: "20600101000000Z" }), "the engine's certificate is refused: CN=engine is not valid before 2060-01-01T00:00:00Z"],
    ["of another authority", () => other.issue({ name: "engine", hosts: LOCAL }), "the engine's certificate, issued by CN=Other, is not signed by an authority in ~/ca.pem"],
    ["for another host", () => authority.issue({ name: "127.0.0.1", hosts: "DNS:docker.example,IP:192.0.2.7" }), "the engine's certificate is for DNS:docker.example, IP Address:192.0.2.7, not for 127.0.0.1"],
    ["for a host that only its subject names", () => authority.issue({ name: "127.0.0.1", hosts: null }), "the engine's certificate is for no host by name, not for 127.0.0.1"],
    ["made for a client", () => authority.issue({ name: "engine", hosts: LOCAL, use: "clientAuth" }), "the engine's certificate is refused: INVALID_PURPOSE"],
  ])("whose certificate is %s is not asked", async (_name, make, words) => {
    const engine = await startTlsEngine(make());
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": authority.certificate, ...pair(client) })).toBe(`failed: ${words}`);
    expect(engine.seen).toEqual([]);
    expect(await ask(engine.port, { DOCKER_TLS: "1" }, { "/ca.pem": authority.certificate, ...pair(client) })).toBe(
      "ok: the engine's certificate is not verified: DOCKER_TLS is set without DOCKER_TLS_VERIFY",
    );
  });

  test("whose authority is out of date", async () => {
    const old = makeAuthority(join(folder, "old"), "Old", EXPIRED);
    const engine = await startTlsEngine(old.issue({ name: "engine", hosts: LOCAL }));
    expect(await ask(engine.port, VERIFIED, { "/ca.pem": old.certificate })).toBe(`failed: the engine's certificate is refused: CN=Old expired at ${EXPIRED_AT}`);
  });

  test("plain HTTP where TLS is wanted, and TLS where it is not", async () => {
    const plain = createServer((_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => { plain.close(); });
    expect(await ask((plain.address() as AddressInfo).port, VERIFIED, { "/ca.pem": authority.certificate })).toBe("failed: what answers there does not speak TLS");
    expect(await ask((await startTlsEngine(server)).port, {}, {})).toMatch(/^failed: /);
  });

  test.each<[string, () => Readonly<Record<string, string>>, string]>([
    ["no ca.pem", () => ({}), "~/ca.pem: the file is missing"],
    ["a ca.pem without a certificate", () => ({ "/ca.pem": client.key }), "~/ca.pem: holds no certificate in PEM form"],
    ["a ca.pem with a broken one", () => ({ "/ca.pem": authority.certificate.replace(/[A-Z]{3}/g, "!") }), "~/ca.pem: holds no certificate in PEM form"],
    ["a cert.pem without a certificate", () => ({ "/ca.pem": authority.certificate, "/cert.pem": "", "/key.pem": client.key }), "~/cert.pem: holds no certificate in PEM form"],
    ["the key of another certificate", () => ({ "/ca.pem": authority.certificate, "/cert.pem": client.certificate, "/key.pem": server.key }), "~/key.pem: the key is not that of ~/cert.pem"],
    ["no key at all", () => ({ "/ca.pem": authority.certificate, "/cert.pem": client.certificate, "/key.pem": "key" }), "~/key.pem: holds no private key in PEM form"],
    ["a key that cannot be looked at", () => ({ "/ca.pem": authority.certificate, "/cert.pem": client.certificate, "/key.pem": "-> key.pem" }), "~/key.pem: cannot be looked at (ELOOP)"],
    ["an encrypted key", () => ({ "/ca.pem": authority.certificate, "/cert.pem": client.certificate, "/key.pem": encryptKey(client.key, "pkcs8") }), "~/key.pem: the key is encrypted; only one without a passphrase can be used"],
    ["one of the old form", () => ({ "/ca.pem": authority.certificate, "/cert.pem": client.certificate, "/key.pem": encryptKey(client.key, "traditional") }), "~/key.pem: the key is encrypted; only one without a passphrase can be used"],
  ])("%s", async (_name, files, words) => {
    const engine = await startTlsEngine(server);
    expect(await ask(engine.port, VERIFIED, files())).toBe(`failed: ${words}`);
    expect(engine.connections()).toBe(0);
  });

  test("certificates elsewhere, by DOCKER_CERT_PATH", async () => {
    const engine = await startTlsEngine(server);
    const elsewhere = plantTree({ "/ca.pem": authority.certificate });
    expect(await ask(engine.port, { ...VERIFIED, DOCKER_CERT_PATH: elsewhere }, { "/ca.pem": "not this one" })).toBe("ok: ");
  });

  test("a context whose certificates cannot be looked at is not taken for one without TLS", async () => {
    const engine = await startTlsEngine(server);
    const files = writeContext("closed", { host: `tcp://127.0.0.1:${engine.port}` });
    const id = Object.keys(files)[0]?.split("/")[3] ?? "";
    expect(await ask(engine.port, { DOCKER_HOST: "", DOCKER_CONTEXT: "closed" }, { ...files, [`/contexts/tls/${id}/docker`]: "-> docker" })).toBe(`failed: ~/contexts/tls/${id}/docker: cannot be looked at (ELOOP)`);
  });

  test("TLS without an address is the local one's port 2376, and a unix socket needs none", async () => {
    const home = plantTree({ "/ca.pem": authority.certificate });
    expect(await findEndpoint({ DOCKER_CONFIG: home, ...VERIFIED })).toMatchObject({ kind: "tcp", url: "tcp://localhost:2376", tls: { verify: true } });
    expect(await findEndpoint({ DOCKER_CONFIG: home, DOCKER_TLS: "0" })).toMatchObject({ kind: "tcp", url: "tcp://localhost:2376", tls: { verify: false } });
    expect(await findEndpoint({ DOCKER_CONFIG: "/nonexistent", DOCKER_HOST: "unix:///x", ...VERIFIED })).toEqual({ kind: "unix", url: "unix:///x", path: "/x" });
  });

  test("a context brings its own certificates, and those of the environment have no say", async () => {
    const engine = await startTlsEngine(server, authority.certificate);
    const host = `tcp://127.0.0.1:${engine.port}`;
    const files = {
      ...writeContext("whole", { host, ca: authority.certificate, client }),
      ...writeContext("careless", { host, skipVerify: true, client }),
      ...writeContext("nameless", { host, ca: authority.certificate }),
      ...writeContext("mistaken", { host, ca: other.certificate, client }),
      ...writeContext("system", { host, client }),
      "/ca.pem": "not this one",
    };
    const by = (name: string): Promise<string> => ask(engine.port, { DOCKER_HOST: "", DOCKER_CONTEXT: name, ...VERIFIED }, files);
    expect(await Promise.all(["whole", "careless", "nameless", "mistaken", "system"].map(by))).toEqual([
      "ok: ",
      'ok: the engine\'s certificate is not verified: SkipTLSVerify is set in the context "careless"',
      expect.stringMatching(/^failed: the engine asks for a client certificate, and there is none: ~\/contexts\/tls\/[0-9a-f]{64}\/docker\/cert\.pem is missing$/),
      expect.stringMatching(/^failed: the engine's certificate, issued by CN=Own, is not signed by an authority in ~\/contexts\/tls\/[0-9a-f]{64}\/docker\/ca\.pem$/),
      "failed: the engine's certificate, issued by CN=Own, is not signed by an authority that this system trusts",
    ]);
  });
});
