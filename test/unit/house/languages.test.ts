import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { sourceFiles } from './sourceFiles.ts';

type Strings = Readonly<Record<string, string>>;
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const english: Strings = readJson('package.nls.json');
const japanese: Strings = readJson('package.nls.ja.json');
const bundle: Strings = readJson('l10n/bundle.l10n.ja.json');
const manifest = readFileSync('package.json', 'utf8');
const sources = sourceFiles('src', 'webview');

const hasJapanese = (text: string) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
/** Replacement characters, and UTF-8 that was read as Latin-1. */
const isMojibake = (text: string) => /\uFFFD|ã[\u0080-\u00BF]|Ã[\u0080-\u00BF]|â€/.test(text);
const placeholders = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(match => match[0]).sort();
/** Names that are the same in every language. */
const untranslatable = new Set(['Equation Lens', 'English', 'WebGPU', 'WASM', 'TeX', 'LaTeX']);

/** Messages given to a localizer as a literal: `localizer.t('…')`. */
function messagesInCode(): string[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(/\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)].map(match =>
      ((match[1] ?? match[2]) as string).replace(/\\(.)/g, '$1'),
    ),
  );
}

describe('languages', () => {
  it('name every key of the manifest in English and Japanese', () => {
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(match => match[1] as string).sort();
    assert.ok(used.length > 0);
    assert.deepEqual([...new Set(used)], Object.keys(english).sort());
    assert.deepEqual(Object.keys(japanese).sort(), Object.keys(english).sort());
  });

  it('translate every sentence of the code', () => {
    const missing = messagesInCode().filter(message => !(message in bundle));
    assert.deepEqual(missing, []);
  });

  it('hold no sentence that the code has lost', () => {
    const code = sources.map(({ text }) => text.replace(/\\(['"])/g, '$1')).join('\n');
    assert.deepEqual(
      Object.keys(bundle).filter(message => !code.includes(message)),
      [],
    );
  });

  it('are really translated, and keep their placeholders', () => {
    const wrong: string[] = [];
    const pairs = [
      ...Object.entries(bundle),
      ...Object.keys(english).map(key => [english[key], japanese[key]]),
    ];
    for (const [from, to] of pairs as [string, string | undefined][]) {
      if (!to?.trim()) wrong.push(`empty: ${from}`);
      else if (isMojibake(to)) wrong.push(`mojibake: ${to}`);
      else if (!hasJapanese(to) && !untranslatable.has(to) && !/^[\W\d]*$/.test(to))
        wrong.push(`not Japanese: ${to}`);
      else if (placeholders(from).join() !== placeholders(to).join())
        wrong.push(`placeholders: ${from} → ${to}`);
    }
    assert.deepEqual(wrong, []);
  });
});
