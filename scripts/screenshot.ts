/** `npm run screenshot`: writes docs/report.png, the head of reports/examples/host.html as Chromium shows it. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPage, startBrowser } from "../test/support/browser.ts";
import { EXAMPLES } from "./examples.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
mkdirSync(docs, { recursive: true });
const browser = await startBrowser();
const { page } = await openPage(browser, readFileSync(join(EXAMPLES, "host.html"), "utf8"), { width: 1280, height: 1180 });
await page.screenshot({ path: join(docs, "report.png") });
await browser.close();
