/** Credentials that give themselves away by their shape, whatever their name. */
import { marker } from "./marker.ts";

/** Replaces every token, key and password hash of a known shape. A key of several lines keeps its line breaks. */
export function redactShapes(text: string): string {
  if (text.length < SHORTEST || !ANY_SHAPE.test(text)) return text;
  let result = text;
  for (const [rule, shape] of SHAPES) {
    if (shape.test(result)) result = result.replace(shape, (whole) => marker(rule) + "\n".repeat(whole.split("\n").length - 1));
  }
  return result;
}

const SHORTEST = 14;

/**
 * The formats as their issuers publish them. Each has a fixed beginning that no ordinary text has: entropy alone would take every
 * digest for a secret.
 */
const SHAPES: readonly (readonly [rule: string, shape: RegExp])[] = (
  [
    ["private-key", /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[\s\S]*$)/],
    ["age-key", /AGE-SECRET-KEY-1[0-9A-Z]{50,}/],
    ["aws-key", /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/],
    ["github-token", /\bgh[oprsu]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}/],
    ["gitlab-token", /\bgl(?:pat|dt|rt|rtr|ptt|oas|cbt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{20,}/],
    ["slack-token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}/],
    ["webhook", /\bhooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/_-]{20,}|\bdiscord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/],
    ["npm-token", /\bnpm_[A-Za-z0-9]{36,}/],
    ["pypi-token", /\bpypi-AgE[\w-]{40,}/],
    ["stripe-key", /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/=]{24,}/],
    ["google-key", /\bAIza[\w-]{35}|\bGOCSPX-[\w-]{28}|\bya29\.[\w-]{20,}/],
    ["openai-key", /\bsk-(?:proj|svcacct|admin)-[\w-]{20,}|\bsk-[A-Za-z0-9]{40,}/],
    ["anthropic-key", /\bsk-ant-[\w-]{20,}/],
    ["huggingface-token", /\bhf_[A-Za-z0-9]{30,}/],
    ["docker-token", /\bdckr_(?:pat|oat)_[\w-]{20,}/],
    ["swarm-token", /\bSWMTKN-1-[0-9a-z]{40,}-[0-9a-z]{20,}/],
    ["vault-token", /\bhv[sbr]\.[\w-]{20,}/],
    ["digitalocean-token", /\bdo[opr]_v1_[0-9a-f]{64}/],
    ["sendgrid-key", /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
    ["tailscale-key", /\btskey-[a-z]+-[\w-]{16,}/],
    ["grafana-token", /\bgl(?:sa|c)_[\w=+/]{30,}/],
    ["telegram-token", /\b\d{8,10}:AA[\w-]{33}/],
    ["jwt", /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/],
    // crypt(3), with `$` doubled where Compose has escaped it.
    ["password-hash", /(?<!\w)\${1,2}(?:2[abxy]|apr1|[1567y]|gy|argon2id?)\${1,2}[\w./=,+-]+\${1,2}[\w./$=,+-]{8,}/],
  ] satisfies [string, RegExp][]
).map(([rule, shape]) => [rule, new RegExp(shape.source, "g")]);

/** One pass over the many texts that hold nothing. */
const ANY_SHAPE = new RegExp(SHAPES.map(([, { source }]) => source).join("|"));
