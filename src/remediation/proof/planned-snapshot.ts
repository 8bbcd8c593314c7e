/** The snapshot as it would be taken once steps of a plan are done: no program is run for it. */
import type { BootData, SaveDump, Snapshot, Sources, TextFile } from "../../snapshot/model.ts";
import { restoreOnto } from "../../netfilter/index.ts";
import { isOwnChain } from "../firewall/iptables-rules.ts";
import { nftTable } from "../firewall/nft-tables.ts";
import { at } from "../../facts/raw.ts";
import { renderUpdate } from "../containers/settings.ts";
import type { ContainersStep, DaemonStep, FileChange, IptablesStep, ModesStep, NftStep, PersistenceStep, Step, SysctlStep } from "../model.ts";
import { readRestarted } from "./restarted-engine.ts";
import { listNftObjects } from "./nft-objects.ts";

/**
 * Restarts that steps ask for are taken for done. What a step changes that is no part of a snapshot's rules, sysctls, boot files or daemon configuration stays as it is.
 * Throws `RulesetError` where the rules that are there cannot be read, or would not take the step's.
 */
export function planSnapshot(snapshot: Snapshot, steps: readonly Step[]): Snapshot {
  return steps.reduce((now, step) => ({ ...now, sources: { ...now.sources, ...changesOf(now.sources, step) } }), snapshot);
}

function changesOf(sources: Sources, step: Step): Partial<Sources> {
  switch (step.kind) {
    case "iptables":
      return loadRules(sources, step);
    case "nft":
      return loadTables(sources, step);
    case "persistence":
      return storeRules(sources, step);
    case "sysctl":
      return setValues(sources, step);
    case "containers":
      return updateContainers(sources, step);
    case "modes":
      return setModes(sources, step);
    case "daemon":
      return restartDaemon(sources, step);
  }
}

function loadRules({ iptables, nftables }: Sources, { backend, family, program, after }: IptablesStep): Partial<Sources> {
  const dumps = iptables.data?.dumps ?? [];
  const known = dumps.find((dump) => dump.backend === backend && dump.family === family);
  const text = restoreOnto(known?.text ?? "", after, family === "v4" ? 4 : 6);
  const loaded: SaveDump = { ...(known ?? { backend, family, program: `${program}-save` }), status: "ok", detail: null, text };
  return {
    iptables: { status: "ok", detail: null, data: { dumps: known === undefined ? [...dumps, loaded] : dumps.map((dump) => (dump === known ? loaded : dump)) } },
    ...(backend === "nft" && nftables.data !== null ? { nftables: { ...nftables, data: withJumps(nftables.data, family === "v4" ? "ip" : "ip6", after) } } : {}),
  };
}

type NftData = Record<string, unknown>;

/** What nft lists of an object, whatever its kind. */
interface Listed {
  readonly family?: unknown;
  readonly name?: unknown;
  readonly table?: unknown;
  readonly chain?: unknown;
  readonly expr?: unknown;
}

/**
 * nft lists the table of iptables-nft too. Each chain of ours is left to iptables-nft-save, which knows its extensions; a jump to it is listed, since both must tell
 * equally many rules of a chain that was there.
 */
function withJumps(data: NftData, family: string, file: string): NftData {
  const isHere = ({ family: of, table }: Listed): boolean => of === family && table === "filter";
  const objects = objectsOf(data).filter(({ chain, rule }) => {
    if (chain !== undefined && isHere(chain)) return !isOwnChain(chain.name);
    return rule === undefined || !isHere(rule) || !isOwnChain(rule.chain);
  });
  for (const [, from = "", to = ""] of file.matchAll(/^-I (\S+) 1 -j (\S+)$/gm)) {
    const jump = { rule: { family, table: "filter", chain: from, handle: 0, expr: [{ counter: { packets: 0, bytes: 0 } }, { jump: { target: to } }] } };
    const first = objects.findIndex(({ rule }) => rule !== undefined && isHere(rule) && rule.chain === from);
    if (first >= 0) objects.splice(first, 0, jump);
    else if (objects.some(({ chain }) => chain !== undefined && isHere(chain) && chain.name === from)) objects.push(jump);
  }
  return { ...data, nftables: objects };
}

