import { raise } from '../interpreter/errors.ts';
import {
  type CompareOperator,
  type HashKey,
  NativeObject,
  notImplemented,
  PyClass,
  type Value,
} from '../interpreter/values.ts';

const kinds = new Set(['cpu', 'cuda', 'mps', 'meta', 'xpu', 'npu', 'xla']);

/** `torch.device`: a name without consequences. Every tensor says it is on the CPU. */
export class TorchDevice extends NativeObject {
  readonly type: string;
  readonly index: number | null;

  constructor(type: string, index: number | null = null) {
    super();
    this.type = type;
    this.index = index;
  }

  static parse(text: string): TorchDevice {
    const [type, index] = text.split(':');
    if (!type || !kinds.has(type) || (index !== undefined && !/^\d+$/.test(index)))
      throw raise('RuntimeError', `Invalid device string: '${text}'`);
    return new TorchDevice(type, index === undefined ? null : Number(index));
  }

  override get cls(): PyClass {
    return deviceClass;
  }
  get text(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }
  override getAttribute(name: string): Value | undefined {
    if (name === 'type') return this.type;
    return name === 'index' ? this.index : undefined;
  }
  override compare(operator: CompareOperator, other: Value): Value {
    if (operator !== '==' && operator !== '!=') return notImplemented;
    const same = other instanceof TorchDevice && other.text === this.text;
    return same === (operator === '==');
  }
  override repr(): string {
    return `device(type='${this.type}'${this.index === null ? '' : `, index=${this.index}`})`;
  }
  override str(): string {
    return this.text;
  }
  override format(): string {
    return this.text;
  }
  override hashKey(): HashKey {
    return `device ${this.text}`;
  }
}

export const deviceClass = new PyClass('device', {
  module: 'torch',
  final: true,
  construct: (_cls, args, keywords) => {
    const [first, second] = [args[0] ?? keywords?.get('type'), args[1] ?? keywords?.get('index') ?? null];
    if (first instanceof TorchDevice) return first;
    if (typeof first === 'number') return new TorchDevice('cuda', first);
    if (typeof first !== 'string') throw raise('TypeError', 'device() expects a string');
    return typeof second === 'number' ? new TorchDevice(first, second) : TorchDevice.parse(first);
  },
});

export const cpu = new TorchDevice('cpu');
