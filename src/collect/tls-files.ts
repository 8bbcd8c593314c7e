/** The certificates and the key for an engine behind TLS: read, and judged before a connection is tried, so that a message names the file. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../errors.ts";
import { errorCode } from "./answer.ts";
import { readTextFile } from "./text-file.ts";

export interface Tls {
  /** Whether the engine has to prove who it is. */
  readonly verify: boolean;
  /** The only authorities that are trusted; null for those of the system. */
  readonly ca: Pem | null;
  /** What this side proves itself by; a text says why there is nothing. */
  readonly client: { readonly certificate: Pem; readonly key: string } | string;
}

export interface Pem {
  readonly path: string;
  readonly text: string;
  /** All that it holds, at least one. */
  readonly certificates: readonly X509Certificate[];
}

/**
 * What DOCKER_CERT_PATH holds. As for Docker's client ca.pem has to be there, and cert.pem and key.pem are used if both are. Throws HardenError
 * with the file's name.
 */
export function readTls(folder: string, verify: boolean): Tls {
  return readFolder(folder, verify, true);
}

/** What a context holds: each file may be missing. Null for a context without TLS. */
export function readContextTls(folder: string, verify: boolean): Tls | null {
  return isThere(folder) || !verify ? readFolder(folder, verify, false) : null;
}

function readFolder(folder: string, verify: boolean, needsAuthority: boolean): Tls {
  const [ca, certificate, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) => join(folder, name)) as [string, string, string];
  const missing = [certificate, key].find((path) => !isThere(path));
  return {
    verify,
    ca: needsAuthority || isThere(ca) ? readCertificates(ca) : null,
    client: missing === undefined ? readClient(certificate, key) : `${missing} is missing`,
  };
}

/** What may not be looked at is not taken for missing: harden would speak without TLS, or without a name. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw new HardenError(`cannot be looked at (${code ?? "no reason"})`, { position: { file: path }, cause: error });
  }
}

function readClient(certificatePath: string, keyPath: string): Tls["client"] {
  const certificate = readCertificates(certificatePath);
  const text = read(keyPath);
  if (certificate.certificates[0]?.checkPrivateKey(parseKey(keyPath, text)) !== true) throw new HardenError(`the key is not that of ${certificatePath}`, { position: { file: keyPath } });
  return { certificate, key: text };
}

function parseKey(file: string, text: string): KeyObject {
  try {
    return process.getBuiltinModule("node:crypto").createPrivateKey(text);
  } catch (error) {
    // Docker's client takes none either.
    const isEncrypted = /ENCRYPTED/.test(text) || errorCode(error) === "ERR_MISSING_PASSPHRASE";
    throw new HardenError(isEncrypted ? "the key is encrypted; only one without a passphrase can be used" : "holds no private key in PEM form", { position: { file }, cause: error });
  }
}

/** Like Go's x509.AppendCertsFromPEM what is no certificate is passed over, if there is one at all. */
function readCertificates(file: string): Pem {
  const text = read(file);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const certificates = blocks.flatMap(parseCertificate);
  if (certificates.length === 0) throw new HardenError("holds no certificate in PEM form", { position: { file } });
  return { path: file, text: certificates.map(String).join(""), certificates };
}

function parseCertificate(block: string): X509Certificate[] {
  const { X509Certificate: Certificate } = process.getBuiltinModule("node:crypto");
  try {
    return [new Certificate(block)];
  } catch {
    return [];
  }
}

function read(file: string): string {
  const { text, error } = readTextFile(file);
  if (text === null) throw new HardenError(error === "ENOENT" ? "the file is missing" : `cannot be read (${error ?? "no text"})`, { position: { file } });
  return text;
}
