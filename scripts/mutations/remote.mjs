// Bugs in how the tree lies on a store: conditions, kept versions, listings.
const TREE = 'src-main/remote/remote-tree-on-backend.ts';
const NO_MISS = 'what is replaced there was let go by a user, so nobody misses it';

/** @type {readonly import('./plant.mjs').Mutation[]} */
export const REMOTE = [
  {
    name: 'put-unconditional',
    breaks: 'L1: an upload replaces whatever is there',
    file: TREE,
    find: "condition: expect === null ? { kind: 'absent' } : { kind: 'match', version: expect },",
    replace: "condition: await this.#backend.stat(key, call).then((there) => (there === null ? { kind: 'absent' } : { kind: 'match', version: there.version })),",
    expected: 'simulation',
    quick: true,
  },
  {
    name: 'delete-unconditional',
    breaks: 'L1: a deletion removes whatever is there',
    file: TREE,
    find: "return kept === 'stale' ? { kind: 'stale' } : this.#backend.delete(key, { version, ...kept, ...call });",
    replace: `const now = await this.#backend.stat(key, call);
    return now === null ? { kind: 'done' } : this.#backend.delete(key, { version: now.version, ...(kept === 'stale' ? {} : kept), ...call });`,
    expected: 'simulation',
    quick: true,
  },
  {
    name: 'copy-unconditional',
    breaks: 'L1: a rename on the store replaces what is at the new name',
    file: TREE,
    find: "const copied = await this.#backend.copy(source, target, { condition: { kind: 'absent' }, meta, ...call });",
    replace: `const taken = await this.#backend.stat(target, call);
    const copied = await this.#backend.copy(source, target, { condition: taken === null ? { kind: 'absent' } : { kind: 'match', version: taken.version }, meta, ...call });`,
    expected: 'simulation',
  },
  {
    name: 'remote-move-source-deleted-though-changed',
    breaks: 'L1: a rename on the store removes its source although that is another version by then',
    file: TREE,
    find: 'if (there?.version === copied.version) await this.#backend.delete(source.key, { version, ...call });',
    replace: `const gone = there?.version === copied.version ? await this.#backend.delete(source.key, { version, ...call }) : null;
    const changed = gone?.kind === 'stale' ? await this.#backend.stat(source.key, call) : null;
    if (changed !== null) await this.#backend.delete(source.key, { version: changed.version, ...call });`,
    expected: 'simulation',
  },
  {
    name: 'replaced-object-not-kept-first',
    breaks: 'I4: what an upload replaces is not kept as a version',
    file: TREE,
    find: 'const kept = expect === null ? {} : await this.#keep(key, expect, call);',
    replace: 'const kept = {};',
    expected: 'tests',
    why: NO_MISS,
  },
  {
    name: 'removed-object-not-kept-first',
    breaks: 'I4: what is deleted on the store is not kept as a version',
    file: TREE,
    find: 'const kept = await this.#keep(key, version, call);',
    replace: 'const kept = {};',
    expected: 'tests',
    why: NO_MISS,
  },
  {
    name: 'read-of-any-version',
    breaks: 'L6: a download takes what is there now for the version that was planned',
    file: TREE,
    find: "this.#backend.get(keyOf(path, 'file'), { ifMatch: version, ...withSignal(signal) })",
    replace: "this.#backend.get(keyOf(path, 'file'), { ...withSignal(signal) })",
    expected: 'simulation',
  },
  {
    name: 'remote-change-not-seen',
    breaks: 'L3: an object that the base knows is believed unchanged whatever its version',
    file: 'src-main/remote/scan-remote.ts',
    find: "if (base?.version !== info.version || base.entry.kind === 'folder') return null;",
    replace: "if (base === undefined || base.entry.kind === 'folder') return null;",
    expected: 'simulation',
  },
  {
    name: 'unreadable-object-read-as-deleted',
    breaks: 'L8: an object that cannot be examined counts as gone',
    file: 'src-main/remote/scan-remote.ts',
    find: "problems.push({ path: leaf.path, side: 'remote', reason, subtree: false, detail });",
    replace: 'void [problems, reason, detail];',
    expected: 'tests',
    why: 'its store answers or cannot be reached at all',
  },
  {
    name: 'cut-body-examined',
    breaks: 'C52: a body that was cut off is hashed as if it were the object',
    file: 'src-main/remote/examine.ts',
    find: "if (length !== size) throw new SyncError('corrupt'",
    replace: "if (length > size) throw new SyncError('corrupt'",
    expected: 'tests',
    why: 'its store gives whole bodies',
  },
  {
    name: 'second-vault-made',
    breaks: 'I8: of two devices that set up a store at once, the second goes on with a vault of its own',
    file: 'src-main/remote/vault.ts',
    find: "if (made.kind === 'done') return id;",
    replace: 'if (made !== null) return id;',
    expected: 'simulation',
  },
  {
    name: 'sweep-removes-newest-version',
    breaks: 'I4: of too many kept versions the newest go',
    file: 'src-main/remote/versions.ts',
    find: 'b.name.toMs - a.name.toMs || b.name.fromMs - a.name.fromMs',
    replace: 'a.name.toMs - b.name.toMs || a.name.fromMs - b.name.fromMs',
    expected: 'tests',
    why: NO_MISS,
  },
  {
    name: 'sweep-removes-last-version',
    breaks: 'I4: the only kept version of an object goes when it is old',
    file: 'src-main/remote/versions.ts',
    find: 'return tooMany || (tooOld && !isNewest) ? [info] : [];',
    replace: 'return tooMany || tooOld ? [info] : [];',
    expected: 'tests',
    why: NO_MISS,
  },
];
