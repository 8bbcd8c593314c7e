/** The way in that must survive: the SSH connection one came by, and what --keep names. */
import type { SshConnection } from "../../collect/ssh-connection.ts";
import type { Access, AccessProof } from "../../remediation/proof/access.ts";
import type { KeptAccess } from "../../remediation/proof/keep.ts";
import type { Plan } from "../../remediation/model.ts";
import { formatAddress } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { escapeInvisible } from "../../text.ts";
import { say } from "../progress.ts";
import { writeNote, writeOut } from "../streams.ts";

/** The exit code that refuses the plan, with the packet and the rule told; null where the way in stays. Throws HardenError for a --keep that is none. */
export async function refuseLockOut(plan: Plan, snapshot: Snapshot, came: SshConnection, keep: readonly string[]): Promise<2 | 3 | null> {
  if (came.kind === "unknown" && keep.length === 0) {
    writeNote(`harden: nothing was changed: by which connection you came cannot be told: ${escapeInvisible(came.reason)}\n  name the access that must survive by --keep CIDR:PORT\n`);
    return 3;
  }
  const accesses = await listAccesses(came, keep);
  say("proving that you are not locked out …");
  const proof = await proveAccesses(plan, snapshot, accesses);
  if (proof.verdict === "accepted") {
    writeOut(describeKept(accesses));
    return null;
  }
  const what = proof.verdict === "refused" ? "this would lock you out" : "whether this would lock you out cannot be told";
  const lines = [`harden: nothing was changed: ${what}`, `  packet: ${proof.packet}`, `  ${proof.verdict === "refused" ? "refused by" : "because of"}: ${proof.rule}`];
  writeNote(lines.map((line) => `${escapeInvisible(line)}\n`).join(""));
  return proof.verdict === "refused" ? 2 : 3;
}

function describeKept(accesses: readonly Access[]): string {
  const ways = accesses.flatMap(({ connection, keep }) => [
    ...(connection === null ? [] : [`the SSH connection from ${formatAddress(connection.client)} port ${connection.clientPort}, and new ones like it`]),
    ...keep.map(({ text }) => text),
  ]);
  return ways.map((way) => `\nStays open under the new rules: ${way}`).join("") + (ways.length === 0 ? "" : "\n");
}

/** What is proved, one after the other. */
async function listAccesses(came: SshConnection, keep: readonly string[]): Promise<readonly Access[]> {
  const [{ readKeep }, { readSshConnection }] = await Promise.all([import("../../remediation/proof/keep.ts"), import("../../remediation/proof/ssh-connection.ts")]);
  const kept = keep.map(readKeep);
  switch (came.kind) {
    case "none":
    case "unknown":
      return [{ connection: null, keep: kept }];
    case "open":
      return [{ connection: readSshConnection(came.text), keep: kept }];
    case "gone": {
      if (came.others.length > 0) return came.others.map((text, index) => ({ connection: readSshConnection(text), keep: index === 0 ? kept : [] }));
      return [{ connection: null, keep: came.listening ? [...kept, comeAgain(came.text, readKeep)] : kept }];
    }
  }
}

/** Who came by a connection that is gone can only come by a new one. */
function comeAgain(text: string, readKeep: (text: string) => KeptAccess): KeptAccess {
  const [client = "", , , port = ""] = text.split(" ");
  return readKeep(`[${client.replace(/%.*$/, "")}]:${port}`);
}

/** Whether the way in is there under the rules as the plan leaves them: the first refusal, else the first that is unknown. */
async function proveAccesses(plan: Plan, snapshot: Snapshot, accesses: readonly Access[]): Promise<AccessProof> {
  const [{ planSnapshot }, { proveAccess }, { RulesetError }] = await Promise.all([
    import("../../remediation/proof/planned-snapshot.ts"), import("../../remediation/proof/access.ts"), import("../../netfilter/index.ts"),
  ]);
  try {
    const after = planSnapshot(snapshot, plan.steps);
    const proofs = accesses.map((access) => proveAccess(after, access, snapshot));
    return proofs.find(({ verdict }) => verdict === "refused") ?? proofs.find(({ verdict }) => verdict === "unknown") ?? { verdict: "accepted" };
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    return { verdict: "unknown", packet: "every packet to this host", rule: error.message };
  }
}
