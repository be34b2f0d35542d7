/** A native path for the screen: the home folder is written `~`. */
export function shownPath(path: string, homeDir: string): string {
  return path.startsWith(homeDir) && /^[/\\]/.test(path.slice(homeDir.length)) ? `~${path.slice(homeDir.length)}` : path;
}
