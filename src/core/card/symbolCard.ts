import type { Entry, EquationSymbol, Step } from '../atlas/schema.ts';
import type { Localizer } from '../l10n/localizer.ts';
import { escapeMarkdown, type FormulaStyle, formula, inlineCode } from './markdown.ts';

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
  const shape = symbol.shape ? ` ${inlineCode(symbol.shape)}` : '';
  const title = `${formula(symbol.tex, false, symbol.tex, style)} — ${escapeMarkdown(localizer.text(symbol.meaning))}${shape}`;
  const blocks = [title];
  if (step) {
    const label = escapeMarkdown(localizer.text(step.step.label));
    const equation = entry.equations.find(candidate => candidate.id === step.step.equation);
    const tex = step.step.tex ?? equation?.tex;
    blocks.push(localizer.t('Step {0} of {1}: {2}', step.number, entry.steps.length, label));
    if (tex) blocks.push(formula(tex, true, equation ? localizer.text(equation.spoken) : tex, style));
  }
  blocks.push([escapeMarkdown(localizer.text(entry.title)), ...links].join(' · '));
  return blocks;
}
