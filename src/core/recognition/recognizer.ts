import { alignFunction, coverage } from '../alignment/alignFunction.ts';
import type { Alignment } from '../alignment/alignment.ts';
import { isDecisive } from '../alignment/decisive.ts';
import { bestKinship, familyMember, lastSegment } from '../alignment/families.ts';
import { isLiteral } from '../alignment/literals.ts';
import type { Atlas } from '../atlas/atlas.ts';
import type { Entry, Signature } from '../atlas/schema.ts';
import type { FunctionOutline, Outline } from '../python/outline.ts';
import type { Range } from '../python/position.ts';
import { changedStatements } from './changedStatements.ts';
import { type Change, endsNowhere, foreignInputs, interposed } from './changes.ts';
import { type BodyFeatures, contextsOf, type FunctionContext } from './functionContext.ts';
import { holds } from './holds.ts';
import type { Evidence, Match } from './match.ts';
import { compareMeaning, type Meaning, meaningOf, meaningOfSignature } from './meaning.ts';
import type { Origin } from './origin.ts';
import { classLikeness, nameLikeness, orderLikeness, recall } from './similarity.ts';

/** An entry measured against a function, matched or not. */
export interface Judgement {
  readonly entryId: string;
  readonly confidence: number;
  /** Why there is no card; undefined where there may be one. */
  readonly rejected?: string;
  readonly evidence: readonly Evidence[];
  readonly variants: readonly string[];
}

/** Weights of what a function is called and where it stands. */
const IDENTITY = {
  name: 4,
  class: 5,
  parameters: 4,
  attributes: 3,
  siblings: 2,
  bases: 1,
  path: 2,
  imports: 0.5,
};
const IDENTITY_KINDS = Object.keys(IDENTITY) as readonly (keyof typeof IDENTITY)[];
/** Weights of what it does. */
const BODY = { steps: 5, calls: 4, operators: 1.5, literals: 1 };

/** A match needs this much of everything, of identity alone, of the body alone, and this much more than the next best. */
const THRESHOLD = 0.72;
const MIN_NAME_LIKENESS = 0.3;
const IDENTITY_THRESHOLD = 0.55;
const BODY_THRESHOLD = 0.68;
const MARGIN = 0.04;
/** A named difference accounts for part of what does not fit. */
const VARIANT_RELIEF = 0.12;
/** Names that half the methods of a repository have say nothing by themselves. */
const COMMON_NAMES = new Set([
  'forward',
  '__init__',
  '__call__',
  'call',
  'generate',
  'loss',
  'step',
  'sample',
]);

/** Refusals that a helper method may explain: what is missed may stand there. */
const MENDABLE = /^(missing|body|steps|confidence|required)/;

/** Classes of this name are in every other repository. */
const GENERIC_CLASSES = new Set([
  'Attention',
  'Block',
  'Bottleneck',
  'CrossAttention',
  'Decoder',
  'Downsample',
  'Encoder',
  'LayerNorm',
  'MLP',
  'Mlp',
  'MultiheadAttention',
  'PatchEmbed',
  'ResBlock',
  'ResidualAttentionBlock',
  'ResnetBlock',
  'Transformer',
  'TransformerBlock',
  'UNet',
  'UNetModel',
  'Unet',
  'Upsample',
  'VisionTransformer',
]);

/** Words of a class name that make another thing of it wherever they stand. */
const TELLING_WORDS =
  /Cross|Causal|Masked|Sparse|Linear|Relative|Window|Deformable|Conv(?!ert)|Quant|Temporal|Video|Audio/g;

/** Calls that watch a computation without being part of it. */
const BYSTANDERS = new Set([
  'print',
  'debug',
  'info',
  'warning',
  'warn',
  'autocast',
  'no_grad',
  'record_function',
]);

interface Prepared {
  readonly entry: Entry;
  readonly signature: Signature;
  readonly parameters: readonly string[];
  readonly siblings: readonly string[];
  readonly attributes: readonly string[];
  readonly calls: readonly string[];
  readonly callNames: ReadonlySet<string>;
  readonly classLikeness: (name: string) => number;
  /** True for callees that upstream's body has, or kindred ones. */
  readonly knows: (call: string) => boolean;
  readonly meaning: Meaning;
  /** Operations that steps ask for and that no other words would do for. */
  readonly operations: readonly string[];
}

