import type { StoreFinding, StoreReport } from '../backends/backend.ts';
import { tryStore } from '../compose/try-store.ts';
import { SyncError } from '../core/errors.ts';
import { backendDocument, credentialWords } from '../settings/s3-settings.ts';
import type { Config } from '../settings/settings.ts';
import { folderFindings, stateFindings, watchFindings } from './doctor-machine.ts';
import { EXIT, type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { protectionWords, sayFindings } from './findings.ts';
import { configFile, loadConfig, lookerName, type Session, settingsWarnings } from './session.ts';
import { vaultFindings } from './vault-words.ts';

/** Looks at everything a sync needs, and says of each what is wrong and what to do. Makes a throw-away file and object and leaves nothing. */
export async function doctorCommand(session: Session): Promise<ExitCode> {
  const { context, printer } = session;
  const config = await loadConfig(session, { isQuiet: true });
  const settings = await settingsFindings(session, config);
  const folder = await folderFindings(config, context.platform);
  const machine = [...(await stateFindings(config, context.platform)), ...(folder.some(isBad) ? [] : await watchFindings(config.source, context.platform))];
  for (const findings of [settings, folder, machine]) sayFindings(printer, findings);
  const store = await storeFindings(session, config);
  sayFindings(printer, store.findings);
  if (store.report !== null) printer.say(`When two devices save one file at once: ${protectionWords(store.report.protection, store.id)}`);
  const exitCode = codeOf(folder, store, machine);
  const findings = [...tagged('settings', settings), ...tagged('folder', folder), ...tagged('machine', machine), ...tagged('store', store.findings)];
  printer.document({
    command: 'doctor',
    ok: exitCode === EXIT.inSync,
    exitCode,
    source: config.source,
    backend: backendDocument(config.backend),
    protection: store.report?.protection ?? null,
    findings,
  });
  const warnings = findings.filter(({ verdict }) => verdict === 'warning').length;
  printer.say(
    exitCode !== EXIT.inSync
      ? printer.style.red('Something is wrong: see the lines marked BAD.')
      : warnings > 0
        ? printer.style.yellow('Works, with warnings.')
        : printer.style.green('All well.'),
  );
  return exitCode;
}

async function settingsFindings(session: Session, config: Config): Promise<readonly StoreFinding[]> {
  const { fs } = session.context.platform;
  const file = configFile(session);
  const text = (await fs.lstat(file)) === null ? 'complete, from the environment and the command line' : `${file} is complete`;
  return [
    { check: 'settings', verdict: 'good', text, fix: null },
    ...(await settingsWarnings(session, config)).map(({ text: warning, fix }) => ({ check: 'settings', verdict: 'warning', text: warning, fix }) as const),
    ...(config.backend.kind === 's3' ? [{ check: 'credentials', verdict: 'note', text: credentialWords(config.backend.credentials), fix: null } as const] : []),
  ];
}

interface StoreLook {
  readonly findings: readonly StoreFinding[];
  readonly report: StoreReport | null;
  readonly error: SyncError | null;
  /** Of the backend; empty when it could not be opened. */
  readonly id: string;
}

async function storeFindings(session: Session, config: Config): Promise<StoreLook> {
  const { context } = session;
  const { clock, random } = context.platform;
  try {
    const backend = await context.stores.open(config.backend, { client: await lookerName(session, config, 'doctor') });
    try {
      const look = await tryStore(backend, { clock, id: random.id(), signal: context.interrupt });
      const vault = look.error === null ? await vaultFindings(session, config, backend) : [];
      return { ...look, id: backend.id, findings: [{ check: 'store', verdict: 'note', text: backend.id, fix: null }, ...look.findings, ...vault] };
    } finally {
      await backend.close();
    }
  } catch (error) {
    if (!(error instanceof SyncError) || error.code === 'aborted') throw error;
    return { findings: [{ check: 'store', verdict: 'bad', text: error.message, fix: error.hint ?? null }], report: null, error, id: '' };
  }
}

/** The settings and the folder go first, as they would in a sync; then the store, then this machine. */
function codeOf(folder: readonly StoreFinding[], store: StoreLook, machine: readonly StoreFinding[]): ExitCode {
  if (folder.some(isBad)) return EXIT.usage;
  if (store.error !== null) return exitCodeOfError(store.error.code);
  if (store.findings.some(isBad)) return EXIT.unreachable;
  return machine.some(isBad) ? EXIT.failed : EXIT.inSync;
}

function isBad({ verdict }: StoreFinding): boolean {
  return verdict === 'bad';
}

function tagged(area: string, findings: readonly StoreFinding[]): readonly (StoreFinding & { readonly area: string })[] {
  return findings.map((finding) => ({ area, ...finding }));
}
