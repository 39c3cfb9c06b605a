/**
 * Writes docs/torch-coverage.md from the tables of the tracer and its Python stand-ins: `npx tsx scripts/torchCoverage.ts`.
 */
import { writeFileSync } from 'node:fs';
import { torchCoverage } from './torchCoverageText.ts';

writeFileSync(new URL('../docs/torch-coverage.md', import.meta.url), torchCoverage());
