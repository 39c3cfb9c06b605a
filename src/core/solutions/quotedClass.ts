import type { Inline } from './noteBlocks.ts';

/** A class that prose names, with the bases it gives it. */
export interface NamedClass {
  readonly name: string;
  readonly bases: readonly string[];
}

/** Words that point at the code which follows. */
const POINTER =
  /以下|次の|次のよう|下記|following|below|as follows|here is|here's|reads|looks like|ci-dessous|folgend|siguiente|如下|[:：]$/i;
const CLASS_WORD = /^\s*(?:という|という名の)?\s*(?:クラス|class\b|classe\b|Klasse\b|clase\b|类|類)/i;
const CLASS_WORD_BEFORE = /(?:クラス|class|classe|Klasse|clase|类|類)\s*$/i;

interface Mention extends NamedClass {
  readonly at: number;
  /** The word "class" stands beside it. */
  readonly said: boolean;
}

interface Sentence {
  readonly classes: readonly Mention[];
  /** Places where the method is named. */
  readonly methods: readonly number[];
  readonly dotted: NamedClass | undefined;
  readonly points: boolean;
}

/**
 * The class of a method that is quoted without its `class` line, from the prose between it and the code before.
 *
 * @param prose paragraphs from the last fence or heading on
 * @param before the class of the code before in the same section
 * @returns undefined where the prose leaves it open: silence beats a wrong class
 */
export function quotedClass(
  prose: readonly (readonly Inline[])[],
  method: string,
  before: NamedClass | undefined,
): NamedClass | undefined {
  const sentences = prose.flatMap(inlines => sentencesOf(inlines, method));
  const dotted = [
    ...new Map(sentences.flatMap(it => (it.dotted ? [[it.dotted.name, it.dotted]] : []))).values(),
  ];
  if (dotted.length === 1) return dotted[0];
  for (let index = sentences.length - 1; index >= 0; index--) {
    const sentence = sentences[index];
    if (!sentence?.points || sentence.methods.length === 0) continue;
    const here = nearest(sentence);
    if (here) return here;
    const previous = sentences[index - 1];
    const said = previous?.classes.filter(it => it.said) ?? [];
    if (new Set(said.map(it => it.name)).size === 1) return said[0];
    return before;
  }
  const together = sentences.filter(it => it.methods.length > 0).flatMap(it => nearest(it) ?? []);
  const names = new Set(together.map(it => it.name));
  if (names.size === 1) return together[0];
  if (names.size > 1) return undefined;
  const said = sentences.flatMap(it => it.classes.filter(mention => mention.said));
  const saidNames = new Set(said.map(it => it.name));
  if (saidNames.size === 1) return said[0];
  return saidNames.size === 0 ? before : undefined;
}

/** The class that stands closest to the method's name, one called a class before one that only looks like it. */
function nearest({ classes, methods }: Sentence): NamedClass | undefined {
  const said = classes.filter(it => it.said);
  const pool = said.length > 0 ? said : classes;
  const distance = (it: Mention) => Math.min(...methods.map(at => Math.abs(at - it.at)));
  return [...pool].sort((a, b) => distance(a) - distance(b))[0];
}

/** Sentences by their full stops; a stop inside code is none. */
function sentencesOf(inlines: readonly Inline[], method: string): Sentence[] {
  const sentences: { inlines: Inline[] }[] = [{ inlines: [] }];
  for (const inline of inlines) {
    if (inline.kind !== 'text') {
      sentences.at(-1)?.inlines.push(inline);
      continue;
    }
    for (const [index, part] of inline.text
      .split(/(?<=[。！？；;])|(?<=[.!?])(?=\s)|\n(?=[A-Z])/)
      .entries()) {
      if (index > 0) sentences.push({ inlines: [] });
      sentences.at(-1)?.inlines.push({ ...inline, text: part });
    }
  }
  return sentences.map(({ inlines: parts }) => {
    const classes: Mention[] = [];
    const methods: number[] = [];
    let dotted: NamedClass | undefined;
    let at = 0;
    for (const [index, part] of parts.entries()) {
      if (part.kind === 'code') {
        const text = part.text.trim();
        const qualified = /^(?:[\w.]+\.)?([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?:\(.*\))?$/.exec(text);
        const klass = /^(?:class\s+)?([A-Z_]\w*)(?:\(([\w., ]*)\))?:?$/.exec(text);
        if (text.replace(/\(.*\)$/, '') === method) methods.push(at);
        else if (qualified && qualified[2] === method && /^[A-Z_]/.test(qualified[1] ?? '')) {
          dotted = { name: qualified[1] ?? '', bases: [] };
        } else if (klass && /[a-z]/.test(text) && /[A-Z]/.test(text)) {
          const said =
            CLASS_WORD.test(parts[index + 1]?.text ?? '') ||
            CLASS_WORD_BEFORE.test(parts[index - 1]?.text ?? '');
          const bases = (klass[2] ?? '').split(',').map(it => it.trim());
          classes.push({ name: klass[1] ?? '', bases: bases.filter(it => it !== ''), at, said });
        }
      }
      at += part.text.length;
    }
    const words = parts
      .map(it => it.text)
      .join('')
      .trim();
    return { classes, methods, dotted, points: POINTER.test(words) };
  });
}
