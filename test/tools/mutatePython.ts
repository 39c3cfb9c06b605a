import { LineIndex } from '../../src/core/python/lineIndex.ts';
import type { FunctionOutline, StatementOutline } from '../../src/core/python/outline.ts';
import type { PythonParser } from '../../src/core/python/pythonParser.ts';
import type { Syntax } from '../../src/core/python/syntax.ts';

/** A replacement of `[start, end)` of the original text. */
interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A changed file, and where its old lines went. */
export interface Mutant {
  readonly text: string;
  /** 0-based line of the new text at which a statement of the original starts; undefined where it was taken away. */
  readonly lineOf: (statement: StatementOutline) => number | undefined;
  /** 0-based lines that the mutation wrote anew and that belong to what stood there. */
  readonly newLines: ReadonlySet<number>;
}

/** What a mutation works on. */
interface Subject {
  readonly text: string;
  readonly lines: LineIndex;
  readonly fn: FunctionOutline;
  readonly syntax: Syntax;
  /** Nodes of the function, in pre-order. */
  readonly nodes: readonly number[];
}

type Mutation = (subject: Subject) => { edits: TextEdit[]; written?: number[] };

/** Changes that leave the computation as it is: the card must stay, its steps on the same statements. */
export const harmless = {
  renameLocals: renameLocals,
  insertLogging: subject => insertBefore(subject, index => `logger.debug("checkpoint %d", ${index})`),
  addTypeHints: addTypeHints,
  reformat: reformat,
  addComments: subject => insertBefore(subject, index => `# ここが手順 ${index} 🧮`),
  splitStatements: splitStatements,
  mergeStatements: mergeStatements,
  addParameter: addParameter,
  wrapInContext: wrapInContext,
  renameModules: renameModules,
  addGuards: addGuards,
  tabsAndCarriageReturns: tabsAndCarriageReturns,
} satisfies Record<string, Mutation>;

/** Changes after which the function computes something else: the card must go. */
export const harmful = {
  returnInput: subject => ({ edits: [replaceBody(subject, `return ${firstParameter(subject)}`)] }),
  notImplemented: subject => ({ edits: [replaceBody(subject, 'raise NotImplementedError')] }),
  otherBody: subject => ({
    edits: [
      replaceBody(
        subject,
        [
          `hidden = torch.relu(self.first(${firstParameter(subject)}))`,
          'hidden = self.dropout(hidden)',
          'return self.second(hidden).tanh()',
        ].join('\n'),
      ),
    ],
  }),
  swapOperations: swapOperations,
} satisfies Record<string, Mutation>;

export type HarmlessName = keyof typeof harmless;
export type HarmfulName = keyof typeof harmful;

/** @returns undefined where the function offers nothing to this mutation */
export function mutate(
  parser: PythonParser,
  text: string,
  qualname: string,
  mutation: Mutation,
): Mutant | undefined {
  const fn = parser.outline(text).functions.find(it => it.qualname === qualname);
  if (!fn) throw new Error(`no function ${qualname}`);
  const tree = parser.parse(text);
  const syntax = parser.copySyntax(tree, text);
  tree.delete();
  const lines = new LineIndex(text);
  const from = lines.offsetAt(fn.range.start);
  const to = lines.offsetAt(fn.range.end);
  const nodes = [...syntax.types.keys()].filter(it => syntax.starts[it]! >= from && syntax.ends[it]! <= to);
  const { edits, written = [] } = mutation({ text, lines, fn, syntax, nodes });
  if (edits.length === 0) return undefined;
  return apply(text, lines, edits, written);
}

