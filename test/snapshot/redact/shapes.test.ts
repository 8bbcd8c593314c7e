import { describe, expect, test } from "vitest";
import { redactText } from "../../../src/snapshot/redact/text.ts";

/** Put together here, so that no text of this repository has a credential's shape. */
const of = (...parts: readonly string[]): string => parts.join("");
const some = (alphabet: string, length: number): string => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const MIXED = "aB3dE6gH9";

const SHAPES: readonly (readonly [rule: string, text: string])[] = [
  ["private-key", of("-----BEGIN RSA PRIVATE", " KEY-----\nMIIE\nabc\n-----END RSA PRIVATE", " KEY-----")],
  ["private-key", of("-----BEGIN OPENSSH PRIVATE", " KEY-----\ncut off")],
  ["age-key", of("AGE-SECRET-", "KEY-1", some("QPZRY9X8", 58))],
  ["aws-key", of("AKIA", some("ABCD2345", 16))],
  ["aws-key", of("ASIA", some("ABCD2345", 16))],
  ["github-token", of("ghp", "_", some(MIXED, 36))],
  ["github-token", of("github", "_pat_", some(MIXED, 40))],
  ["gitlab-token", of("glpat", "-", some(MIXED, 20))],
  ["slack-token", of("xox", "b-", some("1234567890-", 30))],
  ["webhook", of("hooks.slack", ".com/services/", some("T0AB/", 30))],
  ["npm-token", of("npm", "_", some(MIXED, 36))],
  ["pypi-token", of("pypi", "-AgE", some(MIXED, 50))],
  ["stripe-key", of("sk", "_live_", some(MIXED, 24))],
  ["google-key", of("AI", "za", some(MIXED, 35))],
  ["openai-key", of("sk", "-proj-", some(MIXED, 40))],
  ["anthropic-key", of("sk", "-ant-", some(MIXED, 40))],
  ["huggingface-token", of("hf", "_", some(MIXED, 34))],
  ["docker-token", of("dckr", "_pat_", some(MIXED, 27))],
  ["swarm-token", of("SWM", "TKN-1-", some("a1b2", 50), "-", some("c3d4", 25))],
  ["vault-token", of("hvs", ".", some(MIXED, 24))],
  ["digitalocean-token", of("dop", "_v1_", some("0a1b", 64))],
  ["sendgrid-key", of("SG", ".", some(MIXED, 22), ".", some(MIXED, 43))],
  ["tailscale-key", of("ts", "key-auth-", some(MIXED, 30))],
  ["grafana-token", of("gl", "sa_", some(MIXED, 41))],
  ["telegram-token", of("123456789", ":AA", some(MIXED, 33))],
  ["jwt", of("ey", "J", some(MIXED, 20), ".ey", "J", some(MIXED, 20), ".", some(MIXED, 20))],
  ["password-hash", of("$2y", "$05$", some(MIXED, 53))],
  ["password-hash", of("$apr1", "$", "abcdefgh", "$", some(MIXED, 22))],
  ["password-hash", of("$$2y", "$$05$$", some(MIXED, 53))],
  ["password-hash", of("$6", "$", "saltsalt", "$", some(MIXED, 86))],
];

describe("shapes", () => {
  test.each(SHAPES)("%s alone", (rule, text) => {
    expect(redactText(text).trimEnd()).toBe(`[redacted:${rule}]`);
  });

  test.each(SHAPES)("%s within a text", (rule, text) => {
    expect(redactText(`use ${text}`).replaceAll("\n", "")).toBe(`use [redacted:${rule}]`);
  });

  test("a key of several lines keeps its line breaks", () => {
    const key = of("-----BEGIN PRIVATE", " KEY-----\na\nb\n-----END PRIVATE", " KEY-----");
    expect(redactText(`first\n${key}\nlast`).split("\n")).toEqual(["first", "[redacted:private-key]", "", "", "", "last"]);
  });

  test.each([
    "sha256:e7a52a2ac2ff0d8a13fd3a3aa8d4a2a0b6e2ac59d6ab87cf0d8b9b1ae7a52a2a",
    "/var/lib/docker/overlay2/5b1a/merged",
    "sk-learn and skeleton",
    "npm_config_cache=/root/.npm",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "ghp_short",
    "costs $1 or $6 more",
    "AKIAN is a place",
  ])("not: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });
});
