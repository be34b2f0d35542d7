/** Endings of names whose contents are compressed already. Only saves the try: what is in doubt is not here. */
const ENDINGS = new Set(
  (
    '7z aac aar ace apk appx arc arj avif avi br bz2 cab cbr cbz crx deb dmg docx dotx ear epub f4v flac flv gif gz heic heif ipa jar jpeg jpg jxl lha lz lz4 lzh lzma lzo m2ts m4a m4b m4v mka mkv mov mp2 mp3 mp4 mpeg mpg msix ' +
    'mts nupkg odp ods odt oga ogg ogv opus png pptx rar rpm snap sz tbz tbz2 tgz tlz txz vob war webm webp whl wma wmv woff woff2 xapk xlsb xlsx xpi xz z zip zipx zst zstd'
  ).split(' '),
);

export function isPackedType(path: string): boolean {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') && ENDINGS.has(path.slice(dot + 1).toLowerCase());
}
