import { ExploreError, exploreEntry, exploreQuestions } from '../explain/exploreEntry.ts';
import type { FunctionOutline, Outline } from '../python/outline.ts';
import { flowYaml } from './flowYaml.ts';
import { scaffoldSignature, signatureYaml } from './scaffoldSignature.ts';

export interface ScaffoldOptions {
  /** The file's path in its repository. */
  readonly path: string;
  /** The file's lines. */
  readonly lines: readonly string[];
  /** Name of the pack; made fit for ids. */
  readonly system: string;
  readonly repo?: string;
  readonly commit?: string;
  /** Where the JSON schema of packs is, for the editors that read the comment. */
  readonly schema?: string;
}

/** Symbols beyond these make a card of names, not of mathematics. */
const MAX_SYMBOLS = 12;
/** A function of more statements is cut into steps by its author, not by us. */
const MAX_STEPS = 30;
/** Every letter of the Greek alphabet that TeX has a name for. */
const GREEK =
  /^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega)$/;

/**
 * A pack of one entry for a function, as text to be filled in: valid as it stands, with names and numbers of the code and no sentence of it.
 * What it runs is guessed from names and annotations.
 */
export function scaffoldPack(outline: Outline, fn: FunctionOutline, options: ScaffoldOptions): string {
  const scaffold = scaffoldSignature(outline, fn, options.path);
  const system = systemName(options.system);
  const id = `${system}.${fn.qualname}`;
  const symbols = scaffold.symbols.filter(name => /^[A-Za-z_]\w*$/.test(name) && name !== '_');
  const parameters = scaffold.signature.parameters.filter(name => symbols.includes(name));
  const tex = `\\mathrm{${texName(fn.className ?? fn.name)}}(${parameters.map(texOf).join(', ')}) = \\ldots`;
  const title = flowYaml({ en: fn.qualname, ja: fn.qualname });
  const out: string[] = [];
  if (options.schema !== undefined) out.push(`# yaml-language-server: $schema=${options.schema}`);
  out.push(
    '# Fill in what is in quotes: the equation as TeX, how it is read aloud, and what its symbols mean, in English and Japanese.',
    `system: ${flowYaml(system)}`,
    `title: ${flowYaml({ en: system, ja: system })}`,
    'entries:',
    `  - id: ${id}`,
    `    title: ${title}`,
    '    exercises: []',
    `    summary: ${flowYaml({ en: `What ${fn.qualname} computes.`, ja: `${fn.qualname} の計算。` })}`,
    `    upstream: ${flowYaml({ path: options.path, qualname: fn.qualname, repo: options.repo, commit: options.commit })}`,
    signatureYaml(scaffold.signature, '    ').trimEnd(),
    '    equations:',
    '      - id: equation',
    `        tex: '${tex}'`,
    `        spoken: ${title}`,
    `        text: ${title}`,
  );
  out.push(symbols.length === 0 ? '    symbols: []' : '    symbols:');
  for (const name of [...new Set(symbols)].slice(0, MAX_SYMBOLS)) {
    const symbol = { code: [name], meaning: { en: name, ja: name } };
    out.push(`      - {tex: '${texOf(name)}', ${flowYaml(symbol).slice(1, -1)}}`);
  }
  const steps = scaffold.steps.slice(0, MAX_STEPS);
  out.push(steps.length === 0 ? '    steps: []' : '    steps:');
  for (const [index, { lines, match }] of steps.entries()) {
    const [from, to] = lines;
    const targets = (match.targets ?? []).filter(name => /^[A-Za-z_]\w*$/.test(name));
    const tensors = match.kind === 'return' ? ['return'] : targets;
    const label = targets.join(', ') || match.calls?.[0] || match.kind || 'step';
    out.push(
      `      - id: s${index + 1} # ${from === to ? `line ${from}` : `lines ${from}–${to}`}`,
      '        equation: equation',
      `        label: ${flowYaml({ en: label, ja: label })}`,
      `        match: [${flowYaml(match)}]`,
      ...(tensors.length > 0 ? [`        tensors: ${flowYaml(tensors)}`] : []),
    );
  }
  out.push(...miniLines(outline, fn, options.lines, id));
  return `${out.join('\n')}\n`;
}

/** A driver that runs the code on screen, with guessed arguments; nothing where they cannot be guessed. */
function miniLines(
  outline: Outline,
  fn: FunctionOutline,
  lines: readonly string[],
  id: string,
): readonly string[] {
  // A nested function or a class in a class has no name that a driver could call it by.
  const depth = fn.qualname.split('.').length;
  if (depth > (fn.className === undefined ? 1 : 2) || fn.qualname.includes('<')) return [];
  try {
    const { mini } = exploreEntry(fn, lines, exploreQuestions(outline, fn));
    const driver = mini?.drivers[0];
    if (!driver?.code) return [];
    return [
      '    # Runs the code on screen: the arguments are guesses. A mini of your own: file: mini/NAME.py (or NAME.onnx), beside this pack.',
      '    mini:',
      '      drivers:',
      `        - name: ${id}`,
      ...(driver.inputs.length === 0 ? ['          inputs: []'] : ['          inputs:']),
      ...driver.inputs.map(input => `            - ${flowYaml(input)}`),
      '          code: |',
      ...driver.code
        .trimEnd()
        .split('\n')
        .map(line => (line === '' ? '' : `            ${line}`)),
    ];
  } catch (error) {
    if (error instanceof ExploreError) return [];
    throw error;
  }
}

/** Letters that ids may hold. */
function systemName(name: string): string {
  const fit = name
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return fit === '' || /^\d+$/.test(fit) ? 'mine' : fit;
}

const texName = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '\\_');

function texOf(name: string): string {
  if (/^[A-Za-z]$/.test(name)) return name;
  if (GREEK.test(name)) return `\\${name}`;
  return `\\mathit{${texName(name)}}`;
}
