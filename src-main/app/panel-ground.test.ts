import { expect, it } from 'vitest';
import { panelGround } from './panel-ground.ts';

it.each([
  ['linux', 'XFCE', false, 'light'],
  ['linux', 'KDE', true, 'dark'],
  ['linux', 'ubuntu:GNOME', false, 'dark'],
  ['linux', undefined, false, 'light'],
  ['win32', undefined, true, 'dark'],
] as const)('on %s with %s, system dark %s: %s', (platform, desktop, dark, ground) => {
  expect(panelGround(platform, desktop, dark)).toBe(ground);
});
