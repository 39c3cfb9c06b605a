import type { Library } from '../../../../src/core/trace/library.ts';
import { type SourceProvider, sourcesFromMap } from '../../../../src/core/trace/sourceProvider.ts';
import { type RunOptions, type TraceRun, Tracer } from '../../../../src/core/trace/tracer.ts';
import { loadPythonParser } from '../../../../src/node/loadPythonParser.ts';
import { readPylib } from '../../../../src/node/readPylib.ts';

/** A tracer over the sources of this checkout. @param native torch and the like; none where the language alone is tested */
export async function tracerFixture(native: Library['native'] = new Map()): Promise<Tracer> {
  const parser = await loadPythonParser();
  return new Tracer({
    parse: text => {
      const tree = parser.parse(text);
      try {
        return parser.copySyntax(tree, text);
      } finally {
        tree.delete();
      }
    },
    library: { native, pylib: readPylib() },
    clock: () => performance.now(),
  });
}

export const noFiles: SourceProvider = sourcesFromMap(new Map(), []);

/** Runs a program; its output, or the traceback's last line. */
export function outputOf(tracer: Tracer, source: string, options: Partial<RunOptions> = {}): string {
  const run = tracer.start({ sources: noFiles, ...options });
  const done = run.exec(source, 'program.py');
  return done.ok ? run.log : `${run.log}${done.failure.traceback.split('\n').at(-1)}\n`;
}

/** Files under `/repo`, one of them loaded; name of a variable → its `repr`. */
export function loadFiles(
  tracer: Tracer,
  files: Record<string, string>,
  path: string,
): { run: TraceRun; text: (name: string) => string } {
  const map = new Map(Object.entries(files).map(([name, text]) => [`/repo/${name}`, text] as const));
  const run = tracer.start({ sources: sourcesFromMap(map, ['/repo']) });
  const module = run.load(`/repo/${path}`);
  if (!module.ok) throw new Error(module.failure.traceback);
  return {
    run,
    text: name => {
      const value = run.guard(() => run.interpreter.repr(run.interpreter.getAttribute(module.value, name)));
      return value.ok ? value.value : value.failure.message;
    },
  };
}
