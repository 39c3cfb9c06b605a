const RELATION =
  /(?<![<>:!])=(?!=)|\\(?:propto|sim|approx|equiv|leftarrow|gets|coloneqq|triangleq|rightarrow|to|mapsto)(?![A-Za-z])/;

/** `equation` says how something is computed; `value` sets a number (`t = 1`) or a condition; the rest names something. */
export function formulaKind(tex: string): 'equation' | 'symbol' | 'value' {
  const relation = RELATION.exec(tex);
  // A function's type, `f: X → Y`, names it.
  if (/^[^=]*:(?!=)/.test(tex) && !/(?<!:)=/.test(tex)) return 'symbol';
  if (!relation) return /^[\d.,\s]+$/.test(tex) || /^[^\\]*[<>]\s*\d+$/.test(tex) ? 'value' : 'symbol';
  const right = tex.slice(relation.index + relation[0].length);
  return /[A-Za-z]/.test(right) && tex.trim().length > 4 ? 'equation' : 'value';
}

/** `I \in \mathbb{R}^{n \times d}` → `I` and `[n, d]`. */
export function shapeOf(tex: string): { symbol: string; shape?: string } {
  const match =
    /^(.+?)\s*\\in\s*\\mathbb\s*\{?\s*R\s*\}?\s*\^\s*\{?([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}?\s*$/.exec(tex);
  if (!match || (match[1] ?? '').includes('\\in')) return { symbol: tex };
  const axes = (match[2] ?? '')
    .split('\\times')
    .map(axis =>
      axis
        .replace(/\\(?:mathrm|text|ell)\b/g, found => (found === '\\ell' ? 'ℓ' : ''))
        .replace(/[{}\s]/g, ''),
    );
  const plain = axes.every(axis => axis !== '' && /^[\wℓ·+\-*/]+$/u.test(axis));
  return { symbol: (match[1] ?? '').trim(), ...(plain ? { shape: `[${axes.join(', ')}]` } : {}) };
}
