/** Loads our chains with the jumps to them, and takes them back. */
import { HardenError } from "../../../errors.ts";
import { type FilterTable, readFilterTable } from "../../operations/filter-table.ts";
import type { IptablesDraft, IptablesOperation } from "../../operations/iptables.ts";
import { isLoaded, listOwn, loadOf, undoOf } from "../../operations/load-iptables.ts";
import type { Machine } from "../machine.ts";
import type { Effects } from "./effects.ts";

export const iptablesEffects: Effects<IptablesDraft, IptablesOperation> = {
  async read(draft, machine) {
    const now = await readTable(draft, machine);
    if (!now.policies.has("DOCKER-USER")) {
      throw new HardenError(`there is no ${draft.family} chain DOCKER-USER now`, { hint: "start the engine, then plan again" });
    }
    if (isLoaded(draft.load, now)) return null;
    const { exitCode, complaint } = await machine.run(`${draft.program}-restore`, ["--version"]);
    if (exitCode !== 0) throw new HardenError(`the rules cannot be loaded: ${complaint}`, { hint: INSTALL });
    return { ...draft, before: listOwn(now), hadInput: await hasInput(draft, machine) };
  },
  async perform(operation, machine) {
    await restore(operation, loadOf(operation.load, await readTable(operation, machine)), machine);
    machine.say(`${operation.program}: chains HARDEN-* loaded, jumps from INPUT and DOCKER-USER in place`);
    return listOwn(await readTable(operation, machine)).rules.join("\n");
  },
  async undo(operation, seen, machine) {
    const now = await readTable(operation, machine);
    const { load, removeInput, left } = undoOf(operation, seen?.split("\n") ?? null, now);
    if (load !== null) await restore(operation, load, machine);
    if (removeInput) await machine.run("nft", ["delete", "chain", nftFamily(operation), "filter", "INPUT"]);
    const all = [...left, ...(removeInput && (await hasInput(operation, machine)) ? ["the empty chain INPUT, which iptables-nft made for the jump, stays"] : [])];
    return all.length === 0 ? null : all.join("; ");
  },
};

const INSTALL = "install the package iptables";

type Program = Pick<IptablesOperation, "program" | "family">;

async function readTable({ program }: Program, machine: Machine): Promise<FilterTable> {
  const { exitCode, stdout, complaint } = await machine.run(`${program}-save`, []);
  if (exitCode !== 0) throw new HardenError(`the rules cannot be read: ${complaint}`, { hint: INSTALL });
  return readFilterTable(stdout);
}

async function restore({ program }: Program, text: string, machine: Machine): Promise<void> {
  const { exitCode, complaint } = await machine.run(`${program}-restore`, ["--noflush", "--wait", "10"], text);
  if (exitCode !== 0) throw new HardenError(`${program}-restore does not take the rules: ${complaint}`);
}

/** iptables-nft makes the built-in chains when they are first used, and its -save prints them even so. Without nft nobody can tell, nor remove it. */
async function hasInput(program: Program, machine: Machine): Promise<boolean> {
  if (!program.program.endsWith("-nft")) return true;
  const { exitCode } = await machine.run("nft", ["list", "chain", nftFamily(program), "filter", "INPUT"]);
  return exitCode !== 1;
}

function nftFamily({ family }: Program): string {
  return family === "v4" ? "ip" : "ip6";
}