function apply(text: string, lines: LineIndex, edits: TextEdit[], written: readonly number[]): Mutant {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) throw new Error('edits overlap');
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  result += text.slice(at);
  const newIndex = new LineIndex(result);
  const move = (offset: number, afterInsertion: boolean) => {
    let shift = 0;
    for (const edit of sorted) {
      if (edit.end < offset || (edit.end === offset && (afterInsertion || edit.end > edit.start))) {
        shift += edit.text.length - (edit.end - edit.start);
      } else if (edit.start < offset && offset < edit.end) return undefined;
    }
    return offset + shift;
  };
  const gone = (offset: number) =>
    sorted.some(edit => edit.text === '' && edit.start <= offset && offset < edit.end);
  const newLines = new Set<number>();
  for (const offset of written) {
    const moved = move(offset, false);
    if (moved !== undefined) newLines.add(newIndex.lineAt(moved));
  }
  return {
    text: result,
    lineOf: statement => {
      const offset = lines.offsetAt(statement.range.start);
      if (gone(offset)) return undefined;
      const moved = move(offset, true);
      return moved === undefined ? undefined : newIndex.lineAt(moved);
    },
    newLines,
  };
}

/** Statements that stand alone on their lines, with the indentation in front of them. */
function ownLines({
  text,
  lines,
  fn,
}: Subject): { statement: StatementOutline; start: number; indent: string }[] {
  return fn.statements.flatMap(statement => {
    if (['elif', 'else', 'except', 'finally'].includes(statement.kind)) return [];
    const start = lines.offsetAt({ line: statement.range.start.line, character: 0 });
    const indent = text.slice(start, lines.offsetAt(statement.range.start));
    return /^[ \t]*$/.test(indent) ? [{ statement, start, indent }] : [];
  });
}

function insertBefore(subject: Subject, line: (index: number) => string): { edits: TextEdit[] } {
  const edits = ownLines(subject).map(({ start, indent }, index) => ({
    start,
    end: start,
    text: `${indent}${line(index)}\n`,
  }));
  return { edits };
}

function renameLocals({ lines, fn }: Subject): { edits: TextEdit[] } {
  const parameters = new Set(fn.parameters.map(it => it.name));
  const locals = new Set(
    fn.names.filter(use => use.role === 'target' && !use.name.includes('.')).map(use => use.name),
  );
  const edits: TextEdit[] = [];
  const seen = new Set<number>();
  for (const use of fn.names) {
    if (!locals.has(use.name) || parameters.has(use.name) || use.name === '_') continue;
    const start = lines.offsetAt(use.range.start);
    if (seen.has(start)) continue;
    seen.add(start);
    edits.push({ start, end: start + use.name.length, text: `local_${use.name}_` });
  }
  return { edits };
}

function addTypeHints({ text, lines, fn }: Subject): { edits: TextEdit[] } {
  const edits: TextEdit[] = [];
  for (const parameter of fn.parameters) {
    if (parameter.annotation !== undefined || parameter.kind.toLowerCase().includes('star')) continue;
    if (parameter.name === 'self') continue;
    const use = fn.names.find(it => it.role === 'parameter' && it.name === parameter.name);
    if (!use) continue;
    const at = lines.offsetAt(use.range.end);
    edits.push({ start: at, end: at, text: ': torch.Tensor' });
  }
  for (const statement of fn.statements) {
    if (statement.kind !== 'assign' || statement.targets.length !== 1) continue;
    const target = statement.targets[0]!;
    const start = lines.offsetAt(statement.range.start);
    if (!text.startsWith(`${target} = `, start)) continue;
    const at = start + target.length;
    edits.push({ start: at, end: at, text: ': "torch.Tensor"' });
  }
  return { edits };
}

function parentsOf(syntax: Syntax): number[] {
  const parents: number[] = [];
  const stack: number[] = [];
  for (let node = 0; node < syntax.types.length; node++) {
    while (stack.length > 0 && syntax.next[stack[stack.length - 1]!]! <= node) stack.pop();
    parents.push(stack[stack.length - 1] ?? -1);
    stack.push(node);
  }
  return parents;
}

function reformat({ syntax, nodes, text }: Subject): { edits: TextEdit[] } {
  const parents = parentsOf(syntax);
  const edits: TextEdit[] = [];
  for (const node of nodes) {
    const parent = syntax.types[parents[node]!];
    if (
      syntax.types[node] !== ',' ||
      !['argument_list', 'list', 'parameters', 'tuple'].includes(parent ?? '')
    )
      continue;
    if (parent === 'tuple' && text[syntax.starts[parents[node]!]!] !== '(') continue;
    let end = syntax.ends[node]!;
    while (text[end] === ' ') end++;
    if (text[end] === '\n' || text[end] === '#') continue;
    edits.push({ start: syntax.ends[node]!, end, text: '\n                        ' });
  }
  return { edits };
}

