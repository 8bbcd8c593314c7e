/** Running values and a file of sysctl.d that wins the precedence. */
import type { Sysctl } from "../../facts/model/sysctl.ts";
import { lookUp } from "../../facts/resource.ts";
import type { Report } from "../../policy/model/report.ts";
import type { BootData, Snapshot } from "../../snapshot/model.ts";
import { count } from "../../text.ts";
import { listFails, toFinding, type ResultWith } from "../findings.ts";
import type { Omitted, Planned, SysctlChange, SysctlStep } from "../model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { resourcesOf } from "../resources.ts";
import { moduleOf, planModules } from "./modules.ts";
import { findObstacle, isRevertible } from "./obstacles.ts";
import { renderSysctlFile } from "./sysctl-file.ts";
import { chooseValues, fitBuckets, type Wish } from "./values.ts";

/** Keys of the host (and of the engine's network namespace). A container's own are told as advice: they need its re-creation. */
export function planSysctl(report: Report, snapshot: Snapshot, kinds: DerivedKinds): Planned {
  const sysctls = new Map(resourcesOf(kinds, "sysctl").map((sysctl) => [sysctl.id, sysctl]));
  const wishes = listWishes(listHostFails(report), sysctls);
  const judged = wishes.map((wish) => ({ wish, obstacle: findObstacle(wish.key, sysctls.get(`host:${wish.key}`), snapshot) }));
  const possible = judged.flatMap(({ wish, obstacle }) => (obstacle === null ? [wish] : []));
  const boot = snapshot.sources.boot.data;
  const overridden = possible.flatMap((wish) => findOverride(wish, sysctls.get(`host:${wish.key}`), boot));
  return {
    steps: possible.length === 0 ? [] : [buildStep(possible, sysctls, snapshot)],
    omitted: [...judged.flatMap(({ wish, obstacle }) => (obstacle === null ? [] : [omit(wish, obstacle)])), ...overridden],
  };
}

function listHostFails(report: Report): ResultWith<"sysctl">[] {
  return listFails(report, "sysctl").filter(({ resource }) => resource.id?.startsWith("host:") === true);
}

function listWishes(results: readonly ResultWith<"sysctl">[], sysctls: ReadonlyMap<string, Sysctl>): Wish[] {
  const wishes = new Map<string, Wish>();
  for (const result of results) {
    for (const [key, value] of chooseValues(result, sysctls)) {
      const known = wishes.get(key);
      wishes.set(key, { key, value: known?.value ?? value, results: [...(known?.results ?? []), result] });
    }
  }
  return fitBuckets([...wishes.values()], sysctls).sort((a, b) => (a.key < b.key ? -1 : 1));
}

function buildStep(wishes: readonly Wish[], sysctls: ReadonlyMap<string, Sysctl>, { sources }: Snapshot): SysctlStep {
  const boot = sources.boot.data;
  const changes = wishes.map((wish) => toChange(wish, sysctls.get(`host:${wish.key}`), sources.sysctl.data?.host ?? {}));
  const path = choosePath(boot);
  const before = boot?.sysctlFiles.find((file) => file.path === path)?.text ?? null;
  const sticky = changes.filter(({ revertible, before: value, after }) => !revertible && value !== after);
  return {
    kind: "sysctl",
    id: "sysctl",
    title: `Set ${count(changes.length, "kernel parameter")}, now and at boot`,
    findings: [...new Map(wishes.flatMap(({ results }) => results).map((result) => [result.fingerprint, toFinding(result)])).values()],
    notes: [
      ...sticky.map(({ key }) => `${key}: the kernel takes the old value back only at a reboot`),
      ...changes.filter(({ key, before: value }) => value === null && moduleOf(key) !== null).map(({ key }) => `${key}: is not there before its module is loaded; set at boot`),
    ],
    undo: "rollback.sh writes the old values back and removes or restores the file",
    restart: null,
    changes,
    file: { path, before, after: renderSysctlFile(before, changes) },
    modules: planModules(changes.map(({ key }) => key), boot),
  };
}

/** Keys of single interfaces are no resources of their own: of those the snapshot itself tells the value. */
function toChange({ key, value, results }: Wish, sysctl: Sysctl | undefined, running: Readonly<Record<string, string | null>>): SysctlChange {
  const known = sysctl !== undefined && lookUp(sysctl.unknown, "/value") === undefined;
  return {
    key,
    before: sysctl === undefined ? (running[key] ?? null) : known ? sysctl.value : null,
    after: value,
    boot: sysctl?.boot ?? null,
    policies: [...new Set(results.map(({ policy }) => policy))].sort(),
    revertible: isRevertible(key, value),
  };
}

/** The last of all file names: sysctl.d(5) sorts the files of all folders by name, and of equal keys the later one wins. */
function choosePath(boot: BootData | null): string {
  const others = (boot?.sysctlFiles ?? []).map(({ path }) => path).filter((path) => path.includes("/sysctl.d/") && !OWN.test(path));
  let name = "zz-harden.conf";
  while (others.some((path) => path.slice(path.lastIndexOf("/") + 1) >= name)) name = `z${name}`;
  return `/etc/sysctl.d/${name}`;
}

const OWN = /^\/etc\/sysctl\.d\/z+-harden\.conf$/;

/** procps reads /etc/sysctl.conf after every file of sysctl.d (sysctl(8)): no file of ours wins against it. */
function findOverride({ key, value, results }: Wish, sysctl: Sysctl | undefined, boot: BootData | null): Omitted[] {
  if (boot?.loader !== "procps" || sysctl === undefined || sysctl.boot === null || sysctl.boot === value) return [];
  const place = lookUp(sysctl.origins, "/boot");
  if (place === undefined || !("file" in place) || place.file !== "/etc/sysctl.conf") return [];
  return [{
    what: `${key} at boot`,
    reason: `/etc/sysctl.conf sets it to ${sysctl.boot} in line ${place.line} and is read last: change that line`,
    findings: results.map(toFinding),
  }];
}

function omit({ key, value, results }: Wish, reason: string): Omitted {
  return { what: `${key} = ${value}`, reason, findings: results.map(toFinding) };
}
