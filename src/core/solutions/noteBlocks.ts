import type { Nodes, Parents, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import { type BlobLink, blobLink } from './blobLink.ts';
import { normaliseDisplayMath } from './displayMath.ts';

/** Piece of a paragraph, with the syntax taken off. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'code'; readonly text: string; readonly line: number }
  | { readonly kind: 'math'; readonly text: string; readonly line: number }
  | { readonly kind: 'display'; readonly text: string; readonly line: number }
  | { readonly kind: 'notMath'; readonly text: string; readonly line: number }
  | { readonly kind: 'html'; readonly text: string; readonly line: number };

/** What a note is made of, in order, out of lists and quotes. Lines are the note's own, from 1. */
export type NoteBlock =
  | {
      readonly kind: 'heading';
      readonly depth: number;
      readonly inlines: readonly Inline[];
      readonly line: number;
    }
  | {
      readonly kind: 'prose';
      readonly inlines: readonly Inline[];
      readonly links: readonly { readonly link: BlobLink; readonly line: number }[];
      readonly quoted: boolean;
      readonly line: number;
    }
  | { readonly kind: 'display'; readonly tex: string; readonly line: number }
  | { readonly kind: 'python'; readonly code: string; readonly line: number }
  | { readonly kind: 'code'; readonly lang: string; readonly line: number }
  | { readonly kind: 'html'; readonly text: string; readonly line: number }
  | { readonly kind: 'image'; readonly line: number };

const PYTHON = /^\{?\.?(python3?|py)\b/i;

/**
 * Markdown (GitHub's and Obsidian's) → blocks.
 * @throws RangeError for texts nested beyond what the stack holds
 */
export function noteBlocks(text: string): NoteBlock[] {
  const { text: normal, lines } = normaliseDisplayMath(text);
  const root: Root = fromMarkdown(normal, {
    extensions: [gfm(), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  const lineOf = (node: Nodes) => lines[(node.position?.start.line ?? 1) - 1] ?? 1;
  const source = (node: Nodes) =>
    normal.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
  const blocks: NoteBlock[] = [];

  const prose = (node: Parents, quoted: boolean) => {
    const inlines: Inline[] = [];
    const links: { link: BlobLink; line: number }[] = [];
    let image = false;
    const walk = (child: Nodes): void => {
      const line = lineOf(child);
      switch (child.type) {
        case 'text':
          inlines.push({ kind: 'text', text: child.value, line });
          return;
        case 'inlineCode':
          inlines.push({ kind: 'code', text: child.value, line });
          return;
        case 'inlineMath':
          inlines.push(inlineMath(child.value, source(child), line));
          return;
        case 'html':
          inlines.push({ kind: 'html', text: child.value, line });
          return;
        case 'break':
          inlines.push({ kind: 'text', text: ' ', line });
          return;
        case 'image':
        case 'imageReference':
          image = true;
          return;
        case 'link': {
          const link = blobLink(child.url);
          if (link) links.push({ link, line });
          // An address spelt out is no prose.
          if (child.children.length === 1 && child.children[0]?.type === 'text') {
            if (/^https?:/.test(child.children[0].value)) return;
          }
          for (const it of child.children) walk(it);
          return;
        }
        default:
          if ('children' in child) for (const it of child.children) walk(it);
      }
    };
    for (const child of node.children) walk(child);
    if (node.type === 'heading') {
      blocks.push({ kind: 'heading', depth: node.depth, inlines, line: lineOf(node) });
      return;
    }
    if (inlines.length > 0 || links.length > 0) {
      blocks.push({ kind: 'prose', inlines, links, quoted, line: lineOf(node) });
    }
    if (image) blocks.push({ kind: 'image', line: lineOf(node) });
  };

  const visit = (node: Nodes, quoted: boolean): void => {
    const line = lineOf(node);
    switch (node.type) {
      case 'heading':
      case 'paragraph':
      case 'tableCell':
        prose(node, quoted);
        return;
      case 'math': {
        const tex = [node.meta ?? '', node.value].join('\n').trim();
        blocks.push({ kind: 'display', tex, line });
        return;
      }
      case 'code': {
        const lang = node.lang ?? '';
        if (lang.toLowerCase() === 'math') blocks.push({ kind: 'display', tex: node.value.trim(), line });
        else if (
          PYTHON.test(lang) ||
          (lang === '' && /^\s*(?:class\s+\w|(?:async\s+)?def\s+\w)/m.test(node.value))
        )
          blocks.push({ kind: 'python', code: node.value, line: line + 1 });
        else blocks.push({ kind: 'code', lang, line });
        return;
      }
      case 'html':
        blocks.push({ kind: 'html', text: node.value, line });
        return;
      case 'blockquote':
        for (const child of node.children) visit(child, true);
        return;
      default:
        if ('children' in node) for (const child of node.children) visit(child, quoted);
    }
  };
  visit(root, false);
  return blocks;
}

/** A dollar is math where Obsidian, GitHub and Pandoc agree: nothing but ink beside it. Money stays money. */
function inlineMath(value: string, source: string, line: number): Inline {
  const ticks = /^`([\s\S]*)`$/.exec(value);
  if (ticks) return { kind: 'math', text: (ticks[1] ?? '').trim(), line };
  if (source.startsWith('$$')) return { kind: 'display', text: value.trim(), line };
  const inner = source.slice(1, -1);
  const math = inner !== '' && !/^\s|\s$/.test(inner) && !/^\d[\d,.]*\s+\S+\s/.test(inner);
  return math ? { kind: 'math', text: value.trim(), line } : { kind: 'notMath', text: source, line };
}

/** The words of inlines as one plain text. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .filter(it => it.kind !== 'html' && it.kind !== 'display')
    .map(it => it.text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}
