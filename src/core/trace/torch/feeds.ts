import type { TensorData } from '../graph/data.ts';
import { dtypes, type TorchDType } from '../tensor/dtype.ts';
import type { TorchSession } from '../tensor/session.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A tensor that is fed from outside on every run, with its numbers for this one. */
export function inputTensor(
  session: TorchSession,
  name: string,
  data: TensorData,
  dtype?: TorchDType,
): Tensor {
  const to = dtype ?? dtypes[data.type];
  return Tensor.of(session, session.feed('input', name, { ...data, type: to.element }), to);
}

/**
 * Gives a parameter or buffer its numbers from outside, under its state_dict name: whatever shares its memory sees them.
 * @throws Error when the shape is another one
 */
export function feedParameter(tensor: Tensor, name: string, data: TensorData): void {
  if (tensor.shape.join() !== data.shape.join())
    throw new Error(
      `${name} has the shape [${tensor.shape.join(', ')}], the weights have [${data.shape.join(', ')}].`,
    );
  tensor.write(tensor.session.feed('parameter', name, { ...data, type: tensor.dtype.element }));
}
