/** When the kernel calls the base chains of iptables. */
import type { Hook } from "../../firewall/model.ts";

const hooks: Readonly<Record<string, Hook>> = { PREROUTING: "prerouting", INPUT: "input", FORWARD: "forward", OUTPUT: "output", POSTROUTING: "postrouting" };

/** By table. enum nf_ip_hook_priorities (include/uapi/linux/netfilter_ipv4.h), and the hooks of net/ipv4/netfilter/iptable_*.c. */
export const priorities: ReadonlyMap<string, Partial<Record<Hook, number>>> = new Map([
  ["raw", { prerouting: -300, output: -300 }],
  ["mangle", { prerouting: -150, input: -150, forward: -150, output: -150, postrouting: -150 }],
  ["nat", { prerouting: -100, output: -100, input: 100, postrouting: 100 }],
  ["filter", { input: 0, forward: 0, output: 0 }],
  ["security", { input: 50, forward: 50, output: 50 }],
]);

/** Null for a chain that the table does not have. */
export function findPriority(table: string, chain: string): { readonly hook: Hook; readonly priority: number } | null {
  const hook = Object.hasOwn(hooks, chain) ? hooks[chain] : undefined;
  const priority = hook === undefined ? undefined : priorities.get(table)?.[hook];
  return hook === undefined || priority === undefined ? null : { hook, priority };
}
