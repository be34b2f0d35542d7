/** What `file-sync://` links may say: show this folder. They come from anywhere, a web page too, so they never do more than that. */
export interface FolderLink {
  readonly pair: string;
}

export const LINK_SCHEME = 'file-sync';
const LINK = /^file-sync:\/\/folder\/([0-9a-f]{16})\/?$/i;
/** Longer ones are none of ours. */
const LONGEST = 64;

/** The first link among the arguments of a start; null for none, and for anything that is not exactly one. */
export function folderLink(argv: readonly unknown[]): FolderLink | null {
  for (const word of argv) {
    const pair = typeof word === 'string' && word.length <= LONGEST ? LINK.exec(word)?.[1] : undefined;
    if (pair !== undefined) return { pair: pair.toLowerCase() };
  }
  return null;
}
