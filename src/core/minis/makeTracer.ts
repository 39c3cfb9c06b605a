import type { PythonParser } from '../python/pythonParser.ts';
import type { Clock } from '../trace/interpreter/limits.ts';
import { torchModules } from '../trace/torch/modules.ts';
import { Tracer } from '../trace/tracer.ts';

/**
 * A tracer that knows torch.
 * @param pylib the Python stand-ins: path → text
 * @param clock milliseconds, for the time limit alone
 */
export function makeTracer(
  parser: Pick<PythonParser, 'syntaxOf'>,
  pylib: ReadonlyMap<string, string>,
  clock: Clock,
): Tracer {
  return new Tracer({
    parse: text => parser.syntaxOf(text),
    library: { native: torchModules, pylib },
    clock,
  });
}
