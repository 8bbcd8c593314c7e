/** The models of all kinds: what a policy may read of a resource. */
import type { TSchema } from "typebox";
import { Container } from "./model/container.ts";
import { Daemon } from "./model/daemon.ts";
import { Host } from "./model/host.ts";
import { Image } from "./model/image.ts";
import { Network } from "./model/network.ts";
import { Port } from "./model/port.ts";
import { Ruleset } from "./model/ruleset.ts";
import { Sysctl } from "./model/sysctl.ts";
import type { Kind } from "./resource.ts";

export const MODELS: Readonly<Record<Kind, TSchema>> = {
  container: Container,
  image: Image,
  daemon: Daemon,
  network: Network,
  port: Port,
  ruleset: Ruleset,
  sysctl: Sysctl,
  host: Host,
};
