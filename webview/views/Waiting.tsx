import { useEffect, useState } from 'preact/hooks';

const DOTS = 3;
const BEAT_MS = 400;

/**
 * Says that something goes on. Its dots move a few times a second: a ring that turns has the whole page composed anew sixty times a second,
 * on the very cores that the reader waits for. Who wants no motion gets none.
 */
export function Waiting({ label }: { readonly label: string }) {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setBeat(current => (current + 1) % DOTS), BEAT_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="waiting" role="img" aria-label={label} title={label}>
      {Array.from({ length: DOTS }, (_, dot) => (
        <span key={dot} class={dot === beat ? 'dot lit' : 'dot'} />
      ))}
    </span>
  );
}
