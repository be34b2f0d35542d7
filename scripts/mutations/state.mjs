// Bugs in what is remembered.
const OTHER_STATE = 'it keeps its state in memory';

/** @type {readonly import('./plant.mjs').Mutation[]} */
export const STATE = [
  {
    name: 'state-change-not-one-transaction',
    breaks: 'L7: a crash in the middle of a commit leaves half of it',
    file: 'src-main/state/sqlite-store.ts',
    find: "        this.#db.exec('BEGIN IMMEDIATE');\n        change();\n        this.#db.exec('COMMIT');",
    replace: '        change();',
    expected: 'tests',
    tests: ['src-main/state/sqlite-store.test.ts'],
    why: OTHER_STATE,
  },
  {
    name: 'state-not-synced',
    breaks: 'L7: an intent may be lost in a power cut though its deed was done',
    file: 'src-main/state/sqlite-open.ts',
    find: 'PRAGMA synchronous = FULL;',
    replace: 'PRAGMA synchronous = NORMAL;',
    expected: 'tests',
    tests: ['src-main/state/sqlite-store.test.ts'],
    why: OTHER_STATE,
  },
  {
    name: 'settled-intent-stays',
    breaks: 'L1: an intent is never forgotten, and explains away a later edit',
    file: 'src-main/state/sqlite-store.ts',
    find: 'for (const op of change.settled ?? []) run.settle.run(op);',
    replace: '',
    expected: 'tests',
    why: OTHER_STATE,
  },
  {
    name: 'newer-state-opened',
    breaks: 'C50: a state of a newer version is read as if it were ours',
    file: 'src-main/state/sqlite-open.ts',
    find: 'if (version > schema.version) {',
    replace: 'if (version > schema.version && version < 0) {',
    expected: 'tests',
    tests: ['src-main/state/sqlite-store.test.ts'],
    why: OTHER_STATE,
  },
  {
    name: 'damaged-state-believed',
    breaks: 'C49: a damaged state is used as it is',
    file: 'src-main/state/sqlite-open.ts',
    find: "if (version < 1 || verdict?.[0] !== 'ok') throw",
    replace: "if (version < 1 && verdict?.[0] !== 'ok') throw",
    expected: 'tests',
    tests: ['src-main/state/sqlite-store.test.ts'],
    why: OTHER_STATE,
  },
  {
    name: 'second-engine-let-in',
    breaks: 'C60: two engines work on one folder with one state',
    file: 'src-main/state/lock.ts',
    find: "guard.exec('BEGIN IMMEDIATE');",
    replace: '',
    expected: 'tests',
    why: 'each of its devices runs one engine at a time',
  },
];
