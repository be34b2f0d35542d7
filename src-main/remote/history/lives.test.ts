import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { relPath } from '../../core/rel-path.ts';
import type { KeptKind } from '../version-name.ts';
import { hadMarker, type KeptObject, livesFrom, momentOf, needsLiveAfter, type PathHistory } from './lives.ts';

const v = (text: string): Version => text as Version;

function kept(kind: KeptKind, fromMs: number, toMs: number, afterMs: number | null, revision = `r${fromMs}`): KeptObject {
  return { key: `k/${fromMs}~${toMs}`, version: v('x'), size: 1, name: { folder: 'k/', kind, fromMs, toMs, revision, afterMs } };
}
const live = (storedAtMs: number, revision = `r${storedAtMs}`) => ({ key: 'p', version: v(revision), size: 1, storedAtMs });
const history = (all: readonly KeptObject[], now: PathHistory['live'] = null, marker: PathHistory['marker'] = null): PathHistory => ({
  path: relPath('p'),
  live: now,
  marker,
  kept: [...all],
});

/** The moments of some instants, in short. */
function moments(lives: ReturnType<typeof livesFrom>, ...instants: readonly number[]): readonly string[] {
  return instants.map((at) => {
    const moment = momentOf(lives, at);
    return moment.kind === 'life' ? `${moment.life.fromMs}${moment.sure ? '' : '?'}` : moment.kind;
  });
}

describe('the lives of a path', () => {
  it('each begins in the instant in which the one it replaced ends, whenever that was kept', () => {
    const lives = livesFrom(history([kept('content', 10, 15, 0), kept('content', 20, 29, 10)], live(30)), 20);
    expect(moments(lives, 9, 10, 17, 19, 20, 29, 30, 999)).toEqual(['nothing', '10', '10', '10', '20', '20', '30', '30']);
    expect(lives.map(({ ended }) => ended)).toEqual(['replaced', 'replaced', 'is-there']);
  });

  it('a removal ends one, and what came later began with nothing', () => {
    const lives = livesFrom(history([kept('content', 10, 15, 0)], live(30)), 0);
    expect(moments(lives, 14, 15, 29, 30)).toEqual(['10', 'nothing', 'nothing', '30']);
    expect(lives[0]?.ended).toBe('removed');
  });

  it('a rename ends one, by its record', () => {
    expect(livesFrom(history([kept('moved', 10, 15, 0)]), null)).toMatchObject([{ kind: 'moved', fromMs: 10, untilMs: 15, ended: 'moved', before: 'nothing' }]);
  });

  it('what retention took out in between and before is said to have been there', () => {
    const lives = livesFrom(history([kept('content', 10, 15, 5), kept('content', 40, 45, 30)]), null);
    expect(moments(lives, 3, 12, 20, 42, 45)).toEqual(['expired', '10', 'expired', '40', 'nothing']);
  });

  it('what another program did without a word is not known', () => {
    const lives = livesFrom(history([kept('content', 10, 15, 0)], live(30)), null);
    expect(moments(lives, 14, 20, 30)).toEqual(['10', '10?', '30']);
    expect(moments(livesFrom(history([], live(30)), null), 20)).toEqual(['30?']);
  });

  it('one that is still there was not replaced, whatever was kept before somebody tried', () => {
    const lives = livesFrom(history([kept('content', 10, 12, 0), kept('moved', 10, 14, 0)], live(10)), 0);
    expect(lives).toMatchObject([{ kind: 'live', fromMs: 10, untilMs: null }]);
  });

  it('one kept twice counts once, with its later end, its content before the record of its move', () => {
    const twice = [kept('content', 10, 12, 0), kept('moved', 10, 20, 0), kept('content', 10, 14, 0)];
    expect(livesFrom(history(twice), null)).toMatchObject([{ kind: 'content', untilMs: 14, ended: 'removed' }]);
  });

  it('the live object is asked what it replaced only where that tells an instant', () => {
    const of = history([kept('content', 10, 15, 0)], live(30));
    expect([5, 12, 15, 29, 30, 40].map((at) => needsLiveAfter(of, at))).toEqual([false, false, true, true, false, false]);
    expect(needsLiveAfter(history([], { ...live(30), afterMs: 0 }), 5)).toBe(false);
  });
});

describe('folders', () => {
  it('were there while they had a marker', () => {
    const of = history([kept('folder', 10, 20, null)], null, live(30));
    expect([9, 10, 19, 20, 29, 30].map((at) => hadMarker(of, at))).toEqual([false, true, true, false, false, true]);
  });

  it('whose removal came to nothing were never gone', () => {
    const of = history([kept('folder', 10, 20, null)], null, live(10));
    expect([9, 10, 25].map((at) => hadMarker(of, at))).toEqual([false, true, true]);
  });
});
