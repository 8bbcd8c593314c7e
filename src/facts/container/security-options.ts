/** `security_opt` / `--security-opt`: every spelling that the engine takes. */

export interface SecurityOptions {
  /** Null: not set. */
  readonly noNewPrivileges: boolean | null;
  /** The profile as given, or null. */
  readonly seccomp: string | null;
  readonly apparmor: string | null;
  /** Switched off, or by a type that SELinux does not confine. */
  readonly labelDisabled: boolean;
  /** Any label option at all. */
  readonly labelGiven: boolean;
  readonly systemPathsUnconfined: boolean;
}

/**
 * `NAME=VALUE` and the older `NAME:VALUE`; a bare `no-new-privileges` is true (moby, daemon_unix.go, parseSecurityOpt). Of an option
 * given twice the last one wins.
 */
export function parseSecurityOptions(options: readonly string[]): SecurityOptions {
  let parsed: SecurityOptions = {
    noNewPrivileges: null, seccomp: null, apparmor: null, labelDisabled: false, labelGiven: false, systemPathsUnconfined: false,
  };
  for (const option of options) parsed = { ...parsed, ...parseOne(option) };
  return parsed;
}

function parseOne(option: string): Partial<SecurityOptions> {
  if (option === "no-new-privileges") return { noNewPrivileges: true };
  const separator = /[=:]/.exec(option);
  if (separator === null) return option === "disable" ? { labelDisabled: true, labelGiven: true } : {};
  const name = option.slice(0, separator.index);
  const value = option.slice(separator.index + 1);
  switch (name) {
    case "no-new-privileges":
      return { noNewPrivileges: isTrue(value) };
    case "seccomp":
      return { seccomp: value };
    case "apparmor":
      return { apparmor: value };
    case "label":
      return value === "disable" || value === "type:spc_t" ? { labelDisabled: true, labelGiven: true } : { labelGiven: true };
    case "systempaths":
      return { systemPathsUnconfined: value === "unconfined" };
    default:
      return {};
  }
}

/** Go's strconv.ParseBool; the engine refuses other words. */
function isTrue(value: string): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}
