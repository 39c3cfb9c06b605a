import { raise } from './errors.ts';
import { type DictEntry, type HashKey, PyDict, type Value } from './values.ts';

/** `obj.__dict__`: reads and writes the attributes themselves. */
export class AttributeDict extends PyDict {
  private readonly target: Map<string, Value>;
  constructor(target: Map<string, Value>) {
    super();
    this.target = target;
  }
  /** A copy: native code that walks over it sees the state of now. */
  override get entries(): Map<HashKey, DictEntry> {
    const copy = new Map<HashKey, DictEntry>();
    for (const [key, value] of this.target) copy.set(key, { key, value });
    return copy;
  }
  override get size(): number {
    return this.target.size;
  }
  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.target.get(key) : undefined;
  }
  override has(key: Value): boolean {
    return typeof key === 'string' && this.target.has(key);
  }
  override set(key: Value, value: Value): void {
    if (typeof key !== 'string') throw raise('TypeError', 'attribute names must be strings');
    this.target.set(key, value);
  }
  override delete(key: Value): boolean {
    return typeof key === 'string' && this.target.delete(key);
  }
  override keys(): Value[] {
    return [...this.target.keys()];
  }
  override values(): Value[] {
    return [...this.target.values()];
  }
}
