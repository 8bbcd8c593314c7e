/** Whatever the secret and wherever it stands: it is gone, and redacting twice changes nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { credentialRule, redactAnswer, redactCommand, redactDaemonText, redactScript, redactText, redactValue } from "../../../src/snapshot/redact.ts";
import { isKept } from "../../../src/snapshot/redact/plausible.ts";

const some = (letters: string): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 12 });

/** Marked, so that a hit in the output is no coincidence, and with a few letters that are awkward somewhere. */
const secretOf = (awkward: string): fc.Arbitrary<string> =>
  fc.tuple(some(`aB3${awkward}`), some(`xY7${awkward}`))
    .map(([head, tail]) => `q${head}Zz9${tail}`)
    .filter((secret) => !isKept(secret));

const anywhere = secretOf(" '\"`\\;&|,:=@/#?$(){}[]\n\té€<>-");
/** A separator with something like `name=` behind it ends an unquoted secret: the one or the other. */
const unquoted = fc.oneof(secretOf(":=@/#?$()[]%<>-+._~!"), secretOf(";&,@/#?$()[]%<>+.~!"));
const inUrl = secretOf(":;&,=@$()%+._~!-");

function answerWith(text: string, word: string, url: string): Record<string, unknown> {
  return {
    Path: "redis-cli",
    Args: ["-a", text, "--password", text, `--token=${text}`],
    Config: {
      Env: [`DB_PASSWORD=${text}`, `URL=postgres://u:${url}@h/db`, `OPTS=--password ${word}`, `JSON=${JSON.stringify({ password: text })}`],
      Cmd: ["sh", "-c", `mysqladmin -p${word.replaceAll(/[;&()<>]/g, "")} ping`],
      Entrypoint: ["run", `PASSWORD=${text}`],
      Labels: { token: text, note: `secret=${word}`, json: JSON.stringify({ inner: JSON.stringify({ apiKey: text }) }) },
      Healthcheck: { Test: ["CMD", "curl", "-u", `me:${text}`, "-H", `Authorization: Bearer ${text.replaceAll(/["'\n]/g, "")}`] },
    },
    HostConfig: { LogConfig: { Config: { "splunk-token": text } } },
    HttpProxy: `http://me:${url}@proxy:3128/?a=b`,
  };
}

describe("a secret survives nowhere", () => {
  test("in an answer of the engine", () => {
    fc.assert(fc.property(anywhere, unquoted, inUrl, (text, word, url) => {
      expect(JSON.stringify(redactAnswer(answerWith(text, word, url)))).not.toContain("Zz9");
    }), { numRuns: 400 });
  });

  test("in a daemon.json", () => {
    fc.assert(fc.property(anywhere, inUrl, (text, url) => {
      const file = JSON.stringify({ "log-opts": { "splunk-token": text }, proxies: { "http-proxy": `http://u:${url}@p` }, secrets: [text] }, null, 2);
      expect(redactDaemonText(file)).not.toContain("Zz9");
    }), { numRuns: 400 });
  });

  test("in a unit file", () => {
    fc.assert(fc.property(unquoted, (word) => {
      expect(redactDaemonText(`[Service]\nEnvironment="TOKEN=${word} x"\nExecStart=/usr/bin/dockerd --password ${word}\n`)).not.toContain("Zz9");
    }), { numRuns: 400 });
  });

  test("and the rule is known", () => {
    fc.assert(fc.property(anywhere, (text) => {
      expect(credentialRule(redactValue("DB_PASSWORD", text))).toBe("password");
    }));
  });
});

describe("redacting twice changes nothing", () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      "password", "PASSWORD", "token", "auth", "key", "=", ": ", ":", "\"", "'", " ", "--", "-p", "://u:", "@", "?", "&", ";", "${", ":-", "}", "{", "\n", "\\", "\\\"",
      "[redacted:password]", "[redacted:", "]", "Authorization: Bearer ", "mysql ", "curl -u ", "redis-cli -a ", "AKIAABCDEFGH23456789", "kJ8s2mQ7xP4vN1bR6tY3", "x", "https://",
    ),
    fc.string({ maxLength: 4 }),
  );
  const text = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));

  test.each<readonly [string, (text: string) => string]>([
    ["text", redactText],
    ["script", redactScript],
    ["value of a password", (value) => redactValue("PASSWORD", value)],
    ["value of a URL", (value) => redactValue("URL", value)],
    ["configuration", redactDaemonText],
    ["command", (value) => redactCommand(value.split(" ")).join(" ")],
  ])("%s", (_, redact) => {
    fc.assert(fc.property(text, (value) => {
      const once = redact(value);
      expect(redact(once)).toBe(once);
    }), { numRuns: 3000 });
  });
});
