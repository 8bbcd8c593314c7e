/** The native nftables rule set as `nft -j` prints it, and the sets of ipset, from dockerd's network namespace. */
import type { Answer, DataOf, Raw } from "../snapshot/model.ts";
import { absent, denied, failed, ok } from "./answer.ts";
import { runCommand, type CommandResult } from "./command.ts";
import type { Subject } from "./subject.ts";

export async function collectNftables(subject: Pick<Subject, "pid">): Promise<Answer<DataOf<"nftables">>> {
  const result = await runCommand("nft", ["-j", "list", "ruleset"], { networkOf: subject.pid });
  const trouble = describeTrouble<Raw>("nft", result);
  if (trouble !== null) return trouble;
  try {
    return ok(JSON.parse(result.stdout) as Raw);
  } catch {
    return failed("nft -j list ruleset printed something that is no JSON");
  }
}

export async function collectIpset(subject: Pick<Subject, "pid">): Promise<Answer<DataOf<"ipset">>> {
  const result = await runCommand("ipset", ["save"], { networkOf: subject.pid });
  return describeTrouble<string>("ipset", result) ?? ok(result.stdout);
}

function describeTrouble<T>(program: string, { found, exitCode, stderr, timedOut }: CommandResult): Answer<T> | null {
  if (!found) return absent(`${program} is not installed`);
  if (exitCode === 0) return null;
  const words = `${program}: ${timedOut ? "no answer in time" : (stderr.trim().split("\n")[0] ?? "")}`;
  return /permission denied|must be root|not permitted/i.test(stderr) ? denied(words) : failed(words);
}
