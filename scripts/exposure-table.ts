/** Writes src/netfilter/EXPOSURE.md from the records of test/fixtures/exposure. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printExposure } from "../test/support/exposure/table.ts";

writeFileSync(fileURLToPath(new URL("../src/netfilter/EXPOSURE.md", import.meta.url)), printExposure());
