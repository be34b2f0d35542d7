/** The table of S3 providers: plain data that main process and window share. */
export { asPrefix, endpointOf, presetOf, S3_PRESET_IDS, S3_PRESETS, type S3Preset, type S3PresetId } from '../../src-main/settings/s3-presets.ts';
