import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareRuns, type RunComparison } from '../../src/core/minis/compareRuns.ts';
import { computeRun, kernelEngine } from '../../src/core/minis/computeRun.ts';
import { readGoldenCase } from '../../src/core/minis/readGoldenCase.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { type CodeSource, type TracedEntry, traceEntry } from '../../src/core/minis/traceEntry.ts';
import type { Workbench } from '../../src/node/workbench.ts';
import { repoRoot } from './paths.ts';

/** A change of one place in a copy of a fixture file. */
export interface Planted {
  /** What was done, for people. */
  readonly what: string;
  readonly entry: string;
  /** The first of the entry where absent. */
  readonly driver?: string;
  /** Below `test/fixtures/torch`. */
  readonly file: string;
  /** Found exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

export interface PlantedBug extends Planted {
  /** The step that must be named; null for an output, where the function's result alone tells. */
  readonly step: string | null;
}

const fixtures = join(repoRoot, 'test/fixtures/torch');

/** The fixture with the change beside the mini. */
export async function compareChanged(
  bench: Workbench,
  change: Planted,
): Promise<{ readonly comparison: RunComparison; readonly line: number }> {
  const entry = bench.atlas.entry(change.entry);
  if (!entry?.mini) throw new Error(`no mini: ${change.entry}`);
  const file = join(fixtures, change.file);
  const text = readFileSync(file, 'utf8');
  const [before, after, ...more] = text.split(change.from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${change.file} does not hold once: ${change.from}`);
  }
  const changed = `${before}${change.to}${after}`;
  const clone = join(fixtures, change.file.split('/')[0]!);
  const source: CodeSource = {
    kind: 'screen',
    path: file,
    outline: bench.parser.outline(changed),
    sources: {
      roots: [clone, join(clone, 'src')],
      read: path => {
        if (path === file) return changed;
        return path.startsWith(`${clone}/`) && path.endsWith('.py') && existsSync(path)
          ? readFileSync(path, 'utf8')
          : undefined;
      },
    },
  };
  const driver = change.driver ?? entry.mini.drivers[0]!.name;
  const golden = join(repoRoot, 'test/fixtures/goldens', `${driver}.json`);
  const spec = makeRunSpec(
    entry,
    existsSync(golden) ? { goldenCase: readGoldenCase(readFileSync(golden, 'utf8')), driver } : { driver },
  );
  const trace = (from: CodeSource): TracedEntry => {
    const outcome = traceEntry(bench.tracer, from, spec);
    if (outcome.ok) return outcome.value;
    throw new Error(`${change.what}: ${outcome.failure.construct}: ${outcome.failure.message}`);
  };
  const [mini, screen] = [trace(bench.mini(entry)), trace(source)];
  const engine = kernelEngine(() => 0);
  const [ours, theirs] = [await computeRun(mini, engine), await computeRun(screen, engine)];
  const order = entry.steps.map(step => step.id);
  return {
    comparison: compareRuns(ours, theirs, order, { mini, screen }),
    line: before.split('\n').length - 1,
  };
}
