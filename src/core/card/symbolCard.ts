import type { Entry, EquationSymbol, Step } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import { centred } from './equationCard.ts';
import { escapeHtml, escapeMarkdown, type FormulaStyle, image, inlineFormula, texBlock } from './markdown.ts';

export interface SymbolCardOptions {
  readonly entry: Entry;
  readonly symbol: EquationSymbol;
  /** The step that the pointer's line belongs to, with its number from 1. */
  readonly step?: { readonly step: Step; readonly number: number };
  readonly links: readonly string[];
  readonly localizer: Localizer;
  readonly style: FormulaStyle;
}

/** The small card of a variable inside a recognised function: symbol, meaning, shape, and the step it stands in. Pure. */
export function symbolCard({ entry, symbol, step, links, localizer, style }: SymbolCardOptions): string[] {
  const shape = symbol.shape ? ` <code>${escapeHtml(symbol.shape)}</code>` : '';
  const blocks = [
    `<div>${inlineFormula(symbol.tex, style)} — ${escapeHtml(localizer.text(symbol.meaning))}${shape}</div>`,
  ];
  if (step) {
    const label = escapeMarkdown(localizer.text(step.step.label));
    blocks.push(localizer.t('Step {0} of {1}: {2}', step.number, entry.steps.length, label));
    const equation = entry.equations.find(candidate => candidate.id === step.step.equation);
    const tex = step.step.tex ?? equation?.tex;
    if (tex) {
      const picture = style.pictures(tex, true);
      const spoken =
        step.step.tex || !equation ? localizer.text(step.step.label) : localizer.text(equation.spoken);
      blocks.push(picture ? centred(image(picture, spoken, style)) : texBlock(tex));
    }
  }
  blocks.push([escapeMarkdown(localizer.text(entry.title)), ...links].join(' · '));
  return blocks;
}
