import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { LineIndex } from '../../../src/core/python/lineIndex.ts';
import type { FunctionOutline, Outline } from '../../../src/core/python/outline.ts';
import type { Range } from '../../../src/core/python/position.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';

describe('outline', () => {
  let parser: PythonParser;
  let text: string;
  let outline: Outline;

  before(async () => {
    parser = await loadPythonParser();
    text = await readFile('test/fixtures/python/outline.py', 'utf8');
    outline = parser.outline(text);
  });
  after(() => parser.dispose());

  const textOf = (range: Range) => {
    const lines = new LineIndex(text);
    return text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
  };
  const fn = (qualname: string): FunctionOutline => {
    const found = outline.functions.find(it => it.qualname === qualname);
    assert.ok(found, `no function ${qualname}`);
    return found;
  };

  it('reads the fixture without errors', () => assert.equal(outline.hasErrors, false));

  it('lists imports: plain, aliased, dotted, relative, star', () => {
    const imports = outline.imports.map(it => [it.module, it.name, it.local]);
    assert.deepEqual(imports, [
      ['__future__', 'annotations', 'annotations'],
      ['math', undefined, 'math'],
      ['torch', undefined, 'th'],
      ['numpy.linalg', undefined, 'numpy.linalg'],
      ['torch.nn', 'functional', 'F'],
      ['torch.nn', 'Module', 'Module'],
      ['.blocks', 'Block', 'Block'],
      ['.blocks', 'Norm', 'LayerNorm'],
      ['..utils', '*', '*'],
      ['.', 'helpers', 'helpers'],
    ]);
  });

  it('lists functions and methods, nested ones too, in source order', () => {
    assert.deepEqual(
      outline.functions.map(it => [it.qualname, it.className]),
      [
        ['free', undefined],
        ['free.nested', undefined],
        ['Outer.Inner.make', 'Outer.Inner'],
        ['Outer.width', 'Outer'],
        ['Outer.forward', 'Outer'],
        ['Outer.__init__', 'Outer'],
      ],
    );
  });

  it('reads classes: bases without keywords, methods, attributes and what constructs them', () => {
    const outer = outline.classes.find(it => it.qualname === 'Outer');
    assert.ok(outer);
    assert.deepEqual(outer.bases, ['Module', 'base.Mixin']);
    assert.deepEqual(outer.methods, ['width', 'forward', '__init__']);
    const attributes = outer.attributes.map(it => [it.name, it.method, it.constructedBy, it.constructors]);
    assert.deepEqual(attributes, [
      ['shared', undefined, 'Block', ['Block']],
      ['cache', 'forward', undefined, []],
      ['linear', '__init__', 'th.nn.Linear', ['th.nn.Linear']],
      ['blocks', '__init__', 'th.nn.ModuleList', ['th.nn.ModuleList', 'Block', 'range']],
      ['norm', '__init__', undefined, ['LayerNorm']],
      ['a', '__init__', undefined, []],
      ['b', '__init__', undefined, []],
      ['queue', '__init__', undefined, ['th.zeros']],
    ]);
    assert.deepEqual(
      outline.classes.map(it => it.qualname),
      ['Outer', 'Outer.Inner'],
    );
  });

  it('reads module-level assignments', () => {
    assert.deepEqual(
      outline.assignments.map(it => [it.name, it.constructedBy]),
      [
        ['LIMIT', undefined],
        ['Activation', 'make_activation'],
      ],
    );
  });

  it('reads parameters with kinds, annotations and defaults', () => {
    assert.deepEqual(fn('free').parameters, [
      { name: 'first', kind: 'positional' },
      { name: 'second', kind: 'positional', annotation: 'int', defaultValue: '2' },
      { name: 'rest', kind: 'star' },
      { name: 'flag', kind: 'keywordOnly', defaultValue: 'True' },
      { name: 'options', kind: 'doubleStar' },
    ]);
    assert.deepEqual(
      fn('Outer.forward').parameters.map(it => [it.name, it.kind]),
      [
        ['self', 'positional'],
        ['x', 'positional'],
        ['mask', 'keywordOnly'],
      ],
    );
    assert.equal(fn('Outer.forward').isAsync, true);
    assert.deepEqual(fn('Outer.width').decorators, ['property', 'decorate']);
    assert.equal(textOf(fn('Outer.width').range).split('\n')[0], '@property');
  });

  it('lists statements with kinds and depths; docstrings and nested bodies left out', () => {
    assert.deepEqual(
      fn('free').statements.map(it => [it.kind, it.depth]),
      [
        ['other', 0],
        ['return', 0],
      ],
    );
    assert.deepEqual(
      fn('Outer.forward').statements.map(it => [it.kind, it.depth]),
      [
        ['assign', 0],
        ['assign', 0],
        ['if', 0],
        ['augmented', 1],
        ['elif', 0],
        ['assign', 1],
        ['else', 0],
        ['pass', 1],
        ['for', 0],
        ['assign', 1],
        ['with', 0],
        ['assign', 1],
        ['assign', 0],
        ['return', 0],
      ],
    );
  });

  it('gives ranges in UTF-16 units, headers of compound statements alone', () => {
    const { statements } = fn('Outer.forward');
    assert.equal(textOf(statements[1]!.range), 'v = "日本語🧮"');
    assert.equal(textOf(statements[2]!.range), 'if mask is not None and not self.training:');
    assert.equal(textOf(statements[5]!.range), 'x = (x\n                 * 1e-5)');
    assert.equal(textOf(statements[8]!.range), 'for i, block in enumerate(self.blocks):');
    assert.equal(textOf(fn('Outer.forward').nameRange), 'forward');
  });

  it('reads the features of statements', () => {
    const { statements } = fn('Outer.forward');
    const features = (index: number) => {
      const { targets, names, calls, operators, literals, keywords } = statements[index]!;
      return { targets, names, calls, operators, literals, keywords };
    };
    assert.deepEqual(features(0), {
      targets: ['q', 'k'],
      names: ['self.project', 'x'],
      calls: ['self.project'],
      operators: ['[]'],
      literals: ['2'],
      keywords: [],
    });
    assert.deepEqual([...features(2).operators].sort(), ['and', 'is not', 'not']);
    assert.deepEqual(features(3), {
      targets: ['x'],
      names: ['x', 'mask'],
      calls: [],
      operators: ['+', '[]'],
      literals: ['0'],
      keywords: [],
    });
    assert.deepEqual(features(9).calls, ['block']);
    assert.deepEqual(features(9).literals, ['-1']);
    assert.deepEqual(features(9).names, ['block', 'x', 'args.extra']);
    assert.deepEqual(features(12).targets, ['self.cache', 'y']);
    const last = features(13);
    assert.deepEqual([...last.calls].sort(), ['.type', 'th.softmax', 'x.float']);
    assert.ok(last.operators.includes('if-else') && last.operators.includes('~'));
  });

  it('places name uses and calls on their words', () => {
    const forward = fn('Outer.forward');
    for (const use of forward.names) assert.equal(textOf(use.range), use.name);
    const project = forward.calls.find(it => it.callee === 'self.project');
    assert.ok(project);
    assert.equal(textOf(project.nameRange), 'project');
    assert.ok(forward.names.some(it => it.name === 'self.project' && it.role === 'callee'));
    assert.ok(forward.names.some(it => it.name === 'mask' && it.role === 'parameter'));
    assert.ok(forward.names.some(it => it.name === 'y' && it.role === 'target'));
  });

  it('keeps names of nested functions out of the outer one', () => {
    assert.ok(!fn('free').names.some(it => it.name === 'z'));
    assert.ok(fn('free.nested').names.some(it => it.name === 'z'));
  });
});