/** Tells which functions of an outline are entries of the atlas, and why. Keeps alignments as long as their function lives. */
export class Recognizer {
  private readonly prepared: readonly Prepared[];
  /** How telling a callee is: rare among signatures, much. */
  private readonly rarity = new Map<string, number>();
  private readonly candidates = new Map<string, readonly Prepared[]>();
  private readonly alignments = new WeakMap<FunctionOutline, Map<string, Alignment>>();

  constructor(readonly atlas: Atlas) {
    this.prepared = atlas.entries.flatMap(entry =>
      entry.signature ? [prepare(entry, entry.signature)] : [],
    );
    const counts = new Map<string, number>();
    for (const { calls } of this.prepared) {
      for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
    }
    for (const [call, count] of counts) {
      this.rarity.set(
        call,
        0.3 + Math.log((this.prepared.length + 1) / count) / Math.log(this.prepared.length + 2),
      );
    }
  }

  /** Functions of the outline that are entries, in source order. At most one match a function. */
  matches(outline: Outline, origin: Origin): Match[] {
    const matches: Match[] = [];
    for (const context of contextsOf(outline, origin)) {
      const match = this.match(context);
      if (match) matches.push(match);
    }
    return matches;
  }

  /**
   * False where no function of a text can be an entry, judged by the names behind `def` alone: such a file need not be
   * parsed at all.
   */
  mayMatch(text: string): boolean {
    for (const [, name = ''] of text.matchAll(/\bdef\s+(\w+)/gu)) {
      if (this.candidatesFor(name).length > 0) return true;
    }
    return false;
  }

  /** Every entry that comes into question for a function, best first: for "Why this card?" and the lack of one. */
  judge(context: FunctionContext): Judgement[] {
    return this.candidatesFor(context.fn.name)
      .flatMap(prepared => this.weighWithHelpers(prepared, context) ?? [])
      .sort((a, b) => b.confidence - a.confidence);
  }

  /** Steps of an entry on the lines of a function. */
  align(entry: Entry, fn: FunctionOutline): Alignment {
    let known = this.alignments.get(fn);
    if (!known) {
      known = new Map();
      this.alignments.set(fn, known);
    }
    let alignment = known.get(entry.id);
    if (!alignment) {
      alignment = alignFunction(entry, fn);
      known.set(entry.id, alignment);
    }
    return alignment;
  }

  /** The entry that one function is, if any. */
  match(context: FunctionContext): Match | undefined {
    const judged = this.judge(context);
    const best = judged[0];
    if (!best || best.rejected !== undefined) return undefined;
    // An entry of this very name and class that was ruled out leaves the function to no other name.
    const { fn, cls } = context;
    const namesakes = this.prepared.filter(
      ({ signature }) =>
        signature.name === fn.name && (cls === undefined || signature.class?.[0] === cls.name),
    );
    const bestName = this.atlas.entry(best.entryId)?.signature?.name;
    if (bestName !== fn.name && namesakes.length > 0) return undefined;
    // An entry that is ruled out is no rival.
    const rival = judged.find((it, index) => index > 0 && it.rejected === undefined);
    if (rival && best.confidence - rival.confidence < MARGIN) return undefined;
    const runnerUp = judged[1];
    // A variant says already how the code differs.
    const changed = best.variants.length > 0 ? [] : this.changesOf(best.entryId, context);
    return {
      entryId: best.entryId,
      function: context.fn,
      confidence: best.confidence,
      evidence: [...best.evidence, ...changed.map(changeSeen)],
      variants: best.variants,
      changed,
      ...(runnerUp ? { runnerUp: { entryId: runnerUp.entryId, confidence: runnerUp.confidence } } : {}),
    };
  }

  private changesOf(entryId: string, { fn, textIn }: FunctionContext): readonly Range[] {
    const prints = this.atlas.entry(entryId)?.prints;
    return prints ? changedStatements(prints, fn, range => textIn(range) ?? '') : [];
  }

