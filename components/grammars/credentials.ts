/** What looks like a credential in a text, by its shape. Nothing here ever gives the credential back. */

/** Shapes of credentials, each with its name. */
export const CREDENTIAL_SHAPES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{50,})\b/],
  ["a GitLab token", /\bglpat-[0-9A-Za-z_-]{20,}\b/],
  ["a Slack token or webhook", /\bxox[abeprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com\/services\/T[0-9A-Z]+\/B/],
  ["a JSON web token", /\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/],
  ["a Rancher token", /\btoken-[0-9a-z]{5}:[0-9a-z]{40,}\b/],
  ["an address with a password in it", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$<{]+:[^\s/@$<{]{3,}@/i],
];

/** Fewest characters that are measured, and bits a character from which a word is random. */
const SHORTEST_RANDOM = 20;
const RANDOM_BITS = { hex: 3, other: 4.1 };

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Whether a word looks random: long, of one alphabet, mixed, and of high entropy. */
export function looksRandom(word: string): boolean {
  if (word.length < SHORTEST_RANDOM || /^(sha256|sha512|sha1|md5)[:-]/.test(word)) return false;
  if (/^[0-9a-f]{32,}$/i.test(word)) return entropy(word) >= RANDOM_BITS.hex;
  if (!/^[0-9A-Za-z+/_=-]+$/.test(word)) return false;
  const mixed = /[0-9]/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word);
  // Words joined by hyphens, underscores or slashes are names and paths, not secrets.
  const longestPart = Math.max(...word.split(/[-_/=]/).map((part) => part.length));
  return mixed && longestPart >= SHORTEST_RANDOM / 2 && entropy(word) >= RANDOM_BITS.other;
}

/** Stands where something was that may be secret. */
export const NOT_SHOWN = "[not shown]";

/** What a text holds that may be a credential, in the order in which it is taken out; the first group stays. */
const MASKS: readonly RegExp[] = [
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?=-----END|$)/g,
  // Whoever logs in at an address, up to the last @: a password may have any sign in it. Of ssh the user alone is no secret.
  /(\b(?!ssh:)[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"']{1,2000}(?=@)/gi,
  /(\bssh:\/\/[^\s/:@"']{0,200}:)[^\s"']{1,2000}(?=@)/gi,
  /([?&#;](?:[a-z_-]{0,30}(?:token|key|secret|sig|signature|password|passwd|pwd|auth|code|credential))=)[^&\s"'#]{1,2000}/gi,
  /(\bhooks\.slack\.com\/services\/)[^\s"']{1,500}/gi,
  /(\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /(\b)(?:AIza[0-9A-Za-z_-]{35}|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{10,}|github_pat_[0-9A-Za-z_]{20,})/g,
  /(\b)(?:glpat-[0-9A-Za-z_-]{10,}|xox[abeprs]-[0-9A-Za-z-]{10,}|token-[0-9a-z]{5}:[0-9a-z]{20,})/g,
  /(\b)eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}(?:\.[0-9A-Za-z_-]*)?/g,
];

/** A text without what looks like a credential: logins and tokens in addresses, tokens of known shapes, random words. */
export function withoutCredentials(text: string): string {
  const masked = MASKS.reduce((rest, pattern) => rest.replace(pattern, `$1${NOT_SHOWN}`), text);
  return masked.replace(/[0-9A-Za-z+_=-]{20,}/g, (word) => (looksRandom(word) ? NOT_SHOWN : word));
}
