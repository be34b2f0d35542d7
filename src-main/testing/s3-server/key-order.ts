import type { Quirks } from './quirks.ts';

export type Compare = (a: string, b: string) => number;

export function keyOrder(order: Quirks['listOrder']): Compare {
  if (order === 'utf8') return compareUtf8;
  if (order === 'utf16') return compareUtf16;
  return (a, b) => compareUtf16(a.toLowerCase(), b.toLowerCase()) || compareUtf16(a, b);
}

function compareUtf16(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** By the bytes of UTF-8, which is by code point: as UTF-16, but that a surrogate is above all else. */
function compareUtf8(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    const [leftPair, rightPair] = [isSurrogate(left), isSurrogate(right)];
    if (leftPair !== rightPair) return leftPair ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
