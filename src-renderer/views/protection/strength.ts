/** As long as the main process asks for. */
export const LEAST_CHARACTERS = 12;

export const STRENGTHS = ['short', 'weak', 'fair', 'good', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

const COMMON = /pass\s?w[o0]rd|passphrase|qwert|asdf|letmein|welcome|iloveyou|monkey|dragon|file\s?sync|1234|abcd|secret/i;
/** So many bits of surprise, counted carefully. */
const LEAST_BITS = { fair: 40, good: 50, strong: 65 };

/** A hint for who types a passphrase, no judgement: it counts characters that surprise, and knows the most common beginnings. */
export function strengthOf(text: string): Strength {
  const characters = [...text.normalize('NFC')];
  if (characters.length < LEAST_CHARACTERS) return 'short';
  const bits = surprises(characters) * bitsEach(text) - (COMMON.test(text) ? 30 : 0);
  if (bits >= LEAST_BITS.strong) return 'strong';
  if (bits >= LEAST_BITS.good) return 'good';
  return bits >= LEAST_BITS.fair ? 'fair' : 'weak';
}

/** What repeats or goes on counting from the one before surprises nobody, and what came before already surprises less. */
function surprises(characters: readonly string[]): number {
  const seen = new Set<string>();
  let count = 0;
  characters.forEach((character, i) => {
    const step = (character.codePointAt(0) ?? 0) - (characters[i - 1]?.codePointAt(0) ?? -9);
    count += Math.abs(step) <= 1 ? 0.1 : seen.has(character) ? 0.6 : 1;
    seen.add(character);
  });
  return count;
}

/** Words are less surprising than their letters; a mix of kinds is more. */
function bitsEach(text: string): number {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u].filter((kind) => kind.test(text)).length;
  return 2.4 + 0.6 * kinds;
}
