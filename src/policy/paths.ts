/** Host paths compared by their segments. */

/** Whether `path` is `folder` or lies below it. Both are absolute and normalised. */
export function isPathWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
