import { SyncError } from '../core/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { loadConfig, type Session } from './session.ts';
import { lengthArgument, timeWords } from './time-argument.ts';

/** Has the File Sync that owns the folder leave it alone: for so long, or until `resume`. */
export async function pauseCommand(session: Session, length: string | undefined): Promise<ExitCode> {
  const { printer, context } = session;
  const until = length === undefined ? null : context.platform.clock.now() + lengthArgument(length);
  return tellOwner(session, 'pause', async ({ pause }) => {
    await pause(until);
    printer.document({ command: 'pause', ok: true, exitCode: EXIT.inSync, until });
    printer.say(`Paused ${until === null ? 'until `file-sync resume`' : `until ${timeWords(until)}`}. A transfer in flight goes on where it was.`);
  });
}

export async function resumeCommand(session: Session): Promise<ExitCode> {
  const { printer } = session;
  return tellOwner(session, 'resume', async ({ resume }) => {
    await resume();
    printer.document({ command: 'resume', ok: true, exitCode: EXIT.inSync });
    printer.say('Syncing goes on.');
  });
}

async function tellOwner(session: Session, what: string, tell: (desk: NonNullable<Awaited<ReturnType<Session['context']['owner']>>>['desk']) => Promise<void>): Promise<ExitCode> {
  const { context } = session;
  const owner = await context.owner(await loadConfig(session), context.platform);
  if (owner === null)
    throw new SyncError('usage', `nothing runs for this folder that could ${what}`, {
      hint: '`file-sync watch`, a service or the app keeps a folder in sync; single commands just end.',
    });
  try {
    await tell(owner.desk);
    return EXIT.inSync;
  } finally {
    owner.close();
  }
}
