import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Limits } from '../../../../src/core/trace/interpreter/limits.ts';
import { torchModules } from '../../../../src/core/trace/torch/modules.ts';
import type { Tracer } from '../../../../src/core/trace/tracer.ts';
import { noFiles, tracerFixture } from './tracerFixture.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20261123);
const limits: Partial<Limits> = {
  steps: 30_000,
  elements: 200_000,
  bytes: 50_000_000,
  nodes: 2000,
  milliseconds: 10_000,
  depth: 120,
};

/** The names that generated programs use; some are bound, some are not. */
const names = [
  'a',
  'b',
  'c',
  'x',
  'self',
  'f',
  'g',
  'A',
  'B',
  '__proto__',
  'constructor',
  'toString',
  '_',
  '__class__',
  '__dict__',
];
const builtins = [
  'len',
  'range',
  'list',
  'dict',
  'set',
  'tuple',
  'str',
  'int',
  'float',
  'bool',
  'sum',
  'max',
  'min',
  'sorted',
  'zip',
  'map',
  'filter',
  'enumerate',
  'reversed',
  'isinstance',
  'getattr',
  'hasattr',
  'repr',
  'abs',
  'round',
  'iter',
  'next',
  'type',
  'print',
  'any',
  'all',
  'divmod',
  'pow',
  'hash',
  'callable',
  'vars',
  'dir',
  'locals',
  'globals',
  'super',
  'property',
  'staticmethod',
  'classmethod',
  'object',
  'slice',
  'frozenset',
  'format',
  'open',
  'exec',
  'eval',
  'compile',
  '__import__',
  'input',
  'bytes',
  'chr',
  'ord',
  'hex',
  'id',
  'setattr',
  'delattr',
  'issubclass',
  'complex',
  'Exception',
  'ValueError',
  'StopIteration',
  'torch.zeros',
  'torch.arange',
  'torch.tensor',
  'torch.ones',
  'torch.cat',
  'torch.nn.Linear',
  'math.sqrt',
];
const attributes = [
  'append',
  'items',
  'keys',
  'pop',
  'join',
  'split',
  'format',
  'upper',
  'x',
  '__init__',
  '__new__',
  '__class__',
  '__mro__',
  '__dict__',
  '__name__',
  '__getattr__',
  '__subclasses__',
  '__globals__',
  'shape',
  'view',
  'T',
  'sum',
  'send',
  'close',
  'throw',
  'update',
  'sort',
  'index',
  'real',
  'constructor',
  '__proto__',
  '__call__',
  '__getitem__',
  'mean',
  'reshape',
  'transpose',
  'item',
  'tolist',
  'unsqueeze',
  'add_',
  'data',
];
const operators = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '@',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '==',
  '<',
  '>=',
  'in',
  'is',
  'and',
  'or',
  'not in',
  'is not',
];
const pick = (list: readonly string[]) => fc.constantFrom(...list);

