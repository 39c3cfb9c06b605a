import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import {
  AtlasOutputSchema,
  CompareOutputSchema,
  MinisOutputSchema,
  RecognizeOutputSchema,
  RunOutputSchema,
} from '../src/cli/outputSchemas.ts';
import { ConditionSchema, PackSchema } from '../src/core/atlas/schema.ts';

/** Every published JSON Schema: file below `docs/schemas` → text. `node --import tsx scripts/buildSchemas.ts` writes them. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  const schemas: [file: string, title: string, schema: GenericSchema][] = [
    ['pack.schema.json', 'Equation Lens pack', PackSchema],
    ['recognize.schema.json', 'equation-lens recognize --json', RecognizeOutputSchema],
    ['atlas.schema.json', 'equation-lens atlas --json', AtlasOutputSchema],
    ['run.schema.json', 'equation-lens run --json', RunOutputSchema],
    ['compare.schema.json', 'equation-lens run --compare --json', CompareOutputSchema],
    ['minis.schema.json', 'equation-lens minis --json', MinisOutputSchema],
  ];
  return new Map(
    schemas.map(([file, title, schema]) => {
      const definitions = file === 'pack.schema.json' ? { Condition: ConditionSchema } : {};
      // `trim` has no counterpart in JSON Schema; the checks behind it have.
      const json = toJsonSchema(schema, { definitions, errorMode: 'ignore' });
      return [file, `${JSON.stringify({ ...json, title }, null, 2)}\n`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('../docs/schemas', import.meta.url));
  await mkdir(folder, { recursive: true });
  for (const [file, text] of jsonSchemas()) await writeFile(join(folder, file), text);
}
