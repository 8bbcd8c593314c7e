import { execa } from "execa";
import { expect, it } from "vitest";
import { HARDEN } from "./support/harden.ts";

it.each(["20.20.2", "22.17.9"])("says in one line that Node %s is too old", async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["--import", pretend, HARDEN, "scan"], { reject: false });
  expect([exitCode, stdout, stderr]).toEqual([2, "", `harden needs Node 22.18 or newer; this is Node ${version}`]);
});
