/** How hard what is written is compressed: 1 quick to 9 small, as gzip has them; FORMAT.md, "Frames", has figures. Readers need not know it. */
export const MIN_LEVEL = 1;
export const MAX_LEVEL = 9;
export const DEFAULT_LEVEL = 3;
