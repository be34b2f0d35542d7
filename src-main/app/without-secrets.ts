const HIDDEN = '[left out]';

/** What a secret looks like where it has no business to be: keys of AWS, long random words, what follows a telling name, credentials in an address, signed queries. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}\b/g, HIDDEN],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, HIDDEN],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+(?::[^\s/@]*)?@/gi, `$1${HIDDEN}@`],
  [/\b((?:x-amz-)?(?:signature|credential|security-token|authorization))=[^\s&"']+/gi, `$1=${HIDDEN}`],
  [/\b(authorization|x-amz-security-token)(["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi, `$1$2${HIDDEN}`],
  [
    /\b([\w.-]*(?:secret|passphrase|password|passwd|token|access_?key(?:_?id)?|encryption_?key|private_?key|recovery)[\w.-]*)(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi,
    `$1$2${HIDDEN}`,
  ],
  [/\bpassphrase:\S+/gi, HIDDEN],
  // 32 bytes in hexadecimal or base64, and AWS secret keys; a hash of a content looks alike, and is as well left out.
  [/(?<![A-Za-z0-9+/=_-])[A-Fa-f0-9]{40,}(?![A-Za-z0-9+/=_-])/g, HIDDEN],
  [
    /(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/=_-]*[0-9])(?=[A-Za-z0-9+/=_-]*[A-Z])(?=[A-Za-z0-9+/=_-]*[a-z])(?![A-Za-z0-9_-]*\/[^+=]*\/[^+=]*\/)[A-Za-z0-9+/_-]{36,}={0,2}(?![A-Za-z0-9+/=_-])/g,
    HIDDEN,
  ],
];

/** The text without what looks like a secret. The last line of defence: nothing is written here that is known to be one. */
export function withoutSecrets(text: string): string {
  return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), text);
}
