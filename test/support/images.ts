/** Images for tests, made of the static busybox of this machine: nothing is pulled. */
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Engine } from "./engine.ts";

/** Where images are imported into. */
type Importer = Pick<Engine, "folder" | "docker">;

const archives = new WeakMap<Importer, Promise<string>>();

/** The images of `importImages`, by name, with the Dockerfile instructions that set them apart. */
export const IMAGES = {
  "busybox:plain": [],
  "busybox:nonroot": ["USER 1000:1000"],
  "busybox:root": ["USER root"],
  "busybox:healthcheck": ["HEALTHCHECK --interval=5s CMD [\"/bin/true\"]"],
} as const satisfies Record<string, readonly string[]>;

/** A container command that serves the page `hello` on port 80. */
export const SERVE = ["httpd", "-f", "-p", "80", "-h", "/www"] as const;

/** Imports all of IMAGES. Each sleeps for an hour by default, has every applet of busybox and the users root and app (1000). */
export async function importImages(engine: Importer): Promise<void> {
  const archive = await packOnce(engine);
  await Promise.all(Object.entries(IMAGES).map(([name, changes]) => load(engine, archive, name, changes)));
}

/** Imports one more image; `changes` are Dockerfile instructions: USER, HEALTHCHECK, ENTRYPOINT, EXPOSE, ENV, LABEL … */
export async function importImage(engine: Importer, name: string, changes: readonly string[]): Promise<void> {
  await load(engine, await packOnce(engine), name, changes);
}

async function load(engine: Importer, archive: string, name: string, changes: readonly string[]): Promise<void> {
  const options = ['CMD ["sleep", "3600"]', ...changes].flatMap((change) => ["--change", change]);
  await engine.docker("import", ...options, archive, name);
}

/** Path of the packed root file system, made once for an engine. */
function packOnce(engine: Importer): Promise<string> {
  const archive = archives.get(engine) ?? packRootFileSystem(engine.folder);
  archives.set(engine, archive);
  return archive;
}

async function packRootFileSystem(folder: string): Promise<string> {
  const archive = join(folder, "rootfs.tar");
  const root = join(folder, "rootfs");
  await mkdir(root);
  await Promise.all(["bin", "etc", "www", "tmp", "proc", "sys", "dev"].map((name) => mkdir(join(root, name))));
  await copyFile("/usr/bin/busybox", join(root, "bin/busybox"));
  const { stdout } = await execa("busybox", ["--list"]);
  await Promise.all(stdout.split("\n").filter((applet) => applet !== "busybox").map((applet) => symlink("busybox", join(root, "bin", applet))));
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n");
  await writeFile(join(root, "etc/group"), "root:x:0:\napp:x:1000:\n");
  await writeFile(join(root, "www/index.html"), "hello\n");
  await execa("tar", ["--create", "--numeric-owner", "--directory", root, "--file", archive, "."]);
  return archive;
}
