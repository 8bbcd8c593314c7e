/** Certificates for tests, made by openssl: authorities, and what they issue for any time. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Authority {
  readonly certificate: string;
  readonly issue: (options: IssueOptions) => Issued;
  /** In the name of another authority, whose certificate and key are given. */
  readonly issueAs: (signer: Issued, options: IssueOptions) => Issued;
}

export interface IssueOptions {
  readonly name: string;
  /** What stands in subjectAltName, as openssl writes it; null for none. */
  readonly hosts?: string | null;
  readonly use?: "serverAuth" | "clientAuth";
  /** YYYYMMDDHHMMSSZ */
  readonly from?: string;
  readonly to?: string;
  /** It is an authority itself. */
  readonly isAuthority?: boolean;
}

/** Texts in PEM form. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const FROM = "20200101000000Z";
const TO = "20700101000000Z";
export const EXPIRED = { to: "20210203040506Z" };
export const EXPIRED_AT = "2021-02-03T04:05:06Z";

/** What lies in `folder` is its own. */
export function makeAuthority(folder: string, name: string, dates: Pick<IssueOptions, "from" | "to"> = {}): Authority {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "openssl.cnf"), CONFIGURATION);
  writeFileSync(join(folder, "index.txt"), "");
  writeFileSync(join(folder, "serial"), "01\n");
  const issue = (options: IssueOptions, signer: readonly string[]): Issued => {
    const { use, hosts = null, isAuthority = false, from = FROM, to = TO } = options;
    const extensions = [
      ...(hosts === null ? [] : [`subjectAltName=${hosts}`]), ...(use === undefined ? [] : [`extendedKeyUsage=${use}`]), ...(isAuthority ? ["basicConstraints=critical,CA:TRUE"] : []),
    ].flatMap((extension) => ["-addext", extension]);
    openssl(folder, ["req", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj", `/CN=${options.name}`, ...extensions]);
    openssl(folder, ["ca", "-batch", "-notext", "-config", "openssl.cnf", "-in", "request.pem", "-out", "issued.pem", "-startdate", from, "-enddate", to, ...signer]);
    return { certificate: readFileSync(join(folder, "issued.pem"), "utf8"), key: readFileSync(join(folder, "key.pem"), "utf8") };
  };
  const own = issue({ ...dates, name, isAuthority: true }, ["-selfsign", "-keyfile", "key.pem"]);
  const issueAs = (signer: Issued, options: IssueOptions): Issued => {
    writeFileSync(join(folder, "authority.pem"), signer.certificate);
    writeFileSync(join(folder, "authority-key.pem"), signer.key);
    return issue(options, ["-cert", "authority.pem", "-keyfile", "authority-key.pem"]);
  };
  return { certificate: own.certificate, issue: (options) => issueAs(own, options), issueAs };
}

const CONFIGURATION = `
[req]
distinguished_name = name
[name]
[ca]
default_ca = own
[own]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;

/** The same key behind a passphrase, in the form that openssl writes today (PKCS #8) or wrote in former times. */
export function encryptKey(key: string, form: "pkcs8" | "traditional"): string {
  const args = form === "pkcs8" ? ["pkcs8", "-topk8"] : ["ec", "-aes128"];
  return execFileSync("openssl", [...args, "-passout", "pass:secret"], { input: key, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
}

function openssl(folder: string, args: readonly string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}
