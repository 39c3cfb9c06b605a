import fc from 'fast-check';

/**
 * One seed for every property of a run, so that a red run can be repeated; `FUZZ_SEED=$RANDOM npm run test:unit` looks elsewhere.
 * Loaded before the tests by .mocharc.json.
 */
const seed = Number(process.env.FUZZ_SEED ?? 20261123);
fc.configureGlobal({ seed });
console.log(`Properties run with FUZZ_SEED=${seed}`);
