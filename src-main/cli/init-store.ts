import type { StoreFinding, StoreReport } from '../backends/backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { cleanUpFinding, tryStore } from '../compose/try-store.ts';
import { SyncError } from '../core/errors.ts';
import { credentialWords } from '../settings/s3-settings.ts';
import { protectionWords, sayFindings } from './findings.ts';
import type { Session } from './session.ts';

interface Wanted {
  readonly createBucket?: boolean;
  readonly cleanUpRule?: boolean;
  /** The user named a bucket that is not there, and wants it. */
  readonly isNew: boolean;
}

/** Makes the bucket if that is wanted, tries everything a sync does there, and tells how it behaves. Throws what does not work; then nothing was written. */
export async function checkStore(session: Session, place: S3Config, wanted: Wanted): Promise<StoreReport> {
  const { context, printer } = session;
  const { clock, random } = context.platform;
  if (wanted.createBucket === true || wanted.isNew) await context.stores.createBucket(place);
  const backend = await context.stores.open(place, { client: random.id() });
  try {
    printer.say(`Trying ${backend.id}, with ${credentialWords(place.credentials)} ...`);
    const { findings, report, error } = await tryStore(backend, { clock, id: random.id(), signal: context.interrupt });
    sayFindings(printer, findings);
    if (report === null) throw error;
    const bad = findings.find(({ verdict }) => verdict === 'bad');
    if (bad !== undefined) throw new SyncError('refused', bad.text, bad.fix === null ? {} : { hint: bad.fix });
    printer.say(`When two devices save one file at once: ${protectionWords(report.protection, backend.id)}`);
    const rule = await offerCleanUp(session, place, wanted.cleanUpRule ?? false);
    sayFindings(printer, rule);
    return { ...report, findings: [...findings, ...rule] };
  } finally {
    await backend.close();
  }
}

/** An upload that nobody finishes is paid for and seen nowhere: the bucket can give it up by itself. */
async function offerCleanUp({ context, printer }: Session, place: S3Config, isWanted: boolean): Promise<readonly StoreFinding[]> {
  const check = 'unfinished uploads';
  const known = cleanUpFinding(await context.stores.hasCleanUpRule(place, { signal: context.interrupt }));
  if (known !== null) return [known];
  const isAgreed =
    isWanted ||
    (context.ask !== null && !printer.json && /^y(es)?$/i.test((await context.ask('Add a rule to the bucket that gives up uploads nobody finished after 7 days? [y/N]: ')).trim()));
  if (!isAgreed) return [{ check, verdict: 'note', text: 'the bucket has no rule that gives them up', fix: 'Add one: file-sync init --clean-up-rule, or the provider’s console.' }];
  await context.stores.addCleanUpRule(place);
  return [{ check, verdict: 'good', text: 'a rule that gives them up after 7 days was added', fix: null }];
}
