/** Compose files that lie elsewhere: git repositories and OCI artifacts. They are never fetched. */

export function isRemote(path: string): boolean {
  return path.startsWith("oci://") || /^(git|ssh):\/\//.test(path) || /^(git@|github\.com\/)/.test(path) || isGitOverHttp(path);
}

/** An http address is a repository if its path ends in .git (BuildKit, ParseGitRef). */
function isGitOverHttp(path: string): boolean {
  return /^https?:\/\/[^#?]+\.git([#?].*)?$/.test(path) || /^[^/@:]+@[^/:]+:/.test(path);
}
