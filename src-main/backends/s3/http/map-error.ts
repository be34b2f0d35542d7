import { type ErrorCode, SyncError } from '../../../core/errors.ts';
import { type Call, type Fault, headerOf } from './call.ts';
import { textOf } from './xml.ts';

/** What advice has to name. */
export interface Place {
  readonly bucket: string;
  readonly host: string;
  readonly region: string;
  /** The store's clock is so far ahead of this device's. */
  readonly skewMs: number;
}

type Told = readonly [code: ErrorCode, message: string, hint: string];
type Teller = (place: Place, call: Call, fault: Fault) => Told;

const wrongKeys: Teller = ({ host }, _call, { code }) => [
  'refused',
  code === 'SignatureDoesNotMatch' ? `${host} does not accept the secret key` : `${host} does not know the access key`,
  'Check access key and secret key, and that they belong to this store.',
];
const expired: Teller = () => ['refused', 'the credentials have expired', 'Sign in again (aws sso login), or set new keys.'];
const denied: Teller = ({ bucket }, call, fault) => {
  const action = deniedAction(fault) ?? call.action;
  const hint = `Allow ${action} on ${call.key === null ? `the bucket ${bucket}` : `this key of the bucket ${bucket}`}, in the policy of the credentials or of the bucket.`;
  return call.key === null ? ['refused', `${action} is not allowed on the bucket ${bucket}`, hint] : ['no-permission', `${action} is not allowed on ${call.key}`, hint];
};
const closed: Teller = ({ bucket }) => ['refused', `all access to the bucket ${bucket} is disabled`, 'The account or the bucket is suspended: ask its provider.'];
const skewed: Teller = ({ host, skewMs }) => [
  'refused',
  `the clock of this device is off: ${Math.round(Math.abs(skewMs) / 60_000)} minutes ${skewMs < 0 ? 'ahead of' : 'behind'} ${host}`,
  'Set the clock of this device.',
];
const noBucket: Teller = ({ bucket, host }) => [
  'remote-missing',
  `there is no bucket ${bucket} at ${host}`,
  'Check its name and the endpoint, or create it. Nothing is deleted here.',
];
const otherRegion: Teller = ({ bucket, region }, _call, fault) => {
  const right = regionNamed(fault);
  return ['config', `the bucket ${bucket} is not in the region ${region}`, right === null ? 'Set the region the bucket is in, or its endpoint.' : `Set the region ${right}.`];
};
const badBucketName: Teller = ({ bucket }) => ['config', `${bucket} is no name of a bucket`, 'Check the bucket: its name alone, without s3:// and folder.'];
const full: Teller = ({ bucket }) => ['quota', `the store takes no more into ${bucket}: the quota is used up`, 'Make room, or raise the quota.'];
const tooLarge: Teller = (_place, call) => ['not-supported', `the store takes no object as large as ${call.key}`, 'Objects of this size have to be left out.'];
const busy: Teller = ({ host }) => ['throttled', `${host} wants fewer requests`, 'It is tried again later.'];
const nameTooLong: Teller = (_place, call) => ['name-too-long', `the store does not take names as long as ${call.key}`, 'Shorten the name or that of a folder above it.'];
const badName: Teller = (_place, call) => ['name-not-allowed', `the store does not take the name ${call.key}`, 'Rename it.'];
const locked: Teller = (_place, call) => [
  'no-permission',
  `the store keeps ${call.key ?? 'it'} as it is: it is locked, or the operation is not allowed`,
  'A lock, a legal hold or a retention rule of the bucket forbids it.',
];
const damaged: Teller = ({ host }) => ['unreachable', `what was sent arrived damaged at ${host}`, 'It is tried again; something on the way changes bytes.'];
const unknownOperation: Teller = ({ host }, call) => ['not-supported', `${host} does not know this operation (${call.action})`, 'The store lacks a part of S3.'];

const BY_CODE: Readonly<Record<string, Teller>> = {
  AccessDenied: denied,
  AccountProblem: closed,
  AllAccessDisabled: closed,
  AuthorizationHeaderMalformed: otherRegion,
  BadDigest: damaged,
  EntityTooLarge: tooLarge,
  ExpiredToken: expired,
  IllegalLocationConstraintException: otherRegion,
  IncompleteBody: damaged,
  InsufficientCapacity: full,
  InsufficientStorage: full,
  InvalidAccessKeyId: wrongKeys,
  InvalidBucketName: badBucketName,
  InvalidObjectName: badName,
  InvalidObjectState: locked,
  InvalidToken: expired,
  InvalidURI: badName,
  KeyTooLongError: nameTooLong,
  MethodNotAllowed: locked,
  NoSuchBucket: noBucket,
  NotImplemented: unknownOperation,
  ObjectLocked: locked,
  PermanentRedirect: otherRegion,
  QuotaExceeded: full,
  RequestTimeTooSkewed: skewed,
  SignatureDoesNotMatch: wrongKeys,
  SlowDown: busy,
  TemporaryRedirect: otherRegion,
  TokenRefreshRequired: expired,
  TooManyRequests: busy,
  XAmzContentSHA256Mismatch: damaged,
  XMinioInvalidObjectName: badName,
  XMinioStorageFull: full,
};
const BY_STATUS: Readonly<Record<number, Teller>> = {
  301: otherRegion,
  307: otherRegion,
  401: wrongKeys,
  403: denied,
  405: locked,
  423: locked,
  429: busy,
  501: unknownOperation,
  507: full,
};

/** What a refusal of the store means for the user, and what to do about it. It repeats no text of the answer: that may hold what was signed. */
export function faultError(fault: Fault, call: Call, place: Place): SyncError {
  const [code, message, hint] = (BY_CODE[fault.code] ?? BY_STATUS[fault.status] ?? otherFault)(place, call, fault);
  return new SyncError(code, message, { hint, cause: new Error(`${fault.status} ${fault.code} ${headerOf(fault.headers, 'x-amz-request-id') ?? ''}`.trim()) });
}

function otherFault({ host }: Place, call: Call, { status, code, isSigned }: Fault): Told {
  const text = `${host} answered ${`${status} ${code}`.trim()} (${call.action}${call.key === null ? '' : ` on ${call.key}`})`;
  if (status >= 500 || status < 400) return ['unreachable', text, 'The store has trouble of its own; it is tried again.'];
  if (!isSigned) return ['unreachable', text, 'Something else seems to answer in its place: check the endpoint, and proxies on the way.'];
  return call.key === null ? ['refused', text, 'See what the store says about this error.'] : ['io', text, 'See what the store says about this error.'];
}

/** AWS names it in its text: `is not authorized to perform: s3:GetObject on resource`. */
function deniedAction({ xml }: Fault): string | null {
  return /perform:? (s3:\w+)/.exec(xml === null ? '' : (textOf(xml, 'Message') ?? ''))?.[1] ?? null;
}

/** Where the bucket is, when an answer tells. */
export function regionNamed({ xml, headers }: Fault): string | null {
  const named = headerOf(headers, 'x-amz-bucket-region') ?? (xml === null ? undefined : textOf(xml, 'Region'));
  return named === undefined || !/^[a-z\d-]{2,40}$/.test(named.trim()) ? null : named.trim();
}