const { expression } = fc.letrec<{ expression: string; atom: string }>(tie => {
  const inner = tie('expression');
  const list = fc.array(inner, { maxLength: 3 });
  return {
    atom: fc.oneof(
      pick(names),
      pick([
        '0',
        '1',
        '-1',
        '2',
        '7',
        '1.5',
        '1e308',
        '10**30',
        'None',
        'True',
        '...',
        "''",
        "'ab'",
        'b"x"',
        '"{}"',
        'f"{x}"',
        '[]',
        '{}',
        '()',
        'torch',
        'math',
      ]),
    ),
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('atom'),
      fc.tuple(inner, pick(operators), inner).map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(pick(builtins), list).map(([f, args]) => `${f}(${args.join(', ')})`),
      fc.tuple(inner, pick(attributes)).map(([o, n]) => `${o}.${n}`),
      fc.tuple(inner, pick(attributes), list).map(([o, n, args]) => `${o}.${n}(${args.join(', ')})`),
      fc.tuple(inner, inner).map(([o, i]) => `${o}[${i}]`),
      fc.tuple(inner, inner, inner).map(([o, i, j]) => `${o}[${i}:${j}]`),
      fc.tuple(inner, inner, inner).map(([a, c, b]) => `(${a} if ${c} else ${b})`),
      list.map(items => `[${items.join(', ')}]`),
      list.map(items => `{${items.map(i => `${i}: ${i}`).join(', ')}}`),
      fc.tuple(inner, pick(names), inner).map(([e, n, s]) => `[${e} for ${n} in ${s}]`),
      fc.tuple(inner, pick(names), inner).map(([e, n, s]) => `sum(${e} for ${n} in ${s} if ${n})`),
      fc.tuple(pick(names), inner).map(([n, e]) => `(lambda ${n}=1: ${e})`),
      fc.tuple(inner, list).map(([f, args]) => `${f}(*[${args.join(', ')}], **{'k': 1})`),
      fc
        .tuple(inner, pick(['', ':>5', '!r', ':.2f', ':{x}']))
        .map(([e, s]) => `f'{${e.replaceAll("'", '"').replaceAll('\\', '')}${s}}'`),
      inner.map(e => `(-${e})`),
      inner.map(e => `(not ${e})`),
      fc.tuple(pick(names), inner).map(([n, e]) => `(${n} := ${e})`),
    ),
  };
});

const indent = (text: string) =>
  text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
const { block } = fc.letrec<{ block: string; statement: string }>(tie => {
  const body = tie('block').map(indent);
  return {
    statement: fc.oneof(
      { maxDepth: 3 },
      expression,
      fc.tuple(pick(names), expression).map(([n, e]) => `${n} = ${e}`),
      fc
        .tuple(pick(names), pick(['+', '*', '-', '@', '|']), expression)
        .map(([n, o, e]) => `${n} ${o}= ${e}`),
      fc.tuple(pick(names), pick(names), expression).map(([n, m, e]) => `${n}, *${m} = ${e}`),
      fc.tuple(expression, expression, expression).map(([o, i, e]) => `a = ${o}\na[${i}] = ${e}`),
      fc.tuple(pick(names), pick(attributes), expression).map(([n, k, e]) => `${n}.${k} = ${e}`),
      expression.map(e => `return ${e}`),
      expression.map(e => `yield ${e}`),
      expression.map(e => `raise ${e}`),
      expression.map(e => `assert ${e}`),
      pick(names).map(n => `del ${n}`),
      pick(names).map(n => `global ${n}`),
      pick([
        'break',
        'continue',
        'pass',
        'import torch',
        'import os, sys',
        'from math import *',
        'import nothing',
        'from . import x',
        'raise',
      ]),
      fc.tuple(expression, body, body).map(([c, t, e]) => `if ${c}:\n${t}\nelse:\n${e}`),
      fc.tuple(pick(names), expression, body).map(([n, s, b]) => `for ${n} in ${s}:\n${b}`),
      fc.tuple(expression, body).map(([c, b]) => `while ${c}:\n${b}`),
      fc
        .tuple(body, pick(['Exception', 'ValueError as e', '(TypeError, KeyError)', 'x']), body, body)
        .map(([t, k, h, l]) => `try:\n${t}\nexcept ${k}:\n${h}\nfinally:\n${l}`),
      fc.tuple(expression, body).map(([c, b]) => `with ${c} as x:\n${b}`),
      fc
        .tuple(
          pick(['f', 'g', '__init__', '__getattr__', '__eq__']),
          pick(['', 'a', 'self, x=1', '*a, **b', 'a, /, b, *, c=2']),
          body,
        )
        .map(([n, p, b]) => `def ${n}(${p}):\n${b}`),
      fc
        .tuple(
          pick(['A', 'B']),
          pick(['', '(A)', '(dict)', '(Exception)', '(torch.nn.Module)', '(metaclass=x)']),
          body,
        )
        .map(([n, p, b]) => `class ${n}${p}:\n${b}`),
      fc
        .tuple(expression, pick(['1', 'x', '[a, *b]', '{"k": c}', 'A(x=1)', '_']), body)
        .map(([s, p, b]) => `match ${s}:\n    case ${p}:\n${indent(b)}`),
    ),
    block: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map(list => list.join('\n')),
  };
});

