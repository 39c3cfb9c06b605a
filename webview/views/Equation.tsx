import katex from 'katex';
import { useEffect, useRef } from 'preact/hooks';
import type { EquationSymbol } from '../../src/core/atlas/schema.ts';
import { markSymbols } from '../../src/core/explain/markSymbols.ts';
import { useScrollable } from '../useScrollable.ts';

interface EquationProps {
  readonly tex: string;
  /** Symbols to be marked; none where absent. */
  readonly symbols?: readonly EquationSymbol[];
  /** Spoken form for screen readers; KaTeX's MathML stays beside it. */
  readonly spoken: string;
  readonly display: boolean;
}

/** One equation by KaTeX, its symbols marked with their classes. TeX that KaTeX refuses is shown as it is. */
export function Equation({ tex, symbols, spoken, display }: EquationProps) {
  const host = useRef<HTMLSpanElement>(null);
  // By its text: symbols come as another list with every snapshot, and KaTeX is too slow to be asked again for the same.
  const marked = symbols ? markSymbols(tex, symbols) : tex;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    for (const source of [marked, tex]) {
      try {
        katex.render(source, element, {
          displayMode: display,
          throwOnError: true,
          strict: false,
          maxExpand: 500,
          maxSize: 20,
          // Pack TeX is foreign: no links, no images, no HTML but the classes that `markSymbols` puts in.
          trust: context => context.command === '\\htmlClass' && /^el-symbol-\d+$/.test(context.class),
        });
        return;
      } catch {
        // Marking may have broken an unusual construct: the second round is the TeX itself.
      }
    }
    element.textContent = tex;
  }, [marked, tex, display]);
  const scrollable = useScrollable(host) && display;
  return (
    <span
      class={display ? 'equation display' : 'equation'}
      ref={host}
      role="math"
      aria-label={spoken}
      {...(scrollable ? { tabIndex: 0 } : {})}
    />
  );
}
