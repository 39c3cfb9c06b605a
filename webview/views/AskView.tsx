import { useState } from 'preact/hooks';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import { parseCaption } from '../../src/core/minis/caption.ts';
import { questionTokens } from '../../src/core/minis/question.ts';
import { Picture } from './Picture.tsx';

export interface AskAnswer {
  readonly picture: Float32Array;
  readonly answers: readonly { readonly source: 'mini' | 'screen'; readonly text: string }[];
}

interface AskViewProps {
  readonly localizer: Localizer;
  readonly answer: AskAnswer | null;
  readonly failure: string | null;
  readonly busy: boolean;
  onAsk(caption: string, question: string): void;
}

/** The trained BLIP at work: the data set draws a caption, the model answers a question about the picture. */
export function AskView({ localizer, answer, failure, busy, onAsk }: AskViewProps) {
  const [caption, setCaption] = useState('a red square above a blue circle');
  const [question, setQuestion] = useState('what color is the circle');
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <section class="card tool" aria-label={localizer.t('Ask about a picture')}>
      <h2>{localizer.t('Ask about a picture')}</h2>
      <form
        class="tool-form"
        onSubmit={event => {
          event.preventDefault();
          try {
            parseCaption(caption);
            questionTokens(question);
            setProblem(null);
            onAsk(caption, question);
          } catch (error) {
            setProblem(error instanceof Error ? error.message : String(error));
          }
        }}
      >
        <label class="control wide">
          {localizer.t('Picture')}
          <input type="text" value={caption} onInput={event => setCaption(event.currentTarget.value)} />
        </label>
        <label class="control wide">
          {localizer.t('Question')}
          <input type="text" value={question} onInput={event => setQuestion(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={busy}>
          {localizer.t('Ask')}
        </button>
      </form>
      <div role="status" aria-live="polite">
        {(problem ?? failure) && <p class="problem-text">{problem ?? failure}</p>}
        {answer && (
          <>
            <Picture
              tensor={{ name: 'image', shape: [3, 16, 16], dtype: 'float32', values: answer.picture }}
              leading={[]}
              label={caption}
            />
            {answer.answers.map(it => (
              <p key={it.source} class="answer">
                <strong>{it.text}</strong>{' '}
                <span class="note">
                  {it.source === 'screen' ? localizer.t('your code') : localizer.t('our mini')}
                </span>
              </p>
            ))}
          </>
        )}
      </div>
    </section>
  );
}