  /** Entries whose function is called so, or nearly so. The same few names come again and again. */
  private candidatesFor(name: string): readonly Prepared[] {
    let candidates = this.candidates.get(name);
    if (!candidates) {
      candidates = this.prepared.filter(
        ({ signature }) => nameLikeness(signature.name, name) >= MIN_NAME_LIKENESS,
      );
      this.candidates.set(name, candidates);
    }
    return candidates;
  }

  /** A body that was cut into methods of the same class is judged as the whole that it makes. */
  private weighWithHelpers(prepared: Prepared, context: FunctionContext): Judgement | undefined {
    const plain = this.weigh(prepared, context);
    if (plain?.rejected === undefined || !MENDABLE.test(plain.rejected)) return plain;
    // Under another name, a function that calls the real one would look like it.
    if (context.fn.name !== prepared.signature.name) return plain;
    const whole = context.withHelpers(prepared.callNames);
    const judged = whole && this.weigh(prepared, whole);
    return judged?.rejected === undefined ? (judged ?? plain) : plain;
  }

  /** False where no entry can be the function, judged without reading any body. */
  mayBe(context: FunctionContext): boolean {
    return this.candidatesFor(context.fn.name).some(
      prepared => this.likenesses(prepared, context) !== undefined,
    );
  }

  /**
   * How like upstream's the function is by name and surroundings. What class attributes there are takes reading all methods of
   * the class: first it is only asked which there may be. Undefined where even then it is too little.
   */
  private likenesses(prepared: Prepared, context: FunctionContext): Likenesses | undefined {
    const { entry, signature } = prepared;
    const { fn, cls } = context;
    if ((signature.kind === 'method') !== (fn.className !== undefined)) return undefined;
    const name = nameLikeness(signature.name, fn.name);
    const klass = signature.kind === 'method' ? prepared.classLikeness(cls?.name ?? '') : undefined;
    const parameters = orderLikeness(prepared.parameters, context.parameters);
    // A note quotes one function; what is only like it is for a tuned entry to judge.
    if (entry.origin && (name < 1 || (cls && !signature.class?.includes(cls.name)))) return undefined;
    // Where nothing is computed, the name is all there is.
    if (isAbstract(entry, signature) && (name < 1 || (klass ?? 1) < 0.9)) return undefined;
    if (name < MIN_NAME_LIKENESS || (name < 1 && (klass ?? 0) < 0.5 && parameters < 0.8)) return undefined;
    const doubtful = COMMON_NAMES.has(fn.name) && klass !== undefined && klass < 0.4;
    if (doubtful && parameters < 0.7) return undefined;
    const attributes = prepared.attributes.length
      ? recall(prepared.attributes, it => context.mayHaveAttribute(it))
      : undefined;
    if (doubtful && (attributes ?? 0) < 0.5) return undefined;
    const path = context.path ? pathLikeness(signature.path, context.path) : 0;
    const most: Likenesses = {
      name,
      class: klass,
      parameters,
      attributes,
      siblings: prepared.siblings.length
        ? recall(prepared.siblings, it => context.siblings.has(it))
        : undefined,
      bases: signature.bases?.length
        ? recall(signature.bases, it => context.bases.some(base => lastSegment(base) === lastSegment(it)))
        : undefined,
      path: context.path && signature.path.length > 0 ? path : undefined,
      imports: signature.imports?.length
        ? recall(signature.imports, it => context.imports.has(lastSegment(it)))
        : undefined,
    };
    if (this.identityScore(prepared, context, most) < IDENTITY_THRESHOLD - 0.1) return undefined;
    if (!attributes) return most;
    const exact = recall(prepared.attributes, it => context.attributes.has(it));
    if (exact === attributes) return most;
    if (doubtful && exact < 0.5) return undefined;
    const all = { ...most, attributes: exact };
    return this.identityScore(prepared, context, all) < IDENTITY_THRESHOLD - 0.1 ? undefined : all;
  }

