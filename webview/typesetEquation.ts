import katex from 'katex';

/**
 * HTML of an equation by KaTeX, with its MathML.
 * @param forms of the equation's TeX, the first that KaTeX takes is drawn: marking symbols may break an unusual construct
 * @returns undefined where it takes none
 */
export function typesetEquation(forms: readonly string[], displayMode: boolean): string | undefined {
  for (const tex of forms) {
    try {
      return katex.renderToString(tex, {
        displayMode,
        throwOnError: true,
        strict: false,
        maxExpand: 500,
        maxSize: 20,
        // Pack TeX is foreign: no links, no images, no HTML but the classes that `markSymbols` puts in.
        trust: context => context.command === '\\htmlClass' && /^el-symbol-\d+$/.test(context.class),
      });
    } catch {
      // The next form.
    }
  }
  return undefined;
}
