/** Who may do what: asked of the kernel itself, as the users and groups that the answer names and does not name. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { expect, it } from "vitest";
import { readFileStatuses } from "../../../src/collect/file-status.ts";
import { findAccess, READ, WRITE } from "../../../src/facts/host/access.ts";
import { describeWith } from "../../support/requirements.ts";
import { plantTree } from "../../support/tree.ts";

const CASES: readonly { mode: number; acl: readonly string[] }[] = [
  ...[0o600, 0o606, 0o622, 0o477, 0o640, 0o660, 0o664, 0o062].map((mode) => ({ mode, acl: [] })),
  { mode: 0o600, acl: ["u:4001:rw"] },
  { mode: 0o660, acl: ["u:4001:rw", "m::r"] },
  { mode: 0o660, acl: ["g:4002:rw", "g::r"] },
  { mode: 0o644, acl: ["g:4002:w", "u:4001:r", "m::rw"] },
];
const OWNER = 4000;
const GROUP = 4000;

describeWith({ root: true, programs: ["getfacl", "setfacl", "setpriv"] }, "access to a file", () => {
  it.each(CASES)("mode $mode, ACL $acl is what the kernel grants", async ({ mode, acl }) => {
    const root = plantTree({ "/file": "x" });
    const path = `${root}/file`;
    chmodSync(root, 0o755);
    chownSync(path, OWNER, GROUP);
    chmodSync(path, mode);
    for (const entry of acl) execFileSync("setfacl", ["-n", "-m", entry, path]);
    const [file] = (await readFileStatuses([path])).status;
    if (file === undefined) throw new Error("the file is gone");
    for (const [bit, flag] of [[READ, "-r"], [WRITE, "-w"]] as const) {
      const may = (uid: number, gid: number): boolean =>
        spawnSync("setpriv", [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--inh-caps=-all", "test", flag, path]).status === 0;
      const { users, groups, others } = findAccess(file, bit);
      expect({ owner: users.includes(OWNER), named: users.includes(4001) }).toEqual({ owner: may(OWNER, 4999), named: acl.some((entry) => entry.startsWith("u:")) && may(4001, 4999) });
      expect({ own: groups.includes(GROUP), named: groups.includes(4002) }).toEqual({ own: may(4999, GROUP), named: acl.some((entry) => entry.startsWith("g:4002")) && may(4999, 4002) });
      expect(others).toBe(may(4998, 4998));
    }
  });
});
