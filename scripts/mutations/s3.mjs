// Bugs in the S3 backend.
const CONDITIONAL = 'src-main/backends/s3/conditional.ts';
const BACKEND = 'src-main/backends/s3/s3-backend.ts';
const LINEAGE = 'src-main/backends/s3/lineage.ts';
const TOMBSTONES = 'src-main/backends/s3/tombstones.ts';
const WAYS = 'src-main/backends/s3/write-ways.ts';
const LARGE = 'its files are small';

/** @type {readonly import('./plant.mjs').Mutation[]} */
export const S3 = [
  {
    name: 's3-put-unconditional',
    breaks: 'I3: a put goes out without its condition',
    file: CONDITIONAL,
    find: 'const answer = await write.send(precondition);',
    replace: 'const answer = await write.send(undefined);',
    expected: 'simulation',
  },
  {
    name: 's3-lost-answer-is-stale',
    breaks: 'L4: a write whose answer was lost is taken for refused',
    file: CONDITIONAL,
    find: "if (own !== null) return { kind: 'done', version: versionOf(own) };",
    replace: "if (own !== null && answer.kind === 'done') return { kind: 'done', version: versionOf(own) };",
    expected: 'tests',
    why: 'the intent of the engine knows the deed as well',
  },
  {
    name: 's3-doubt-is-stale',
    breaks: 'L4: after an attempt without an answer a refusal counts as if nothing had been tried',
    file: CONDITIONAL,
    find: 'else if (doubt !== null) throw inDoubt(key, doubt);',
    replace: 'else if (doubt !== null) return STALE;',
    expected: 'tests',
    why: 'needs an attempt that took effect and was replaced at once',
  },
  {
    name: 's3-young-tombstone-taken-over',
    breaks: 'L1: a key is written while its deletion is still on its way',
    file: CONDITIONAL,
    find: 'if (now - object.lastModifiedMs > patienceWith(object, context))',
    replace: 'if (now - object.lastModifiedMs > -1)',
    expected: 'simulation',
  },
  {
    name: 's3-tombstone-read-as-file',
    breaks: 'L6: what stands for a deletion is fetched as a file',
    file: BACKEND,
    find: "return found.kind !== 'object';\n  }\n}",
    replace: "return found.kind === 'absent';\n  }\n}",
    expected: 'simulation',
  },
  {
    name: 's3-delete-unconditional',
    breaks: 'I3: where deletions are not judged, they are sent without a tombstone',
    file: WAYS,
    find: "ways.delete === 'enforced' ? removeConditional(this.#context, removal) : removeByTombstone(this.#context, this.tombstones, removal);",
    replace: "ways.delete === 'enforced' ? removeConditional(this.#context, removal) : removeBestEffort(this.#context, removal);",
    expected: 'simulation',
  },
  {
    name: 's3-copy-target-unclaimed',
    breaks: 'I3: where the target of a copy is not judged, a move overwrites what has just come there',
    file: WAYS,
    find: 'return to.startsWith(VERSIONS) ? bestEffort',
    replace: "return to !== '' ? bestEffort",
    expected: 'simulation',
  },
  {
    name: 's3-copy-source-unchecked',
    breaks: 'L1: where the source of a copy is not judged, what had come in between is kept under the name of the old',
    file: WAYS,
    find: "if (result.kind !== 'done' || ways.copySource === 'enforced' ||",
    replace: "if (result.kind !== 'done' || ways.copySource !== 'refused' ||",
    expected: 'simulation',
  },
  {
    name: 's3-lineage-not-looked-at',
    breaks: 'I10: in a bucket that only keeps versions, nobody looks what a write covered',
    file: LINEAGE,
    find: "if (judged.fitsBelow(below)) return { kind: 'stands', own };",
    replace: "if (below.length >= 0) return { kind: 'stands', own };",
    expected: 'simulation',
  },
  {
    name: 's3-tombstone-dropped-twice',
    breaks: 'L1: a deletion that was not answered is sent again',
    file: TOMBSTONES,
    find: "if (answer.kind !== 'done') await this.#leave(claim.key);",
    replace: "if (answer.kind !== 'done') await this.#context.api.delete(claim.key);",
    expected: 'tests',
    why: 'the first must come through late, after another device has made the file anew',
  },
  {
    name: 's3-version-without-second',
    breaks: 'L1: equal bytes are one version, whenever they were stored',
    file: 'src-main/backends/s3/token.ts',
    find: 'object.etag === etag && tokenOf(object).second === second;',
    replace: 'object.etag === etag && tokenOf(object).second >= 0 && second >= 0;',
    expected: 'tests',
    why: 'needs a deletion without an answer and an equal file made anew',
  },
  {
    name: 's3-part-not-on-record',
    breaks: 'C48: a finished part is sent again after a kill',
    file: 'src-main/backends/s3/multipart/part-sender.ts',
    find: 'if (session.parts.get(part.number)?.sha256 === part.sha256) return',
    replace: 'if (session.parts.size < 0) return',
    expected: 'tests',
    why: LARGE,
  },
  {
    name: 's3-copied-part-unproven',
    breaks: 'L6: where the source of a copied part is not judged, a part of a newer object gets into the new one',
    file: 'src-main/backends/s3/multipart/part-sender.ts',
    find: "(ways.copySource === 'enforced' || this.#isMd5(part, answer.etag))",
    replace: 'part.bytes.length > 0',
    expected: 'tests',
    why: LARGE,
  },
];
