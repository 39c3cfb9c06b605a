import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import type { Entry } from '../../../src/core/atlas/schema.ts';
import type { FunctionOutline } from '../../../src/core/python/outline.ts';
import type { PythonParser } from '../../../src/core/python/pythonParser.ts';
import { FileContext } from '../../../src/core/recognition/functionContext.ts';
import type { Match } from '../../../src/core/recognition/match.ts';
import { Recognizer } from '../../../src/core/recognition/recognizer.ts';
import { findPythonFiles } from '../../../src/node/findPythonFiles.ts';
import { loadPythonParser } from '../../../src/node/loadPythonParser.ts';
import { builtInAtlas } from '../../tools/builtInAtlas.ts';
import { type HarmfulName, type HarmlessName, harmful, harmless, mutate } from '../../tools/mutatePython.ts';

/** A recognised function of our own modules. */
interface Subject {
  readonly path: string;
  readonly text: string;
  readonly match: Match;
  readonly entry: Entry;
}

/**
 * Renaming every local or folding statements into each other can hide a step from any reader; so much may be missed, and be
 * reported as unplaced. What is placed must be right, always.
 */
const MAY_MISS = 0.03;

describe('mutations of every function of our own modules', function () {
  this.timeout(120_000);
  let parser: PythonParser;
  let recognizer: Recognizer;
  const subjects: Subject[] = [];

  before(async () => {
    parser = await loadPythonParser();
    recognizer = new Recognizer(await builtInAtlas());
    for (const path of (await findPythonFiles('packs')).files) {
      const text = await readFile(`packs/${path}`, 'utf8');
      for (const match of recognizer.matches(parser.outline(text), { path })) {
        const entry = recognizer.atlas.entry(match.entryId);
        if (entry && entry.steps.length > 0) subjects.push({ path, text, match, entry });
      }
    }
  });
  after(() => parser.dispose());

  /** The function after a change, and what it is recognised as. */
  const judge = (text: string, subject: Subject): { fn: FunctionOutline; match: Match | undefined } => {
    const outline = parser.outline(text);
    const fn = outline.functions.find(it => it.qualname === subject.match.function.qualname);
    assert.ok(fn, `${subject.path} ${subject.match.function.qualname} is gone`);
    return { fn, match: recognizer.match(new FileContext(outline, subject.path).contextOf(fn)) };
  };
  const nameOf = (subject: Subject) => `${subject.path} ${subject.match.function.qualname}`;

  it('has functions to work on', () => assert.ok(subjects.length >= 50, `${subjects.length}`));

  for (const name of Object.keys(harmless) as HarmlessName[]) {
    it(`${name}: the card stays, steps on the same statements`, () => {
      let cards = 0;
      let mutants = 0;
      let steps = 0;
      let placed = 0;
      const lost: string[] = [];
      const wrong: string[] = [];
      for (const subject of subjects) {
        const { fn: before } = { fn: subject.match.function };
        const mutant = mutate(parser, subject.text, before.qualname, harmless[name]);
        if (!mutant) continue;
        mutants++;
        const { fn, match } = judge(mutant.text, subject);
        if (match === undefined) {
          lost.push(nameOf(subject));
          continue;
        }
        assert.equal(match.entryId, subject.entry.id, nameOf(subject));
        cards++;
        const old = recognizer.align(subject.entry, before);
        const now = recognizer.align(subject.entry, fn);
        for (const step of old.steps) {
          steps++;
          const found = now.steps.find(it => it.id === step.id);
          if (!found) continue;
          placed++;
          const expected = new Set<number | undefined>(
            step.statements.map(it => mutant.lineOf(before.statements[it]!)),
          );
          const lines = found.statements.map(it => fn.statements[it]!.range.start.line);
          if (lines.some(line => !expected.has(line) && !mutant.newLines.has(line))) {
            wrong.push(`${nameOf(subject)} ${step.id}: ${lines.join()} instead of ${[...expected].join()}`);
          }
        }
      }
      assert.ok(mutants >= 8, `only ${mutants} mutants`);
      assert.ok(lost.length <= MAY_MISS * mutants, `lost: ${lost.join('; ')}`);
      assert.ok(steps - placed <= MAY_MISS * steps, `${steps - placed} of ${steps} steps unplaced`);
      // Two branches that compute the same step are told apart by names alone.
      const allowed = name === 'renameLocals' ? 1 : 0;
      assert.ok(wrong.length <= allowed, wrong.join('; '));
      assert.ok(cards > 0);
    });
  }

  for (const name of Object.keys(harmful) as HarmfulName[]) {
    if (name === 'swapOperations') continue;
    it(`${name}: the card goes`, () => {
      const stayed: string[] = [];
      for (const subject of subjects) {
        const mutant = mutate(parser, subject.text, subject.match.function.qualname, harmful[name]);
        if (mutant && judge(mutant.text, subject).match) stayed.push(nameOf(subject));
      }
      assert.deepEqual(stayed, []);
    });
  }

  it('swapOperations: the card goes, but where the operation is none of the equation', () => {
    const stayed: string[] = [];
    let mutants = 0;
    for (const subject of subjects) {
      const mutant = mutate(parser, subject.text, subject.match.function.qualname, harmful.swapOperations);
      if (!mutant) continue;
      mutants++;
      if (judge(mutant.text, subject).match) stayed.push(nameOf(subject));
    }
    assert.ok(mutants >= 40);
    assert.ok(stayed.length <= 0.08 * mutants, stayed.join('; '));
  });
});
