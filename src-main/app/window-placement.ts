import type { Clock } from '../platform/clock.ts';
import { Countdown } from './countdown.ts';
import { type Area, askFor, type Point, type WindowPlace } from './window-place.ts';

/** So long after it is shown a window is where the system wants it. */
const APPEARS_WITHIN_MS = 1_000;

/** What it needs of a window. */
export interface PlacedWindow {
  getNormalBounds(): Area;
  isMaximized(): boolean;
  isMinimized(): boolean;
  isDestroyed(): boolean;
  maximize(): void;
}

export interface PlacementPorts {
  readonly window: PlacedWindow;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The place it was made for; null: the system chose. */
  readonly asked: Point | null;
  readonly isMaximized: boolean;
}

/** Follows where a window is, so that the next one opens there. */
export class WindowPlacement {
  readonly #ports: PlacementPorts;
  readonly #appears: Countdown;
  #appeared: Point | null = null;
  #isShown = false;
  #isMaximized: boolean;

  constructor(ports: PlacementPorts) {
    const { window, clock, isMaximized } = ports;
    this.#ports = ports;
    this.#isMaximized = isMaximized;
    this.#appears = new Countdown(clock, APPEARS_WITHIN_MS, () => {
      if (!window.isDestroyed()) this.#appeared = window.getNormalBounds();
    });
  }

  /** It is on the screen. Only then it is maximised, since that alone would show it. */
  shown(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    if (this.#isMaximized) this.#ports.window.maximize();
    this.#appears.begin();
  }

  /** Of a window that can be seen or is minimised; a hidden one does not tell reliably. */
  get now(): WindowPlace {
    const { window, asked } = this.#ports;
    const { width, height, x, y } = window.getNormalBounds();
    // A minimised one is as it was before, and one that was never shown as it is to be.
    if (this.#isShown && !window.isMinimized()) this.#isMaximized = window.isMaximized();
    return { width, height, ...askFor({ x, y }, asked, this.#appeared), isMaximized: this.#isMaximized };
  }

  /** The user, or the system, made it so. */
  becameMaximized(isMaximized: boolean): void {
    this.#isMaximized = isMaximized;
  }

  end(): void {
    this.#appears.callOff();
  }
}
