/** Links, addresses, routes and routing rules of dockerd's network namespace, as `ip -j` prints them. */
import type { Answer, DataOf, Raw } from "../snapshot/model.ts";
import { absent, failed, ok } from "./answer.ts";
import { runCommand, type CommandResult } from "./command.ts";
import type { Subject } from "./subject.ts";

const QUERIES = {
  links: ["-j", "-d", "link"],
  addresses: ["-j", "addr"],
  routes4: ["-j", "route", "show", "table", "all"],
  routes6: ["-j", "-6", "route", "show", "table", "all"],
} as const;

/** Not every kernel has routing rules, and not of both families: what fails is null. */
const RULE_QUERIES = { rules4: ["-j", "rule"], rules6: ["-j", "-6", "rule"] } as const;

export async function collectAddresses(subject: Pick<Subject, "pid">): Promise<Answer<DataOf<"addresses">>> {
  const names = Object.keys(QUERIES) as (keyof typeof QUERIES)[];
  const ask = (words: readonly string[]): Promise<CommandResult> => runCommand("ip", words, { networkOf: subject.pid });
  const [results, rules4, rules6] = await Promise.all([Promise.all(names.map((name) => ask(QUERIES[name]))), ask(RULE_QUERIES.rules4), ask(RULE_QUERIES.rules6)]);
  if (results.some((result) => !result.found)) return absent("ip (iproute2) is not installed");
  const data: DataOf<"addresses"> = { links: [], addresses: [], routes4: [], routes6: [], rules4: toRules(rules4), rules6: toRules(rules6) };
  for (const [index, name] of names.entries()) {
    const result = results[index];
    if (result?.exitCode !== 0) return failed(`ip ${QUERIES[name].join(" ")}: ${result?.stderr.trim() ?? ""}`, data);
    data[name] = parseList(result.stdout);
  }
  return ok(data);
}

function toRules({ exitCode, stdout }: CommandResult): Raw[] | null {
  return exitCode === 0 ? parseList(stdout) : null;
}

/** `ip -j` prints nothing at all where there is nothing to list. */
function parseList(text: string): Raw[] {
  return text.trim() === "" ? [] : (JSON.parse(text) as Raw[]);
}
