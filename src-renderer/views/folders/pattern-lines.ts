/** Patterns as typed, without blank lines. A leading or trailing space can be meant, as in .gitignore. */
export function patternLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
}
