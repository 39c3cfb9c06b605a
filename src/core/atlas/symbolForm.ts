import type { EquationSymbol } from './schema.ts';

/**
 * The TeX that stands for one of a symbol's code names: `K_y,\,V_y` with `[ek, ev]` gives `V_y` for `ev`. Where the forms do not
 * stand one for each name, all of them together.
 */
export function symbolForm({ tex, code }: Pick<EquationSymbol, 'tex' | 'code'>, name: string): string {
  const forms = formsOf(tex);
  const at = code.indexOf(name);
  return at >= 0 && forms.length === code.length ? (forms[at] as string) : tex;
}

/** Parts between commas that stand in no bracket; `\,` is a space, not a comma. */
function formsOf(tex: string): string[] {
  const forms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < tex.length; at++) {
    const character = tex[at] as string;
    if (character === '\\') at++;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      forms.push(tex.slice(start, at));
      start = at + 1;
    }
  }
  forms.push(tex.slice(start));
  return forms.map(form => form.replace(/^(?:\s|\\[,;: ]|\\q?quad)+|\s+$/g, ''));
}
