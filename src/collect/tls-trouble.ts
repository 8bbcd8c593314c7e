/** What went wrong between harden and an engine behind TLS, in words that name the certificate, its file and the reason. */
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { escapeInvisible } from "../text.ts";
import { errorCode } from "./answer.ts";
import type { TcpEndpoint } from "./endpoint.ts";
import type { Tls } from "./tls-files.ts";

/** Of a connection whose engine did not prove who it is: Node's `authorizationError` is OpenSSL's name of the reason. */
export function describeRefusal(socket: TLSSocket, { host }: TcpEndpoint, { ca }: Tls): string {
  const reason = String(socket.authorizationError);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return "the engine shows no certificate";
  if (reason === "ERR_TLS_CERT_ALTNAME_INVALID") return `the engine's certificate is for ${show(certificate.subjectAltName ?? "no host by name")}, not for ${host}`;
  if (/EXPIRED|NOT_YET_VALID/.test(reason)) return `the engine's certificate is refused: ${describeChain(certificate, ca?.certificates ?? []) ?? reason}`;
  if (/ISSUER|SELF_SIGNED|SIGNATURE/.test(reason)) {
    return `the engine's certificate, issued by ${nameOf(certificate.issuer)}, is not signed by ${ca === null ? "an authority that this system trusts" : `an authority in ${ca.path}`}`;
  }
  return `the engine's certificate is refused: ${reason}`;
}

/** Of an error on the connection; null where TLS has no part in it. */
export function describeTlsError(error: unknown, { client }: Tls): string | null {
  const code = errorCode(error) ?? "";
  if (NO_TLS.has(code)) return "what answers there does not speak TLS";
  const alert = /SSL alert number (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  const isAboutClient = alert !== undefined && CLIENT_ALERTS.has(Number(alert));
  if (typeof client === "string") return isAboutClient ? `the engine asks for a client certificate, and there is none: ${client}` : tellOther(error, code);
  const [certificate] = client.certificate.certificates;
  const dates = certificate === undefined ? null : describeDates(certificate);
  // A server may close the connection before its reason is read.
  const isRefused = isAboutClient || (dates !== null && (code === "ECONNRESET" || code === "EPIPE"));
  if (!isRefused) return tellOther(error, code);
  return `the engine refuses the client certificate ${client.certificate.path}: ${dates ?? `issued by ${nameOf(certificate?.issuer ?? "")}, ${tellReason(error)}`}`;
}

const NO_TLS: ReadonlySet<string> = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);

/** Of RFC 8446, 6.2: handshake_failure, bad, unsupported, revoked, expired and unknown certificate, unknown_ca, access_denied, certificate_required. */
const CLIENT_ALERTS: ReadonlySet<number> = new Set([40, 42, 43, 44, 45, 46, 48, 49, 116]);

function tellOther(error: unknown, code: string): string | null {
  return code.startsWith("ERR_SSL_") ? `TLS fails: ${tellReason(error)}` : null;
}

/** OpenSSL's words without the place in its source. */
function tellReason(error: unknown): string {
  return typeof error === "object" && error !== null && "reason" in error ? String(error.reason) : String(error);
}

/** The first of the certificates that is out of its time: the engine's, those that it sent along, those of the file that signed one of them. */
function describeChain(certificate: X509Certificate, authorities: readonly X509Certificate[]): string | null {
  const sent: X509Certificate[] = [];
  for (let link: X509Certificate | undefined = certificate; link !== undefined && !sent.includes(link); link = link.issuerCertificate) sent.push(link);
  const signers = authorities.filter((authority) => sent.some((link) => link.checkIssued(authority)));
  return [...sent, ...signers].map(describeDates).find((words) => words !== null) ?? null;
}

/** Null for one that is valid now. */
function describeDates({ subject, validFromDate, validToDate }: X509Certificate): string | null {
  const now = Date.now();
  if (validToDate.getTime() < now) return `${nameOf(subject)} expired at ${tell(validToDate)}`;
  return validFromDate.getTime() > now ? `${nameOf(subject)} is not valid before ${tell(validFromDate)}` : null;
}

function tell(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

/** OpenSSL writes each part of a name on a line of its own. */
function nameOf(name: string): string {
  return show(name.trim().replaceAll("\n", ", "));
}

const LONGEST = 200;

/** Whoever answers there says what stands in its certificate, and how much of it. */
function show(words: string): string {
  return escapeInvisible(words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);
}
