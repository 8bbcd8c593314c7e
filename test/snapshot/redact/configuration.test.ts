import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactDaemonText } from "../../../src/snapshot/redact/configuration.ts";

describe("daemon.json", () => {
  test("only values are replaced, what stands around them stays", () => {
    const text = `{
  // a comment makes it no JSON, and it must be shown as it is
  "log-driver": "splunk",
  "log-opts": { "splunk-token": "abc", "splunk-url" : "https://u:x@splunk:8088" },
  "hosts": ["fd://", "tcp://0.0.0.0:2376"],
  "proxies": {"http-proxy": "http://me:a\\"b@proxy:3128",},
  "tokens": ["a", "b"], "insecure-registries": ["c"],
  "password": 12345, "max-concurrent-downloads": 3
`;
    expect(redactDaemonText(text)).toBe(`{
  // a comment makes it no JSON, and it must be shown as it is
  "log-driver": "splunk",
  "log-opts": { "splunk-token": "[redacted:token]", "splunk-url" : "https://u:[redacted:url-password]@splunk:8088" },
  "hosts": ["fd://", "tcp://0.0.0.0:2376"],
  "proxies": {"http-proxy": "http://me:[redacted:url-password]@proxy:3128",},
  "tokens": ["[redacted:token]", "[redacted:token]"], "insecure-registries": ["c"],
  "password": "[redacted:password]", "max-concurrent-downloads": 3
`);
  });

  test("a file cut off within a secret", () => {
    expect(redactDaemonText('{\n  "splunk-token": "abc')).toBe('{\n  "splunk-token": "[redacted:token]');
  });

  test("any JSON stays JSON with the same keys", () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom("password", "a", "splunk-token", "b"), fc.jsonValue()), (value) => {
      const redacted: unknown = JSON.parse(redactDaemonText(JSON.stringify(value, null, 2)));
      expect(shapeOf(redacted)).toEqual(shapeOf(value));
    }));
  });
});

/** Keys and nesting, without the scalars. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).map(([key, part]) => [key, shapeOf(part)]);
}

describe("unit files", () => {
  test("entries, commands and comments", () => {
    const text = [
      "[Service]",
      'Environment="HTTPS_PROXY=http://me:x y@proxy" \'DB_PASSWORD=a b\' LANG=C',
      "Environment=API_TOKEN=abc",
      "EnvironmentFile=-/etc/default/docker",
      "ExecStart=/usr/bin/dockerd -H fd:// --log-opt splunk-token=abc \\",
      "  --password abc",
      "# password: old",
    ].join("\n");
    expect(redactDaemonText(text).split("\n")).toEqual([
      "[Service]",
      'Environment="HTTPS_PROXY=http://me:x y@proxy" \'DB_PASSWORD=[redacted:password]\' LANG=C',
      "Environment=API_TOKEN=[redacted:token]",
      "EnvironmentFile=-/etc/default/docker",
      "ExecStart=/usr/bin/dockerd -H fd:// --log-opt splunk-token=[redacted:token] \\",
      "  --password [redacted:password]",
      "# password: [redacted:password]",
    ]);
  });
});
