import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('package-lock.json', () => {
  // npm leaves out what it could not fetch where the file was written, and `npm ci` then fails everywhere.
  it('names every optional package, also those of other platforms', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, LockedPackage>;
    };
    const missing: string[] = [];
    for (const [place, locked] of Object.entries(lock.packages)) {
      for (const name of Object.keys(locked.optionalDependencies ?? {})) {
        const places = [`${place}/node_modules/${name}`, `node_modules/${name}`];
        if (!places.some(candidate => candidate in lock.packages)) missing.push(name);
      }
    }
    assert.deepEqual(missing, []);
  });
});
