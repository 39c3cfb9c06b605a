import { Refusal, raise } from '../interpreter/errors.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { float, NativeObject, PyClass, PyModule, type Value } from '../interpreter/values.ts';
import type { NativeModules } from '../library.ts';
import { sharing } from '../stdlib/module.ts';
import { deviceClass } from '../tensor/device.ts';
import { dtypeAliases, dtypeClass, dtypes, TorchDType } from '../tensor/dtype.ts';
import { generatorClass } from '../tensor/generator.ts';
import type { TorchSession } from '../tensor/session.ts';
import { sizeClass } from './creation.ts';
import { functionalRows } from './functional.ts';
import {
  functionsOf,
  legacyClasses,
  parameterClass,
  tensorClass,
  torchLibrary,
  torchRows,
} from './library.ts';
import { activationRows } from './pointwise.ts';
import { manualSeed } from './random.ts';
import { softmaxRows } from './reduction.ts';
import type { Row } from './row.ts';
import { openSession } from './sessionOf.ts';

/** Rows of `torch._nn`: what torch.nn.functional is made of. */
export const nnRows: readonly Row[] = [...functionalRows, ...activationRows, ...softmaxRows];

// Native functions hold nothing of a run: their signatures are read once.
const torchFunctions = functionsOf(torchRows, 'torch');
const layerFunctions = functionsOf(functionalRows, 'torch');
const nnFunctions = functionsOf(nnRows, 'torch.nn.functional');

/** The tensor side of a run; made on first use. */
export function torchSession(runtime: Runtime): TorchSession {
  return openSession(runtime, torchLibrary);
}

/** The native modules `torch._native` and `torch._nn`, from which the Python side of torch is built. */
export const torchModules: NativeModules = new Map([
  ['torch._native', nativeModule],
  ['torch._nn', nnModule],
]);

const nativeContent = sharing(makeNatives);
const nnContent = sharing(makeLayers);

function nativeModule(runtime: Runtime): PyModule {
  torchSession(runtime);
  return nativeContent();
}

function nnModule(runtime: Runtime): PyModule {
  torchSession(runtime);
  return nnContent();
}

function makeNatives(): PyModule {
  const module = new PyModule('torch._native', undefined, refuseUnknown('torch'));
  const set = (name: string, value: Value) => module.attributes.set(name, value);
  for (const [name, fn] of torchFunctions) set(name, fn);
  // Some functions live both under torch and torch.nn.functional.
  for (const [name, fn] of layerFunctions)
    if (
      /^(conv|embedding|layer_norm|group_norm|batch_norm|pixel|adaptive_avg_pool1d|avg_pool1d|max_pool)/.test(
        name,
      )
    )
      set(name, fn);
  for (const dtype of Object.values(dtypes)) set(dtype.name, dtype);
  for (const [name, dtype] of Object.entries(dtypeAliases)) set(name, dtype);
  for (const cls of [
    tensorClass,
    parameterClass,
    sizeClass,
    deviceClass,
    dtypeClass,
    generatorClass,
    finfoClass,
    iinfoClass,
    ...legacyClasses,
  ])
    set(cls.name, cls);
  set('manual_seed', manualSeed);
  set('inf', float(Infinity));
  set('nan', float(NaN));
  set('pi', float(Math.PI));
  set('e', float(Math.E));
  set('newaxis', null);
  set('strided', 'torch.strided');
  for (const name of ['contiguous_format', 'channels_last', 'channels_last_3d', 'preserve_format'])
    set(name, `torch.${name}`);
  for (const name of ['complex64', 'complex128', 'cfloat', 'cdouble', 'complex32', 'qint8', 'quint8'])
    set(name, new MissingDType(name));
  return module;
}

function makeLayers(): PyModule {
  const module = new PyModule('torch._nn', undefined, refuseUnknown('torch.nn.functional'));
  for (const [name, fn] of nnFunctions) module.attributes.set(name, fn);
  return module;
}

