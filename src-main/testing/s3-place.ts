/** Where the bucket of a test lies: nowhere, since nothing is asked of it. What opens it is added. */
export const S3_PLACE = {
  kind: 's3',
  bucket: 'photos',
  prefix: '',
  endpoint: null,
  region: null,
  forcePathStyle: null,
  proxy: null,
  caFile: null,
} as const;
