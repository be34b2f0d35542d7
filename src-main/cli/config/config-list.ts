import { SyncError } from '../../core/errors.ts';
import { gatherSettings, suggestion } from '../../settings/gather-settings.ts';
import { isSecret, isVariable, VARIABLES, type VariableName } from '../../settings/variables.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../format.ts';
import { type Session, settingsSources } from '../session.ts';

const HIDDEN = '(set, not shown)';

/** What counts and where it comes from. Faults are listed beside it: this is the command to look for them with. Exit code 2 when there are some. */
export async function configListCommand(session: Session): Promise<ExitCode> {
  const { printer } = session;
  const { sources, folder } = await settingsSources(session);
  const { given, faults: found } = gatherSettings(sources);
  const settings = [...given].map(([name, { text, where }]) => ({ name, value: isSecret(name) ? null : text, secret: isSecret(name), from: where, fault: faultOf(name, text) }));
  const faults = [...found, ...settings.flatMap(({ name, from, fault }) => (fault === null ? [] : [`${name} (${from}) ${fault}`]))];
  const exitCode = faults.length === 0 ? EXIT.inSync : EXIT.usage;
  const file = sources.file?.path ?? null;
  printer.document({
    command: 'config list',
    ok: exitCode === EXIT.inSync,
    exitCode,
    file,
    folder: folder?.id ?? null,
    settings: settings.map(({ fault: _, ...setting }) => setting),
    faults,
  });
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  for (const { name, value, from } of settings) printer.say(`${name.padEnd(width)}  ${printable(value ?? HIDDEN)}  ${printer.style.dim(`(${printable(from)})`)}`);
  if (settings.length === 0) printer.say('Nothing is set: `file-sync init` writes a settings file, `file-sync config set NAME VALUE` a single setting.');
  for (const fault of faults) printer.warn(`fault: ${printable(fault)}`);
  return exitCode;
}

/** The bare value, for scripts. */
export async function configGetCommand(session: Session, text: string): Promise<ExitCode> {
  const { printer } = session;
  const name = settingName(text);
  const found = gatherSettings((await settingsSources(session)).sources).given.get(name);
  const exitCode = found === undefined ? EXIT.failed : EXIT.inSync;
  const value = found === undefined || isSecret(name) ? null : found.text;
  printer.document({ command: 'config get', ok: exitCode === EXIT.inSync, exitCode, name, value, secret: isSecret(name), from: found?.where ?? null });
  if (found === undefined) printer.warn(`${name} is not set`);
  else printer.say(value === null ? HIDDEN : printable(value));
  return exitCode;
}

/** A name as it was typed; small letters are fine. */
export function settingName(text: string): VariableName {
  const name = text.toUpperCase();
  if (isVariable(name)) return name;
  throw new SyncError('usage', `${text} is not a known setting${suggestion(text)}`, { hint: 'docs/configuration.md lists every setting.' });
}

/** What is wrong with a value, in words that do not repeat it; null: nothing. */
export function faultOf(name: VariableName, text: string): string | null {
  const result = VARIABLES[name].safeParse(text);
  return result.success ? null : (result.error.issues[0]?.message ?? 'is malformed');
}
