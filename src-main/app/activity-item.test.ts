import { describe, expect, it } from 'vitest';
import { UNDONE } from '../compose/user-word.ts';
import { decide } from '../core/decide.ts';
import type { Base, Hash, Local, Remote, Stamp, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { BROUGHT_BACK } from '../engine/revised-activity.ts';
import { activityItem } from './activity-item.ts';

const file = (text: string) => ({ kind: 'file', size: 1, hash: text as Hash, mtimeNs: 0n, mode: null }) as const;
const path = relPath('a');
const base: Base = { entry: file('old'), stamp: 's' as Stamp, version: 'v' as Version };
const here: Local = { entry: file('new'), stamp: 't' as Stamp, fileId: null };
const there: Remote = { entry: file('new'), version: 'w' as Version, op: null, device: null, storedAtMs: null };
const record = (what: string, reason: string) => ({ at: 1, path: 'a', to: null, what, outcome: 'done', reason, bytes: 0 }) as const;

describe('activity as a window shows it', () => {
  it('knows a deletion that an edit stood against, by what the planner says of it', () => {
    const sent = decide(path, base, here, undefined);
    const fetched = decide(path, base, undefined, there);
    expect([sent?.kind, fetched?.kind]).toEqual(['push', 'pull']);
    expect(activityItem('p', record('upload', sent?.reason ?? '')).story).toBe('edit-here-survived');
    expect(activityItem('p', record('download', fetched?.reason ?? '')).story).toBe('edit-there-survived');
    expect(activityItem('p', { ...record('download', fetched?.reason ?? ''), outcome: 'failed' }).story).toBeUndefined();
    expect(activityItem('p', record('download', 'edited on the other side'))).toEqual({ pair: 'p', ...record('download', 'edited on the other side') });
  });

  it('knows what a restore or an undo did, whichever way it went', () => {
    const story = (what: string, reason: string) => activityItem('p', record(what, reason)).story;
    expect(['download', 'upload', 'move-remote', 'remove-remote'].map((what) => story(what, BROUGHT_BACK))).toEqual(['brought-back', 'brought-back', 'brought-back', 'gave-way']);
    expect(['upload', 'make-remote-folder', 'remove-remote-folder'].map((what) => story(what, UNDONE))).toEqual(['undone', 'undone', 'undone-removal']);
  });

  it('keeps how often and why something failed', () => {
    expect(activityItem('p', { ...record('upload', 'x'), outcome: 'failed', code: 'io', tries: 4 })).toMatchObject({ code: 'io', tries: 4 });
  });
});
