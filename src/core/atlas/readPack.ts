import * as v from 'valibot';
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { PackProblem } from './packProblem.ts';
import { type Mini, MiniSchema, type Pack, PackSchema } from './schema.ts';

/** A file of YAML (or JSON) as it was found. */
export interface PackFile {
  /** As it should stand in messages. */
  readonly path: string;
  readonly text: string;
}

/** The files of one pack. */
export interface PackSource {
  readonly pack: PackFile;
  /** Companion `minis.yaml`: `minis: {<entry id>: …}`. */
  readonly minis?: PackFile;
  /** Companion `prints.json`, made by `npm run prints`: `{<entry id>: StatementPrints}`. */
  readonly prints?: PackFile;
}

export interface ReadPack {
  /** Absent where the pack cannot be used. */
  readonly pack?: Pack;
  readonly problems: readonly PackProblem[];
  /** Says something about a field of the pack, with its place in the file. */
  readonly at: ProblemAt;
}

export type FieldPath = readonly (string | number)[];

export type ProblemAt = (
  field: FieldPath,
  message: string,
  severity?: PackProblem['severity'],
) => PackProblem;

const PrintsSchema = v.record(v.string(), v.record(v.string(), v.array(v.string())));
const MinisSchema = v.strictObject({ minis: v.record(v.string(), MiniSchema) });

/** YAML → validated pack. A pack with an error is left out as a whole; a broken `minis.yaml` costs only the minis. */
export function readPack(source: PackSource): ReadPack {
  const read = readPackAndMinis(source);
  if (!read.pack || !source.prints) return read;
  const prints = readYaml(source.prints, PrintsSchema);
  if (!prints.value) return { ...read, problems: [...read.problems, ...prints.problems] };
  const known = prints.value;
  const entries = read.pack.entries.map(entry => {
    const own = known[entry.id];
    return own ? { ...entry, prints: own } : entry;
  });
  return { ...read, pack: { ...read.pack, entries } };
}

function readPackAndMinis(source: PackSource): ReadPack {
  const main = readYaml(source.pack, PackSchema);
  const problems: PackProblem[] = [...main.problems];
  const { at } = main;
  if (main.value === undefined) return { problems, at };
  const seen = new Set<string>();
  for (const [index, entry] of main.value.entries.entries()) {
    const here = ['entries', index];
    if (seen.has(entry.id)) problems.push(at([...here, 'id'], `"${entry.id}" is defined twice in this pack`));
    seen.add(entry.id);
    if (entry.id !== main.value.system && !entry.id.startsWith(`${main.value.system}.`)) {
      problems.push(at([...here, 'id'], `must start with "${main.value.system}."`));
    }
    if (entry.equations.length === 0 && !entry.origin) {
      problems.push(at([...here, 'equations'], 'needs an equation'));
    }
    const equations = new Set(entry.equations.map(equation => equation.id));
    const steps = new Set<string>();
    for (const [stepIndex, step] of entry.steps.entries()) {
      if (!equations.has(step.equation)) {
        problems.push(
          at([...here, 'steps', stepIndex, 'equation'], `there is no equation "${step.equation}"`),
        );
      }
      if (steps.has(step.id))
        problems.push(at([...here, 'steps', stepIndex, 'id'], `"${step.id}" is there twice`));
      steps.add(step.id);
    }
    const needsCode = entry.mini && !entry.mini.file.toLowerCase().endsWith('.onnx');
    for (const [driverIndex, driver] of (needsCode && entry.mini ? entry.mini.drivers : []).entries()) {
      if (driver.code === undefined)
        problems.push(at([...here, 'mini', 'drivers', driverIndex, 'code'], 'is missing'));
    }
    if (entry.upstream && !entry.signature) {
      problems.push(
        at([...here, 'upstream'], 'without a signature this entry is never recognised', 'warning'),
      );
    }
  }
  if (problems.some(problem => problem.severity === 'error')) return { problems, at };
  if (source.minis === undefined) return { pack: main.value, problems, at };
  const minis = readYaml(source.minis, MinisSchema);
  problems.push(...minis.problems);
  if (minis.value === undefined) return { pack: main.value, problems, at };
  const unused = new Map<string, Mini>(Object.entries(minis.value.minis));
  const entries = main.value.entries.map(entry => {
    const mini = unused.get(entry.id);
    unused.delete(entry.id);
    return mini === undefined ? entry : { ...entry, mini };
  });
  for (const id of unused.keys()) {
    problems.push(minis.at(['minis', id], `there is no entry "${id}"`, 'warning'));
  }
  return { pack: { ...main.value, entries }, problems, at };
}

interface ReadYaml<T> {
  readonly value?: T;
  readonly problems: readonly PackProblem[];
  readonly at: ProblemAt;
}

function readYaml<S extends v.GenericSchema>(file: PackFile, schema: S): ReadYaml<v.InferOutput<S>> {
  const lines = new LineCounter();
  const problem = (offset: number, field: string, message: string, severity: PackProblem['severity']) => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(1, line), column: Math.max(1, col), field, message, severity };
  };
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const at = (field: FieldPath, message: string, severity: PackProblem['severity'] = 'error') =>
    problem(offsetOf(document, field), field.join('.'), message, severity);
  const syntaxError = document.errors[0];
  if (syntaxError) {
    const message = syntaxError.message.replace(/\s+/g, ' ');
    return { at, problems: [problem(syntaxError.pos[0], '', message, 'error')] };
  }
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { at, problems: [problem(0, '', message, 'error')] };
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { at, problems: [problem(0, '', 'is no map of fields', 'error')] };
  }
  const result = v.safeParse(schema, plain);
  if (result.success) return { at, value: result.output, problems: [] };
  const problems = result.issues.map(issue => {
    const path = (issue.path ?? []).map(item => item.key as string | number);
    return at(path, explain(issue));
  });
  return { at, problems };
}

/** valibot's messages, made to stand behind a field name. */
function explain(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'unknown field';
  if (issue.type === 'strict_object' && issue.received === 'undefined') return 'is missing';
  if (issue.received === 'undefined') return 'is missing';
  return issue.message;
}

/** Where a field stands; of one that is missing, where its nearest parent stands. */
function offsetOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(item => isPair(item) && keyOf(item.key) === String(key));
      if (!pair) break;
      const keyNode = pair.key;
      if (isNode(keyNode) && keyNode.range) offset = keyNode.range[0];
      node = pair.value;
    } else {
      node = node.items[Number(key)];
      if (isNode(node) && node.range) offset = (node as Node).range?.[0] ?? offset;
    }
  }
  return offset;
}

const keyOf = (key: unknown): string =>
  isNode(key) && 'value' in key ? String((key as { value: unknown }).value) : String(key);
