declare const HARDEN_VERSION: string | undefined;

/** Set by the build; running from the sources there is none. */
export const VERSION = typeof HARDEN_VERSION === "undefined" ? "0.0.0-source" : HARDEN_VERSION;
