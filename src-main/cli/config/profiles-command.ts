import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../format.ts';
import { allProfiles } from '../profiles.ts';
import type { Session } from '../session.ts';

export async function profilesCommand({ context, printer }: Session): Promise<ExitCode> {
  const profiles = await allProfiles(context.platform);
  printer.document({
    command: 'profiles',
    ok: true,
    exitCode: EXIT.inSync,
    profiles: profiles.map((profile) => {
      const { name, kind, source, backup } = profile;
      return { name, kind, source, backup, ...(profile.kind === 'app' ? { id: profile.folder.id } : { file: profile.file }) };
    }),
  });
  const width = Math.max(0, ...profiles.map(({ name }) => name.length));
  for (const { name, kind, source, backup } of profiles)
    printer.say(
      `${printer.style.bold(printable(name).padEnd(width))}  ${kind === 'app' ? 'app ' : 'file'}  ${printable(source ?? 'no folder yet')} with ${printable(backup ?? 'no backup yet')}`,
    );
  if (profiles.length === 0) printer.say('There is none: `file-sync init --profile NAME` writes one, and a folder of the desktop app is one.');
  return EXIT.inSync;
}
