/** What a literal stands for: numbers as numbers (`1_000`, `1e-5`), strings without quotes and prefix. */
export function literalValue(written: string): string | number {
  const quoted = /^[a-zA-Z]{0,2}("""|'''|"|')([\s\S]*)\1$/.exec(written);
  if (quoted) return quoted[2] ?? '';
  const number = Number(written.replaceAll('_', ''));
  return Number.isNaN(number) ? written : number;
}

/** True where a literal of the source is the one a pack names; packs may write numbers as numbers or as strings. */
export function isLiteral(wanted: string | number, written: string): boolean {
  const value = literalValue(written);
  if (value === wanted || written === wanted) return true;
  return typeof wanted === 'string' && typeof value === 'number' && Number(wanted) === value && wanted !== '';
}