/** Names that torch may have and we have not: refused when they are looked up, except for Python's own. */
function refuseUnknown(module: string): (name: string) => Value | undefined {
  return name => {
    if (name.startsWith('__')) return undefined;
    throw new Refusal({
      construct: `${module}.${name}`,
      message: `${module}.${name} is not known to the tracer.`,
      hint: 'docs/torch-coverage.md lists what is supported.',
    });
  };
}

/** A dtype that can be named and compared, but holds no tensor. */
class MissingDType extends NativeObject {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  override get cls(): PyClass {
    return dtypeClass;
  }
  override repr(): string {
    return `torch.${this.name}`;
  }
}

interface FloatFacts {
  readonly max: number;
  readonly tiny: number;
  readonly eps: number;
}

const floats: Readonly<Record<string, FloatFacts>> = {
  float16: { max: 65504, tiny: 2 ** -14, eps: 2 ** -10 },
  bfloat16: { max: 3.3895313892515355e38, tiny: 2 ** -126, eps: 2 ** -7 },
  float32: { max: 3.4028234663852886e38, tiny: 2 ** -126, eps: 2 ** -23 },
  float64: { max: Number.MAX_VALUE, tiny: 2 ** -1022, eps: 2 ** -52 },
};

/** What `torch.finfo` and `torch.iinfo` say of a dtype. */
class NumberInfo extends NativeObject {
  readonly #cls: PyClass;
  readonly #facts: ReadonlyMap<string, Value>;
  constructor(cls: PyClass, facts: ReadonlyMap<string, Value>) {
    super();
    this.#cls = cls;
    this.#facts = facts;
  }
  override get cls(): PyClass {
    return this.#cls;
  }
  override getAttribute(name: string): Value | undefined {
    return this.#facts.get(name);
  }
}

const finfoClass: PyClass = new PyClass('finfo', {
  module: 'torch',
  final: true,
  construct: (cls, args, keywords, runtime) => {
    const dtype = args[0] ?? keywords?.get('type') ?? torchSession(runtime).defaultDType;
    const facts = dtype instanceof TorchDType ? floats[dtype.name] : undefined;
    if (!facts || !(dtype instanceof TorchDType))
      throw raise(
        'TypeError',
        `torch.finfo() requires a floating point input type. Use torch.iinfo to handle '${runtime.repr(dtype)}'`,
      );
    return new NumberInfo(
      cls,
      new Map<string, Value>([
        ['max', float(facts.max)],
        ['min', float(-facts.max)],
        ['tiny', float(facts.tiny)],
        ['smallest_normal', float(facts.tiny)],
        ['eps', float(facts.eps)],
        ['resolution', float(10 ** Math.ceil(Math.log10(facts.eps)))],
        ['bits', dtype.bits],
        ['dtype', dtype.name],
      ]),
    );
  },
});

const iinfoClass: PyClass = new PyClass('iinfo', {
  module: 'torch',
  final: true,
  construct: (cls, args, keywords, runtime) => {
    const dtype = args[0] ?? keywords?.get('type') ?? null;
    if (!(dtype instanceof TorchDType) || dtype.isFloating || dtype === dtypes.bool)
      throw raise(
        'TypeError',
        `torch.iinfo() requires an integer input type. Use torch.finfo to handle '${runtime.repr(dtype)}'`,
      );
    const bits = BigInt(dtype.bits);
    const max = dtype.unsigned ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n;
    const min = dtype.unsigned ? 0n : -(2n ** (bits - 1n));
    const int = (n: bigint): Value => (dtype.bits < 64 ? Number(n) : n);
    return new NumberInfo(
      cls,
      new Map<string, Value>([
        ['max', int(max)],
        ['min', int(min)],
        ['bits', dtype.bits],
        ['dtype', dtype.name],
      ]),
    );
  },
});
