/**
 * What a run can import besides the reader's files.
 *
 * - `NativeModules`: modules made in TypeScript (`torch`, `math`), by absolute dotted name; made once per run, when imported.
 * - `pylib`: Python stand-ins of our own (`torch/nn/__init__.py`, `einops.py`), path → text, interpreted like everything else.
 *
 * A name may be both a native module and the parent of pylib modules: `torch` is native, `torch.nn` is Python, and
 * `torch.nn` is found as an attribute of `torch` on first use.
 */

import type { Runtime } from './interpreter/runtime.ts';
import type { PyModule } from './interpreter/values.ts';

export type NativeModules = ReadonlyMap<string, (runtime: Runtime) => PyModule>;

export interface Library {
  readonly native: NativeModules;
  readonly pylib: ReadonlyMap<string, string>;
}
