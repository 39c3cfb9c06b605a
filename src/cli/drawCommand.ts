import { statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { encode } from 'fast-png';
import { parseCaption } from '../core/minis/caption.ts';
import { captionTokens } from '../core/minis/captionTokens.ts';
import { ddimSchedule } from '../core/minis/ddimSchedule.ts';
import { picturePixels } from '../core/minis/drawScene.ts';
import { DEMANDS } from '../core/minis/promptTally.ts';
import { drawingNoise, SAMPLER_DRIVER, Sampler } from '../core/minis/sampler.ts';
import { scorePicture } from '../core/minis/scorePicture.ts';
import { scorePrompts } from '../core/minis/scorePrompts.ts';
import { PICTURE_SIZE } from '../core/minis/shapesWorld.ts';
import { SAMPLER_ENTRY } from '../core/minis/trainedEntries.ts';
import { ortValues } from '../core/minis/valuesEngine.ts';
import { OrtRunner } from '../core/onnx/ortRunner.ts';
import { reasonOf } from '../node/findPythonFiles.ts';
import { loadOrt } from '../node/ort.ts';
import type { Workbench } from '../node/workbench.ts';
import { cliWorkbench } from './cliWorkbench.ts';
import { type CliIo, type Command, InputError, UsageError } from './command.ts';
import { findFunction } from './findFunction.ts';
import { parseOptions } from './parseOptions.ts';
import { wholeNumber } from './runCommand.ts';
import { failureSentence, inputFault } from './traceTrouble.ts';

/** Pixels of the file per pixel of the picture. */
const ZOOM = 16;
/** Pictures that are drawn at once when they are counted. */
const SCORE_BATCH = 16;
const KINDS = ['single', 'pair', 'heldout'] as const;
type Kind = (typeof KINDS)[number];

export const drawCommand: Command = {
  name: 'draw',
  usage:
    '"PROMPT" [-o out.png] [--steps 20] [--guidance 3] [--seed 0] [--source FILE|DIR] [--json] | --score single|pair|heldout [--guidance 3] …',
  summary:
    'draw a picture of coloured shapes from its caption with the trained GLIDE, or count how many of 64 prompts come out right',
  run: async (args, io) => {
    const { values, positionals } = parseOptions(args, {
      out: { type: 'string', short: 'o' },
      steps: { type: 'string' },
      guidance: { type: 'string' },
      seed: { type: 'string' },
      source: { type: 'string' },
      score: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (values.score === undefined && positionals.length !== 1) {
      throw new UsageError('draw needs one prompt, in quotes: draw "a red square above a blue circle"');
    }
    if (values.score !== undefined && positionals.length > 0) {
      throw new UsageError('--score draws the prompts of its kind: give no prompt');
    }
    if (values.score !== undefined && !KINDS.includes(values.score as Kind)) {
      throw new UsageError(`--score is ${KINDS.join(', ')}, not ${values.score}`);
    }
    const settings: Settings = {
      steps: wholeNumber(values.steps ?? '20', '--steps'),
      guidance: decimal(values.guidance ?? '3', '--guidance'),
      seed: wholeNumber(values.seed ?? '0'),
      json: values.json ?? false,
    };
    ddimSchedule(settings.steps);
    const [prompt] = positionals;
    if (prompt !== undefined) {
      parseCaption(prompt);
      checkOut(resolve(io.cwd, values.out ?? 'out.png'), values.out ?? 'out.png');
    }
    const bench = await cliWorkbench(io);
    const runner = new OrtRunner(await loadOrt(), { backend: 'wasm', clock: () => performance.now() });
    try {
      const batch = prompt === undefined ? SCORE_BATCH : 1;
      const sampler = await traceSampler(bench, values.source, batch, io);
      if (typeof sampler === 'string') {
        io.error(`equation-lens draw: refused: ${sampler}`);
        return 1;
      }
      if (prompt === undefined) await score(bench, sampler, runner, values.score as Kind, settings, io);
      else await draw(sampler, runner, prompt, values.out ?? 'out.png', settings, io);
    } finally {
      await runner.dispose();
      bench.parser.dispose();
    }
    return 0;
  },
};

/** A picture that could not be kept is not drawn. */
function checkOut(file: string, written: string): void {
  const place = statSync(file, { throwIfNoEntry: false });
  if (place?.isDirectory())
    throw new InputError(`${written} is a folder: name the file, -o ${written}/out.png`);
  const folder = statSync(dirname(file), { throwIfNoEntry: false });
  if (!folder?.isDirectory())
    throw new InputError(`there is no folder ${dirname(written)} for -o ${written}`);
}

interface Settings {
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly json: boolean;
}

/** The sampler over the mini or the reader's own `Text2ImUNet`; a text where the tracer refuses it. */
async function traceSampler(
  bench: Workbench,
  argument: string | undefined,
  batch: number,
  io: CliIo,
): Promise<Sampler | string> {
  const entry = bench.atlas.entry(SAMPLER_ENTRY);
  if (!entry) throw new InputError(`there is no entry ${SAMPLER_ENTRY}`);
  const source = argument === undefined ? bench.mini(entry) : await findFunction(bench, entry, argument, io);
  const outcome = Sampler.trace(bench.tracer, entry, source, bench.weights('glide'), batch);
  if (outcome.ok) return outcome.value;
  if (outcome.failure.kind === 'refusal') return failureSentence(outcome.failure);
  throw inputFault(outcome.failure, SAMPLER_DRIVER, source.path);
}

async function draw(
  sampler: Sampler,
  runner: OrtRunner,
  prompt: string,
  out: string,
  { steps, guidance, seed, json }: Settings,
  io: CliIo,
): Promise<void> {
  const caption = parseCaption(prompt);
  const started = performance.now();
  const picture = await sampler.draw(ortValues(runner), {
    tokens: [captionTokens(caption.text)],
    noise: drawingNoise(`${seed}:noise.draw`),
    steps,
    guidance,
  });
  const ms = performance.now() - started;
  const pixels = picturePixels(picture);
  const score = scorePicture(pixels, caption);
  const file = resolve(io.cwd, out);
  try {
    writeFileSync(file, encode({ ...enlarged(pixels), channels: 3, depth: 8 }));
  } catch (error) {
    throw new InputError(`${out}: ${reasonOf(error)}`);
  }
  const seen = score.seen.map(it => `${it.color} ${it.shape}`);
  if (json) {
    const values = Array.from(picture.data, value => Number(value.toPrecision(9)));
    const report = {
      prompt: caption.text,
      out: file,
      steps,
      guidance,
      seed,
      ms: Math.round(ms),
      shape: [...picture.shape],
      values,
      seen,
      right: score.right,
    };
    io.out(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const verdict = score.right ? 'as asked' : 'not as asked';
    io.out(
      `${relative(io.cwd, file)}: ${seen.length > 0 ? seen.join(' and ') : 'nothing'}, ${verdict} (${steps} steps, guidance ${guidance}, seed ${seed}, ${ms.toFixed(0)} ms)\n`,
    );
  }
}

async function score(
  bench: Workbench,
  sampler: Sampler,
  runner: OrtRunner,
  kind: Kind,
  { steps, guidance, seed, json }: Settings,
  io: CliIo,
): Promise<void> {
  const prompts = (bench.weightsJson('prompts.json') as Record<Kind, string[]>)[kind];
  const wrong: string[] = [];
  const tally = await scorePrompts(sampler, ortValues(runner), prompts, kind, {
    steps,
    guidance,
    seed,
    onPicture: (_, prompt, it) => {
      if (!it.right) wrong.push(prompt);
    },
  });
  const counts = Object.fromEntries(DEMANDS.map(demand => [demand, tally.of(demand)]));
  if (json) {
    const report = { kind, steps, guidance, seed, prompts: tally.total, ...counts, wrong };
    io.out(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  io.out(`${kind}: ${tally.total} prompts, ${steps} steps, guidance ${guidance}, seed ${seed}\n`);
  for (const demand of DEMANDS) io.out(`  ${demand.padEnd(10)} ${tally.of(demand)}/${tally.total}\n`);
  for (const prompt of wrong) io.out(`  not right: ${prompt}\n`);
}

/** Every pixel as a square of `ZOOM` × `ZOOM`. */
function enlarged(pixels: Uint8Array): { width: number; height: number; data: Uint8Array } {
  const side = PICTURE_SIZE * ZOOM;
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = 3 * (Math.floor(y / ZOOM) * PICTURE_SIZE + Math.floor(x / ZOOM));
      data.set(pixels.subarray(from, from + 3), 3 * (y * side + x));
    }
  }
  return { width: side, height: side, data };
}

function decimal(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || text.trim() === '') {
    throw new UsageError(`${option} is a number, not ${JSON.stringify(text)}`);
  }
  return number;
}
