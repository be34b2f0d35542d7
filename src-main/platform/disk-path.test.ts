import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { diskPath } from './disk-path.ts';

it.each([
  ['linux', 'a/b:c', '/root/a/b:c'],
  ['linux', 'a\\b', '/root/a\\b'],
  ['win32', 'a/b:c', '/root/a/b%3Ac'],
  ['win32', 'a/..\\..\\x.bat', '/root/a/..%5C..%5Cx.bat'],
  ['win32', 'a/con', '/root/a/%63on'],
])('C17 C62 on %s %j lies at %j', (platform, path, disk) => {
  expect(diskPath('/root', relPath(path), platform)).toBe(disk);
});
