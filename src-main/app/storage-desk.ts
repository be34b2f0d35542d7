import type { ImportedStorage, S3Place, SignIn, TargetChoice } from '../../src-preload/contract/storage.ts';
import { SyncError } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readText } from '../platform/text-file.ts';
import { awsProfiles } from '../settings/aws-profiles.ts';
import { parseEnvFile } from '../settings/env-file.ts';
import { asPrefix } from '../settings/s3-presets.ts';
import type { FolderTokens } from './folder-tokens.ts';
import { HeldKeys } from './held-keys.ts';
import type { ChosenSignIn } from './pair-keys.ts';
import type { S3Plan, TargetPlan } from './pair-plan.ts';
import { shownPath } from './shown-path.ts';
import { VaultDesk } from './vault-desk.ts';

/** A settings file is a page or two. */
const LARGEST_FILE = 262_144;

/** What a dialog for storage needs from the main process: it turns the tokens a window has into paths and keys, and lets go of them when the dialog is done. */
export class StorageDesk {
  readonly held: HeldKeys;
  readonly vaults: VaultDesk;
  readonly #tokens: FolderTokens;
  readonly #platform: Platform;

  constructor(tokens: FolderTokens, platform: Platform) {
    this.#tokens = tokens;
    this.#platform = platform;
    this.held = new HeldKeys(platform.random);
    this.vaults = new VaultDesk(platform);
  }

  profiles(): Promise<readonly string[]> {
    return awsProfiles(this.#platform);
  }

  signIn(signIn: SignIn): ChosenSignIn {
    return signIn.kind === 'profile' ? signIn : { kind: 'keys', keys: this.held.keys(signIn.token) };
  }

  plan({ signIn, caFile, ...place }: S3Place): S3Plan {
    return { kind: 's3', ...place, caFile: caFile === null ? null : this.#tokens.path(caFile), signIn: this.signIn(signIn) };
  }

  target(choice: TargetChoice): TargetPlan {
    if (choice.kind === 'folder') return { kind: 'local', folder: this.#tokens.path(choice.folder) };
    const { kind: _, ...place } = choice;
    return this.plan(place);
  }

  /** Reads a settings file as the command line does (docs/configuration.md). Its keys are held, and answered as a token. */
  async importFrom(file: string): Promise<ImportedStorage> {
    const { fs } = this.#platform;
    const stat = await fs.lstat(await fs.realPath(file));
    if (stat === null || stat.kind !== 'file' || stat.size > LARGEST_FILE) throw notSettings(file);
    const { values } = parseEnvFile(await readText(fs, file));
    const value = (name: string): string | null => values.get(name)?.value.trim() || null;
    const [accessKeyId, secretAccessKey] = [value('AWS_ACCESS_KEY_ID'), value('AWS_SECRET_ACCESS_KEY')];
    const prefix = value('S3_PREFIX');
    const keys = accessKeyId === null || secretAccessKey === null ? null : this.held.hold({ accessKeyId, secretAccessKey, sessionToken: value('AWS_SESSION_TOKEN') });
    const place = {
      endpoint: value('S3_ENDPOINT'),
      region: value('AWS_REGION'),
      bucket: value('S3_BUCKET'),
      prefix: prefix === null ? null : asPrefix(prefix),
      profile: value('AWS_PROFILE'),
    };
    if (keys === null && Object.values(place).every((part) => part === null)) throw notSettings(file);
    return { file: shownPath(file, this.#platform.home.homeDir), ...place, keys };
  }

  forgetAll(): void {
    this.held.forgetAll();
    this.vaults.forgetAll();
    this.#tokens.forgetAll();
  }
}

/** Says nothing of what is in it. */
function notSettings(file: string): SyncError {
  return new SyncError('config', `${file} holds no settings of a bucket`, { path: file, hint: 'Choose a file with lines such as S3_BUCKET=… and AWS_ACCESS_KEY_ID=…' });
}
