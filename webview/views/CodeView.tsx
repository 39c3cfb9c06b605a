import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { EquationSymbol } from '../../src/core/atlas/schema.ts';
import { type CodeToken, codeTokens } from '../../src/core/explain/codeTokens.ts';
import { symbolClass } from '../../src/core/explain/markSymbols.ts';
import type { CodeSnapshot } from '../../src/core/protocol.ts';

interface CodeViewProps {
  readonly code: Pick<CodeSnapshot, 'text' | 'firstLine' | 'steps'>;
  readonly symbols: readonly EquationSymbol[];
  /** Ids of all steps in the entry's order: their place is their number. */
  readonly stepOrder: readonly string[];
  readonly focusedSteps: readonly string[];
  /** Line of the document (0-based) at which the run stopped. */
  readonly problemLine?: number | undefined;
  readonly label: string;
  readonly stepName: (number: number) => string;
  onSelectStep(step: string): void;
  onPointStep(step: string | null): void;
}

/** The function's own code with the number of its step in front of every line that belongs to one. */
export function CodeView(props: CodeViewProps) {
  const { code, symbols, stepOrder } = props;
  const lines = useMemo(() => codeTokens(dedent(code.text), symbols), [code.text, symbols]);
  const stepOfLine = useMemo(() => stepsByLine(code), [code]);
  const list = useRef<HTMLOListElement>(null);
  const lead = props.focusedSteps[0];
  useEffect(() => {
    const box = list.current;
    const line = box?.querySelector<HTMLElement>('.line.selected');
    // Only the list itself scrolls, not the page.
    if (
      box &&
      line &&
      (line.offsetTop < box.scrollTop || line.offsetTop > box.scrollTop + box.clientHeight - 40)
    )
      box.scrollTop = line.offsetTop - box.clientHeight / 3;
  }, [lead]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <ol ref={list} class="code" tabIndex={0} aria-label={props.label} start={code.firstLine + 1}>
      {lines.map((tokens, index) => {
        const line = code.firstLine + index;
        const step = stepOfLine.get(line);
        const number = step === undefined ? 0 : stepOrder.indexOf(step) + 1;
        const first = step !== undefined && stepOfLine.get(line - 1) !== step;
        return (
          <li
            key={line}
            class={lineClass(
              step !== undefined && props.focusedSteps.includes(step),
              line === props.problemLine,
            )}
            onPointerEnter={() => props.onPointStep(step ?? null)}
            onPointerLeave={() => props.onPointStep(null)}
          >
            <span class="line-number" aria-hidden="true">
              {line + 1}
            </span>
            {first && step !== undefined ? (
              <button
                type="button"
                class="step-number"
                aria-label={props.stepName(number)}
                aria-pressed={props.focusedSteps.includes(step)}
                onClick={() => props.onSelectStep(step)}
              >
                {number}
              </button>
            ) : (
              <span class={step === undefined ? 'step-number none' : 'step-number more'} aria-hidden="true" />
            )}
            <code>{tokens.map(renderToken)}</code>
          </li>
        );
      })}
    </ol>
  );
}

function renderToken(token: CodeToken, index: number) {
  const classes = [
    token.scope && `tok-${token.scope}`,
    token.symbol !== undefined && symbolClass(token.symbol),
  ];
  const name = classes.filter(Boolean).join(' ');
  return name === '' ? (
    token.text
  ) : (
    <span key={index} class={name}>
      {token.text}
    </span>
  );
}

function lineClass(selected: boolean, problem: boolean): string {
  return ['line', selected && 'selected', problem && 'problem'].filter(Boolean).join(' ');
}

function stepsByLine(code: Pick<CodeSnapshot, 'steps'>): Map<number, string> {
  const map = new Map<number, string>();
  for (const step of code.steps) {
    for (const range of step.ranges) {
      for (let line = range.start.line; line <= range.end.line; line++)
        if (!map.has(line)) map.set(line, step.id);
    }
  }
  return map;
}

/** Takes the common indentation away, so that a method does not stand half a panel to the right. */
function dedent(text: string): string {
  const lines = text.replaceAll('\t', '    ').replaceAll('\r', '').split('\n');
  const indents = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length);
  const common = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map(line => line.slice(Math.min(common, line.length - line.trimStart().length))).join('\n');
}
