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
