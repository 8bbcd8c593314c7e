/** Connections to an engine behind TLS, with the checks that Docker's client makes. Node's own agent cannot tell whose certificate was refused. */
import type { ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { PeerCertificate } from "node:tls";
import type { TcpEndpoint } from "./endpoint.ts";
import type { Tls } from "./tls-files.ts";
import { describeRefusal } from "./tls-trouble.ts";

const { Agent } = process.getBuiltinModule("node:http");
const { isIP } = process.getBuiltinModule("node:net");
const { checkServerIdentity, connect, getCACertificates } = process.getBuiltinModule("node:tls");

export class TlsAgent extends Agent {
  readonly #endpoint: TcpEndpoint;
  readonly #tls: Tls;

  constructor(endpoint: TcpEndpoint, tls: Tls) {
    super({ keepAlive: true });
    this.#endpoint = endpoint;
    this.#tls = tls;
  }

  /** Hands a connection out only after the engine has proved who it is, if it has to. */
  override createConnection(_options: ClientRequestArgs, done: (error: Error | null, stream: Duplex) => void): undefined {
    const { ca, client, verify } = this.#tls;
    const { host, port } = this.#endpoint;
    const socket = connect({
      host, port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ca: ca === null ? getCACertificates("system") : ca.text,
      ...(typeof client === "string" ? {} : { cert: client.certificate.text, key: client.key }),
      minVersion: "TLSv1.2",
      // Go's client trusts what is in the file as it stands, an intermediate authority too.
      allowPartialTrustChain: true,
      // Not left to the default, which ends the connection before it can be told what is wrong with whose certificate: see below.
      rejectUnauthorized: false,
      checkServerIdentity: (name, certificate) => checkName(name, certificate),
    });
    // The request's own time-out holds the process, a connection that nobody waits for any more does not.
    socket.unref();
    const fail = (error: Error): void => {
      socket.destroy();
      done(error, socket);
    };
    socket.once("error", fail).once("secureConnect", () => {
      socket.off("error", fail);
      if (verify && !socket.authorized) {
        socket.on("error", () => undefined);
        fail(new Error(describeRefusal(socket, this.#endpoint, this.#tls)));
        return;
      }
      socket.ref();
      done(null, socket);
    });
  }
}

/** A name in the subject does not count, as for Go's client: names stand in subjectAltName. */
function checkName(name: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(name, { ...certificate, subject: { ...certificate.subject, CN: "" } });
}
