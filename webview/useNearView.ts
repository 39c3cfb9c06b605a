import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** How far outside of the window something still counts as near. */
const MARGIN = '400px';

/** Whether an element is on screen or soon will be: what is far away need not be painted with every move of a slider. */
export function useNearView(ref: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(entries => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: MARGIN,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return near;
}
