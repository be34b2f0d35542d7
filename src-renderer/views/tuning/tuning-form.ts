import { useState } from 'react';
import { DEFAULT_TUNING, type Limits, type OwnTuning, TUNING_VARIABLES, type Tuning, type TuningKey, tuningOf, tuningVariables } from '../../../src-preload/contract/tuning.ts';

/** Settings to fill in: those of every folder over the standard, or those of one folder over every folder's. */
export interface TuningForm {
  readonly of: 'every' | 'folder';
  /** What counts where nothing is said here. */
  readonly base: Tuning;
  /** What counted before anything was changed here. */
  readonly before: Tuning;
  readonly own: OwnTuning;
  readonly now: Tuning;
  readonly isValid: boolean;
  set<K extends TuningKey>(key: K, value: Tuning[K]): void;
  /** Back to what counts without it. */
  reset(key: TuningKey): void;
  /** Whether what stands in a field means something. */
  judge(key: TuningKey, isGood: boolean): void;
}

/** For every folder: all of them over the standard. */
export function useEveryForm(every: Tuning): TuningForm {
  return useForm('every', DEFAULT_TUNING, differing(every));
}

export function useFolderForm(every: Tuning, own: OwnTuning): TuningForm {
  return useForm('folder', every, own);
}

function useForm(of: TuningForm['of'], base: Tuning, saved: OwnTuning): TuningForm {
  const [own, setOwn] = useState(saved);
  const [bad, setBad] = useState<ReadonlySet<TuningKey>>(new Set());
  const judge = (key: TuningKey, isGood: boolean): void => setBad((known) => new Set([...known].filter((other) => other !== key).concat(isGood ? [] : [key])));
  return {
    of,
    base,
    before: tuningOf(base, saved),
    own,
    now: tuningOf(base, own),
    isValid: bad.size === 0,
    set: (key, value) => {
      setOwn((known) => ({ ...known, [key]: value }));
      judge(key, true);
    },
    reset: (key) => {
      setOwn(({ [key]: _, ...rest }) => rest);
      judge(key, true);
    },
    judge,
  };
}

/** Whether the form says so itself. What every folder goes by is said by itself only where it is not the standard. */
export function isOwn({ of, base, own, now }: Pick<TuningForm, 'of' | 'base' | 'own' | 'now'>, key: TuningKey): boolean {
  if (of === 'folder') return own[key] !== undefined;
  const name = TUNING_VARIABLES[key];
  return tuningVariables(now)[name] !== tuningVariables(base)[name];
}

function differing(every: Tuning): OwnTuning {
  const [texts, standard] = [tuningVariables(every), tuningVariables(DEFAULT_TUNING)];
  const keys = (Object.keys(TUNING_VARIABLES) as TuningKey[]).filter((key) => texts[TUNING_VARIABLES[key]] !== standard[TUNING_VARIABLES[key]]);
  return Object.fromEntries(keys.map((key) => [key, every[key]]));
}

/** Whether two folders' own settings are the same, in whatever order. */
export function sameOwn(a: OwnTuning, b: OwnTuning): boolean {
  return (Object.keys(TUNING_VARIABLES) as TuningKey[]).every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

/** A number as it is shown: in units of so many, with so many decimals. Only a unit of one leaves fractions in what is set. */
export interface Scale {
  readonly unit: number;
  readonly decimals: number;
}

/** What was typed; `null` where it means nothing. */
export function readNumber(typed: number | string, { min, max }: Limits, { unit, decimals }: Scale): number | null {
  if (typed === '') return null;
  const shown = Number(typed);
  const places = 10 ** decimals;
  const steps = Math.round(shown * places);
  if (!Number.isFinite(shown) || Math.abs(steps - shown * places) > 1e-6) return null;
  const value = unit === 1 ? steps / places : Math.round(shown * unit);
  return value >= min && value <= max ? value : null;
}
