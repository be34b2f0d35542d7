/** The table of S3 providers and the policy of a place: plain data that main process and window share. */
export { iamPolicy, takesBack } from '../../src-main/settings/iam-policy.ts';
export { asPrefix, endpointOf, presetOf, S3_PRESET_IDS, S3_PRESETS, type S3Preset, type S3PresetId } from '../../src-main/settings/s3-presets.ts';
