/** Whether a person who confirms has come back over a new connection. */

/** How the person came: SSH_CONNECTION as `text`; `start`: the uptime at which the connection began, null where that is not seen. */
export type Arrival =
  | { readonly kind: "none" }
  | { readonly kind: "open"; readonly text: string; readonly start: number | null }
  | { readonly kind: "gone"; readonly text: string }
  | { readonly kind: "unknown"; readonly reason: string };

export interface Applied {
  /** SSH_CONNECTION of the run that applied; null where it did not come over SSH. */
  readonly connection: string | null;
  /** The uptime at which all was in force. */
  readonly since: number;
}

/**
 * Why this is no proof that one can still get in; null if it is. Who sits at a console needs no connection. An open connection outlives rules that
 * take no new one, so one that is older than the change proves nothing, whoever opened it.
 */
export function findObjection(arrival: Arrival, { connection, since }: Applied): string | null {
  switch (arrival.kind) {
    case "none":
      return null;
    case "unknown":
      return `by which connection you came cannot be told: ${arrival.reason}`;
    case "gone":
      return "this terminal remembers a connection that is gone (tmux and screen do), so by which one you came cannot be told";
    case "open": {
      if (arrival.text === connection) return "this is the connection that the change was applied over, and it would go on in any case";
      if (connection !== null && isLocal(arrival.text) && !isLocal(connection)) return "this connection comes from this machine itself, which proves nothing about the way in";
      if (arrival.start === null) return "how old this connection is cannot be told";
      return arrival.start < since ? "this connection is older than the change, and it would go on in any case" : null;
    }
  }
}

/** sshd tells addresses without the clothes of IPv6. */
function isLocal(text: string): boolean {
  const [client = "", , server = ""] = text.split(" ");
  return client === server || client === "::1" || client.startsWith("127.");
}
