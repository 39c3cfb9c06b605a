import type { Atlas } from '../atlas/atlas.ts';
import type { EquationName } from './marker.ts';
import { texForm } from './texForm.ts';

/** Formulas with fewer tokens say too little to be anybody's. */
const MIN_TOKENS = 7;

/** Finds equations of an atlas by their TeX, up to white space and the spelling of macros. */
export class EquationIndex {
  private readonly byForm = new Map<string, EquationName[]>();

  constructor(private readonly atlas: Atlas) {
    for (const entry of atlas.entries) {
      for (const equation of entry.equations) {
        const form = texForm(equation.tex);
        if (form.split(' ').length < MIN_TOKENS) continue;
        const names = this.byForm.get(form);
        const name = { entryId: entry.id, equationId: equation.id };
        if (names) names.push(name);
        else this.byForm.set(form, [name]);
      }
    }
  }

  /** Every equation that reads the same; several entries may hold one equation. */
  byTex(tex: string): readonly EquationName[] {
    return this.byForm.get(texForm(tex)) ?? [];
  }

  /** Whether a marker names something that there is. */
  knows({ entryId, equationId }: EquationName): boolean {
    const entry = this.atlas.entry(entryId);
    if (!entry) return false;
    return equationId === undefined || entry.equations.some(equation => equation.id === equationId);
  }
}
