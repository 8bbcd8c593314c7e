/** An engine behind TLS: a real TLS server that answers every GET with an object. */
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Issued } from "./certificates.ts";

export interface TlsEngine {
  readonly port: number;
  /** What each request came with: the client certificate's subject, null for none. */
  readonly seen: (string | null)[];
  /** How many connections were opened. */
  readonly connections: () => number;
}

/** With `ca` it asks for client certificates, and refuses during the handshake those that another authority issued or that are out of date. Ends with the test. */
export async function startTlsEngine(server: Issued, ca?: string): Promise<TlsEngine> {
  const seen: (string | null)[] = [];
  const subjects = new Map<Socket, string | null>();
  const listener = createServer({ cert: server.certificate, key: server.key, ...(ca === undefined ? {} : { ca, requestCert: true }) }, (request, response) => {
    seen.push(subjects.get(request.socket) ?? null);
    response.end("{}");
  });
  listener.on("secureConnection", (socket) => { subjects.set(socket, socket.getPeerX509Certificate()?.subject ?? null); });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return { port: (listener.address() as AddressInfo).port, seen, connections: () => subjects.size };
}
