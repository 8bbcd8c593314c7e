/** Links, addresses and routes of dockerd's network namespace, as `ip -j` prints them. */
import type { Answer, DataOf, Raw } from "../snapshot/model.ts";
import { absent, failed, ok } from "./answer.ts";
import { runCommand } from "./command.ts";
import type { Subject } from "./subject.ts";

const QUERIES = {
  links: ["-j", "-d", "link"],
  addresses: ["-j", "addr"],
  routes4: ["-j", "route", "show", "table", "all"],
  routes6: ["-j", "-6", "route", "show", "table", "all"],
} as const;

export async function collectAddresses(subject: Pick<Subject, "pid">): Promise<Answer<DataOf<"addresses">>> {
  const names = Object.keys(QUERIES) as (keyof typeof QUERIES)[];
  const results = await Promise.all(names.map((name) => runCommand("ip", QUERIES[name], { networkOf: subject.pid })));
  if (results.some((result) => !result.found)) return absent("ip (iproute2) is not installed");
  const data: DataOf<"addresses"> = { links: [], addresses: [], routes4: [], routes6: [] };
  for (const [index, name] of names.entries()) {
    const result = results[index];
    if (result?.exitCode !== 0) return failed(`ip ${QUERIES[name].join(" ")}: ${result?.stderr.trim() ?? ""}`, data);
    data[name] = parseList(result.stdout);
  }
  return ok(data);
}

/** `ip -j` prints nothing at all where there is nothing to list. */
function parseList(text: string): Raw[] {
  return text.trim() === "" ? [] : (JSON.parse(text) as Raw[]);
}
