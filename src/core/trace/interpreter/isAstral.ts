/** True where the text has characters beyond the Basic Multilingual Plane, and UTF-16 indexes are no code points. */
export function isAstral(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) return true;
  }
  return false;
}
