import type { PairSettings } from '../../core/settings.ts';
import type { PartRules } from '../../local/part-file.ts';
import type { Profile } from '../s3-server/quirks.ts';
import type { SimEvent, Weights } from './sim-event.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly devices: number;
  /** A bucket in memory, a folder on a simulated disk, or the S3 backend on a simulated server, every call or request on which is a step of its own. */
  readonly store: 'bucket' | 'folder' | 's3';
  /** The store is a vault that encrypts, and with `hidden` names too. Left out: a plain one. */
  readonly sealed?: 'plain names' | 'hidden names';
  /** It begins in the open and is switched to that in mid-history (`switch`): the command is run, killed, and run again. */
  readonly switched?: 'plain names' | 'hidden names';
  /** S3 servers to choose from, by what they honour. */
  readonly servers?: readonly Profile[];
  /** How many things happen, and how often each kind. */
  readonly acts: number;
  readonly weights: Weights;
  /** `one`: only the first user acts, so there is nothing to disagree about, whatever fails (L4). `apart`: each in a folder of their own, so nobody ever meets. */
  readonly writers: 'all' | 'one' | 'apart';
  /** `unpaired`: all begin with a tree grown from one, each changed a little, and meet for the first time (I11). `synced`: the same, but what they began with was synced before. */
  readonly start: 'empty' | 'unpaired' | 'synced';
  /** Chance that a call to the store fails, half of them after it took effect. */
  readonly storeFaults: number;
  /** A bucket with ways and moods of its own: what it can do and how it fails; unless `truthful`, listings that lie and requests that come through late, too. */
  readonly moods: 'none' | 'truthful' | 'any';
  /** Chance that a call to a device's disk fails. */
  readonly diskFaults: number;
  /** Every device's disk has its own ways: case, normal forms, coarse times, no inode numbers, no links, no modes. */
  readonly oddDisks: boolean;
  /** Clocks that are wrong by up to years. */
  readonly skew: boolean;
  /** A step takes up to so many ms of virtual time. */
  readonly stepMs: number;
  /** When nothing is under way, some device syncs; else everybody rests until the next event. */
  readonly restless: boolean;
  /** Which downloads go on where an earlier try was cut off. Left out: none is large enough. Given: bodies come in pieces of one byte, so that they can be cut off. */
  readonly parts?: PartRules;
  /** In the end all devices watch, and must agree by what they tell each other, or by the next full listing. Left out: they only sync one after the other. */
  readonly watchers?: 'word' | 'listing';
  readonly settings?: Partial<PairSettings>;
  /** Instead of those drawn from the seed. */
  readonly events?: readonly SimEvent[];
  /** The process that took the step with this number (from 1) dies right after it. */
  readonly crashAfter?: readonly number[];
}

export interface SimulationResult {
  /** Laws broken, in words; empty is good. */
  readonly failures: readonly string[];
  readonly events: readonly SimEvent[];
  readonly acts: readonly string[];
  readonly trace: readonly string[];
  /** The same seed gives the same hash, or the engine reaches for time or chance that was not given to it. */
  readonly traceHash: string;
  readonly steps: number;
  readonly crashes: number;
  readonly conflictCopies: number;
  /** Syncs, one after the other, until all were quiet. */
  readonly rounds: number;
}
