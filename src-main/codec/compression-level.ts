import { DEFAULT_COMPRESSION_LEVEL, SETTING_LIMITS } from '../core/setting-limits.ts';

/** How hard what is written is compressed: 1 quick to 9 small, as gzip has them; FORMAT.md, "Frames", has figures. Readers need not know it. */
export const { min: MIN_LEVEL, max: MAX_LEVEL } = SETTING_LIMITS.compressionLevel;
export const DEFAULT_LEVEL = DEFAULT_COMPRESSION_LEVEL;
