/** Debian's Chromium, driven by playwright-core. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";

/** Without its sandbox, which root has not. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] });
}

export interface OpenPage {
  readonly page: Page;
  /** What the console said, what was thrown, and each request for anything but the page itself. */
  readonly troubles: string[];
}

/** Opens the text as a file, in a context of its own. */
export async function openPage(browser: Browser, html: string, options: { readonly colorScheme?: "light" | "dark"; readonly javaScriptEnabled?: boolean; readonly width?: number; readonly height?: number } = {}): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), "harden-page-"));
  const file = join(folder, "report.html");
  writeFileSync(file, html);
  const { width = 1280, height = 900, colorScheme = "light", javaScriptEnabled = true } = options;
  const context = await browser.newContext({ colorScheme, javaScriptEnabled, viewport: { width, height }, deviceScaleFactor: 1 });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`thrown: ${error.message}`));
  page.on("dialog", (dialog) => { troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  const own = pathToFileURL(file).href;
  page.on("request", (request) => { if (request.url().split("#")[0] !== own) troubles.push(`request: ${request.url()}`); });
  await page.goto(own);
  rmSync(folder, { recursive: true });
  return { page, troubles };
}
