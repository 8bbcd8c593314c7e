/** Connection tracking of every network namespace in play: the kernel's counters, sampled when collection starts and when it ends. */
import { readFileSync } from "node:fs";
import type { Answer, ConntrackNamespace, DataOf } from "../snapshot/model.ts";
import { errorCode, failed, ok } from "./answer.ts";
import { isStillThere, listNetworkNamespaces, procFolder, type NetworkNamespace } from "./network-namespaces.ts";
import type { Subject } from "./subject.ts";

/** First samples, waiting for the second ones. */
export interface ConntrackWatch {
  readonly host: Sampled;
  readonly others: readonly Sampled[];
}

interface Sampled {
  readonly namespace: NetworkNamespace;
  readonly first: Sample;
}

type Sample = ConntrackNamespace["samples"][number] | { readonly error: string };

/** Takes the first samples; some 30 µs a namespace. No namespace is entered: /proc/PID/net shows that of the process. */
export function startConntrack(subject: Subject): ConntrackWatch {
  const { host, others } = listNetworkNamespaces(subject);
  const sampled = (namespace: NetworkNamespace): Sampled => ({ namespace, first: takeSample(namespace) });
  return { host: sampled(host), others: others.map(sampled) };
}

/** Takes the second samples. Nothing waits here: the time between is what the other sources took. */
export function finishConntrack(watch: ConntrackWatch): Answer<DataOf<"conntrack">> {
  const data = { host: finish(watch.host), namespaces: watch.others.map(finish) };
  const { error } = data.host;
  return error === null || error === "ENOENT" ? ok(data) : failed(`connection tracking of the engine's network namespace: ${error}`, data);
}

function finish({ namespace, first }: Sampled): ConntrackNamespace {
  const base = { namespace: namespace.name, containerIds: [...namespace.containerIds] };
  if ("error" in first) return { ...base, samples: [], error: first.error };
  const second = isStillThere(namespace) ? takeSample(namespace) : { error: "ENOENT" };
  return "error" in second ? { ...base, samples: [first], error: second.error } : { ...base, samples: [first, second], error: null };
}

function takeSample({ name, pid, error }: NetworkNamespace): Sample {
  if (name === null) return { error: error ?? "ENOENT" };
  try {
    const text = readFileSync(`${procFolder(pid)}/net/stat/nf_conntrack`, "utf8");
    return { at: Math.round(performance.now()), values: sumColumns(text) };
  } catch (problem) {
    return { error: errorCode(problem) ?? "EIO" };
  }
}

/**
 * One line of names, then one line of hexadecimal numbers for each CPU. `entries` is the count of the whole namespace and the same in
 * each line (nf_conntrack_standalone.c, ct_cpu_seq_show); all others add up.
 */
export function sumColumns(text: string): Record<string, number> {
  const [header = "", ...rows] = text.trim().split("\n");
  const names = header.trim().split(/\s+/);
  const sums: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  for (const row of rows) {
    row.trim().split(/\s+/).forEach((cell, index) => {
      const name = names[index] ?? "";
      const number = Number.parseInt(cell, 16);
      sums[name] = name === "entries" ? number : (sums[name] ?? 0) + number;
    });
  }
  return sums;
}
