import { SyncError } from '../core/errors.ts';
import { awsProfiles } from '../settings/aws-profiles.ts';
import { endpointOf, presetOf, S3_PRESET_IDS, S3_PRESETS } from '../settings/s3-presets.ts';
import { readConfig } from '../settings/settings.ts';
import { printable } from './format.ts';
import { type Asker, type Given, type InitFlags, presetId, type Values } from './init-questions.ts';
import type { Session } from './session.ts';

/** The questions about a bucket: provider, credentials, bucket, folder in it. Fills `values`. */
export async function askAboutBucket(session: Session, flags: InitFlags, values: Values, asker: Asker | null): Promise<Given> {
  if (asker !== null && flags.provider === undefined && values.S3_ENDPOINT === undefined && values.S3_BUCKET === undefined) await askProvider(session, values, asker);
  const keep = await credentials(session, flags, values, asker);
  const isNewBucket = values.S3_BUCKET === undefined && asker !== null ? await askBucket(session, values, asker) : false;
  if (asker !== null && values.S3_PREFIX === undefined) {
    const prefix = await asker.text('Folder in the bucket (empty: the whole bucket)', '');
    if (prefix !== '') values.S3_PREFIX = prefix;
  }
  return { values, keep, isNewBucket };
}

async function askProvider({ printer }: Session, values: Values, asker: Asker): Promise<void> {
  for (const { id, name, protection } of S3_PRESETS) printer.say(`  ${id.padEnd(13)} ${name}: ${protection}`);
  const preset = presetOf(presetId(await asker.choose('Provider', S3_PRESET_IDS, 'aws')));
  if (preset.endpoint !== null) {
    const whole = preset.endpoint === '' ? { endpoint: await asker.text('Address (https://…)') } : {};
    const region = values.AWS_REGION ?? (preset.regionHint === null ? preset.region : await asker.text(`Region (${preset.regionHint})`, preset.region));
    const account = preset.accountHint === null ? {} : { account: await asker.text(preset.accountHint) };
    values.AWS_REGION = region;
    values.S3_ENDPOINT = endpointOf(preset, { ...whole, region, ...account }) ?? '';
  } else values.AWS_REGION ??= await asker.text(`Region (${preset.regionHint})`, preset.region);
  if (preset.forcePathStyle !== null) values.S3_FORCE_PATH_STYLE ??= String(preset.forcePathStyle);
}

const PLACES = ['keychain', 'file'] as const;

/** Where the credentials come from; keys that are typed, or are to be kept, become values. */
async function credentials(session: Session, { keepKeys }: InitFlags, values: Values, asker: Asker | null): Promise<'keychain' | 'file'> {
  const keep = PLACES.find((place) => place === keepKeys);
  if (keepKeys !== undefined && keep === undefined) throw new SyncError('usage', '--keep-keys takes keychain or file');
  if (values.AWS_PROFILE !== undefined || values.S3_KEYCHAIN !== undefined) return 'file';
  const { env } = session.context;
  if (keep !== undefined && env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY']) {
    takeKeys(values, env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN'] ?? '');
    return keep;
  }
  if (keep !== undefined && asker === null)
    throw new SyncError('usage', '--keep-keys needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment', {
      hint: 'Set both for this one command, or run it on a terminal and type them.',
    });
  return asker === null ? 'file' : askCredentials(session, values, asker, keep);
}

async function askCredentials(session: Session, values: Values, asker: Asker, keep: 'keychain' | 'file' | undefined): Promise<'keychain' | 'file'> {
  const { context, printer } = session;
  const profiles = await awsProfiles(context.platform);
  if (profiles.length > 0) printer.say(`Profiles in ~/.aws: ${profiles.map(printable).join(', ')}`);
  const hasEnv = Boolean(context.env['AWS_ACCESS_KEY_ID']);
  const words = [...profiles, ...(hasEnv ? ['environment'] : []), 'keys'];
  const answer =
    keep === undefined ? await asker.choose(`Credentials: ${words.join(', ')}${words.length > 1 ? '' : ' (typed now, not shown)'}`, words, words[0] ?? 'keys') : 'keys';
  if (profiles.includes(answer)) values.AWS_PROFILE = answer;
  if (answer !== 'keys' || profiles.includes(answer)) return 'file';
  if (context.askSecret === null) throw new SyncError('usage', 'keys cannot be typed here', { hint: 'Put them into the environment and add --keep-keys keychain or file.' });
  const id = await asker.text('Access key id');
  takeKeys(
    values,
    id,
    (await context.askSecret('Secret access key (not shown): ')).trim(),
    (await context.askSecret('Session token (not shown; empty if there is none): ')).trim(),
  );
  return (
    keep ?? ((await asker.choose('Keep the keys in the system’s keychain, or in the settings file (readable by you alone)', PLACES, 'keychain')) === 'file' ? 'file' : 'keychain')
  );
}

function takeKeys(values: Values, id: string, key: string, token: string): void {
  values.AWS_ACCESS_KEY_ID = id;
  values.AWS_SECRET_ACCESS_KEY = key;
  if (token !== '') values.AWS_SESSION_TOKEN = token;
}

/** Shows the buckets there are, if that is permitted. True when the user wants one that is not among them. */
async function askBucket({ context, printer }: Session, values: Values, asker: Asker): Promise<boolean> {
  // Asking for the list needs everything but the name.
  const { backend } = readConfig({
    flags: { ...values, S3_BUCKET: 'any' },
    env: {},
    file: null,
    cwd: context.cwd,
    hostname: 'any',
    resolve: (_, path) => path,
    dirname: () => '.',
  });
  const buckets = backend.kind === 's3' ? await context.stores.buckets(backend) : null;
  if (buckets !== null && buckets.length > 0) printer.say(`Buckets: ${buckets.map(printable).join(', ')}`);
  const name = await asker.text(buckets === null ? 'Bucket' : 'Bucket (one of these, or a new name)');
  values.S3_BUCKET = name;
  return buckets !== null && !buckets.includes(name) && (await asker.isAgreed(`There is no bucket ${printable(name)} in this account. Create it?`));
}
