/**
 * `npm run examples`: writes reports/examples/, what harden says of the recorded demo host. They are committed, so that a reader sees
 * them without running anything; a test compares them with what the built harden writes.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const EXAMPLES = join(ROOT, "reports/examples");
export const DEMO_SNAPSHOT = join(ROOT, "test/fixtures/snapshots/demo-host.json");

/** The example files, path below reports/examples → text, as a user gets them who types this into an empty folder. */
export async function renderExamples(): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "harden-examples-"));
  try {
    const args = ["scan", "--snapshot", DEMO_SNAPSHOT, "-o", "console", "-o", "json=host.json", "-o", "sarif=host.sarif", "-o", "html=host.html", "--plan", "plan", "--fail-on", "never"];
    const { stdout } = await execa(process.execPath, [join(ROOT, "bin/harden.js"), ...args], { cwd: folder, stripFinalNewline: false });
    return new Map([["host.txt", stdout], ...readFolder(folder)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every file below a folder, path → text, sorted by path. */
export function readFolder(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

if (import.meta.main) {
  const files = await renderExamples();
  rmSync(EXAMPLES, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(EXAMPLES, path)), { recursive: true });
    writeFileSync(join(EXAMPLES, path), text, { mode: path.endsWith(".sh") ? 0o755 : 0o644 });
  }
}
