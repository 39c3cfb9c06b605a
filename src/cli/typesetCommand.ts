import { inkedSvg } from '../core/typeset/svgImage.ts';
import { THEME_KINDS } from '../core/typeset/themeColours.ts';
import { Typesetter } from '../core/typeset/typesetter.ts';
import { type Command, UsageError } from './command.ts';
import { parseOptions } from './parseOptions.ts';

export const typesetCommand: Command = {
  name: 'typeset',
  usage: 'TEX [--theme dark|light|hc-dark|hc-light]',
  summary: 'print the SVG of an equation in the ink of a theme (light where none is given)',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(withTexLast(args), { theme: { type: 'string' } });
    const [tex] = positionals;
    if (tex === undefined || positionals.length > 1) throw new UsageError('typeset needs one piece of TeX');
    const theme = THEME_KINDS.find(kind => kind === (values.theme ?? 'light'));
    if (!theme) throw new UsageError(`--theme is one of ${THEME_KINDS.join(', ')}`);
    io.out(`${inkedSvg(new Typesetter().typeset(tex, { display: true }), theme)}\n`);
    return 0;
  },
};

/** TeX may well begin with a minus sign: behind `--` it is no option. */
function withTexLast(args: readonly string[]): string[] {
  const tex = args.filter((it, index) => /^-[^-]/.test(it) && args[index - 1] !== '--theme');
  return tex.length === 0 ? [...args] : [...args.filter(it => !tex.includes(it)), '--', ...tex];
}
