/** A program that starts an engine with a running container, says where, and waits to be killed. */
import { startEngine } from "./engine.ts";
import { importImage } from "./images.ts";

const engine = await startEngine({ version: "20.10" });
await importImage(engine, "busybox:plain", []);
await engine.docker("run", "--detach", "busybox:plain");
console.log(JSON.stringify({ folder: engine.folder, netns: engine.netns }));
setInterval(() => undefined, 60_000);
