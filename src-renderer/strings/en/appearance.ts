import type { Contrast, Motion } from '../../../src-preload/contract/desktop.ts';

export const appearance = {
  contrast: 'Contrast',
  contrasts: { system: 'Like the system', high: 'High' } satisfies Record<Contrast, string>,
  motion: 'Movement',
  motions: { system: 'Like the system', reduced: 'As little as possible' } satisfies Record<Motion, string>,
} as const;
