/** In CI, brings what the suites need before any runs, so that nothing has to be skipped. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROVISION = fileURLToPath(new URL("../../.ci/provision", import.meta.url));

/** Vitest's global setup. Elsewhere than in CI, as root, on Debian, it does nothing: a developer's machine is the developer's. */
export default function provision(): void {
  if (process.env["CI"] !== "true" || process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return;
  execFileSync(PROVISION, { stdio: "inherit" });
}
