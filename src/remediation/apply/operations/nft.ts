/** Loads our nft tables, and puts back what was there. */
import { HardenError } from "../../../errors.ts";
import type { NftDraft, NftOperation } from "../../operations/nft.ts";
import type { Machine } from "../machine.ts";
import type { Effects } from "./effects.ts";

export const nftEffects: Effects<NftDraft, NftOperation> = {
  async read(draft, machine) {
    const tables = await readTables(draft.tables, machine);
    const loaded = await tryLoad(draft, machine);
    if (loaded !== null && loaded === tables.map(({ before }) => before ?? "").join("")) return null;
    return { ...draft, tables };
  },
  async perform({ load, tables }, machine) {
    await loadRules(load, machine);
    machine.say(`nft: table ${tables.map(({ name }) => name).join(" and ")} loaded`);
    return JSON.stringify(await readTables(tables.map(({ name }) => name), machine));
  },
  async undo({ tables }, seen, machine) {
    const loaded = seen === null ? null : (JSON.parse(seen) as NftOperation["tables"]);
    const left: string[] = [];
    for (const { name, before } of tables) {
      const now = await readTable(name, machine);
      if (now === before) continue;
      // By a reboot, or by others.
      if (now === null) {
        left.push(`table ${name}, which was there before, is gone since and is not made again`);
        continue;
      }
      if (loaded !== null && now !== loaded.find((table) => table.name === name)?.before) {
        left.push(`table ${name} was changed since and is left alone (nft delete table ${name} removes it)`);
        continue;
      }
      // Declared first: then the deletion works whether or not it is there.
      await loadRules(`table ${name}\ndelete table ${name}\n${before ?? ""}`, machine);
    }
    return left.length === 0 ? null : left.join("; ");
  },
};

async function readTables(names: readonly string[], machine: Machine): Promise<NftOperation["tables"]> {
  const tables: NftOperation["tables"] = [];
  for (const name of names) tables.push({ name, before: await readTable(name, machine) });
  return tables;
}

/** Without counters and without the elements of sets that packets fill; null where there is no such table. */
async function readTable(name: string, machine: Machine): Promise<string | null> {
  const tables = await machine.run("nft", ["list", "tables"]);
  if (tables.exitCode !== 0) throw new HardenError(`nft cannot read the rules: ${tables.complaint}`);
  if (!tables.stdout.split("\n").includes(`table ${name}`)) return null;
  const { exitCode, stdout, complaint } = await machine.run("nft", ["-s", "-t", "list", "table", ...name.split(" ")]);
  if (exitCode !== 0) throw new HardenError(`nft cannot read the table ${name}: ${complaint}`);
  return stdout;
}

async function loadRules(text: string, machine: Machine): Promise<void> {
  const { exitCode, complaint } = await machine.run("nft", ["-f", "-"], text);
  if (exitCode !== 0) throw new HardenError(`nft does not take the rules: ${complaint}`);
}

/** What nft would show of the tables, tried in a network namespace of its own; null where that is not possible. */
async function tryLoad({ load, tables }: NftDraft, machine: Machine): Promise<string | null> {
  const list = tables.map((name) => `nft -s -t list table ${name}`).join(" && ");
  const { exitCode, stdout } = await machine.run("unshare", ["--net", "--", "sh", "-c", `nft -f - && ${list}`], load);
  return exitCode === 0 ? stdout : null;
}
