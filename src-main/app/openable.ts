import { extname } from 'node:path';

/** What a system runs rather than shows when it is opened. A file that came from elsewhere must not be run by a click in our window. */
const RUN: readonly string[] = (
  '.app .appimage .appref-ms .applescript .bash .bat .bin .cmd .com .command .cpl .csh .deb .desktop .dll .dmg .exe .fish .gadget .hta .inf .ins .iqy .iso .jar .job .js .jse ' +
  '.ksh .lnk .mpkg .msc .msi .msix .msixbundle .msp .mst .out .pif .pkg .pl .ps1 .ps1xml .ps2 .psc1 .psm1 .py .pyc .pyw .rb .reg .rpm .run .scf .scpt .scr .sct .settingcontent-ms .sh .shb .shs ' +
  '.slk .snap .so .terminal .tool .url .vb .vbe .vbs .vhd .vhdx .webloc .workflow .ws .wsc .wsf .wsh .xbap .zsh .docm .dotm .xlsm .xltm .xlam .pptm .potm .ppsm'
).split(' ');

/** Whether opening a file only shows it. One without an ending may be a program. */
export function isOpenable(path: string, mode: number, platform: string): boolean {
  const ending = extname(path.replace(/[. ]+$/, '')).toLowerCase();
  if (ending === '' || RUN.includes(ending)) return false;
  // Mounted Windows disks set this bit for everything, so with a known harmless ending it says nothing.
  return platform === 'win32' || (mode & 0o111) === 0 || SHOWN.includes(ending);
}

const SHOWN: readonly string[] =
  '.txt .md .pdf .png .jpg .jpeg .gif .webp .bmp .tif .tiff .heic .svg .csv .doc .docx .odt .ods .odp .xls .xlsx .ppt .pptx .rtf .mp3 .mp4 .mov .mkv .wav .flac'.split(' ');
