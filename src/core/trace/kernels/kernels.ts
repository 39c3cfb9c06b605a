import { binaryKernels } from './binary.ts';
import { indexingKernels } from './indexing.ts';
import type { KernelTable } from './kernel.ts';
import { layoutKernels } from './layout.ts';
import { linearKernels } from './linear.ts';
import { networkKernels } from './network.ts';
import { reductionKernels } from './reduction.ts';
import { unaryKernels } from './unary.ts';

/** A kernel for every operator that a graph may contain. */
export const kernels: KernelTable = {
  ...unaryKernels,
  ...binaryKernels,
  ...layoutKernels,
  ...indexingKernels,
  ...reductionKernels,
  ...linearKernels,
  ...networkKernels,
};
