/** What the outside host of a test does to a published port, and what may come of it. */
import type { Limits } from "../../src/remediation/model.ts";
import { type Outside, runIn } from "./namespaces.ts";
import { type Flood, floodWithSyns } from "./traffic.ts";

/** Flags of hping3. */
export const SCANS = { NULL: [], "XMAS as nmap sends it": ["-F", "-P", "-U"], "XMAS with all flags": ["-F", "-S", "-R", "-P", "-A", "-U"] };
/** Sources of their own, so that no test starts with an empty bucket. The neighbours of a /64 share one. */
export const SOURCES = {
  clean4: "192.0.2.50", visitor4: "192.0.2.15",
  clean6: "2001:db8:50::2", visitor6: "2001:db8:15::2",
};
const FLOODERS = Array.from({ length: 8 }, (_, index) => ({ v4: `192.0.2.${66 + index}`, v6: `2001:db8:${66 + index}::2` }));

/** The source of a suite's nth flood, from 0. Each has its own: what it leaves half open counts against its connections for a minute. */
export function findFlooder(index: number): { readonly v4: string; readonly v6: string } {
  const flooder = FLOODERS[index];
  if (flooder === undefined) throw new Error(`there are sources for ${FLOODERS.length} floods`);
  return flooder;
}

/** The outside host's further addresses. What it does not ask for it does not answer with a reset either, which would end each half-open connection. */
export async function addSources(outside: Outside): Promise<void> {
  for (const address of [SOURCES.clean4, SOURCES.visitor4, ...FLOODERS.map(({ v4 }) => v4)]) await outside.run("ip", "address", "add", `${address}/24`, "dev", "eth0");
  for (const address of [SOURCES.clean6, SOURCES.visitor6, ...FLOODERS.map(({ v6 }) => v6)]) await outside.run("ip", "address", "add", `${address}/64`, "dev", "eth0", "nodad");
  const silent = `table inet silent {
    chain out {
      type filter hook output priority 0; policy accept;
      ip saddr { ${FLOODERS.map(({ v4 }) => v4).join(", ")} } tcp flags & rst == rst drop
      ip6 saddr { ${FLOODERS.map(({ v6 }) => v6).join(", ")} } tcp flags & rst == rst drop
    }
  }`;
  await runIn(outside.netns, ["nft", "-f", "-"], { input: silent });
}

/** Floods, and gives the most that the limits let one source have in that time; a counter's reading and a packet on the way are worth two seconds. */
export async function measureFlood(outside: Outside, flood: Flood, { burst, rate }: Limits): Promise<number> {
  const seconds = await floodWithSyns(outside.netns, flood);
  return burst + rate * (seconds + 2);
}
