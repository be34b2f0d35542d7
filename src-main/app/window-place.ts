import type { Settings } from './settings-schema.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** How a window opens; without a place the system chooses one. */
export type Opening = Area | { readonly width: number; readonly height: number; readonly x?: never; readonly y?: never };

/** Where the window is and how large, as the settings keep it: while it is maximised, as it is otherwise. Without `x` and `y` the system chooses. */
export type WindowPlace = NonNullable<Settings['window']>;

/** What can be taken hold of with the mouse: of the strip at the top of a window so much has to be in sight. */
const STRIP_HEIGHT = 40;
const LEAST_IN_SIGHT = { width: 120, height: 20 };

/** A system moves a window by its frame at most so far; what is more is another place. */
const WIDEST_FRAME = 100;

/** Where a window opens that was at a place before. One that no display shows any more opens where the system wants it, as large as it was. */
export function openingBounds({ width, height, x, y }: WindowPlace, workAreas: readonly Area[]): Opening {
  if (x === null || y === null) return { width, height };
  const strip = { x, y, width, height: STRIP_HEIGHT };
  return workAreas.some((area) => isInSight(strip, area)) ? { x, y, width, height } : { width, height };
}

/** Where to open a window so that it is where it is now. Some systems put one a little beside the place it was `asked` for, by its frame; unless that is taken off, it wanders with every start. `appeared`: where it was put; null: not known yet. */
export function askFor(now: Point, asked: Point | null, appeared: Point | null): Point {
  if (asked === null) return now;
  if (appeared === null) return asked;
  const [x, y] = [appeared.x - asked.x, appeared.y - asked.y];
  return Math.max(Math.abs(x), Math.abs(y)) > WIDEST_FRAME ? now : { x: now.x - x, y: now.y - y };
}

function isInSight(strip: Area, area: Area): boolean {
  return shared(strip.x, strip.width, area.x, area.width) >= LEAST_IN_SIGHT.width && shared(strip.y, strip.height, area.y, area.height) >= LEAST_IN_SIGHT.height;
}

function shared(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}
