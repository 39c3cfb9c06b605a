import type { Runtime } from '../interpreter/runtime.ts';
import type { PyModule } from '../interpreter/values.ts';

/** Standard library modules made in TypeScript, by dotted name. Others are Python files in `pylib`. */
export const stdlib: ReadonlyMap<string, (runtime: Runtime) => PyModule> = new Map();
