import { extname } from 'node:path';

/** Programs, installers, drivers and what a system loads. */
const PROGRAMS =
  '.action .air .apk .app .appimage .appinstaller .application .appref-ms .appx .appxbundle .bin .com .cpl .crx .deb .dll .drv .efi .elf .exe .flatpak ' +
  '.flatpakref .flatpakrepo .fon .gadget .inf .ins .isp .jar .jnlp .kext .ko .mpkg .msi .msix .msixbundle .msp .mst .msu .ocx .osax .out .oxt .pif ' +
  '.pkg .plasmoid .prefpane .qlgenerator .rpm .run .saver .scr .snap .so .sys .tool .vsix .vsto .vxd .wdgt .xap .xbap .xip .xpi .ymp';

/** Scripts. */
const SCRIPTS =
  '.a3x .ahk .applescript .asp .aspx .au3 .bas .bash .bat .cdxml .class .cmd .command .csh .fish .fxp .hta .htc .js .jse .ksh .lua .mksh .msh .msh1 ' +
  '.msh1xml .msh2 .msh2xml .mshxml .nu .phar .php .php3 .php4 .php5 .phtml .pl .plg .plx .prg .ps1 .ps1xml .ps2 .ps2xml .psc1 .psc2 .psd1 .psdm1 .psm1 ' +
  '.pssc .py .pyc .pyo .pyw .pyz .pyzw .rb .rbw .scpt .scptd .sct .sh .shb .shs .tcl .tcsh .vb .vbe .vbp .vbs .vsmacros .vsw .wflow .wiz .workflow .ws ' +
  '.wsb .wsc .wsf .wsh .zsh';

/** Shortcuts, and what connects to somewhere or is taken over by a system: links, searches, remote desktops, settings, certificates, help. */
const TAKEN_OVER =
  '.afploc .appcontent-ms .asx .atloc .bgi .cer .chm .cnt .crt .der .deskthemepack .desktop .diagcab .diagcfg .diagpkg .fileloc .ftploc .grp .hlp .hpj ' +
  '.ica .inetloc .its .job .kdelnk .library-ms .lnk .mailloc .mcf .mht .mhtml .mobileconfig .msc .nfsloc .ops .osd .pcd .pfx .prf .printerexport ' +
  '.provisionprofile .rdp .reg .scf .search-ms .searchconnector-ms .service .settingcontent-ms .shortcut .sst .stl .terminal .theme .themepack .udl .url ' +
  '.vncloc .webloc .webpnp .website .xnk';

/** Disks, which are mounted. */
const DISKS = '.cab .dmg .img .iso .smi .sparseimage .toast .udf .vhd .vhdx';

/** Documents and databases made to hold macros, add-ins and queries. */
const MACROS =
  '.accda .accdb .accde .accdr .accdt .ade .adp .docm .dotm .dqy .iqy .mad .maf .mag .mam .maq .mar .mas .mat .mau .mav .maw .mda .mdb .mde .mdt .mdw ' +
  '.mdz .odb .odc .onepkg .oqy .potm .ppa .ppam .ppsm .pptm .rqy .sldm .slk .vsdm .vssm .vstm .wll .xla .xlam .xll .xlm .xlsb .xlsm .xltm .xlw';

/** What a system runs, installs, mounts or takes over rather than shows when it is opened. A file that came from elsewhere must not be run by a click in our window. */
const RUN: ReadonlySet<string> = new Set([PROGRAMS, SCRIPTS, TAKEN_OVER, DISKS, MACROS].flatMap((endings) => endings.split(' ')));

/** What cannot be a program, whatever its mode says. Older documents (.doc, .xls, .ppt) may hold macros, so they are not among them. */
const SHOWN: ReadonlySet<string> = new Set(
  '.txt .md .pdf .png .jpg .jpeg .gif .webp .bmp .tif .tiff .heic .svg .csv .docx .odt .ods .odp .xlsx .pptx .rtf .mp3 .mp4 .mov .mkv .wav .flac'.split(' '),
);

/** Whether opening a file only shows it. One without an ending may be a program. */
export function isOpenable(path: string, mode: number, platform: string): boolean {
  const ending = extname(path.replace(/[. ]+$/, '')).toLowerCase();
  if (ending === '' || RUN.has(ending)) return false;
  // Mounted Windows disks set this bit for everything, so with a known harmless ending it says nothing.
  return platform === 'win32' || (mode & 0o111) === 0 || SHOWN.has(ending);
}
