import type { Container } from "../model/container.ts";

/** What a privileged container has without being given it. */
export const EVERY_DEVICE: Container["devices"][number] = { key: "every device", path: null, type: "all", permissions: "rwm" };