  private identityScore(prepared: Prepared, context: FunctionContext, likenesses: Likenesses): number {
    let sum = 0;
    let most = 0;
    for (const kind of IDENTITY_KINDS) {
      const likeness = likenesses[kind];
      if (likeness === undefined) continue;
      const weight = identityWeight(kind, context);
      sum += weight * likeness;
      most += weight;
    }
    const score = sum / most;
    return this.isRemote(prepared, context) ? Math.min(1, score + 0.05) : score;
  }

  private isRemote({ entry }: Prepared, { remote }: FunctionContext): boolean {
    if (!remote) return false;
    const repo = entry.upstream?.repo ?? this.atlas.packOf(entry.id)?.upstream?.repo;
    return repo?.toLowerCase().includes(remote.toLowerCase()) ?? false;
  }

  private weigh(prepared: Prepared, context: FunctionContext): Judgement | undefined {
    const { entry, signature } = prepared;
    const { fn, cls } = context;
    const likenesses = this.likenesses(prepared, context);
    if (likenesses === undefined) return undefined;
    const { parameters, class: klass } = likenesses;
    const path = likenesses.path ?? 0;
    const common = COMMON_NAMES.has(fn.name);
    const identityScore = this.identityScore(prepared, context, likenesses);
    const evidence: Evidence[] = [];
    const details: Readonly<Record<keyof typeof IDENTITY, () => string>> = {
      name: () => fn.name,
      class: () => cls?.name ?? '',
      parameters: () => context.parameters.join(', '),
      attributes: () => prepared.attributes.filter(it => context.attributes.has(it)).join(', '),
      siblings: () => prepared.siblings.filter(it => context.siblings.has(it)).join(', '),
      bases: () => context.bases.join(', '),
      path: () => context.path.split('/').at(-1) ?? '',
      imports: () => signature.imports?.filter(it => context.imports.has(lastSegment(it))).join(', ') ?? '',
    };
    for (const kind of IDENTITY_KINDS) {
      const likeness = likenesses[kind];
      if (likeness === undefined) continue;
      const weight = round(identityWeight(kind, context) * (likeness - 0.5));
      evidence.push({ kind, weight, detail: details[kind]() });
    }
    if (this.isRemote(prepared, context))
      evidence.push({ kind: 'remote', weight: 0.5, detail: context.remote ?? '' });

    const { body } = context;
    const held = (entry.variants ?? []).filter(it => holds(it.when, context));
    const variants = held.map(it => it.id);
    let rejected: string | undefined;
    for (const condition of signature.requires ?? []) {
      const met = holds(condition, context);
      evidence.push({ kind: 'required', weight: met ? 0.5 : -5, detail: describe(condition) });
      if (!met) rejected = `required: ${describe(condition)}`;
    }
    for (const condition of signature.forbids ?? []) {
      if (!holds(condition, context)) continue;
      evidence.push({ kind: 'forbidden', weight: -5, detail: describe(condition) });
      rejected = `forbidden: ${describe(condition)}`;
    }
    // What is ruled out anyway is not aligned: that is the dear part.
    const alignment = rejected === undefined ? this.align(entry, fn) : undefined;
    const steps = alignment ? coverage(entry, alignment) : 0;
    let done = 0;
    let doneMax = 0;
    const weighBody = (kind: keyof typeof BODY, likeness: number) => {
      done += BODY[kind] * likeness;
      doneMax += BODY[kind];
    };
    if (entry.steps.length && alignment) weighBody('steps', steps);
    if (signature.calls) {
      const likeness = this.callLikeness(prepared, body);
      weighBody('calls', likeness);
      const seen = prepared.calls.filter(it => body.kinship(it) > 0);
      evidence.push({ kind: 'calls', weight: round(BODY.calls * (likeness - 0.5)), detail: seen.join(', ') });
    }
    if (signature.operators?.length) {
      const likeness = recall(signature.operators, it => body.kinship(it) > 0);
      weighBody('operators', likeness);
      evidence.push({
        kind: 'operators',
        weight: round(BODY.operators * (likeness - 0.5)),
        detail: signature.operators.filter(it => body.operators.has(it)).join(' '),
      });
    }
    if (signature.literals?.length) {
      const here = [...body.literals];
      const likeness = signature.literals.filter(it => here.some(written => isLiteral(it, written))).length;
      weighBody('literals', likeness / signature.literals.length);
      evidence.push({
        kind: 'literals',
        weight: round(BODY.literals * (likeness / signature.literals.length - 0.5)),
        detail: signature.literals.filter(it => here.some(written => isLiteral(it, written))).join(', '),
      });
    }
    let bodyScore = doneMax === 0 ? 1 : done / doneMax;
    if (isAbstract(entry, signature)) bodyScore = emptyBodyLikeness(context);
    const relief = variants.length > 0 ? VARIANT_RELIEF : 0;
    const change = compareMeaning(prepared.meaning, meaningOf(body.calls, body.operators));
    bodyScore -= 0.1 * change.missing.length + 0.05 * change.added.length + 0.15 * change.replaced.length;
    bodyScore = Math.max(0, Math.min(1, bodyScore + relief));
    for (const it of [...change.missing, ...change.replaced]) {
      evidence.push({ kind: 'calls', weight: -1, detail: `− ${it}` });
    }
    for (const it of change.added) evidence.push({ kind: 'calls', weight: -0.5, detail: `+ ${it}` });

    const between = new Set(signature.between);
    const extra = new Set(context.parameters.filter(it => !prepared.parameters.includes(it)));
    for (const other of alignment?.renames.values() ?? []) extra.delete(other);
    const changes: readonly Change[] = alignment
      ? [
          ...interposed(fn, alignment).filter(it => !between.has(it.operation)),
          ...this.furtherInputs(prepared, context, extra),
          ...foreignInputs(fn, extra, call => prepared.knows(call) || BYSTANDERS.has(call)),
        ]
      : [];
    const confidence = 0.5 * identityScore + 0.5 * bodyScore;
    rejected ??= refusal({
      changes,
      cutOff: alignment !== undefined && alignment.unplaced.length > 0 && endsNowhere(fn, alignment, common),
      path,
      unknownCalls: unknownShare(prepared, body),
      genericClass: GENERIC_CLASSES.has(cls?.name ?? ''),
      otherKind: isOtherKind(signature.class ?? [], cls?.name ?? ''),
      contradicted: alignment?.contradicted ?? [],
      unmet: prepared.operations.filter(it => body.kinship(it) === 0),
      variantText: JSON.stringify(held.map(it => it.when)),
      requiredText: JSON.stringify(signature.requires ?? []),
      strangers: context.fn.parameters.filter(it => extra.has(it.name) && it.defaultValue === undefined)
        .length,
      identityScore,
      bodyScore,
      confidence,
      steps,
      relief,
      change,
      klass,
      common,
      parameters,
    });
    return {
      entryId: entry.id,
      confidence: round(confidence),
      evidence,
      variants,
      ...(rejected === undefined ? {} : { rejected }),
    };
  }

