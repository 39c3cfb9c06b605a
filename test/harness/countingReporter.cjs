const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's own spec reporter, which also leaves the counts where scripts/runTests.ts finds them. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // A test that passed only the second time is to be seen.
    runner.on('retry', (test, error) => console.warn(`    once more: ${test.title} (${error.message})`));
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env.EQUATION_LENS_COUNTS;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures + pending }));
    });
  }
};
