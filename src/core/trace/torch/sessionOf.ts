import type { Runtime } from '../interpreter/runtime.ts';
import { type TensorLibrary, TorchSession } from '../tensor/session.ts';

const key = Object.freeze({ torch: 'session' });

/** The tensor side of a run; made when the run first touches torch. */
export function sessionOf(runtime: Runtime): TorchSession {
  const session = runtime.state.get(key);
  if (!(session instanceof TorchSession)) throw new Error('This run has no torch session.');
  return session;
}

/** Gives a run its torch session (the one it has, when there is one). */
export function openSession(runtime: Runtime, library: TensorLibrary): TorchSession {
  const old = runtime.state.get(key);
  if (old instanceof TorchSession) return old;
  const session = new TorchSession(library, runtime.budget);
  runtime.state.set(key, session);
  return session;
}
