import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const readmes = [
  { file: 'README.md', strings: 'package.nls.json', head: ['setting', 'default', ''] },
  { file: 'README.ja.md', strings: 'package.nls.ja.json', head: ['設定', '既定値', ''] },
] as const;

interface Setting {
  readonly default: unknown;
  readonly markdownDescription?: string;
  readonly description?: string;
}

const begin = '<!-- settings: made by `npm run readme` -->';
const end = '<!-- /settings -->';

/** The README files with their table of settings as package.json has it now: path → text. */
export function readmesWithSettings(): Map<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const { configuration } = manifest.contributes;
  const groups: { properties: Record<string, Setting> }[] = Array.isArray(configuration)
    ? configuration
    : [configuration];
  const settings = groups.flatMap(group => Object.entries(group.properties));
  return new Map(
    readmes.map(({ file, strings, head }) => {
      const sentences: Record<string, string> = JSON.parse(readFileSync(strings, 'utf8'));
      const rows = settings.map(([name, setting]) => {
        const key = (setting.markdownDescription ?? setting.description ?? '').replaceAll('%', '');
        return [
          `\`${name}\``,
          `\`${JSON.stringify(setting.default)}\``,
          (sentences[key] ?? key).replaceAll('|', '\\|'),
        ];
      });
      const table = [head, ['---', '---', '---'], ...rows]
        .map(cells => `| ${cells.join(' | ')} |`)
        .join('\n');
      const text = readFileSync(file, 'utf8');
      const start = text.indexOf(begin);
      const stop = text.indexOf(end);
      if (start < 0 || stop < start)
        throw new Error(`${file} has no place for the settings: ${begin} … ${end}`);
      return [file, `${text.slice(0, start)}${begin}\n\n${table}\n\n${text.slice(stop)}`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of readmesWithSettings()) writeFileSync(file, text);
}
