/** The language of a note as a tag, from its letters; undefined where there are too few to tell. */
export function noteLanguage(words: string): string | undefined {
  const sample = words.slice(0, 20_000);
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  const kana = count(/[\u3040-\u30ff]/g);
  const han = count(/[\u4e00-\u9fff]/g);
  const hangul = count(/[\uac00-\ud7af]/g);
  const cyrillic = count(/[\u0400-\u04ff]/g);
  const latin = count(/[A-Za-z]/g);
  if (kana > 10 && kana + han > latin / 10) return 'ja';
  if (hangul > 10 && hangul > latin / 10) return 'ko';
  if (han > 10 && han > latin / 10) return 'zh';
  if (cyrillic > 10 && cyrillic > latin) return 'ru';
  if (latin < 20) return undefined;
  const share = (list: RegExp) => count(list);
  const languages: [string, number][] = [
    ['en', share(/\b(?:the|of|and|is|are|with)\b/gi)],
    ['de', share(/\b(?:der|die|das|und|ist|mit)\b/gi)],
    ['fr', share(/\b(?:le|la|les|est|avec|des)\b/gi)],
    ['es', share(/\b(?:el|los|las|una|con|es)\b/gi)],
  ];
  const [best] = languages.sort((a, b) => b[1] - a[1]);
  return best && best[1] > 1 ? best[0] : undefined;
}
