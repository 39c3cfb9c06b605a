import type { Inline, NoteWriter } from '../noteWriter.ts';
import { texLines } from '../texRefusal.ts';

/** What of the document around decides how a note is written. */
export interface LatexOptions {
  /** `hyperref` or `url` is loaded: links may be `\url`. */
  readonly hasUrl: boolean;
}

/** LaTeX with amsmath: `align` for formulas of several lines, `equation` for the others. */
export function latexWriter({ hasUrl }: LatexOptions): NoteWriter {
  return {
    equation: (tex, marker, label) => ({ lines: [`% ${marker}`, ...display(tex, label)] }),
    inlineEquation: (tex, marker) => ({
      // A comment takes the rest of its line with it: the formula goes on on the next.
      lines: [`$\\displaystyle ${texLines(tex).join(' ').trim()}$% ${marker}`, ''],
    }),
    table: (head, rows) => [
      `\\begin{tabular}{${'l'.repeat(head.length - 1)}p{0.4\\textwidth}}`,
      '  \\hline',
      `  ${head.map(escaped).join(' & ')} \\\\`,
      '  \\hline',
      ...rows.map(cells => `  ${cells.map(cell => cell.map(inline).join(', ')).join(' & ')} \\\\`),
      '  \\hline',
      '\\end{tabular}',
    ],
    // The name stands in a comment, where moved lines are looked for.
    link: ({ url, qualname }) =>
      hasUrl ? `\\url{${url}} % ${qualname}` : `\\texttt{${breakable(escaped(url))}} % ${url} ${qualname}`,
    code: text => {
      // What would end the environment cannot be written in it.
      const safe = text.replaceAll('\\end{verbatim}', '\\end {verbatim}');
      return ['\\begin{verbatim}', ...safe.split('\n'), '\\end{verbatim}'];
    },
  };
}

function display(tex: string, label: string): string[] {
  const lines = texLines(tex);
  const joined = lines.join('\n');
  const rows = onlyAligned(joined);
  if (rows === undefined)
    return ['\\begin{equation}', `  \\label{${label}}`, ...indented(lines), '\\end{equation}'];
  return ['\\begin{align}', `  \\label{${label}}`, ...indented(texLines(rows)), '\\end{align}'];
}

/** The rows of a formula that is one `aligned` and nothing else. */
function onlyAligned(tex: string): string | undefined {
  const inside = /^\s*\\begin\{aligned\}([\s\S]*)\\end\{aligned\}\s*$/.exec(tex)?.[1];
  if (inside === undefined || inside.includes('\\end{aligned}')) return undefined;
  return inside;
}

const indented = (lines: readonly string[]): string[] => lines.map(line => `  ${line.trimStart()}`);

function inline(piece: Inline): string {
  if (piece.kind === 'math') return `$${piece.tex.trim()}$`;
  return piece.kind === 'code' ? `\\texttt{${escaped(piece.text)}}` : escaped(piece.text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '·': '\\textperiodcentered{}',
  ᾱ: '\\ensuremath{\\bar{\\alpha}}',
};

/** Letters and signs of mathematics that stand in sentences: without a package pdflatex knows none of them. */
const SIGNS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    '× times,− minus,∞ infty,√ surd,→ to,← leftarrow,↦ mapsto,∈ in,∉ notin,≤ le,≥ ge,≠ ne,≈ approx,≡ equiv,± pm,∑ sum,∏ prod,∫ int,∂ partial,' +
    '∇ nabla,∘ circ,⊙ odot,⊕ oplus,⊗ otimes,⊤ top,‖ Vert,∥ parallel,∼ sim,∝ propto,⟨ langle,⟩ rangle,ℓ ell,ℝ mathbb{R},α alpha,β beta,γ gamma,' +
    'δ delta,ε varepsilon,ζ zeta,η eta,θ theta,κ kappa,λ lambda,μ mu,ν nu,ξ xi,π pi,ρ rho,σ sigma,τ tau,φ varphi,χ chi,ψ psi,ω omega,Γ Gamma,' +
    'Δ Delta,Θ Theta,Λ Lambda,Ξ Xi,Π Pi,Σ Sigma,Φ Phi,Ψ Psi,Ω Omega'
  )
    .split(',')
    .map(pair => {
      const [sign = '', name = ''] = pair.split(' ');
      return [sign, name === 'minus' ? '\\ensuremath{-}' : `\\ensuremath{\\${name}}`];
    }),
);

function escaped(text: string): string {
  return text
    .replace(/[\\~^<>|"·ᾱ#$%&_{}]/g, character => ESCAPES[character] ?? `\\${character}`)
    .replace(/[^\0-\x7F]/gu, character => SIGNS[character] ?? character);
}

/** Long addresses break behind their slashes. */
const breakable = (text: string): string => text.replaceAll('/', '/\\allowbreak{}');
