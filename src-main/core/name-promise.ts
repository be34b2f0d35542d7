import { nameOf, type RelPath } from './rel-path.ts';

/** Ends of names that promise a kind of content which is text, or which begins in a way core/noise.ts knows. */
const KINDS = new Set(
  [
    'txt md csv tsv json xml html htm css js mjs ts jsx tsx py java kt swift c h cc cpp hpp cs go rs rb php pl sh bat ps1 sql yaml yml toml ini cfg conf log tex bib svg srt vtt',
    'doc docx dot dotx xls xlsx xlsm ppt pptx pps odt ods odp odg rtf pdf ps eps epub eml msg ics vcf pages numbers key one pst',
    'jpg jpeg png gif bmp tif tiff webp heic heif avif psd ai cr2 cr3 nef arw dng orf rw2 raf',
    'mp3 m4a wav flac ogg opus aac wma mid mp4 mov m4v mkv avi webm wmv mpg mpeg flv',
    'zip 7z rar gz bz2 xz tar tgz zst jar apk iso dwg dxf blend',
  ].flatMap((line) => line.split(' ')),
);
/** Ends that people and programs add to a name of their own accord. */
const ADDED = new Set('bak old orig tmp temp part swp save copy new backup gpg asc pgp age enc sig crypt'.split(' '));

/** Whether a name promises content that noise is not: `report.docx` does, and `report.docx.locked` still does; `vault.c9r` does not. */
export function promisesContent(path: RelPath): boolean {
  const [, ...ends] = nameOf(path).toLowerCase().split('.');
  return ends.slice(-2).some((end) => KINDS.has(end));
}

/** The end of a name where it is one that nobody knows; null for none and for those in use. */
export function strangeEnd(path: RelPath): string | null {
  const [, ...ends] = nameOf(path).toLowerCase().split('.');
  const last = ends.at(-1);
  return last === undefined || last === '' || KINDS.has(last) || ADDED.has(last) ? null : last;
}

/** A path without the last end of its name; null where it has none. */
export function withoutEnd(path: RelPath): RelPath | null {
  const name = nameOf(path);
  const cut = name.lastIndexOf('.');
  return cut <= 0 ? null : (path.slice(0, path.length - name.length + cut) as RelPath);
}
