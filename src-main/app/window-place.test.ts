import { describe, expect, it } from 'vitest';
import { askFor, openingBounds } from './window-place.ts';

const ONE = { x: 0, y: 25, width: 1920, height: 1055 };
const LEFT = { x: -1280, y: 0, width: 1280, height: 1024 };
const SIZE = { width: 900, height: 700 };

describe('a window opens where it was', () => {
  it.each([
    ['on the display', [300, 200], [ONE], true],
    ['on a display to the left', [-1200, 100], [ONE, LEFT], true],
    ['on a display that is gone', [-1200, 100], [ONE], false],
    ['across two displays', [-400, 100], [ONE, LEFT], true],
    ['half out of sight, where it can be taken hold of', [1700, 800], [ONE], true],
    ['with too little of it in sight', [1850, 800], [ONE], false],
    ['with its upper edge below the display', [300, 1070], [ONE], false],
    ['with its upper edge a little above', [300, 15], [ONE], true],
    ['with its upper edge out of reach', [300, -50], [ONE], false],
    ['where there is no display', [300, 200], [], false],
  ] as const)('%s', (_, [x, y], areas, isShown) => {
    expect(openingBounds({ ...SIZE, x, y, isMaximized: false }, areas)).toEqual(isShown ? { ...SIZE, x, y } : SIZE);
  });

  it('as large as it was, where nobody knows its place', () => {
    expect(openingBounds({ ...SIZE, x: null, y: null, isMaximized: true }, [ONE])).toEqual(SIZE);
  });
});

describe('the place to ask for', () => {
  it.each([
    ['where it is, if none was asked for', [10, 40], null, [10, 40], [10, 40]],
    ['the one that was asked for, if it has not appeared yet', [0, 0], [10, 40], null, [10, 40]],
    ['the same again for a window that nobody moved, whatever its frame', [12, 65], [10, 40], [12, 65], [10, 40]],
    ['where it was moved, without the frame', [112, 165], [10, 40], [12, 65], [110, 140]],
    ['where it is, if the system put it somewhere else', [500, 300], [10, 40], [500, 300], [500, 300]],
  ] as const)('is %s', (_, now, asked, appeared, expected) => {
    const point = (pair: readonly [number, number] | null) => (pair === null ? null : { x: pair[0], y: pair[1] });
    expect(askFor({ x: now[0], y: now[1] }, point(asked), point(appeared))).toEqual(point(expected));
  });
});
