import { CONFLICT_POLICIES } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import { endpointOf, presetOf, S3_PRESET_IDS, type S3PresetId } from '../settings/s3-presets.ts';
import type { VariableName } from '../settings/variables.ts';
import { askAboutBucket } from './init-bucket-questions.ts';
import type { Session } from './session.ts';

export interface InitFlags {
  readonly deviceName?: string;
  readonly conflictResolution?: string;
  readonly force?: boolean;
  readonly create?: boolean;
  readonly provider?: string;
  readonly account?: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly awsProfile?: string;
  readonly pathStyle?: boolean;
  readonly keepKeys?: string;
  readonly createBucket?: boolean;
  readonly cleanUpRule?: boolean;
  readonly showPolicy?: boolean;
  readonly encrypt?: boolean;
  readonly encryptNames?: boolean;
  readonly compress?: boolean;
  /** False: none is wanted. */
  readonly recoverySheet?: string | false;
  readonly keepSecret?: string;
}

export type Values = Partial<Record<VariableName, string>>;

export interface Given {
  readonly values: Values;
  /** Where keys that were typed, or found in the environment, are to stay. */
  readonly keep: 'keychain' | 'file';
  /** The user named a bucket that is not there, and wants it. */
  readonly isNewBucket: boolean;
}

/** What the options say and, on a terminal, what the user answers to the rest. */
export async function askAbout(session: Session, flags: InitFlags, set: Values): Promise<Given> {
  const values: Values = { BACKEND_TYPE: isBucket(flags) ? 's3' : 'local', ...ofFlags(flags), ...set };
  if (values.BACKEND_TYPE?.toLowerCase() === 'local') checkNoBucketFlags(flags);
  const canAsk = session.context.ask !== null && !session.printer.json && flags.showPolicy !== true;
  const isOpen = canAsk && !isBucket(flags) && set.BACKEND_TYPE === undefined && set.BACKUP_DIR === undefined;
  const asker = canAsk ? new Asker(session, values) : null;
  if (flags.showPolicy !== true) await asker?.need('WATCH_DIR', 'Folder to keep in sync');
  if (isOpen)
    values.BACKEND_TYPE =
      (await asker?.choose('Where is its backup: folder (another disk, a NAS, a USB drive) or s3 (a bucket)', ['folder', 's3'], 'folder')) === 's3' ? 's3' : 'local';
  const given = values.BACKEND_TYPE === 's3' ? await askAboutBucket(session, flags, values, asker) : { values, keep: 'file' as const, isNewBucket: false };
  if (values.BACKEND_TYPE !== 's3') await asker?.need('BACKUP_DIR', 'Backup folder (on another disk, a NAS or a USB drive)');
  if (flags.showPolicy === true) values.WATCH_DIR ??= '.';
  await asker?.need('DEVICE_NAME', 'Name of this device', session.context.platform.home.hostname);
  await asker?.need('CONFLICT_RESOLUTION', `When both sides changed a file (${CONFLICT_POLICIES.join(', ')})`, 'keep_both');
  return given;
}

const OF_A_BUCKET = {
  '--account': 'account',
  '--prefix': 'prefix',
  '--endpoint': 'endpoint',
  '--region': 'region',
  '--aws-profile': 'awsProfile',
  '--path-style': 'pathStyle',
  '--keep-keys': 'keepKeys',
  '--create-bucket': 'createBucket',
  '--clean-up-rule': 'cleanUpRule',
} as const satisfies Readonly<Record<string, keyof InitFlags>>;

/** What would do nothing was meant for something. */
function checkNoBucketFlags(flags: InitFlags): void {
  const given = Object.entries(OF_A_BUCKET).filter(([, name]) => flags[name] !== undefined);
  if (given.length > 0)
    throw new SyncError('usage', `${given.map(([flag]) => flag).join(', ')}: only a bucket has that, and the backup here is a folder`, {
      hint: 'Add --backend s3 --bucket NAME for a bucket; else leave it out.',
    });
}

function isBucket(flags: InitFlags): boolean {
  return flags.bucket !== undefined || flags.provider !== undefined;
}

function ofFlags({ deviceName, conflictResolution, bucket, prefix, region, awsProfile, endpoint, pathStyle, provider, account, ...flags }: InitFlags): Values {
  const preset = provider === undefined ? null : presetOf(presetId(provider));
  const own =
    preset === null
      ? (endpoint ?? null)
      : endpointOf(preset, { ...(endpoint === undefined ? {} : { endpoint }), region: region ?? preset.region, ...(account === undefined ? {} : { account }) });
  const style = pathStyle ?? preset?.forcePathStyle ?? null;
  const where = region ?? (preset === null || preset.endpoint === null ? undefined : preset.region);
  return {
    ...(deviceName === undefined ? {} : { DEVICE_NAME: deviceName }),
    ...(conflictResolution === undefined ? {} : { CONFLICT_RESOLUTION: conflictResolution }),
    ...(bucket === undefined ? {} : { S3_BUCKET: bucket }),
    ...(prefix === undefined ? {} : { S3_PREFIX: prefix }),
    ...(own === null ? {} : { S3_ENDPOINT: own }),
    ...(where === undefined ? {} : { AWS_REGION: where }),
    ...(awsProfile === undefined ? {} : { AWS_PROFILE: awsProfile }),
    ...(style === null ? {} : { S3_FORCE_PATH_STYLE: String(style) }),
    ...(flags.encrypt === true || flags.encryptNames === true ? { ENCRYPTION_ENABLED: 'true' } : {}),
    ...(flags.encryptNames === true ? { ENCRYPT_NAMES: 'true' } : {}),
    ...(flags.compress === true ? { COMPRESSION_ENABLED: 'true' } : {}),
  };
}

export function presetId(text: string): S3PresetId {
  const found = S3_PRESET_IDS.find((id) => id === text.trim().toLowerCase());
  if (found === undefined) throw new SyncError('usage', `--provider: ${text} is not known`, { hint: `Known are ${S3_PRESET_IDS.join(', ')}; docs/s3.md says more of each.` });
  return found;
}

/** Asks for values that are not there yet. */
export class Asker {
  readonly #ask: (question: string) => Promise<string>;
  readonly #values: Values;

  constructor({ context }: Session, values: Values) {
    if (context.ask === null) throw new SyncError('internal', 'nobody can be asked');
    this.#ask = context.ask;
    this.#values = values;
  }

  async need(name: VariableName, question: string, fallback: string | null = null): Promise<void> {
    if (this.#values[name] === undefined) this.#values[name] = await this.text(question, fallback);
  }

  /** Asks until something is answered. */
  async text(question: string, fallback: string | null = null): Promise<string> {
    for (;;) {
      const answer = (await this.#ask(`${question}${fallback === null || fallback === '' ? '' : ` [${fallback}]`}: `)).trim() || fallback;
      if (answer !== null) return answer;
    }
  }

  /** Asks until one of the words is answered. */
  async choose(question: string, words: readonly string[], fallback: string): Promise<string> {
    for (;;) {
      const answer = await this.text(question, fallback);
      const found = words.find((word) => word.toLowerCase() === answer.toLowerCase());
      if (found !== undefined) return found;
    }
  }

  async isAgreed(question: string): Promise<boolean> {
    return /^y(es)?$/i.test((await this.#ask(`${question} [y/N]: `)).trim());
  }
}
