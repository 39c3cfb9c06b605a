import { contextsOf } from '../core/recognition/functionContext.ts';
import type { Recognizer } from '../core/recognition/recognizer.ts';
import type { RecognizedFile } from './recognizedFiles.ts';

/** For every function that is like an entry: how like, on what evidence, and why it gets a card or none. */
export function explainFile(file: RecognizedFile, recognizer: Recognizer, only: string | undefined): string {
  let text = '';
  const matched = new Map(file.matches.map(({ match }) => [match.function, match]));
  for (const context of contextsOf(file.outline, {
    path: file.file,
    ...(file.remote === undefined ? {} : { remote: file.remote }),
  })) {
    if (only !== undefined && context.fn.qualname !== only) continue;
    const judged = recognizer.judge(context).slice(0, 3);
    if (judged.length === 0) continue;
    const line = context.fn.nameRange.start.line + 1;
    text += `${file.path}:${line} ${context.fn.qualname} → ${matched.get(context.fn)?.entryId ?? 'nothing'}\n`;
    for (const it of judged) {
      const entry = recognizer.atlas.entry(it.entryId);
      const alignment = entry ? recognizer.align(entry, context.fn) : undefined;
      const why = it.rejected === undefined ? 'fits' : `no: ${it.rejected}`;
      const variants = it.variants.length > 0 ? ` [${it.variants.join(', ')}]` : '';
      text += `  ${it.confidence.toFixed(3)} ${it.entryId}${variants} — ${why}\n`;
      for (const evidence of it.evidence) {
        const sign = evidence.weight >= 0 ? '+' : '';
        text += `      ${sign}${evidence.weight} ${evidence.kind}: ${evidence.detail}\n`;
      }
      if (alignment) {
        for (const step of alignment.steps) text += `      step ${step.id} ${step.confidence.toFixed(2)}\n`;
        if (alignment.unplaced.length > 0) text += `      unplaced: ${alignment.unplaced.join(', ')}\n`;
      }
    }
  }
  return text;
}
