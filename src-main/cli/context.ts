import type { StoreTools } from '../compose/store.ts';
import type { ComposeOptions, Pair, Platform } from '../compose.ts';
import type { AppEnd, Owner } from '../control/control-client.ts';
import type { Keychain } from '../keychain/keychain.ts';
import type { Config } from '../settings/settings.ts';
import type { RunProgram } from './run-program.ts';

/** A stream of text for people or programs. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width in characters. */
  columns(): number;
}

/** Everything a command touches; comes in by argument, so that tests run commands in their own process. */
export interface CliContext {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asks the user for a line; null where nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Asks for a line that is not shown while it is typed. */
  readonly askSecret: ((question: string) => Promise<string>) | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: Platform;
  readonly compose: (config: Config, platform: Platform, options: ComposeOptions) => Promise<Pair>;
  /** The process that owns the folder and hears commands; null where there is none. */
  readonly owner: (config: Config, platform: Platform) => Promise<Owner | null>;
  /** The desktop app of this user; null where it does not run. */
  readonly app: (platform: Platform) => Promise<AppEnd | null>;
  readonly stores: StoreTools;
  readonly keychain: Keychain;
  /** Fires at the first SIGINT or SIGTERM. */
  readonly interrupt: AbortSignal;
  readonly version: string;
  /** How this very program is started: Node and the script. */
  readonly self: readonly string[];
  readonly run: RunProgram;
}
