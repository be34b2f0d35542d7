// Bugs in the engine: what is written down when, and which looks come before a deed.
import { RARE } from './plant.mjs';

const EFFECTS = 'src-main/engine/effects.ts';
const EXECUTE = 'src-main/engine/execute.ts';
const CYCLE = 'src-main/engine/cycle.ts';
const PLACES = 'src-main/engine/places.ts';

/** @type {readonly import('./plant.mjs').Mutation[]} */
export const ENGINE = [
  {
    name: 'burst-forgotten-by-restart',
    breaks: 'I8: what went through lately is not written down, so whoever scrambles slowly while the program is started again is never held',
    file: 'src-main/engine/burst-ledger.ts',
    find: 'await this.#state.commit({ values: { [BURSTS_VALUE]: text === JSON.stringify(EMPTY) ? null : text } });',
    replace: '',
    expected: 'tests',
    tests: ['src-main/engine/deletions.test.ts'],
    why: 'nobody in it scrambles files',
  },
  {
    name: 'state-before-world',
    breaks: 'L7: the base says that a download is done before it is; after a crash the missing file looks deleted here, and is deleted for everybody',
    file: EXECUTE,
    find: 'const seen = await performWithRoom(action, op, ports, full);',
    replace: `if (action.kind === 'download') {
      await ports.recorder.note({ put: [[action.path, { entry: action.entry, stamp: null, version: action.version }]] });
      await ports.recorder.flush();
    }
    const seen = await performWithRoom(action, op, ports, full);`,
    expected: 'simulation',
    quick: true,
  },
  {
    name: 'own-upload-not-remembered',
    breaks: 'L4: what an upload made is never written to the base, so our own write is later taken for an edit of somebody else',
    file: EXECUTE,
    find: '{ ...seen, settled,',
    replace: "{ ...(action.kind === 'upload' ? {} : seen), settled,",
    expected: 'simulation',
    quick: true,
  },
  {
    name: 'no-upload-intent',
    breaks: 'L4: an upload is not written down before it is done',
    file: EFFECTS,
    find: "return [{ kind: 'remote-write', op, path: action.path, entry: action.entry }];",
    replace: 'return [];',
    expected: 'simulation',
    quick: true,
  },
  {
    name: 'no-download-intent',
    breaks: 'L4: a download is not written down before it is done',
    file: EFFECTS,
    find: "return [{ kind: 'local-write', op, path: action.path, entry: action.entry, version: action.version }];",
    replace: 'return [];',
    expected: 'simulation',
  },
  {
    name: 'no-remote-delete-intent',
    breaks: 'L1: a remote deletion is not written down; with its reply lost and the same content made anew, the file of the user goes',
    file: EFFECTS,
    find: "return [{ kind: 'remote-remove', op, path: action.path, version: action.version }];",
    replace: 'return [];',
    expected: 'tests',
    why: 'a user has to make the very same content anew there, and all contents differ',
  },
  {
    name: 'no-local-delete-intent',
    breaks: 'L1: a local deletion is not written down; after a crash, the same content made anew by another is deleted as if the user had',
    file: EFFECTS,
    find: "return [{ kind: 'local-remove', op, path: action.path, stamp: action.stamp }];",
    replace: 'return [];',
    expected: 'tests',
    why: 'a user has to make the very same content anew there, and all contents differ',
  },
  {
    name: 'no-move-intent',
    breaks: 'L4: a remote rename is not written down before it is done',
    file: EFFECTS,
    find: `      return [
        { kind: 'remote-write', op, path: action.to, entry: action.entry },
        { kind: 'remote-remove', op, path: action.path, version: action.version },
      ];`,
    replace: '      return [];',
    expected: 'simulation',
  },
  {
    name: 'intents-never-read',
    breaks: 'L4: intents are written, and never looked at after a crash',
    file: CYCLE,
    find: 'if (intents.length === 0) return world.base;',
    replace: 'if (intents.length >= 0) return world.base;',
    expected: 'simulation',
  },
  {
    name: 'intent-not-awaited',
    breaks: 'L7: the deed begins before its intent would survive a crash',
    file: 'src-main/engine/recorder.ts',
    find: 'if (intents.length > 0) await this.#state.begin(intents);',
    replace: 'if (intents.length > 0) void this.#state.begin(intents);',
    expected: 'tests',
    tests: ['src-main/engine/own-deeds.test.ts'],
    why: 'its state is written before the deed comes to its turn',
  },
  {
    name: 'commit-in-two-steps',
    breaks: 'L7: intents are settled in one commit and the base is written in the next; a crash between them loses both',
    file: 'src-main/engine/recorder.ts',
    find: 'if (batch.length > 0) await this.#state.commit(merge(batch));',
    replace: `if (batch.length === 0) return;
      const { settled, ...rest } = merge(batch);
      await this.#state.commit({ settled: settled ?? [] });
      await this.#state.commit(rest);`,
    expected: 'tests',
    why: RARE,
  },
  {
    name: 'absence-not-confirmed',
    breaks: 'I8: a path that a listing left out is deleted here without asking the store for it',
    file: EFFECTS,
    find: 'return (await ctx.remote.look(path, entry.kind, ctx.signal)) === null;',
    replace: 'return path !== null;',
    expected: 'tests',
    tests: ['src-main/engine/sync-engine.away.test.ts'],
    why: 'its store lists every key',
  },
  {
    name: 'stale-upload-taken-as-done',
    breaks: 'L1: an upload that lost against another device is remembered as done',
    file: EFFECTS,
    find: "if (done.kind === 'stale') return null;\n    ctx.world.setRemote(path, entry, done.version, ctx.device);\n    return { put:",
    replace:
      "if (done.kind === 'stale') return { put: [[path, ctx.world.agreed(path, entry, action.stamp, ctx.world.remote.get(path)?.version ?? action.stamp)]] };\n    ctx.world.setRemote(path, entry, done.version, ctx.device);\n    return { put:",
    expected: 'simulation',
  },
  {
    name: 'places-not-checked-before-deletions',
    breaks: 'I8: an unplugged drive in mid-cycle is not noticed before deletions are carried out',
    file: EXECUTE,
    find: 'if (deletes(action) && deletions++ % DELETIONS_BETWEEN_CHECKS === 0) await ports.checkPlaces();',
    replace: 'if (deletes(action)) deletions++;',
    expected: 'tests',
    tests: ['src-main/engine/own-deeds.test.ts'],
    why: 'its drives are never unplugged',
  },
  {
    name: 'places-not-checked-after-the-look',
    breaks: 'I8: what was seen counts although the place went away during the look',
    file: CYCLE,
    find: 'if (!request.dryRun) await ports.places.recheck(request.signal);',
    replace: '',
    expected: 'tests',
    why: 'its drives are never unplugged',
  },
  {
    name: 'vault-not-compared',
    breaks: 'I8: another store in the place of the known one is synced with, and what it lacks is deleted here',
    file: PLACES,
    find: 'if (there !== known) {',
    replace: 'if (there === known && there === null) {',
    expected: 'tests',
    tests: ['src-main/engine/sync-engine.away.test.ts'],
    why: 'its stores are never exchanged',
    quick: true,
  },
  {
    name: 'root-marker-not-compared',
    breaks: 'I8: the folder of another pair is taken for ours',
    file: PLACES,
    find: "if (marker !== known) throw replaced(this.#local.root, 'it belongs to another pair');",
    replace: '',
    expected: 'tests',
    why: 'its folders are never exchanged',
  },
  {
    name: 'lost-marker-made-anew',
    breaks: 'I8: an emptied or unmounted root is taken for an empty folder of the user',
    file: PLACES,
    find: 'if (marker === null) this.#refuseUnmarked();\n      if (marker !== known)',
    replace: 'if (marker === null) await this.#local.mark(known);\n      else if (marker !== known)',
    expected: 'tests',
    tests: ['src-main/engine/sync-engine.away.test.ts'],
    why: 'its folders are never unmounted',
  },
];
