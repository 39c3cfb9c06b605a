import { answerQuestion, traceAnswer } from '../../src/core/minis/answerQuestion.ts';
import { captionTokens } from '../../src/core/minis/captionTokens.ts';
import { drawScene, pictureTensor } from '../../src/core/minis/drawScene.ts';
import type { GoldenCase, GoldenTensor } from '../../src/core/minis/goldenCase.ts';
import { gaussianNoise } from '../../src/core/minis/ruleStream.ts';
import { makeRunSpec } from '../../src/core/minis/runSpec.ts';
import { drawingNoise, SAMPLER_DRIVER, Sampler } from '../../src/core/minis/sampler.ts';
import type { ColorName, PlacedObject, ShapeName } from '../../src/core/minis/shapesWorld.ts';
import { type CodeSource, traceEntry } from '../../src/core/minis/traceEntry.ts';
import { SAMPLER_ENTRY } from '../../src/core/minis/trainedEntries.ts';
import type { ValuesEngine } from '../../src/core/minis/valuesEngine.ts';
import type { TensorData } from '../../src/core/trace/graph/data.ts';
import type { Outcome } from '../../src/core/trace/tracer.ts';
import type { Workbench } from '../../src/node/workbench.ts';

/** Numbers may differ by this much from upstream's (`packs/weights/README.md`). */
export const TRAINED_ATOL = 1e-3;

interface Expected {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
interface Scene {
  readonly caption: string;
  readonly objs: readonly (readonly [ColorName, ShapeName, number, number, number])[];
  readonly token_ids?: readonly number[];
  readonly image_hex: string;
}
interface ClipCase {
  readonly samples: readonly Scene[];
  readonly outputs: Readonly<Record<string, Expected>>;
}
interface EpsilonCase {
  readonly kind: 'epsilon';
  readonly sample: Scene;
  readonly t: number;
  readonly noise: string;
  readonly alpha_bar: number;
  readonly x_t_head: readonly number[];
  readonly eps_cond: Expected;
  readonly eps_uncond: Expected;
}
interface DdimCase {
  readonly kind: 'ddim';
  readonly caption: string;
  readonly token_ids: readonly number[];
  readonly noise: string;
  readonly guidance_scale: number;
  readonly spacing: string;
  readonly x_after_first_step: Expected;
  readonly final: Expected;
  readonly trace: readonly {
    readonly step: number;
    readonly t: number;
    readonly x_head: readonly number[];
  }[];
}
interface BlipCase {
  readonly image: Scene;
  readonly question: string;
  readonly question_ids: readonly number[];
  readonly answer_ids: readonly number[];
  readonly first_step_logits: readonly number[];
  readonly greedy_ids: readonly number[];
  readonly greedy_answer: string;
  readonly decoder_logits_greedy_prefix: Expected;
  readonly question_states: Expected;
  readonly train_loss: number;
}
interface PriorCase {
  readonly sample: Scene;
  readonly noise: string;
  readonly t: number;
  readonly text_embed: Expected;
  readonly text_encodings: Expected;
  readonly image_embed: Expected;
  readonly x_t: Expected;
  readonly pred_x0: Expected;
  readonly pred_null: Expected;
  readonly ddim_image_embed: Expected;
}

/** A file of the form of `test/fixtures/trained/*.cases.json`. */
export type TrainedFile =
  | { readonly model: 'clip'; readonly cases: readonly ClipCase[] }
  | { readonly model: 'glide'; readonly cases: readonly (EpsilonCase | DdimCase)[] }
  | { readonly model: 'blip_vqa'; readonly cases: readonly BlipCase[] }
  | { readonly model: 'prior'; readonly cases: readonly PriorCase[] };

/** One comparison. */
export interface Judged {
  /** Case, and what of it. */
  readonly name: string;
  /** Largest absolute difference; infinite where something exact is wrong. */
  readonly difference: number;
  /** What is wrong with something exact, or why nothing could be computed. */
  readonly reason?: string;
}

/** Where a run's code comes from: the mini, or a checkout; undefined where there is none for the entry. */
export type SourceOf = (entryId: string) => CodeSource | undefined;

/** Judges cases of a file on a source, one after the other. */
export class TrainedJudge {
  readonly #bench: Workbench;
  readonly #sourceOf: SourceOf;
  readonly #engine: ValuesEngine;
  readonly #samplers = new Map<number, Sampler>();

  constructor(bench: Workbench, sourceOf: SourceOf, engine: ValuesEngine) {
    this.#bench = bench;
    this.#sourceOf = sourceOf;
    this.#engine = engine;
  }

