import { builtins } from '../interpreter/builtins.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import type { PyModule } from '../interpreter/values.ts';
import { collectionsAbcModule, collectionsModule } from './collections.ts';
import { copyModule } from './copy.ts';
import { dataclassesModule } from './dataclasses.ts';
import { enumModule } from './enum.ts';
import { functoolsModule } from './functools.ts';
import { itertoolsModule } from './itertools.ts';
import { jsonModule } from './json.ts';
import { mathModule } from './math.ts';
import { moduleOf, sharing } from './module.ts';
import { numbersModule } from './numbers.ts';
import { randomModule } from './random.ts';
import { reModule } from './re.ts';
import { typingModule } from './typing.ts';

/** Standard library modules made in TypeScript, by dotted name. */
export const stdlib: ReadonlyMap<string, (runtime: Runtime) => PyModule> = new Map<
  string,
  (runtime: Runtime) => PyModule
>([
  ['builtins', () => moduleOf('builtins', [], builtins)],
  ['collections', runtime => collectionsModule(runtime.importModule('collections.abc'))],
  ['collections.abc', () => collectionsAbcModule()],
  ['copy', sharing(copyModule)],
  ['dataclasses', () => dataclassesModule()],
  ['enum', () => enumModule()],
  ['functools', sharing(functoolsModule)],
  ['itertools', sharing(itertoolsModule)],
  ['json', () => jsonModule()],
  ['math', sharing(mathModule)],
  ['numbers', () => numbersModule()],
  ['random', () => randomModule()],
  ['re', () => reModule()],
  ['typing', () => typingModule('typing')],
  ['typing_extensions', () => typingModule('typing_extensions')],
]);

/** Standard library modules that are Python files in `pylib`: they come before the reader's files, as the ones above do. */
export const standardNames: ReadonlySet<string> = new Set([
  'abc',
  'argparse',
  'bisect',
  'contextlib',
  'heapq',
  'inspect',
  'logging',
  'operator',
  'os',
  'pathlib',
  'string',
  'sys',
  'textwrap',
  'time',
  'types',
  'warnings',
]);
