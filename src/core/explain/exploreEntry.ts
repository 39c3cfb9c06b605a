import type { Entry } from '../atlas/schema.ts';
import type { FunctionOutline, Outline, ParameterOutline } from '../python/outline.ts';
import { patternOf } from '../recognition/scaffoldSignature.ts';

/** Id of the stand-in entry for a function that the atlas does not know. */
export const EXPLORE_ID = 'screen.function';

/** What the reader is asked for before a function without an entry can run; each with a guess to edit. */
export interface ExploreQuestions {
  /** Arguments of the class's constructor: `16, num_heads=2`; undefined for plain functions. */
  readonly constructorArguments?: string;
  /** Arguments of the call: `x=[2, 5, 16], mask=None`. */
  readonly callArguments: string;
}

/** Input that cannot be understood; the message is one sentence for the reader. */
export class ExploreError extends Error {
  override readonly name = 'ExploreError';
}

/** Guesses from names, annotations and defaults. Parameters with a default are left to it. */
export function exploreQuestions(outline: Outline, fn: FunctionOutline): ExploreQuestions {
  const callArguments = guesses(fn.parameters);
  const init =
    fn.className === undefined
      ? undefined
      : outline.functions.find(it => it.qualname === `${fn.className}.__init__`);
  if (fn.className === undefined) return { callArguments };
  return { constructorArguments: init ? guesses(init.parameters) : '', callArguments };
}

function guesses(parameters: readonly ParameterOutline[]): string {
  return parameters
    .filter(({ name, kind, defaultValue }) => {
      return name !== 'self' && name !== 'cls' && defaultValue === undefined && !kind.includes('tar');
    })
    .map(parameter => `${parameter.name}=${guess(parameter)}`)
    .join(', ');
}

function guess({ name, annotation = '' }: ParameterOutline): string {
  if (/^bool/.test(annotation)) return 'False';
  if (/^float/.test(annotation) || /(^|_)(eps|scale|prob|rate|dropout|drop)$/.test(name)) return '0.0';
  if (/^str/.test(annotation)) return "''";
  if (/heads?$|layers?$|depth|blocks?$|groups?$/.test(name)) return '2';
  if (
    /^int/.test(annotation) ||
    /(dim|size|width|channels?|features|hidden|vocab|num|length|len)/.test(name)
  ) {
    return /features$/.test(name) && !/^(in|out|num)/.test(name) && annotation === '' ? '[2, 16]' : '16';
  }
  if (/mask/.test(name)) return 'None';
  if (/(tokens?|ids?|text|labels?|index|indices)$/.test(name)) return 'ids[2, 5]';
  if (/(image|img|pixel|picture)/.test(name)) return '[2, 3, 16, 16]';
  if (/^(t|timesteps?|times?)$/.test(name)) return '[2]';
  return '[2, 5, 16]';
}

interface Argument {
  readonly name: string | undefined;
  readonly shape: readonly number[] | undefined;
  readonly ids: boolean;
  readonly code: string;
}

/**
 * An entry made up for a function that has none: a step per statement, no equations, a driver from the reader's answers.
 * @param lines the function's document, for the labels of the steps
 * @throws {ExploreError} for arguments that are no list of Python arguments
 */
export function exploreEntry(
  fn: FunctionOutline,
  lines: readonly string[],
  answers: ExploreQuestions,
): Entry {
  const constructorList =
    answers.constructorArguments === undefined ? [] : split(answers.constructorArguments);
  const call = split(answers.callArguments).map(argumentOf);
  const shaped = call.filter(argument => argument.shape !== undefined);
  const steps = fn.statements.flatMap((statement, index) => {
    const match = patternOf(statement);
    if (!match) return [];
    const label = (lines[statement.range.start.line] ?? '').trim().slice(0, 60) || statement.kind;
    const tensors = statement.kind === 'return' ? ['return'] : [...statement.targets];
    return [{ id: `s${index}`, equation: 'code', label: { en: label, ja: label }, match: [match], tensors }];
  });
  const title = { en: fn.qualname, ja: fn.qualname };
  return {
    id: EXPLORE_ID,
    title,
    exercises: [],
    summary: title,
    upstream: { path: '', qualname: fn.qualname },
    equations: [],
    symbols: [],
    steps,
    mini: {
      // No reference module: there is no equation to write as code.
      file: '',
      config: {},
      samples: [],
      drivers: [
        {
          name: 'run',
          inputs: shaped.map((argument, index) => ({
            name: inputName(argument, index),
            shape: [...(argument.shape ?? [])],
            dtype: argument.ids ? 'int64' : 'float32',
            rule: argument.ids ? 'token' : 'input',
            ...(argument.ids ? { vocab: 8 } : {}),
          })),
          code: driverCode(fn, constructorList.join(', '), call, shaped),
        },
      ],
    },
  };
}

function driverCode(
  fn: FunctionOutline,
  constructorArguments: string,
  call: readonly Argument[],
  shaped: readonly Argument[],
): string {
  const given = call
    .map(argument => {
      const at = shaped.indexOf(argument);
      const value = at < 0 ? argument.code : `x["${inputName(argument, at)}"]`;
      return argument.name === undefined ? value : `${argument.name}=${value}`;
    })
    .join(', ');
  const callee =
    fn.className === undefined ? `m.${fn.qualname}` : fn.name === 'forward' ? 'model' : `model.${fn.name}`;
  return `import torch

def build(m, config):
    return ${fn.className === undefined ? 'None' : `m.${fn.className}(${constructorArguments})`}

def call(m, model, x, config):
    result = ${callee}(${given})
    if isinstance(result, dict):
        return {str(key): value for key, value in result.items()}
    if isinstance(result, (tuple, list)):
        return {f"return {index}": value for index, value in enumerate(result)}
    return {"return": result}
`;
}

const inputName = (argument: Argument, index: number): string => argument.name ?? `argument ${index}`;

function argumentOf(text: string): Argument {
  const [, name, value = ''] = /^(?:([A-Za-z_]\w*)\s*=(?!=)\s*)?(.*)$/s.exec(text) ?? [];
  const shape = /^(ids\s*)?\[\s*(\d+(?:\s*,\s*\d+)*)?\s*\]$/.exec(value);
  const sizes = shape?.[2]?.split(',').map(Number) ?? [];
  if (value === '') throw new ExploreError(`“${text}” has no value.`);
  return { name, shape: shape ? sizes : undefined, ids: shape?.[1] !== undefined, code: value };
}

/** Splits at the commas that stand outside of brackets and quotes. */
function split(text: string): string[] {
  const parts: string[] = [''];
  const open: string[] = [];
  let quote = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) open.push(character);
    else if (')]}'.includes(character)) {
      if (open.pop() === undefined) throw new ExploreError(`There is one “${character}” too many.`);
    } else if (character === ',' && open.length === 0) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character;
  }
  if (open.length > 0 || quote !== '') throw new ExploreError(`“${quote || open.at(-1)}” is never closed.`);
  return parts.map(part => part.trim()).filter(part => part !== '');
}
