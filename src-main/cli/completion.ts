import { SyncError } from '../core/errors.ts';
import type { Catalogue } from './catalogue.ts';
import { bashCompletion } from './complete-bash.ts';
import { fishCompletion } from './complete-fish.ts';
import { zshCompletion } from './complete-zsh.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Session } from './session.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (catalogue: Catalogue) => string>> = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Prints a script that completes commands, options and their values in a shell. */
export async function completionCommand({ printer }: Session, shell: string, catalogue: Catalogue): Promise<ExitCode> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined) throw new SyncError('usage', `there is no completion for ${shell}`, { hint: `It takes ${SHELLS.join(', ')}.` });
  const script = SCRIPTS[known](catalogue);
  printer.document({ command: 'completion', ok: true, exitCode: EXIT.inSync, shell: known, script });
  printer.say(script.trimEnd());
  return EXIT.inSync;
}