function loadTables({ nftables }: Sources, { families, after }: NftStep): Partial<Sources> {
  const replaced = new Set(families.map(nftTable));
  const isReplaced = (object: Readonly<Record<string, Listed | undefined>>): boolean =>
    Object.entries(object).some(([kind, one]) => replaced.has(`${String(one?.family)} ${String(kind === "table" ? one?.name : one?.table)}`));
  const kept = objectsOf(nftables.data ?? { nftables: [] }).filter((object) => !isReplaced(object));
  return { nftables: { status: "ok", detail: null, data: { ...nftables.data, nftables: [...kept, ...listNftObjects(after)] } } };
}

function objectsOf(data: NftData): Record<string, Listed | undefined>[] {
  const list = data["nftables"];
  return Array.isArray(list) ? (list as Record<string, Listed | undefined>[]) : [];
}

/** A link is read as the file that it leads to. */
function storeRules({ "saved-rules": stored }: Sources, { files, links }: PersistenceStep): Partial<Sources> {
  const texts = new Map([...(stored.data ?? []), ...files.map(({ path, after }) => ({ path, text: after, error: null }))].map((file) => [file.path, file]));
  for (const { path, target } of links) texts.set(path, { path, text: texts.get(target)?.text ?? null, error: null });
  return { "saved-rules": { ...stored, data: [...texts.values()] } };
}

function updateContainers({ containers }: Sources, { changes }: ContainersStep): Partial<Sources> {
  const data = (containers.data ?? []).map((answer) => changes.filter(({ container }) => container === answer.id).reduce((one, { setting, after }) => {
    const hostConfig = { ...(at(one.inspect, "HostConfig") as Record<string, unknown>), ...renderUpdate(setting, after) };
    return { ...one, inspect: { ...one.inspect, HostConfig: hostConfig } };
  }, answer));
  return { containers: { ...containers, data } };
}

function setModes({ files }: Sources, { changes }: ModesStep): Partial<Sources> {
  if (files.data === null) return {};
  const modes = new Map(changes.map(({ path, after }) => [path, Number.parseInt(after, 8)]));
  const status = files.data.status.map((file) => ({ ...file, mode: modes.get(file.path) ?? file.mode }));
  return { files: { ...files, data: { ...files.data, status } } };
}

/** A key that is not there yet comes with its module, at boot. */
function setValues({ sysctl, boot }: Sources, { changes, file, modules }: SysctlStep): Partial<Sources> {
  const { host = {} } = sysctl.data ?? {};
  const running = changes.flatMap(({ key, before, after }) => (before !== null || Object.hasOwn(host, key) ? [[key, after]] : []));
  return {
    ...(sysctl.data === null ? {} : { sysctl: { ...sysctl, data: { ...sysctl.data, host: { ...host, ...(Object.fromEntries(running) as Record<string, string>) } } } }),
    ...(boot.data === null ? {} : { boot: { ...boot, data: withFiles(boot.data, file, modules) } }),
  };
}

function withFiles(boot: BootData, file: FileChange, modules: FileChange | null): BootData {
  return { ...boot, sysctlFiles: withFile(boot.sysctlFiles, file), moduleFiles: modules === null ? boot.moduleFiles : withFile(boot.moduleFiles, modules) };
}

/** In the order of their effect: by name, and /etc/sysctl.conf where procps reads it after all others. */
function withFile(files: readonly TextFile[], { path, after }: FileChange): TextFile[] {
  const file = { path, text: after, error: null };
  if (files.some((one) => one.path === path)) return files.map((one) => (one.path === path ? file : one));
  const name = (text: string): string => text.slice(text.lastIndexOf("/") + 1);
  const at = files.findIndex((one) => (!one.path.includes(".d/") && one.path.endsWith(".conf")) || (one.path.includes(".d/") && name(one.path) > name(path)));
  return at < 0 ? [...files, file] : [...files.slice(0, at), file, ...files.slice(at)];
}

/** The engine's own words about what the file now says are of before its restart. */
function restartDaemon({ daemon, engine, networks }: Sources, { file, changes }: DaemonStep): Partial<Sources> {
  if (daemon.data === null) return {};
  const configFile = { ...daemon.data.configFile, path: file.path, text: file.after, error: null, modifiedAt: daemon.data.startedAt };
  return { daemon: { ...daemon, data: { ...daemon.data, configFile } }, ...readRestarted({ engine, networks }, changes) };
}
