import { join } from 'node:path';
import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { diskPath } from './disk-path.ts';

it.each([
  ['linux', 'a/b:c', ['a', 'b:c']],
  ['linux', 'a\\b', ['a\\b']],
  ['win32', 'a/b:c', ['a', 'b%3Ac']],
  ['win32', 'a/..\\..\\x.bat', ['a', '..%5C..%5Cx.bat']],
  ['win32', 'a/con', ['a', '%63on']],
])('C17 C62 on %s %j lies at %j', (platform, path, names) => {
  expect(diskPath('/root', relPath(path), platform)).toBe(join('/root', ...names));
});
