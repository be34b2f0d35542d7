import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { SyncError } from '../../../core/errors.ts';
import { type Call, type Fault, headerOf, type Lost, type Outcome } from './call.ts';
import { parseXml, textOf, type XmlNode } from './xml.ts';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty where the body was left unread. */
  readonly text: string;
  readonly stream: Readable | null;
}

/** Tells the store's answers from those of whoever else sits on the line: sign-in pages, proxies, half answers. */
export function judge(call: Pick<Call, 'proof'>, answer: RawAnswer): Outcome {
  if (answer.status < 300) return judgeSuccess(call, answer);
  if (answer.text === '') return fault(answer, null);
  const xml = parseXml(answer.text.trimStart());
  return xml?.name === 'Error' && textOf(xml, 'Code') !== undefined ? fault(answer, xml) : stranger(answer);
}

function judgeSuccess({ proof }: Pick<Call, 'proof'>, answer: RawAnswer): Outcome {
  const { status, headers, text, stream } = answer;
  const ok = { kind: 'ok', status, headers, xml: null, stream } as const;
  if (proof === 'stream') return headerOf(headers, 'etag') === undefined ? stranger(answer) : ok;
  if (proof === 'any') return isHtml(answer) ? stranger(answer) : ok;
  if (proof === 'etag') return headerOf(headers, 'etag') !== undefined || (isSigned(answer) && !isHtml(answer)) ? ok : stranger(answer);
  const xml = parseXml(text.trimStart());
  if (xml?.name === 'Error') return fault(answer, xml);
  return xml?.name === proof.root ? { ...ok, xml } : stranger(answer);
}

function fault({ status, headers, ...rest }: RawAnswer, xml: XmlNode | null): Fault {
  const code = /^\s*(\w{1,64})\s*$/.exec(xml === null ? '' : (textOf(xml, 'Code') ?? ''))?.[1] ?? '';
  return { kind: 'fault', status, code, xml, headers, isSigned: xml !== null || isSigned({ headers, ...rest }) };
}

function isSigned({ headers }: Pick<RawAnswer, 'headers'>): boolean {
  return headers['x-amz-request-id'] !== undefined || headers['x-amz-id-2'] !== undefined;
}

function isHtml({ headers, text }: RawAnswer): boolean {
  return text !== '' && ((headerOf(headers, 'content-type') ?? '').includes('text/html') || /^\s*<(?:!doctype )?html/i.test(text));
}

/** Whatever this is, nothing may be concluded from it (I8). */
function stranger(answer: RawAnswer): Lost {
  const what =
    isHtml(answer) || (headerOf(answer.headers, 'content-type') ?? '').includes('text/html')
      ? 'a web page'
      : answer.text === '' && answer.stream === null
        ? 'an empty answer'
        : 'half an answer, or none of S3';
  const error = new SyncError('unreachable', `${what} came instead of the store's answer (status ${answer.status})`, {
    hint: 'A sign-in page of the network, a proxy, or an address that is no S3 store looks like this. Open a web page to sign in, and check the endpoint.',
  });
  return { kind: 'lost', error, effect: 'unknown', isLasting: false };
}
