import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { readSafetensors } from '../../../src/core/minis/readSafetensors.ts';

const weights = (name: string) =>
  readFileSync(new URL(`../../../packs/weights/${name}.safetensors`, import.meta.url));

/** A file of one tensor. */
function file(dtype: string, shape: number[], bytes: number[], offsets = [0, bytes.length]): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ x: { dtype, shape, data_offsets: offsets } }));
  const out = new Uint8Array(8 + header.length + bytes.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(bytes, 8 + header.length);
  return out;
}

describe('readSafetensors', () => {
  const counts: [string, number][] = [
    ['clip', 56577],
    ['glide', 876742],
    ['prior', 35784 + 2 * 8],
  ];
  for (const [name, parameters] of counts) {
    it(`reads ${name} with as many numbers as its card says`, () => {
      const tensors = readSafetensors(weights(name));
      let sum = 0;
      for (const [key, tensor] of tensors) {
        assert.equal(tensor.type, 'float32', key);
        assert.ok(tensor.data.every(Number.isFinite), key);
        sum += tensor.data.length;
      }
      assert.ok(Math.abs(sum - parameters) <= 16, `${sum} numbers`);
    });
  }

  it('reads integers and floats of one file', () => {
    const tensors = readSafetensors(weights('blip_vqa'));
    const types = new Set([...tensors.values()].map(it => it.type));
    assert.deepEqual([...types].sort(), ['float32', 'int64']);
    const [positions] = [...tensors]
      .filter(([name]) => name.endsWith('position_ids'))
      .map(([, tensor]) => tensor);
    assert.deepEqual([...positions!.data.slice(0, 3)], [0, 1, 2]);
  });

  const halves: [number, number][] = [
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
  ];
  it('turns half precision into float32', () => {
    for (const [bits, value] of halves) {
      const { data } = readSafetensors(file('F16', [1], [bits & 255, bits >> 8])).get('x')!;
      assert.equal(data[0], value);
    }
    assert.ok(Number.isNaN(readSafetensors(file('F16', [1], [1, 0x7c])).get('x')!.data[0]));
    assert.equal(readSafetensors(file('BF16', [1], [0x80, 0x3f])).get('x')!.data[0], 1);
  });

  const broken: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(3), /shorter than its header length/],
    ['text', new TextEncoder().encode('not a file of tensors'), /header is longer than the file/],
    ['a header that is no JSON', Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 123]), /header is not JSON/],
    ['an unknown element type', file('F8', [1], [0]), /x: element type F8 is not read/],
    [
      'numbers that do not fill the shape',
      file('F32', [2], [0, 0, 0, 0]),
      /x: 4 bytes for the shape \[2\] of F32/,
    ],
    ['a file cut short', file('F32', [2], [0, 0, 0, 0], [0, 8]), /x: the file ends before it/],
  ];
  for (const [what, bytes, message] of broken) {
    it(`says what is wrong with ${what}`, () => {
      assert.throws(() => readSafetensors(bytes), message);
    });
  }
});
