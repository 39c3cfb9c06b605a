import { tex2typst } from 'tex2typst';

/** Operators that Typst writes as TeX does, without the backslash; the converter knows only some of them. */
const OPERATORS = 'arg|det|dim|exp|gcd|hom|inf|ker|lg|lim|max|min|Pr|sup';

/** Spellings that the converter does not know, as ones that it does. */
function prepared(tex: string): string {
  return (
    tex
      .replace(/\\(?:lVert|rVert|Vert)(?![A-Za-z])/g, '\\|')
      .replace(/\\(?:lvert|rvert|vert)(?![A-Za-z])/g, '|')
      .replace(/\\(?:[bB]igg?[lrm]?|displaystyle|textstyle|middle)(?![A-Za-z])/g, '')
      .replace(/\\!/g, '')
      .replace(/\\texttt(?![A-Za-z])/g, '\\text')
      .replace(/\\mathop\{\\mathrm\{([A-Za-z]+)\\,([A-Za-z]+)\}\}/g, '\\operatorname*{$1 $2}')
      // A word is a word, not letters that multiply.
      .replace(/\\mathrm\{([A-Za-z0-9]{2,})\}/g, '\\text{$1}')
  );
}

/**
 * TeX → the inside of Typst's `$ … $`, by tex2typst.
 * @returns in one English sentence why not, where the converter does not know a macro or the braces do not match
 */
export function typstMath(tex: string): { readonly typst: string } | { readonly problem: string } {
  const text = prepared(tex);
  try {
    // Told to be strict, the converter refuses what it does not know instead of writing the name without its backslash.
    tex2typst(text.replace(new RegExp(`\\\\(?:${OPERATORS})(?![A-Za-z])`, 'g'), '\\log'), {
      nonStrict: false,
    });
    return { typst: tex2typst(text, { nonStrict: true }).trim() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      problem: `This formula could not be converted to Typst (${reason.replace(/\s+/g, ' ').slice(0, 120)}); its TeX is written instead.`,
    };
  }
}
