import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { collectIptables } from "../../src/collect/iptables.ts";
import { describeWith } from "../support/requirements.ts";

/** What is collected in a network namespace of its own, in which `script` has run. */
async function collectBehind(script: string): Promise<ReturnType<typeof collectIptables>> {
  const holder = spawn("unshare", ["--net", "sh", "-c", `${script}; echo ready; exec cat`], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  await once(holder.stdout, "data");
  try {
    return await collectIptables({ pid: holder.pid ?? 0 });
  } finally {
    holder.stdin.end();
    await ended;
  }
}

describeWith({ root: true, programs: ["unshare", "nsenter", "iptables-legacy", "iptables-nft"], files: ["/proc/net/ip_tables_names"] }, "legacy tables that the kernel names", () => {
  it("are those of the namespace, and of the family, that holds them", async () => {
    const { data } = await collectBehind("iptables-legacy -A INPUT -j ACCEPT; iptables-legacy -t nat -A OUTPUT -j ACCEPT");
    expect(data?.legacyTables).toEqual({ v4: ["filter", "nat"], v6: [] });
  });

  it("are none where only iptables-nft was used, and looking made none", async () => {
    const { data } = await collectBehind("iptables-nft -A INPUT -j ACCEPT; iptables-legacy-save");
    expect(data?.legacyTables).toEqual({ v4: [], v6: [] });
  });
});
