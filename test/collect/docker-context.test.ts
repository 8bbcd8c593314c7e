import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findEndpoint } from "../../src/collect/endpoint.ts";
import { writeContext } from "../support/docker-client.ts";
import { plantTree } from "../support/tree.ts";

const idOf = (name: string): string => createHash("sha256").update(name).digest("hex");

const FILES = {
  ...writeContext("prod", { host: "tcp://prod.example:2376" }),
  ...writeContext("rootless", { host: "unix:///run/user/1000/docker.sock" }),
  ...writeContext("bare", { host: "tcp://bare.example" }),
  ...writeContext("empty", { host: "" }),
  ...writeContext("ssh", { host: "ssh://root:hunter2@far.example" }),
  ...writeContext("long", { host: `unix:///${"x".repeat(107)}` }),
  ...writeContext("path", { host: "tcp://proxy.example:80/docker" }),
  "/config.json": '{"currentContext": "prod"}',
};

async function find(environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = FILES): Promise<unknown> {
  const folder = plantTree(files);
  return JSON.parse(JSON.stringify(await findEndpoint({ DOCKER_CONFIG: folder, ...environment })).replaceAll(folder, "~")) as unknown;
}

const PROD = { kind: "tcp", url: "tcp://prod.example:2376", host: "prod.example", port: 2376, tls: null };
const ROOTLESS = { kind: "unix", url: "unix:///run/user/1000/docker.sock", path: "/run/user/1000/docker.sock" };
const DEFAULT = { kind: "unix", url: "unix:///var/run/docker.sock", path: "/var/run/docker.sock" };

describe("which context counts", () => {
  test.each<[string, Readonly<Record<string, string>>, unknown]>([
    ["currentContext of config.json", {}, PROD],
    ["DOCKER_CONTEXT before it", { DOCKER_CONTEXT: "rootless" }, ROOTLESS],
    ["an empty DOCKER_CONTEXT is none", { DOCKER_CONTEXT: "" }, PROD],
    ["the default one, by its name", { DOCKER_CONTEXT: "default" }, DEFAULT],
    ["none at all beside DOCKER_HOST", { DOCKER_HOST: "unix:///x", DOCKER_CONTEXT: "rootless" }, { kind: "unix", url: "unix:///x", path: "/x" }],
    ["not even one that is unknown", { DOCKER_HOST: "unix:///x", DOCKER_CONTEXT: "unknown" }, { kind: "unix", url: "unix:///x", path: "/x" }],
    ["an empty DOCKER_HOST is none", { DOCKER_HOST: "", DOCKER_CONTEXT: "rootless" }, ROOTLESS],
    ["a port that it leaves out is the web's", { DOCKER_CONTEXT: "bare" }, { kind: "tcp", url: "tcp://bare.example:80", host: "bare.example", port: 80, tls: null }],
    ["without an address it is the default socket", { DOCKER_CONTEXT: "empty" }, DEFAULT],
  ])("%s", async (_name, environment, endpoint) => {
    expect(await find(environment)).toEqual(endpoint);
  });

  test("below HOME where DOCKER_CONFIG is not set", async () => {
    const home = plantTree(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`/.docker${path}`, text])));
    expect(await findEndpoint({ HOME: home })).toEqual(PROD);
  });

  test("without config.json, and where it names none, the default", async () => {
    expect(await find({}, {})).toEqual(DEFAULT);
    expect(await find({}, { "/config.json": '{"auths": {}}' })).toEqual(DEFAULT);
    expect(await find({}, { "/config.json": '{"currentContext": ""}' })).toEqual(DEFAULT);
  });
});

test.each([
  ['{\n  "currentContext": prod\n}', "~/config.json:2:21: no JSON: invalid symbol"],
  ["", "~/config.json:1:1: no JSON: value expected"],
  ["[]", "~/config.json: the document is no JSON object"],
  ['{"currentContext": 7}', "~/config.json: currentContext is no text"],
])("a config.json that holds %j is passed over as docker does, and told of", async (text, words) => {
  expect(await find({}, { "/config.json": text })).toEqual({
    ...DEFAULT, note: `${words}: what context it names is not known, so that the default engine was asked, as docker does`,
  });
});

describe("a context that cannot be used", () => {
  const meta = (name: string): string => `~/contexts/meta/${idOf(name)}/meta.json`;
  test.each([
    ["prdo", `${meta("prdo")}: there is no context "prdo", which DOCKER_CONTEXT names; did you mean "prod"?`],
    ["nothing-like-it", `${meta("nothing-like-it")}: there is no context "nothing-like-it", which DOCKER_CONTEXT names; accepted: default, bare, empty, long, path, prod, rootless, ssh`],
    ["../../etc", `${meta("../../etc")}: there is no context "../../etc", which DOCKER_CONTEXT names; accepted: default, bare, empty, long, path, prod, rootless, ssh`],
    ["ssh", 'the context "ssh" has an address that harden does not reach: "ssh://root:[redacted:url-password]@far.example" (run harden there: ssh HOST harden collect | harden scan --snapshot -)'],
    ["long", `the address of the context "long" is too long for the path of a unix socket: "/${"x".repeat(58)}…; it has room for 107 bytes`],
    ["path", 'the context "path" has an address that harden does not reach: "tcp://proxy.example:80/docker" (accepted: unix:///path/to/docker.sock, tcp://host:port)'],
  ])("%s", async (name, reason) => {
    expect(await find({ DOCKER_CONTEXT: name })).toMatchObject({ kind: "unusable", reason });
  });

  test("config.json names the culprit where it is the one", async () => {
    expect(await find({}, { "/config.json": '{"currentContext": "gone"}' })).toEqual({
      kind: "unusable", url: "", reason: `${meta("gone")}: there is no context "gone", which currentContext of ~/config.json names; accepted: default`,
    });
  });

  test.each([
    ['{"Name": "x",\n "Endpoints": {"docker": {"Host": }}}', ":2:35: no JSON: value expected"],
    ["", ":1:1: no JSON: value expected"],
    ["7", ": the document is no JSON object"],
    ['{"Name": "x"}', ': the context "x" names no engine: it has no Endpoints.docker'],
    ['{"Endpoints": {"kubernetes": {}}}', ': the context "x" names no engine: it has no Endpoints.docker'],
    ['{"Endpoints": {"docker": []}}', ": Endpoints.docker is no JSON object"],
    ['{"Endpoints": {"docker": {"Host": 7}}}', ": Endpoints.docker.Host is no text"],
    ['{"Endpoints": {"docker": {"Host": "tcp://h:1", "SkipTLSVerify": "yes"}}}', ": Endpoints.docker.SkipTLSVerify is neither true nor false"],
  ])("whose meta.json holds %j", async (text, words) => {
    expect(await find({ DOCKER_CONTEXT: "x" }, { [`/contexts/meta/${idOf("x")}/meta.json`]: text })).toEqual({ kind: "unusable", url: "", reason: `${meta("x")}${words}` });
  });
});
