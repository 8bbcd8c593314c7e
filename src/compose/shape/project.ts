/** The keys of a compose file (compose-spec.json). */
import { options, pairs, text, textOrTexts, flag } from "./common.ts";
import { JOB, SERVICE } from "./service.ts";
import { either, list, map, named, openMap, scalar, strictMap, type Shape } from "./shape.ts";

const external = either(flag, map({ name: text }));
/** Of secrets and configs it takes more keys. */
const openExternal = either(flag, openMap({ name: text }));
const nothing = scalar("null");

const network = map({
  name: text,
  driver: text,
  driver_opts: options,
  ipam: map({
    driver: text,
    config: list(map({ subnet: text, ip_range: text, gateway: text, aux_addresses: named(text, /^[^\n]+$/) })),
    options: named(text, /^[^\n]+$/),
  }),
  external,
  internal: flag,
  enable_ipv4: flag,
  enable_ipv6: flag,
  attachable: flag,
  labels: pairs,
});

const volume = map({ name: text, driver: text, driver_opts: options, external, labels: pairs });

const fileObject = { name: text, environment: text, file: text, external: openExternal, labels: pairs, template_driver: text };

export const PROJECT: Shape = map({
  version: text,
  name: text,
  include: list(either(text, strictMap({ path: textOrTexts, env_file: textOrTexts, project_directory: text }))),
  services: named(SERVICE),
  jobs: named(JOB),
  models: named(map({ name: text, model: text, context_size: scalar("integer"), runtime_flags: list(text) }, "model")),
  networks: named(either(network, nothing)),
  volumes: named(either(volume, nothing)),
  secrets: named(map({ ...fileObject, driver: text, driver_opts: options })),
  configs: named(map({ ...fileObject, content: text })),
});
