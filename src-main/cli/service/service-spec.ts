/** A program that the system starts with the user's session, and again when it fails. */
export interface ServiceSpec {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** For people, one line. */
  readonly description: string;
  /** The program and its arguments, absolute. */
  readonly command: readonly string[];
  /** Where it is started. */
  readonly folder: string;
}

/** Exit codes after which it is of no use to start again: the settings are wrong until somebody corrects them. */
export const HOPELESS = [2];
/** Ended by a signal that asked for it. */
export const ASKED_TO_END = 130;
export const RESTART_SECONDS = 30;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text in XML. */
export function xml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