  /** Parameters beyond all that upstream takes, where they are read: those without a default, or in a function defined inside. */
  private furtherInputs(
    prepared: Prepared,
    { fn, parameters, readInside }: FunctionContext,
    extra: ReadonlySet<string>,
  ): Change[] {
    if (!prepared.parameters.every(name => parameters.includes(name))) return [];
    return fn.parameters
      .filter(({ name, kind, defaultValue }) => {
        if (!extra.has(name) || kind !== 'positional') return false;
        const read = fn.names.some(use => use.name === name && use.role !== 'parameter');
        return readInside(name) || (read && defaultValue === undefined);
      })
      .map(({ name }) => ({ operation: name, names: [name] }));
  }

  /**
   * Rare callees count more; callees that upstream has not count a little against. A local that is called may be one of
   * upstream's locals under another name.
   */
  private callLikeness(prepared: Prepared, body: BodyFeatures): number {
    const wanted = prepared.calls;
    const seen = [...body.calls].filter(call => !BYSTANDERS.has(call) || wanted.includes(call));
    if (wanted.length === 0) return Math.max(0, 1 - 0.2 * seen.length);
    let hit = 0;
    let all = 0;
    let strangers = seen.filter(call => body.localCalls.has(call) && !wanted.includes(call)).length;
    let known = seen.filter(call => prepared.knows(call)).length;
    for (const call of wanted) {
      const weight = this.rarity.get(call) ?? 1;
      const kinship = body.kinship(call);
      all += weight;
      hit += weight * kinship;
      if (kinship === 0 && strangers > 0 && !isDecisive(call) && !familyMember(call)) {
        strangers--;
        known++;
        hit += 0.75 * weight;
      }
    }
    const precision = seen.length === 0 ? 0 : known / seen.length;
    return 0.75 * (hit / all) + 0.25 * precision;
  }
}

