/** What Docker's client keeps below ~/.docker, as `docker context create` writes it (test/e2e/tls.test.ts holds that against the real one). */
import { createHash } from "node:crypto";
import type { Issued } from "./certificates.ts";

export interface ContextFiles {
  readonly host: string;
  readonly skipVerify?: boolean;
  readonly ca?: string;
  readonly client?: Issued;
}

/** Files by their paths below the folder that DOCKER_CONFIG names. */
export function writeContext(name: string, { host, skipVerify = false, ca, client }: ContextFiles): Record<string, string> {
  const id = createHash("sha256").update(name).digest("hex");
  const tls = `/contexts/tls/${id}/docker`;
  return {
    [`/contexts/meta/${id}/meta.json`]: JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: skipVerify } } }),
    ...(ca === undefined ? {} : { [`${tls}/ca.pem`]: ca }),
    ...(client === undefined ? {} : { [`${tls}/cert.pem`]: client.certificate, [`${tls}/key.pem`]: client.key }),
  };
}
