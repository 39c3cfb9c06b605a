import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { torchCoverage } from '../../../../scripts/torchCoverageText.ts';

describe('docs/torch-coverage.md', () => {
  it('says what the tables say (npx tsx scripts/torchCoverage.ts writes it)', () => {
    const text = readFileSync(new URL('../../../../docs/torch-coverage.md', import.meta.url), 'utf8');
    assert.equal(text, torchCoverage());
  });
});
