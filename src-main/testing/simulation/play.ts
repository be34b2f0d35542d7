import { SHAPES, type Shape } from './shapes.ts';
import { simulate } from './simulation.ts';

export interface PlayOptions {
  /** Part of the names of the shapes to play; '' for all. */
  readonly shape: string;
  readonly firstSeed: number;
  /** Seeds go up by it, so that several players share them out. */
  readonly stride: number;
  /** Ends after so many rounds of all shapes, or when `until` says so. */
  readonly rounds: number;
  readonly until: () => boolean;
  readonly onFailure: (failure: Failure) => void;
}

export interface Failure {
  readonly name: string;
  readonly shape: Shape;
  readonly seed: number;
  readonly failures: readonly string[];
}

export interface Tally {
  readonly histories: number;
  readonly steps: number;
  readonly deaths: number;
}

/** Plays one history of each shape, then the next seed, until told to stop. */
export async function play(options: PlayOptions): Promise<Tally> {
  const shapes = Object.entries(SHAPES).filter(([name]) => name.includes(options.shape));
  let [histories, steps, deaths] = [0, 0, 0];
  for (let round = 0; round < options.rounds; round++) {
    const seed = options.firstSeed + round * options.stride;
    for (const [name, shape] of shapes) {
      if (options.until()) return { histories, steps, deaths };
      const result = await simulate({ seed, ...shape });
      histories++;
      steps += result.steps;
      deaths += result.crashes;
      if (result.failures.length > 0) options.onFailure({ name, shape, seed, failures: result.failures });
    }
  }
  return { histories, steps, deaths };
}
