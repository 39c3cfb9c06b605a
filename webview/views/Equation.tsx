import { useContext, useMemo, useRef } from 'preact/hooks';
import type { EquationSymbol } from '../../src/core/atlas/schema.ts';
import { markSymbols } from '../../src/core/explain/markSymbols.ts';
import { AlreadyDrawn } from '../alreadyDrawn.ts';
import { typesetEquation } from '../typesetEquation.ts';
import { useScrollable } from '../useScrollable.ts';

interface EquationProps {
  readonly tex: string;
  /** Symbols to be marked; none where absent. */
  readonly symbols?: readonly EquationSymbol[];
  /** Spoken form for screen readers; KaTeX's MathML stays beside it. */
  readonly spoken: string;
  readonly display: boolean;
}

/** Stands for what the page holds already: nothing is compared with it while the page is taken over. */
const AS_IT_STANDS = '';

/** One equation by KaTeX, its symbols marked with their classes. TeX that KaTeX refuses is shown as it is. */
export function Equation({ tex, symbols, spoken, display }: EquationProps) {
  const host = useRef<HTMLSpanElement>(null);
  const alreadyDrawn = useContext(AlreadyDrawn);
  // By its text: symbols come as another list with every snapshot, and KaTeX is too slow to be asked again for the same.
  const marked = symbols ? markSymbols(tex, symbols) : tex;
  const html = useMemo(
    () => (alreadyDrawn.current ? AS_IT_STANDS : typesetEquation([marked, tex], display)),
    [alreadyDrawn, marked, tex, display],
  );
  const scrollable = useScrollable(host) && display;
  const props = {
    class: display ? 'equation display' : 'equation',
    ref: host,
    role: 'math',
    'aria-label': spoken,
    ...(scrollable ? { tabIndex: 0 } : {}),
  } as const;
  if (html === undefined) return <span {...props}>{tex}</span>;
  // KaTeX's own output: nothing of a pack's or a reader's comes past it as HTML.
  return <span {...props} dangerouslySetInnerHTML={{ __html: html }} />;
}
