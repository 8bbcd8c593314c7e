/** Two packet filters side by side, of which one is not where people look. */
import { countRules, findDockerUser } from "../../netfilter/index.ts";
import type { ReadDumps } from "./read-dumps.ts";

/** One sentence of what stands in two places, or null. Native tables of nft beside iptables are no conflict. */
export function findConflict({ files }: ReadDumps, engineUsesNftables: boolean): string | null {
  const filled = files.filter(({ file }) => countRules(file).some(({ rules }) => rules > 0));
  const [legacy, nft] = (["legacy", "nft"] as const).map((backend) => filled.find(({ dump }) => dump.backend === backend));
  if (legacy !== undefined && nft !== undefined) return `both ${legacy.dump.program} and ${nft.dump.program} print rules: each packet meets both sets, and each tool shows one`;
  if (!engineUsesNftables) return null;
  const ignored = files.find(({ file }) => {
    const found = findDockerUser(file);
    return found.status === "present" && found.effective.length > 0;
  });
  return ignored === undefined ? null : `${ignored.dump.program} has rules in DOCKER-USER, which this engine, filtering with nftables, does not send packets to`;
}
