// A bucket for measuring: small objects are kept in memory; of a large one only its size, and it is given back as so many zeros. No signature is looked at. Prints its endpoint.
import { createHash } from 'node:crypto';
import http from 'node:http';

const SMALL = 1_048_576;
const ZEROS = Buffer.alloc(65_536);
const objects = new Map();
const uploads = new Map();
let serial = 0;

/** The bytes of a small body; the size of a large one. */
async function received(request) {
  const parts = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= SMALL) parts.push(chunk);
  }
  return { size, bytes: size <= SMALL ? Buffer.concat(parts) : null };
}

function headersOf({ etag, size, at, meta }) {
  return { ETag: `"${etag}"`, 'Content-Length': size, 'Last-Modified': new Date(at).toUTCString(), ...meta };
}
const metaOf = (request) => Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-')));
const bare = (etag) => etag?.replaceAll('"', '');

function breaks(request, there) {
  if (request.headers['if-none-match'] === '*' && there !== undefined) return true;
  const match = bare(request.headers['if-match']);
  return match !== undefined && match !== there?.etag;
}

function store(key, { size, bytes }, meta) {
  const etag = bytes === null ? `${(++serial).toString(16).padStart(32, '0')}-2` : createHash('md5').update(bytes).digest('hex');
  objects.set(key, { size, bytes, meta, etag, at: Date.now() });
  return etag;
}

const xml = (response, text, status = 200) => response.writeHead(status, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
const failed = (response, status, code) => xml(response, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, status);

function writable(response) {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

async function send(response, { size, bytes }, from) {
  if (bytes !== null) return response.end(bytes.subarray(from));
  for (let left = size - from; left > 0; left -= ZEROS.length) {
    if (!response.write(ZEROS.subarray(0, Math.min(left, ZEROS.length)))) await writable(response);
    if (response.destroyed) return;
  }
  response.end();
}

function list(response, query) {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const most = Number(query.get('max-keys') ?? 1000);
  const encoded = query.get('encoding-type') === 'url';
  const name = (key) => (encoded ? encodeURIComponent(key) : key.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  const found = [...objects].filter(([key]) => key.startsWith(prefix) && key > after).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = found
    .slice(0, most)
    .map(
      ([key, { etag, size, at }]) =>
        `<Contents><Key>${name(key)}</Key><LastModified>${new Date(at).toISOString()}</LastModified><ETag>"${etag}"</ETag><Size>${size}</Size></Contents>`,
    );
  const more =
    found.length > most ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${name(found[most - 1][0])}</NextContinuationToken>` : '<IsTruncated>false</IsTruncated>';
  xml(
    response,
    `<ListBucketResult><Prefix>${name(prefix)}</Prefix>${encoded ? '<EncodingType>url</EncodingType>' : ''}${more}<KeyCount>${rows.length}</KeyCount>${rows.join('')}</ListBucketResult>`,
  );
}

async function multipart(request, response, key, query) {
  const id = query.get('uploadId');
  const { method } = request;
  const body = await received(request);
  if (query.has('uploads')) {
    if (method === 'GET')
      return xml(response, `<ListMultipartUploadsResult><Prefix>${query.get('prefix') ?? ''}</Prefix><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`);
    const uploadId = `u${++serial}`;
    uploads.set(uploadId, { parts: new Map(), meta: metaOf(request) });
    return xml(response, `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`);
  }
  const upload = uploads.get(id);
  if (upload === undefined) return failed(response, 404, 'NoSuchUpload');
  if (method === 'PUT') {
    const etag = (++serial).toString(16).padStart(32, '0');
    upload.parts.set(Number(query.get('partNumber')), { etag, size: body.size });
    return response.writeHead(200, { ETag: `"${etag}"` }).end();
  }
  if (method === 'GET') {
    const rows = [...upload.parts].map(([number, { etag, size }]) => `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>${size}</Size></Part>`);
    return xml(response, `<ListPartsResult><IsTruncated>false</IsTruncated>${rows.join('')}</ListPartsResult>`);
  }
  if (method === 'POST') {
    if (breaks(request, objects.get(key))) return failed(response, 412, 'PreconditionFailed');
    const size = [...upload.parts.values()].reduce((sum, part) => sum + part.size, 0);
    const etag = store(key, { size, bytes: size === 0 ? Buffer.alloc(0) : size <= SMALL ? Buffer.alloc(size) : null }, upload.meta);
    uploads.delete(id);
    return xml(response, `<CompleteMultipartUploadResult><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`);
  }
  uploads.delete(id);
  return response.writeHead(204).end();
}

async function deleteMany(request, response) {
  const text = (await received(request)).bytes?.toString() ?? '';
  for (const [, key] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(key.replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
  xml(response, '<DeleteResult></DeleteResult>');
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const [, , ...rest] = url.pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const { searchParams: query } = url;
  const { method } = request;
  if (key === '') {
    if (query.has('delete')) return deleteMany(request, response);
    if (query.has('versioning')) return xml(response, '<VersioningConfiguration></VersioningConfiguration>');
    if (query.has('uploads')) return multipart(request, response, key, query);
    if (query.has('versions') || query.has('lifecycle')) return failed(response, 501, 'NotImplemented');
    return method === 'GET' ? list(response, query) : response.end();
  }
  if (query.has('uploads') || query.has('uploadId')) return multipart(request, response, key, query);
  const there = objects.get(key);
  if (method === 'PUT') {
    const body = await received(request);
    if (breaks(request, objects.get(key))) return failed(response, 412, 'PreconditionFailed');
    const from = request.headers['x-amz-copy-source'];
    if (from === undefined) return response.writeHead(200, { ETag: `"${store(key, body, metaOf(request))}"` }).end();
    const source = objects.get(decodeURIComponent(from).replace(/^\/?[^/]+\//, ''));
    if (source === undefined) return failed(response, 404, 'NoSuchKey');
    const meta = request.headers['x-amz-metadata-directive'] === 'REPLACE' ? metaOf(request) : source.meta;
    return xml(response, `<CopyObjectResult><ETag>"${store(key, source, meta)}"</ETag><LastModified>${new Date().toISOString()}</LastModified></CopyObjectResult>`);
  }
  if (method === 'DELETE') {
    if (request.headers['if-match'] !== undefined && breaks(request, there)) return failed(response, 412, 'PreconditionFailed');
    objects.delete(key);
    return response.writeHead(204).end();
  }
  if (there === undefined) return failed(response, 404, 'NoSuchKey');
  if (breaks(request, there)) return failed(response, 412, 'PreconditionFailed');
  const from = Number(/^bytes=(\d+)-/.exec(request.headers['range'] ?? '')?.[1] ?? 0);
  const range = from > 0 ? { 'Content-Range': `bytes ${from}-${there.size - 1}/${there.size}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...headersOf(there), 'Content-Length': there.size - from, ...range });
  return method === 'HEAD' ? response.end() : send(response, there, from);
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