/** 0…1 by kind of evidence; undefined where the signature says nothing of the kind. */
type Likenesses = Readonly<
  Record<Exclude<keyof typeof IDENTITY, 'name' | 'parameters'>, number | undefined>
> & {
  readonly name: number;
  readonly parameters: number;
};

function identityWeight(kind: keyof typeof IDENTITY, { fn }: FunctionContext): number {
  return kind === 'name' && COMMON_NAMES.has(fn.name) ? IDENTITY.name / 2 : IDENTITY[kind];
}

interface Weighed {
  /** Steps are missing, and what the last one there computes is read by nobody. */
  readonly cutOff: boolean;
  /** What happens between the steps, or to another input. */
  readonly changes: readonly Change[];
  /** Likeness of the file name. */
  readonly path: number;
  /** Share of the callees that upstream's body has not. */
  readonly unknownCalls: number;
  readonly genericClass: boolean;
  /** The class name holds a word that makes it another thing than upstream's: `ResidualCrossAttentionBlock`. */
  readonly otherKind: boolean;
  /** Operations that steps ask for and that stand nowhere in the body. */
  readonly unmet: readonly string[];
  /** The conditions of the variants that hold, as text. */
  readonly variantText: string;
  /** What the entry itself says may stand there. */
  readonly requiredText: string;
  /** How many parameters without a default upstream has not. */
  readonly strangers: number;
  readonly contradicted: readonly string[];
  readonly identityScore: number;
  readonly bodyScore: number;
  readonly confidence: number;
  readonly steps: number;
  readonly relief: number;
  readonly change: ReturnType<typeof compareMeaning>;
  readonly klass: number | undefined;
  readonly common: boolean;
  readonly parameters: number;
}

const changeSeen = ({ start }: Range): Evidence => ({
  kind: 'changed',
  weight: 0,
  detail: `line ${start.line + 1}`,
});

/** The reason why a function that is like an entry gets no card all the same. */
function refusal(it: Weighed): string | undefined {
  const named = it.variantText;
  // A variant excuses what it names, and what is left out; not that something else is computed instead.
  const replaced = it.change.replaced.filter(change => !named.includes(change.split(' → ')[1] ?? ''));
  if (replaced.length > 0) return `replaced: ${replaced.join(', ')}`;
  if (it.relief === 0 && it.change.missing.length > 0) return `missing: ${it.change.missing.join(', ')}`;
  if (it.relief === 0 && it.unmet.length > 0) return `missing: ${it.unmet.join(', ')}`;
  const exchanged = it.relief > 0 && it.change.missing.length > 0;
  const added = exchanged ? it.change.added.filter(operation => !named.includes(operation)) : [];
  if (added.length > 0) return `added: ${added.join(', ')}`;
  const unnamed = it.changes.filter(
    change =>
      ![change.operation, ...change.names].some(name =>
        (named + it.requiredText).includes(JSON.stringify(name)),
      ),
  );
  if (unnamed.length > 0) return `between: ${unnamed.map(change => change.operation).join(', ')}`;
  if (it.cutOff) return 'cut off';
  if (it.contradicted.length > 0) return `contradicted: ${it.contradicted.join(', ')}`;
  if (it.identityScore < IDENTITY_THRESHOLD) return 'identity';
  if (it.bodyScore < BODY_THRESHOLD) return 'body';
  if (it.steps < 0.6 - it.relief) return 'steps';
  if (it.otherKind) return 'another kind of class';
  // Under a name that says nothing, in a class that upstream does not know, only the very same body will do.
  if (it.common && it.klass !== undefined && it.klass < 0.9) {
    const same = it.bodyScore - it.relief >= (it.klass < 0.5 ? 0.9 : 0.8);
    if (!same || it.parameters < 0.8) return 'class';
  }
  // A class name of everybody's is not enough: file or parameters must be upstream's, too.
  if (it.common && it.genericClass && it.path < 0.8 && (it.parameters < 0.95 || (it.klass ?? 1) < 0.9))
    return 'generic class';
  if (it.common && it.relief === 0 && it.parameters < 0.5 && it.strangers > 1) return 'parameters';
  if (it.common && it.relief === 0 && it.klass !== undefined) {
    // Calls that upstream has not are more computation: in a class that anybody may have called so, another one.
    const allowed = it.klass < 0.8 ? 0.2 : it.genericClass ? 0.35 : 1;
    if (it.unknownCalls > allowed) return 'other calls';
  }
  if (it.confidence < THRESHOLD) return 'confidence';
  return undefined;
}

