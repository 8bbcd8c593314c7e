import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ApiError, getJson } from "../../src/collect/transport.ts";
import { fail, type Handler, silence, startFakeEngine, startFakeListener } from "../support/fake-engine.ts";

const LIMITS = { timeout: 200, size: 1024 * 1024 };

/** What a request to a path of such an engine ends in: the answer, or message, code and status of the error. */
async function ask(answer: unknown): Promise<unknown> {
  const { endpoint } = await startFakeEngine({ "/x": answer });
  return getJson(endpoint, "/x", LIMITS).catch(describeError);
}

function describeError(error: unknown): unknown {
  return error instanceof ApiError ? [error.message, error.code, error.status] : error;
}

const raw = (text: string, status = 200): Handler => (_request, response) => response.writeHead(status).end(text);

describe("an answer", () => {
  test("that is JSON is given as it is", async () => {
    expect(await ask({ a: [1, "ü"] })).toEqual({ a: [1, "ü"] });
    expect(await ask(null)).toBeNull();
  });

  test.each([
    ["never comes", silence, /^GET \/x: no whole answer within 0.2 s$/, "ETIMEDOUT"],
    ["comes byte by byte", drip, /^GET \/x: no whole answer within 0.2 s$/, "ETIMEDOUT"],
    ["is too large", flood, /^GET \/x: the answer is larger than 1 MiB$/, "EFBIG"],
    ["breaks off", breakOff, /^GET \/x: the connection ended before the answer did$/, "ECONNRESET"],
    ["is HTML", raw("<html>"), /^GET \/x: the answer is no JSON$/, null],
    ["is empty", raw(""), /^GET \/x: the answer is no JSON$/, null],
  ])("that %s", async (_, answer, message, code) => {
    expect(await ask(answer)).toEqual([expect.stringMatching(message), code, null]);
  });

  test.each([
    [404, fail(404, "No such container: x"), "GET /x: HTTP 404 No such container: x"],
    [500, raw("<h1>\n  oops\n</h1>", 500), "GET /x: HTTP 500 <h1> oops </h1>"],
    [503, raw("", 503), "GET /x: HTTP 503"],
    [500, fail(500, `${"x".repeat(299)} ${"y".repeat(9999)}`), `GET /x: HTTP 500 ${"x".repeat(299)} …`],
    [403, fail(403, "the plugin says no: password=hunter2hunter2"), "GET /x: HTTP 403 the plugin says no: password=[redacted:password]"],
  ])("of HTTP %i with the reason, cut and redacted", async (status, answer, message) => {
    expect(await ask(answer)).toEqual([message, null, status]);
  });

  test.each(["/elsewhere", "http://127.0.0.1:1/", "ftp://x/"])("that leads to %s is not followed", async (location) => {
    const redirect: Handler = (_request, response) => response.writeHead(302, { location }).end();
    const { endpoint, asked } = await startFakeEngine({ "/x": redirect });
    expect(await getJson(endpoint, "/x", LIMITS).catch(describeError)).toEqual(["GET /x: HTTP 302", null, 302]);
    expect(asked).toEqual(["/x"]);
  });
});

describe("an engine", () => {
  test("that hangs up", async () => {
    const { endpoint } = await startFakeListener((socket) => socket.end());
    expect(await getJson(endpoint, "/x", LIMITS).catch(describeError)).toEqual(["GET /x: the connection ended before the answer did", "ECONNRESET", null]);
  });

  test("that speaks no HTTP", async () => {
    const { endpoint } = await startFakeListener((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await getJson(endpoint, "/x", LIMITS).catch(describeError)).toEqual([expect.stringMatching(/^GET \/x: Parse Error/), "HPE_INVALID_CONSTANT", null]);
  });

  test("whose socket is no socket, gone or dead", async () => {
    const { endpoint, die } = await startFakeEngine({});
    const folder = dirname(endpoint.path);
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "folder"));
    const codes = async (name: string): Promise<unknown> => {
      const answer = await getJson({ ...endpoint, path: join(folder, name) }, "/x", LIMITS).catch((error: unknown) => error);
      return answer instanceof ApiError ? answer.code : answer;
    };
    expect([await codes("file"), await codes("folder"), await codes("nothing"), await codes("file/below")]).toEqual(["ECONNREFUSED", "ECONNREFUSED", "ENOENT", "ENOTDIR"]);
    die();
    expect(await codes("docker.sock")).toMatch(/^(ENOENT|ECONNREFUSED)$/);
  });

  test("a path that is none is told as well", async () => {
    const { endpoint } = await startFakeEngine({});
    expect(await getJson(endpoint, "/a b", LIMITS).catch(describeError)).toEqual([expect.stringContaining("unescaped"), "ERR_UNESCAPED_CHARACTERS", null]);
  });
});

function drip(...[, response]: Parameters<Handler>): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(" "), 10);
  response.on("close", () => { clearInterval(timer); });
}

function flood(...[, response]: Parameters<Handler>): void {
  const write = (): void => {
    while (!response.destroyed && response.write(" ".repeat(64 * 1024)));
  };
  response.on("drain", write);
  write();
}

function breakOff(...[, response]: Parameters<Handler>): void {
  response.writeHead(200, { "content-length": 100 });
  response.write("{", () => response.socket?.destroy());
}