  async *judge(file: TrainedFile): AsyncGenerator<Judged> {
    for (const [index, given] of file.cases.entries()) {
      const name = `${file.model}[${index}]`;
      try {
        if (file.model === 'clip') yield* this.#clip(name, given as ClipCase);
        else if (file.model === 'glide') {
          const it = given as EpsilonCase | DdimCase;
          if (it.kind === 'epsilon') yield* this.#epsilon(name, it);
          else yield* this.#ddim(name, it);
        } else if (file.model === 'blip_vqa') yield* this.#blip(name, given as BlipCase);
        else if (file.model === 'prior') yield* this.#prior(name, given as PriorCase);
        else throw new Error(`no such model: ${(file as { model: string }).model}`);
      } catch (error) {
        yield {
          name,
          difference: Number.POSITIVE_INFINITY,
          reason: error instanceof Error ? error.message : String(error),
        };
      }
    }
  }

  /** Outputs of a driver for given inputs with the trained weights. */
  async #run(
    entryId: string,
    driver: string,
    weights: string,
    inputs: readonly GoldenTensor[],
    config: Record<string, unknown>,
  ): Promise<ReadonlyMap<string, TensorData>> {
    const entry = this.#bench.atlas.entry(entryId);
    if (!entry) throw new Error(`no entry ${entryId}`);
    const spec = makeRunSpec(entry, { driver, trained: this.#bench.weights(weights) });
    const goldenCase: GoldenCase = {
      id: driver,
      entry: entryId,
      seed: 0,
      config: {},
      parameters: [],
      inputs,
      outputs: [],
    };
    const traced = must(
      traceEntry(this.#bench.tracer, this.#source(entryId), {
        ...spec,
        goldenCase,
        config: { ...spec.config, ...config },
      }),
    );
    const values = await this.#engine(
      traced.session.graph,
      traced.outputs.map(output => output.value),
      traced.session.feeds,
    );
    return new Map(traced.outputs.map((output, index) => [output.name, values[index]!]));
  }

