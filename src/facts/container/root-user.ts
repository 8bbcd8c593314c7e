/** Which users are root. */

/** A uid as given: "0", "00", "+0", "0:0", "root", "root:root" and "" are root (moby, oci_linux.go: numbers by Go's Atoi, which takes a sign). */
export function isRootUser(spec: string): boolean {
  const user = userOf(spec);
  return user === "" || user === "root" || /^[+-]?0+$/.test(user);
}

/** The user of `USER:GROUP`. */
export function userOf(spec: string): string {
  return spec.split(":")[0]?.trim() ?? "";
}