/** Scaling is written in many ways (`/ sqrt(d)`, `* d ** -0.5`); sums and the like are not. */
const SCALING = new Set(['*', '/', '**', '//', '%', 'mul', 'div', 'sqrt', 'rsqrt']);

function stepOperations(entry: Entry): string[] {
  const operations = new Set<string>();
  for (const pattern of entry.steps.flatMap(step => step.match)) {
    if (pattern.optional) continue;
    for (const it of [...(pattern.calls ?? []), ...(pattern.operators ?? [])]) {
      const operation = lastSegment(it);
      if (isDecisive(operation) && !SCALING.has(operation)) operations.add(operation);
    }
  }
  return [...operations];
}

function isOtherKind(classes: readonly string[], seen: string): boolean {
  if (classes.length === 0 || classes.includes(seen)) return false;
  return (seen.match(TELLING_WORDS) ?? []).some(word => !classes.some(name => name.includes(word)));
}

function isAbstract(entry: Entry, signature: Signature): boolean {
  return entry.steps.length === 0 && (signature.calls?.length ?? 0) === 0;
}

function prepare(entry: Entry, signature: Signature): Prepared {
  const calls = [...new Set((signature.calls ?? []).map(lastSegment))];
  const kindred = new Map<string, boolean>();
  const classes = new Map<string, number>();
  return {
    entry,
    signature,
    parameters: signature.parameters.filter(
      (name, index) => index > 0 || (name !== 'self' && name !== 'cls'),
    ),
    siblings: (signature.siblings ?? []).filter(name => name !== signature.name && name !== '__init__'),
    attributes: signature.attributes?.map(lastSegment) ?? [],
    calls,
    callNames: new Set(calls),
    classLikeness: name => {
      let likeness = classes.get(name);
      if (likeness === undefined) {
        likeness = classLikeness(signature.class ?? [], name);
        classes.set(name, likeness);
      }
      return likeness;
    },
    knows: call => {
      let known = kindred.get(call);
      if (known === undefined) {
        known = bestKinship(call, calls, []) > 0;
        kindred.set(call, known);
      }
      return known;
    },
    meaning: meaningOfSignature(signature),
    operations: stepOperations(entry),
  };
}

function unknownShare(prepared: Prepared, body: BodyFeatures): number {
  const seen = [...body.calls].filter(call => !BYSTANDERS.has(call) && !body.localCalls.has(call));
  if (seen.length === 0) return 0;
  return seen.filter(call => !prepared.knows(call)).length / seen.length;
}

/** An abstract method: nothing is computed, so nothing may be. */
function emptyBodyLikeness(context: FunctionContext): number {
  const working = context.fn.statements.filter(it => it.kind !== 'pass' && it.kind !== 'raise').length;
  return working === 0 ? 1 : 0;
}

/** 1 for upstream's file with its folder, 0.8 for its name alone. */
function pathLikeness(wanted: readonly string[], path: string): number {
  const file = path.split('/').at(-1);
  let best = 0;
  for (const it of wanted) {
    if (path === it || path.endsWith(`/${it}`)) best = 1;
    else if (it.split('/').at(-1) === file) best = Math.max(best, 0.8);
  }
  return best;
}

function describe(condition: object): string {
  return JSON.stringify(condition).replace(/["{}]/g, '').replaceAll(',', ', ');
}

const round = (value: number) => Math.round(value * 1000) / 1000;