  #source(entryId: string): CodeSource {
    const source = this.#sourceOf(entryId);
    if (!source) throw new Error(`no source for ${entryId}`);
    return source;
  }

  async *#clip(name: string, given: ClipCase): AsyncGenerator<Judged> {
    const outputs = await this.#runClip(given.samples);
    for (const [output, expected] of Object.entries(given.outputs)) {
      yield compare(`${name} ${output}`, outputs.get(output), expected);
    }
  }

  #runClip(samples: readonly Scene[]): Promise<ReadonlyMap<string, TensorData>> {
    const config = this.#bench.weightsJson('clip.config.json') as {
      embed_dim: number;
      vision_cfg: Record<string, unknown>;
      text_cfg: Record<string, unknown>;
    };
    const pick = (from: Record<string, unknown>, ...names: string[]) =>
      Object.fromEntries(names.map(key => [key, from[key]]));
    const pictures = samples.flatMap(scene => Array.from(scenePicture(scene).data));
    const tokens = samples.flatMap(scene => scene.token_ids ?? captionTokens(scene.caption));
    return this.#run(
      'open_clip.CLIP.forward',
      'open_clip.CLIP',
      'clip',
      [
        { name: 'image', shape: [samples.length, 3, 16, 16], dtype: 'float32', values: pictures },
        { name: 'text', shape: [samples.length, 12], dtype: 'int64', values: tokens },
      ],
      {
        batch: samples.length,
        embed_dim: config.embed_dim,
        vision_cfg: pick(config.vision_cfg, 'layers', 'width', 'head_width', 'patch_size', 'image_size'),
        text_cfg: pick(config.text_cfg, 'context_length', 'vocab_size', 'width', 'heads', 'layers'),
      },
    );
  }

  async *#epsilon(name: string, given: EpsilonCase): AsyncGenerator<Judged> {
    const clean = scenePicture(given.sample).data;
    const noise = gaussianNoise(given.noise, clean.length);
    const [a, b] = [Math.fround(Math.sqrt(given.alpha_bar)), Math.fround(Math.sqrt(1 - given.alpha_bar))];
    const x = Array.from(clean, (value, i) =>
      Math.fround(Math.fround(a * value) + Math.fround(b * noise[i]!)),
    );
    const head = { shape: [given.x_t_head.length], values: given.x_t_head };
    yield compare(
      `${name} x_t`,
      { type: 'float32', shape: head.shape, data: Float32Array.from(x.slice(0, head.shape[0])) },
      head,
    );
    const words = given.sample.token_ids ?? captionTokens(given.sample.caption);
    const tokens = [...words, ...words.map(() => 0)];
    const trained = this.#bench.atlas
      .entry(SAMPLER_ENTRY)
      ?.mini?.drivers.find(driver => driver.name === SAMPLER_DRIVER)?.config;
    const outputs = await this.#run(
      SAMPLER_ENTRY,
      'glide.Text2ImUNet.forward',
      'glide',
      [
        { name: 'x', shape: [2, 3, 16, 16], dtype: 'float32', values: [...x, ...x] },
        { name: 'timesteps', shape: [2], dtype: 'float32', values: [given.t, given.t] },
        { name: 'tokens', shape: [2, 12], dtype: 'int64', values: tokens },
        { name: 'mask', shape: [2, 12], dtype: 'bool', values: tokens.map(token => Number(token !== 0)) },
      ],
      { ...trained, batch: 2 },
    );
    const both = [...outputs.values()].find(output => output.shape.join() === '2,6,16,16');
    if (!both) throw new Error('no output of the shape [2, 6, 16, 16]');
    const part = (row: number): TensorData => ({
      type: 'float32',
      shape: [1, 3, 16, 16],
      data: Float32Array.from(both.data.slice(row * 1536, row * 1536 + 768)),
    });
    yield compare(`${name} eps_cond`, part(0), given.eps_cond);
    yield compare(`${name} eps_uncond`, part(1), given.eps_uncond);
  }

  async *#ddim(name: string, given: DdimCase): AsyncGenerator<Judged> {
    const entry = this.#bench.atlas.entry(SAMPLER_ENTRY)!;
    const sampler =
      this.#samplers.get(1) ??
      must(
        Sampler.trace(this.#bench.tracer, entry, this.#source(SAMPLER_ENTRY), this.#bench.weights('glide')),
      );
    this.#samplers.set(1, sampler);
    const frames: TensorData[] = [];
    const times: number[] = [];
    const final = await sampler.draw(this.#engine, {
      tokens: [given.token_ids],
      noise: drawingNoise(given.noise),
      guidance: given.guidance_scale,
      steps: Number(/\d+/.exec(given.spacing)?.[0] ?? 20),
      onStep: ({ picture, jump }) => {
        frames.push(picture);
        times.push(jump.t);
      },
    });
    if (times.join() !== given.trace.map(row => row.t).join()) {
      yield { name: `${name} times`, difference: Number.POSITIVE_INFINITY, reason: `times ${times}` };
    }
    yield compare(`${name} x_after_first_step`, frames[0], given.x_after_first_step);
    for (const row of given.trace) {
      const values = row.x_head;
      const data = frames[row.step]?.data.slice(0, values.length);
      yield compare(`${name} x at t = ${row.t}`, data && { type: 'float32', shape: [values.length], data }, {
        shape: [values.length],
        values,
      });
    }
    yield compare(`${name} final`, final, given.final);
  }

  async *#blip(name: string, given: BlipCase): AsyncGenerator<Judged> {
    const picture = scenePicture(given.image);
    const id = 'blip.BLIP_VQA.forward';
    const entry = this.#bench.atlas.entry(id)!;
    const weights = this.#bench.weights('blip_vqa');
    const traced = must(
      traceAnswer(this.#bench.tracer, entry, this.#source(id), weights, picture, given.question_ids),
    );
    const { ids, text, outputs } = await answerQuestion(traced, this.#engine);
    const end = ids.indexOf(31);
    const said = end < 0 ? ids : ids.slice(0, end + 1);
    const right = given.greedy_ids.slice(0, said.length).join() === said.join();
    if (!right || text !== given.greedy_answer) {
      yield {
        name: `${name} answer`,
        difference: Number.POSITIVE_INFINITY,
        reason: `"${text}" (${ids}), upstream "${given.greedy_answer}" (${given.greedy_ids})`,
      };
    } else yield { name: `${name} answer`, difference: 0 };
    const first = given.first_step_logits;
    yield compare(`${name} first_step_logits`, outputs.get('first_step_logits'), {
      shape: [1, first.length],
      values: first,
    });
    const prefix = given.decoder_logits_greedy_prefix;
    const logits = outputs.get('decoder_logits');
    yield compare(
      `${name} decoder_logits`,
      logits && { type: 'float32', shape: prefix.shape, data: logits.data.slice(0, prefix.values.length) },
      prefix,
    );
    const states = outputs.get('question_states');
    yield compare(
      `${name} question_states`,
      states && { ...states, shape: given.question_states.shape },
      given.question_states,
    );
    const trainedConfig = entry.mini?.drivers.find(driver => driver.name === 'blip.answer')?.config;
    const loss = await this.#run(
      id,
      'blip.BLIP_VQA.train',
      'blip_vqa',
      [
        { name: 'image', shape: [1, 3, 16, 16], dtype: 'float32', values: Array.from(picture.data) },
        {
          name: 'question.input_ids',
          shape: [1, given.question_ids.length],
          dtype: 'int64',
          values: given.question_ids,
        },
        {
          name: 'question.attention_mask',
          shape: [1, given.question_ids.length],
          dtype: 'int64',
          values: given.question_ids.map(() => 1),
        },
        { name: 'weights', shape: [1], dtype: 'float32', values: [1] },
        {
          name: 'answer.input_ids',
          shape: [1, given.answer_ids.length],
          dtype: 'int64',
          values: given.answer_ids,
        },
        {
          name: 'answer.attention_mask',
          shape: [1, given.answer_ids.length],
          dtype: 'int64',
          values: given.answer_ids.map(() => 1),
        },
      ],
      { ...trainedConfig, n: [1], batch: 1, n_answers: 1 },
    );
    const value = loss.get('loss');
    yield compare(`${name} train_loss`, value && { ...value, shape: [] }, {
      shape: [],
      values: [given.train_loss],
    });
  }

  async *#prior(name: string, given: PriorCase): AsyncGenerator<Judged> {
    if (this.#sourceOf('open_clip.CLIP.forward')) {
      const clip = await this.#runClip([given.sample]);
      yield compare(`${name} text_embed`, clip.get('text_features'), given.text_embed);
      yield compare(`${name} image_embed`, clip.get('image_features'), given.image_embed);
    }
    const id = 'dalle2.DiffusionPriorNetwork.forward';
    const { net } = this.#bench.weightsJson('prior.config.json') as { net: Record<string, unknown> };
    const text = [tensor('text_embed', given.text_embed), tensor('text_encodings', given.text_encodings)];
    const config = { ...net, batch: 1, text_len: 12 };
    const guess = await this.#run(
      id,
      'dalle2.DiffusionPriorNetwork',
      'prior',
      [
        tensor('image_embed', given.x_t),
        ...text,
        { name: 'diffusion_timesteps', shape: [1], dtype: 'int64', values: [given.t] },
      ],
      config,
    );
    yield compare(`${name} pred_x0`, guess.get('pred_image_embed'), given.pred_x0);
    yield compare(`${name} pred_null`, guess.get('null_pred'), given.pred_null);
    const noise = Array.from(gaussianNoise(given.noise, 32));
    const found = await this.#run(
      id,
      'dalle2.DiffusionPrior.ddim',
      'prior',
      [{ name: 'noise', shape: [1, 32], dtype: 'float32', values: noise }, ...text],
      config,
    );
    yield compare(`${name} ddim_image_embed`, found.get('image_embed'), given.ddim_image_embed);
  }
}

