// What npm runs where the repository itself is installed: builds dist/, and first brings what building needs if npm has not.
// Plain JavaScript, since the Node that runs it may be an old one; the build gets the one among the packages.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

if (existsSync(`${root}node_modules/esbuild`)) execFileSync("node", ["scripts/build.ts"], { cwd: root, stdio: "inherit" });
else installHere();

// `npm install --global git+URL` says that it installs what building needs and does not (npm/cli#8440): what it hands down
// makes every npm below it a global one. Installing prepares in its turn.
function installHere() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_(global|location|omit|prefix)$/i.test(name)));
  execFileSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], { cwd: root, stdio: "inherit", env });
}