/** `x = f(g(y))` becomes two statements. */
function splitStatements(subject: Subject): { edits: TextEdit[]; written: number[] } {
  const { syntax, nodes } = subject;
  const starts = new Map(ownLines(subject).map(it => [it.start + it.indent.length, it]));
  const edits: TextEdit[] = [];
  const written: number[] = [];
  for (const node of nodes) {
    if (syntax.types[node] !== 'assignment') continue;
    const own = starts.get(syntax.starts[node]!);
    const right = syntax.childByField(node, 'right');
    if (own?.statement.kind !== 'assign' || right === undefined || syntax.types[right] !== 'call') continue;
    const callArguments = syntax.childByField(right, 'arguments');
    if (callArguments === undefined) continue;
    const first = [...syntax.children(callArguments)].find(it => !/^\W$/.test(syntax.types[it] ?? ''));
    if (first === undefined || !['call', 'binary_operator'].includes(syntax.types[first] ?? '')) continue;
    const name = `part_${edits.length}`;
    edits.push({
      start: own.start,
      end: own.start,
      text: `${own.indent}${name} = (${syntax.textOf(first)})\n`,
    });
    edits.push({ start: syntax.starts[first]!, end: syntax.ends[first]!, text: name });
    written.push(own.start);
  }
  return { edits, written };
}

/** `a = E` whose only use is in the next statement moves into it. */
function mergeStatements(subject: Subject): { edits: TextEdit[]; written: number[] } {
  const { text, lines, fn, syntax, nodes } = subject;
  const own = ownLines(subject);
  const edits: TextEdit[] = [];
  const written: number[] = [];
  let busyUntil = -1;
  for (const [index, { statement, start }] of own.entries()) {
    const next = own[index + 1];
    if (start < busyUntil || statement.kind !== 'assign' || statement.targets.length !== 1 || !next) continue;
    if (!['assign', 'return'].includes(next.statement.kind) || next.statement.depth !== statement.depth)
      continue;
    const name = statement.targets[0]!;
    const uses = fn.names.filter(use => use.name === name);
    if (name.includes('.') || uses.length !== 2) continue;
    const use = uses.find(it => it.role === 'read' || it.role === 'callee');
    if (!use || use.range.start.line < next.statement.range.start.line) continue;
    if (use.range.start.line > next.statement.range.end.line) continue;
    const node = nodes.find(
      it => syntax.types[it] === 'assignment' && syntax.starts[it] === lines.offsetAt(statement.range.start),
    );
    const value = node === undefined ? undefined : syntax.childByField(node, 'right');
    if (value === undefined) continue;
    const end = next.start;
    if (text.slice(lines.offsetAt(statement.range.end), end).includes('#')) continue;
    edits.push({ start, end, text: '' });
    const at = lines.offsetAt(use.range.start);
    edits.push({ start: at, end: at + name.length, text: `(${syntax.textOf(value)})` });
    written.push(lines.offsetAt(next.statement.range.start));
    busyUntil = lines.offsetAt(next.statement.range.end);
  }
  return { edits, written };
}

function addParameter({ syntax, nodes, fn }: Subject): { edits: TextEdit[] } {
  if (fn.parameters.some(it => it.kind !== 'positional')) return { edits: [] };
  const parameters = nodes.find(it => syntax.types[it] === 'parameters');
  if (parameters === undefined) return { edits: [] };
  const last = [...syntax.children(parameters)].filter(it => syntax.types[it] !== ')').at(-1);
  if (last === undefined) return { edits: [] };
  const comma = syntax.types[last] === ',' || syntax.types[last] === '(' ? '' : ', ';
  const at = syntax.ends[last]!;
  return { edits: [{ start: at, end: at, text: `${comma}return_extra=False` }] };
}

/** Where the body's first statement begins, behind a docstring. */
function bodyStart({ lines, fn }: Subject): number {
  return lines.offsetAt({ line: fn.statements[0]!.range.start.line, character: 0 });
}