/** A vector in a case is a batch of one. */
function tensor(name: string, { shape, values }: Expected): GoldenTensor {
  const batched =
    name === 'text_encodings'
      ? shape.length === 2
        ? [1, ...shape]
        : shape
      : shape.length === 1
        ? [1, ...shape]
        : shape;
  return { name, shape: batched, dtype: 'float32', values };
}

/** The picture of a scene; the data set's bytes must come out of our own rules. */
function scenePicture({ objs, image_hex }: Scene): TensorData {
  const objects: PlacedObject[] = objs.map(([color, shape, cx, cy, r]) => ({ color, shape, cx, cy, r }));
  const pixels = drawScene(objects);
  const hex = Buffer.from(pixels).toString('hex');
  if (image_hex && hex !== image_hex) throw new Error('the scene is drawn otherwise than in the case');
  return pictureTensor(pixels);
}

function compare(name: string, got: TensorData | undefined, expected: Expected): Judged {
  if (!got) return { name, difference: Number.POSITIVE_INFINITY, reason: 'nothing was computed' };
  if (got.data.length !== expected.values.length) {
    return {
      name,
      difference: Number.POSITIVE_INFINITY,
      reason: `shape [${got.shape}], upstream [${expected.shape}]`,
    };
  }
  let difference = 0;
  for (const [i, value] of expected.values.entries()) {
    const gap = Math.abs(got.data[i]! - value);
    if (!(gap <= difference)) difference = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
  }
  return { name, difference };
}

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { construct, message, file, line } = outcome.failure;
  throw new Error(`${construct}: ${message} (${file}:${line + 1})`);
}
