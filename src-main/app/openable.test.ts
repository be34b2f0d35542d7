import { expect, it } from 'vitest';
import { isOpenable } from './openable.ts';

it.each([
  ['report.docx', 0o644, true],
  ['photo.JPG', 0o644, true],
  ['photo.jpg', 0o755, true],
  ['notes.org', 0o755, false],
  ['notes.org', 0o644, true],
  ['invoice.pdf.exe', 0o644, false],
  ['invoice.exe. .', 0o644, false],
  ['start.sh', 0o644, false],
  ['Shop.desktop', 0o644, false],
  ['link.URL', 0o644, false],
  ['macros.docm', 0o644, false],
  ['program', 0o755, false],
  ['.bashrc', 0o644, false],
])('a click on %s (%o) shows it: %s', (path, mode, opens) => {
  expect(isOpenable(path, mode, 'linux')).toBe(opens);
});

it.each([
  ['letter.doc', 0o644, true],
  ['letter.doc', 0o755, false],
  ['sums.xls', 0o755, false],
  ['talk.ppt', 0o755, false],
  ['letter.docx', 0o755, true],
])('an older document may hold macros: marked as a program, it is not opened: %s (%o): %s', (path, mode, opens) => {
  expect(isOpenable(path, mode, 'linux')).toBe(opens);
});

/** What a click never opens: programs and installers, scripts, links and settings, disks, documents and databases with macros. */
const NEVER =
  '.a3x .accda .accdb .accde .accdr .accdt .action .ade .adp .afploc .ahk .air .apk .appcontent-ms .appinstaller .application .appx .appxbundle .asp ' +
  '.aspx .asx .atloc .au3 .bas .bgi .cab .cdxml .cer .chm .class .cnt .crt .crx .der .deskthemepack .diagcab .diagcfg .diagpkg .dqy .drv .efi .elf ' +
  '.fileloc .flatpak .flatpakref .flatpakrepo .fon .ftploc .fxp .grp .hlp .hpj .htc .ica .img .inetloc .isp .its .jnlp .kdelnk .kext .ko .library-ms .lua ' +
  '.mad .maf .mag .mailloc .mam .maq .mar .mas .mat .mau .mav .maw .mcf .mda .mdb .mde .mdt .mdw .mdz .mht .mhtml .mksh .mobileconfig .msh .msh1 .msh1xml ' +
  '.msh2 .msh2xml .mshxml .msu .nfsloc .nu .ocx .odb .odc .onepkg .ops .oqy .osax .osd .oxt .pcd .pfx .phar .php .php3 .php4 .php5 .phtml ' +
  '.plasmoid .plg .plx .ppa .ppam .prefpane .prf .prg .printerexport .provisionprofile .ps2xml .psc2 .psd1 .psdm1 .pssc .pyo .pyz .pyzw .qlgenerator .rbw ' +
  '.rdp .rqy .saver .scptd .search-ms .searchconnector-ms .service .shortcut .sldm .smi .sparseimage .sst .stl .sys .tcl .tcsh .theme .themepack .toast ' +
  '.udf .udl .vbp .vncloc .vsdm .vsix .vsmacros .vssm .vstm .vsto .vsw .vxd .wdgt .webpnp .website .wflow .wiz .wll .wsb .xap .xip .xla .xll .xlm .xlsb ' +
  '.xlw .xnk .xpi .ymp';

it.each(NEVER.split(' '))('a click on a file %s never opens it, on any system', (ending) => {
  for (const platform of ['linux', 'darwin', 'win32'])
    for (const name of [`a${ending}`, `A${ending.toUpperCase()}`, `report.pdf${ending}`]) expect(isOpenable(name, 0o644, platform), name).toBe(false);
});
