import type { EquationSymbol } from '../atlas/schema.ts';
import type { StepTensor } from './stepTensor.ts';

/** Names of a tensor's axes from the symbol it holds (`[B·H, C, T]`), where name and rank fit; else none. */
export function axisNames(
  symbols: readonly EquationSymbol[],
  tensor: Pick<StepTensor, 'name' | 'shape'>,
): readonly string[] {
  for (const symbol of symbols) {
    if (!symbol.shape || !symbol.code.includes(tensor.name)) continue;
    const names = symbol.shape
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '');
    if (names.length === tensor.shape.length) return names;
  }
  return [];
}
