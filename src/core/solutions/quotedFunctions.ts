import type { Signature } from '../atlas/schema.ts';
import type { ClassOutline, FunctionOutline } from '../python/outline.ts';
import type { PythonParser } from '../python/pythonParser.ts';
import { scaffoldSignature } from '../recognition/scaffoldSignature.ts';
import { fencedModule } from './pythonFence.ts';
import type { NamedClass } from './quotedClass.ts';

export interface QuotedFunction {
  /** `QKVAttention.forward` */
  readonly qualname: string;
  readonly signature: Signature;
  /** Line of the `def`, from the fence's first, from 0. */
  readonly line: number;
  readonly elided: boolean;
}

export interface QuotedCode {
  readonly functions: readonly QuotedFunction[];
  /** Functions that are there and cannot be used, with the reason. */
  readonly unused: readonly { readonly name: string; readonly line: number; readonly reason: string }[];
  /** The class that the fence shows or its methods belong to. */
  readonly cls: NamedClass | undefined;
}

/** Methods of several in a fence that compute less than this are bystanders. */
const MIN_COMPUTING = 3;

/**
 * The functions of a fenced piece of Python.
 *
 * @param ownerOf the class of a method that stands without one, from the prose
 * @param path the file it is from, empty where the author does not say
 */
export function quotedFunctions(
  code: string,
  parser: PythonParser,
  path: string,
  ownerOf: (method: string) => NamedClass | undefined,
): QuotedCode {
  const { text, elided } = fencedModule(code);
  const bare = parser.outline(text);
  const loose = bare.functions.filter(fn => fn.qualname === fn.name);
  const needsClass = loose.find(fn => isReceiver(fn.parameters[0]?.name));
  const owner = needsClass ? ownerOf(needsClass.name) : undefined;
  const wrapped = needsClass !== undefined && bare.classes.length === 0 && owner !== undefined;
  const outline = wrapped
    ? parser.outline(
        `class ${owner.name}${owner.bases.length > 0 ? `(${owner.bases.join(', ')})` : ''}:\n${indent(text)}`,
      )
    : bare;
  const shift = wrapped ? 1 : 0;
  const functions: QuotedFunction[] = [];
  const unused: { name: string; line: number; reason: string }[] = [];
  const listed = outline.functions.filter(fn => isTopLevel(fn, outline.classes));
  for (const fn of listed) {
    const line = Math.max(0, fn.nameRange.start.line - shift);
    const reason = reasonAgainst(fn, listed.length, elided);
    if (reason !== undefined) unused.push({ name: fn.qualname, line, reason });
    else {
      const { signature } = scaffoldSignature(outline, fn, path);
      const parameters = signature.parameters.filter(name => /^\w+$/.test(name));
      functions.push({
        qualname: fn.qualname,
        line,
        elided,
        signature: {
          ...signature,
          path: path === '' ? [] : [path],
          // What an author quotes is one version of the function: one with other parameters is another.
          ...(parameters.length > 0 ? { requires: [{ parameters }] } : {}),
        },
      });
    }
  }
  const [first] = outline.classes;
  return {
    functions,
    unused,
    cls: first ? { name: first.name, bases: first.bases } : undefined,
  };
}

function reasonAgainst(fn: FunctionOutline, siblings: number, elided: boolean): string | undefined {
  if (/^__\w+__$/.test(fn.name) && fn.name !== '__call__')
    return 'a special method says what its class holds, not what it computes';
  if (fn.className === undefined && isReceiver(fn.parameters[0]?.name))
    return 'a method, and neither the code nor the prose before it says of which class';
  const computing = fn.statements.filter(
    it =>
      ['assign', 'augmented', 'expression', 'return'].includes(it.kind) &&
      (it.calls.length > 0 || it.operators.length > 0 || it.names.length > 0),
  );
  const work = computing.filter(
    it => it.calls.length > 0 || it.operators.some(operator => operator !== '[]'),
  );
  if (work.length === 0) return 'nothing of its body is quoted that could tell it from others';
  if (siblings > 1 && computing.length < MIN_COMPUTING) return 'too short to be told from others';
  if (fn.hasErrors && !elided) return 'cannot be read as Python';
  return undefined;
}

function isTopLevel(fn: FunctionOutline, classes: readonly ClassOutline[]): boolean {
  return fn.qualname === fn.name || classes.some(cls => `${cls.qualname}.${fn.name}` === fn.qualname);
}

const isReceiver = (name: string | undefined): boolean => name === 'self' || name === 'cls';

const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