function wrapInContext(subject: Subject): { edits: TextEdit[] } {
  const { text, lines, fn } = subject;
  const [first] = ownLines(subject);
  if (!first || fn.statements[0] !== first.statement) return { edits: [] };
  const edits: TextEdit[] = [
    {
      start: first.start,
      end: first.start,
      text: `${first.indent}with torch.autocast(device_type="cuda"):\n    `,
    },
  ];
  for (let line = first.statement.range.start.line + 1; line <= fn.range.end.line; line++) {
    const at = lines.offsetAt({ line, character: 0 });
    if (!/^\s*(\n|$)/.test(text.slice(at, at + 200))) edits.push({ start: at, end: at, text: '    ' });
  }
  return { edits };
}

function renameModules({ lines, fn, text }: Subject): { edits: TextEdit[] } {
  const other: Record<string, string> = { th: 'torch', torch: 'th', F: 'nn.functional', math: 'np' };
  const edits: TextEdit[] = [];
  const seen = new Set<number>();
  for (const use of fn.names) {
    const start = lines.offsetAt(use.range.start);
    const name = other[use.name];
    if (name === undefined || seen.has(start) || text[start + use.name.length] !== '.') continue;
    seen.add(start);
    edits.push({ start, end: start + use.name.length, text: name });
  }
  return { edits };
}

function addGuards(subject: Subject): { edits: TextEdit[] } {
  const [first] = ownLines(subject);
  if (!first) return { edits: [] };
  const name = firstParameter(subject);
  const text =
    `${first.indent}assert ${name} is not None, "nothing to work on"\n` +
    `${first.indent}if self.verbose:\n${first.indent}    warnings.warn("slow path")\n`;
  return { edits: [{ start: first.start, end: first.start, text }] };
}

function tabsAndCarriageReturns({ text }: Subject): { edits: TextEdit[] } {
  const edits: TextEdit[] = [];
  for (const found of text.matchAll(/^( {4})+|(?<!\r)\n/gm)) {
    const start = found.index;
    const replacement = found[0] === '\n' ? '\r\n' : '\t'.repeat(found[0].length / 4);
    edits.push({ start, end: start + found[0].length, text: replacement });
  }
  return { edits };
}

function firstParameter({ fn }: Subject): string {
  return fn.parameters.find(it => it.name !== 'self')?.name ?? 'None';
}

function replaceBody(subject: Subject, body: string): TextEdit {
  const { text, lines, fn } = subject;
  if (fn.statements.length === 0) throw new Error(`${fn.qualname} has no statements`);
  const start = bodyStart(subject);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  return { start, end: lines.offsetAt(fn.range.end), text: body.replace(/^/gm, indent) };
}

/** Operation → what takes its place. The first one the body has is replaced, everywhere in it. */
const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/\bsoftmax\b(?=\()/g, 'sigmoid'],
  [/\bcross_entropy\b(?=\()/g, 'mse_loss'],
  [/\bnormalize\b(?=\()/g, 'softmax'],
  [/\bsigmoid\b(?=\()/g, 'tanh'],
  [/\blogsigmoid\b(?=\()/g, 'softplus'],
  [/\bcat\b(?=\()/g, 'stack'],
  [/\bconcat\b(?=\()/g, 'stack'],
  [/\beinsum\b(?=\()/g, 'cdist'],
  [/\bmatmul\b(?=\()/g, 'cdist'],
  [/ @ /g, ' - '],
  [/ \+ /g, ' - '],
  [/ \* /g, ' / '],
];

function swapOperations(subject: Subject): { edits: TextEdit[] } {
  const { text, lines, fn } = subject;
  if (fn.statements.length === 0) return { edits: [] };
  const start = bodyStart(subject);
  const end = lines.offsetAt(fn.range.end);
  const body = text.slice(start, end);
  for (const [pattern, replacement] of SWAPS) {
    const swapped = body.replace(pattern, replacement);
    if (swapped !== body) return { edits: [{ start, end, text: swapped }] };
  }
  return { edits: [] };
}