/** Most names are bound, to values of many kinds. */
const prologue = `import torch, math
def f(*args, **kwargs):
    return args
def g(n=3):
    for i in range(n):
        yield i
class A:
    x = 1
    def __init__(self, *args): self.a = args
    def __getitem__(self, i): return i
    def __add__(self, other): return other
class B(A, dict): pass
a, b, c, _ = [1, 2, [3]], {'k': 1, 2: (3,)}, torch.arange(6.0).reshape(2, 3), 'text'
x, self = 3, A(1)
`;

/** Texts to mutate: the interpreter's own programs and our reference modules. */
function seeds(): string[] {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const programs = JSON.parse(readFileSync(join(root, 'test/fixtures/python-programs.json'), 'utf8')) as {
    source: string;
  }[];
  const minis = readdirSync(join(root, 'packs'), { recursive: true, encoding: 'utf8' }).filter(path =>
    /mini\/\w+\.py$/.test(path),
  );
  return [
    ...programs.map(p => p.source),
    ...minis.map(path => readFileSync(join(root, 'packs', path), 'utf8')),
  ];
}

/** Deletes, doubles, swaps or replaces some of the tokens. */
const mutation = fc.array(
  fc.record({
    at: fc.nat(1_000_000),
    how: fc.constantFrom('delete', 'double', 'swap', 'replace', 'truncate'),
    with: fc.oneof(
      expression,
      pick([
        ...names,
        ...operators,
        ':',
        '(',
        ')',
        '[',
        ']',
        '\n',
        '    ',
        'lambda',
        'yield',
        'async',
        'await',
        '"""',
        '{',
        '\u0000',
        '😀',
      ]),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

function mutate(text: string, changes: readonly { at: number; how: string; with: string }[]): string {
  const tokens = text.match(/\w+|\s+|[^\w\s]/gu) ?? [];
  for (const change of changes) {
    const i = change.at % Math.max(1, tokens.length);
    if (change.how === 'delete') tokens.splice(i, 1);
    else if (change.how === 'double') tokens.splice(i, 0, tokens[i] ?? '');
    else if (change.how === 'swap') tokens.splice(i, 2, tokens[i + 1] ?? '', tokens[i] ?? '');
    else if (change.how === 'replace') tokens[i] = change.with;
    else tokens.length = Math.max(1, i);
  }
  return tokens.join('');
}

describe(`hostile and broken programs (seed ${seed})`, function () {
  this.timeout(300_000);
  let tracer: Tracer;
  before(async () => {
    tracer = await tracerFixture(torchModules);
  });

  /** Whatever the program is: an outcome, in words of Python, and nothing changed outside. */
  function survives(source: string): void {
    const run = tracer.start({ sources: noFiles, limits });
    const done = run.exec(source, 'fuzz.py');
    if (!done.ok) {
      assert.notEqual(done.failure.construct, 'internal', `${done.failure.traceback}\n\n${source}`);
      assert.ok(done.failure.message.length > 0);
    }
    run.captures().all();
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  }

  it('1,500 generated programs end with a result or a sentence', () => {
    fc.assert(
      fc.property(block, body =>
        survives(`${prologue}${body}\nprint(a, b, c, x)\nf() if callable(f) else None\n`),
      ),
      { numRuns: 1000, seed },
    );
    fc.assert(
      fc.property(block, body =>
        survives(`${prologue}def h(a=1, b=(2, 3)):\n${indent(body)}\nprint(h(x), list(h(a)))\n`),
      ),
      { numRuns: 500, seed },
    );
  });

  it('600 mutated programs and modules do', () => {
    const texts = seeds();
    fc.assert(
      fc.property(fc.nat(texts.length - 1), mutation, (i, changes) => survives(mutate(texts[i]!, changes))),
      { numRuns: 600, seed },
    );
  });
});
