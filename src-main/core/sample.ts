/** How many of the files a restore drill fetches: a number, or a part of all. */
export type Sample = { readonly kind: 'count'; readonly files: number } | { readonly kind: 'part'; readonly percent: number };

export function sampleSize(sample: Sample, files: number): number {
  return Math.min(files, sample.kind === 'count' ? sample.files : Math.ceil((files * sample.percent) / 100));
}

/** `25` or `2%`; null for anything else. */
export function parseSample(text: string): Sample | null {
  const [, number = '', unit] = /^(\d{1,7}(?:\.\d{1,3})?)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(number);
  if (number === '' || value === 0) return null;
  if (unit === '%') return value <= 100 ? { kind: 'part', percent: value } : null;
  return Number.isInteger(value) ? { kind: 'count', files: value } : null;
}

/** As {@link parseSample} reads it. */
export function sampleText(sample: Sample): string {
  return sample.kind === 'count' ? String(sample.files) : `${sample.percent}%`;
}

/** Whether it could have been written as text. */
export function isSample(sample: Sample): boolean {
  return parseSample(sampleText(sample)) !== null;
}
