import { describe } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { aside } from '../testing/tree-dsl.ts';

describe('first pairing is a union (C30, I11)', () => {
  tableOf([
    { name: 'C30 equal files are adopted without a transfer', local: 'a=1 d/b=2', remote: 'a=1 d/b=2', plan: ['adopt a', 'adopt d', 'adopt d/b'] },
    { name: 'C30 one-sided files go across, nothing is removed', local: 'a=1', remote: 'b=2', plan: ['upload a (new here)', 'download b (new on the other side)'] },
    { name: 'C30 different content at one name: both are kept', local: 'a.txt=1', remote: 'a.txt=2', plan: [`set-aside-local a.txt -> ${aside('a', '.txt')}`, 'download a.txt'] },
    {
      name: 'C30 an empty local side takes everything',
      remote: 'a=1 d/ e/f/g=2 l->a',
      plan: ['make-local-folder d', 'make-local-folder e', 'make-local-folder e/f', 'download a', 'download e/f/g', 'download l'],
    },
    {
      name: 'C30 an empty remote side takes everything',
      local: 'a=1 d/ e/f/g=2 l->a',
      plan: ['make-remote-folder d', 'make-remote-folder e', 'make-remote-folder e/f', 'upload a', 'upload e/f/g', 'upload l'],
    },
    { name: 'C30 two empty sides', plan: [] },
    { name: 'C30 same content elsewhere is no rename: nothing is removed', local: 'a=1', remote: 'b=1', plan: ['upload a', 'download b'] },
    { name: 'C30 mode bits of an equal file come from the store', local: 'a=1@600', remote: 'a=1@755', plan: ['set-local-mode a'] },
    { name: 'I11 a lost state store with a deletion pending brings the file back', local: 'a=1', remote: 'a=1 b=2', plan: ['adopt a', 'download b'] },
    {
      name: 'I11 file against folder: the folder keeps the name, the file steps aside',
      local: 'd=1',
      remote: 'd/x=2',
      plan: [`set-aside-local d -> ${aside('d')}`, 'make-local-folder d', 'download d/x'],
    },
    {
      name: 'I11 folder against file, the other way round',
      local: 'd/x=2',
      remote: 'd=1',
      plan: [`set-aside-remote d -> ${aside('d', '', 'desktop')}`, 'make-remote-folder d', 'upload d/x'],
    },
  ]);
});

describe('names for copies (C36)', () => {
  const long = 'x'.repeat(251);
  const umlauts = 'ü'.repeat(125);
  const emoji = '😀'.repeat(60);
  const mark = `.conflict-laptop-20260102-030405`;
  tableOf([
    {
      name: 'C36 the name is taken here',
      base: 'a=0',
      local: { a: '1', [aside('a')]: '9' },
      remote: 'a=2',
      plan: [`set-aside-local a -> ${aside('a')}-2`, 'download a', `upload ${aside('a')}`],
    },
    {
      name: 'C36 the name is taken there',
      base: 'a=0',
      local: 'a=1',
      remote: { a: '2', [aside('a')]: '9' },
      plan: [`set-aside-local a -> ${aside('a')}-2`, 'download a', `download ${aside('a')}`],
    },
    {
      name: 'C36 the name is known from the base',
      base: { a: '0', [aside('a')]: '9' },
      local: 'a=1',
      remote: 'a=2',
      plan: [`forget ${aside('a')}`, `set-aside-local a -> ${aside('a')}-2`, 'download a'],
    },
    {
      name: 'C36 two names are taken',
      base: 'a=0',
      local: { a: '1', [aside('a')]: '9', [`${aside('a')}-2`]: '8' },
      remote: 'a=2',
      plan: [`set-aside-local a -> ${aside('a')}-3`, 'download a', `upload ${aside('a')}`, `upload ${aside('a')}-2`],
    },
    {
      name: 'C36 a conflict of a conflict copy',
      base: { [aside('a', '.txt')]: '0' },
      local: { [aside('a', '.txt')]: '1' },
      remote: { [aside('a', '.txt')]: '2' },
      plan: [`set-aside-local ${aside('a', '.txt')} -> ${aside(aside('a'), '.txt')}`, `download ${aside('a', '.txt')}`],
    },
    {
      name: 'C36 in a folder',
      base: 'd/e/a.tar.gz=0',
      local: 'd/e/a.tar.gz=1',
      remote: 'd/e/a.tar.gz=2',
      plan: [`set-aside-local d/e/a.tar.gz -> ${aside('d/e/a.tar', '.gz')}`, 'download d/e/a.tar.gz'],
    },
    { name: 'C36 a hidden file has no extension', base: '.rc=0', local: '.rc=1', remote: '.rc=2', plan: [`set-aside-local .rc -> ${aside('.rc')}`, 'download .rc'] },
    {
      name: 'C36 a 255-byte name is cut',
      base: { [`${long}.txt`]: '0' },
      local: { [`${long}.txt`]: '1' },
      remote: { [`${long}.txt`]: '2' },
      plan: [`set-aside-local ${long}.txt -> ${'x'.repeat(255 - mark.length - 4)}${mark}.txt`, `download ${long}.txt`],
    },
    {
      name: 'C36 cut at a code point: two-byte letters',
      base: { [`${umlauts}.txt`]: '0' },
      local: { [`${umlauts}.txt`]: '1' },
      remote: { [`${umlauts}.txt`]: '2' },
      plan: [`set-aside-local ${umlauts}.txt -> ${'ü'.repeat(109)}${mark}.txt`, `download ${umlauts}.txt`],
    },
    {
      name: 'C36 S78 cut at a code point: emoji',
      base: { [`${emoji}.txt`]: '0' },
      local: { [`${emoji}.txt`]: '1' },
      remote: { [`${emoji}.txt`]: '2' },
      plan: [`set-aside-local ${emoji}.txt -> ${'😀'.repeat(54)}${mark}.txt`, `download ${emoji}.txt`],
    },
    {
      name: 'C36 two cut names that would be equal get numbers',
      base: { [`${long}a.b`]: '0', [`${long}c.b`]: '0' },
      local: { [`${long}a.b`]: '1', [`${long}c.b`]: '1' },
      remote: { [`${long}a.b`]: '2', [`${long}c.b`]: '2' },
      plan: [
        `set-aside-local ${long}a.b -> ${'x'.repeat(255 - mark.length - 2)}${mark}.b`,
        `set-aside-local ${long}c.b -> ${'x'.repeat(255 - mark.length - 4)}${mark}-2.b`,
        `download ${long}a.b`,
        `download ${long}c.b`,
      ],
    },
    {
      name: "C36 the other device's name is made safe",
      base: 'p=0',
      local: 'p/x=1',
      remote: 'p=2',
      remoteDevice: "Anna's PC / home",
      plan: ['set-aside-remote p -> p.conflict-Anna-s-PC-home-20260102-030405', 'make-remote-folder p', 'upload p/x'],
    },
    {
      name: 'C36 a file some other tool wrote has no device',
      base: 'p=0',
      local: 'p/x=1',
      remote: 'p=2',
      remoteDevice: null,
      plan: ['set-aside-remote p -> p.conflict-remote-20260102-030405', 'make-remote-folder p', 'upload p/x'],
    },
    {
      name: 'C37 the copy of a third device is one more new file',
      base: { a: '2', [aside('a', '', 'third')]: '3' },
      local: { a: '1', [aside('a', '', 'third')]: '3' },
      remote: { a: '4', [aside('a', '', 'third')]: '3' },
      plan: [`set-aside-local a -> ${aside('a')}`, 'download a'],
    },
  ]);
});
