import { useEffect, useRef } from 'preact/hooks';
import type { Entry, Step } from '../../src/core/atlas/schema.ts';
import type { NamedAxis } from '../../src/core/explain/linkedCells.ts';
import { symbolClass } from '../../src/core/explain/markSymbols.ts';
import type { StepTensor } from '../../src/core/explain/stepTensor.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { CodeSnapshot } from '../../src/core/protocol.ts';
import type { CellFocus, CellFocusState } from '../cellFocus.ts';
import type { PanelActions } from '../panelActions.ts';
import { cardSvg, svgToPng } from '../pictures.ts';
import { useScrollable } from '../useScrollable.ts';
import { Equation } from './Equation.tsx';
import { Menu } from './Menu.tsx';
import { Thumbnail } from './Thumbnail.tsx';
import { tensorId } from './tensorId.ts';

/** More small pictures than these crowd the equation out. */
const MAX_THUMBNAILS = 3;

interface StepCardsProps {
  readonly entry: Entry;
  readonly code: CodeSnapshot | null;
  readonly localizer: Localizer;
  readonly focusedSteps: readonly string[];
  /** Tensors of a step in the last run. */
  readonly tensorsOf: (step: string) => readonly StepTensor[];
  readonly axesOf: (tensor: StepTensor) => readonly NamedAxis[];
  readonly cells: CellFocusState;
  /** Bring the first step in focus into view: the reader chose it elsewhere. */
  readonly follow: boolean;
  readonly actions: PanelActions;
  /** A cell of a step's tensor was chosen, or none is any more. */
  onPin(focus: CellFocus | null, step: string, symbol: number): void;
  /** Shape in numbers of the tensor that holds a symbol, from the last run: `[4, 8, 5]`. */
  readonly shapeOf: (codeNames: readonly string[]) => string | undefined;
  onSelectStep(step: string): void;
  /** Shows a tensor of a step in full. */
  onShowTensor(step: string, tensor: string): void;
  onPointStep(step: string | null): void;
  onPointSymbol(symbol: number | null): void;
}

/** The equations of an entry: those without steps as they are, and one card per step in the order of the computation. */
export function StepCards(props: StepCardsProps) {
  const { entry } = props;
  const withSteps = new Set(entry.steps.map(step => step.equation));
  return (
    <div class="steps">
      {entry.equations
        .filter(equation => !withSteps.has(equation.id) || hasManySteps(entry, equation.id))
        .map(equation => (
          <EquationCard {...props} key={equation.id} equation={equation} />
        ))}
      {entry.steps.map((step, index) => (
        <StepCard key={step.id} {...props} step={step} number={index + 1} />
      ))}
      <Differences {...props} />
      <SymbolTable {...props} />
    </div>
  );
}

function EquationCard(props: StepCardsProps & { readonly equation: Entry['equations'][number] }) {
  const { entry, equation, localizer } = props;
  const card = useRef<HTMLElement>(null);
  return (
    <section ref={card} class="card equation-card">
      <CardMenu card={card} name={equation.id} {...props} />
      <Equation
        tex={equation.tex}
        symbols={entry.symbols}
        spoken={localizer.text(equation.spoken)}
        display={true}
      />
      <p>{localizer.text(equation.text)}</p>
    </section>
  );
}

/** Takes a card away as a picture. */
function CardMenu({
  card,
  name,
  entry,
  localizer,
  actions,
}: Pick<StepCardsProps, 'entry' | 'localizer' | 'actions'> & {
  readonly card: { readonly current: HTMLElement | null };
  readonly name: string;
}) {
  const file = `${entry.id}.${name}`;
  const svg = async () => {
    if (!card.current) throw new Error('the card is gone');
    return cardSvg(card.current);
  };
  return (
    <Menu
      label={localizer.t('Copy or save this card')}
      face="⋯"
      items={[
        {
          label: localizer.t('Copy card as PNG'),
          act: () => actions.copyPng(`${file}.png`, async () => svgToPng(await svg())),
        },
        {
          label: localizer.t('Copy card as SVG'),
          act: () => void svg().then(actions.copyText, () => undefined),
        },
        {
          label: localizer.t('Save card as SVG'),
          act: () => actions.save(`${file}.svg`, async () => new TextEncoder().encode(await svg())),
        },
      ]}
    />
  );
}

function hasManySteps(entry: Entry, equation: string): boolean {
  return entry.steps.filter(step => step.equation === equation).length > 1;
}

function StepCard(props: StepCardsProps & { readonly step: Step; readonly number: number }) {
  const { entry, step, number, localizer, code } = props;
  const card = useRef<HTMLElement>(null);
  const selected = props.focusedSteps.includes(step.id);
  const leads = props.follow && props.focusedSteps[0] === step.id;
  const tensors = props.tensorsOf(step.id).filter(tensor => tensor.values.length > 1);
  useEffect(() => {
    if (leads) card.current?.scrollIntoView({ block: 'nearest' });
    // The first numbers make the cards taller.
  }, [leads, tensors.length > 0]);
  const equation = entry.equations.find(candidate => candidate.id === step.equation);
  const tex = step.tex ?? (hasManySteps(entry, step.equation) ? undefined : equation?.tex);
  const unplaced = code?.unplaced.includes(step.id) ?? false;
  const name = localizer.t('Step {0} of {1}: {2}', number, entry.steps.length, localizer.text(step.label));
  return (
    <section
      ref={card}
      class={selected ? 'card step-card selected' : 'card step-card'}
      onPointerEnter={() => props.onPointStep(step.id)}
      onPointerLeave={() => props.onPointStep(null)}
    >
      <CardMenu card={card} name={step.id} {...props} />
      <button
        type="button"
        class="step-title"
        title={name}
        aria-pressed={selected}
        onClick={() => props.onSelectStep(step.id)}
        onFocus={() => props.onPointStep(step.id)}
        onBlur={() => props.onPointStep(null)}
      >
        <span class="step-number" aria-hidden="true">
          {number}
        </span>
        {localizer.text(step.label)}
      </button>
      <div class="step-body">
        <div class="step-words">
          {tex && (
            <Equation
              tex={tex}
              symbols={entry.symbols}
              spoken={equation ? localizer.text(equation.spoken) : localizer.text(step.label)}
              display={true}
            />
          )}
          {!hasManySteps(entry, step.equation) && equation && <p>{localizer.text(equation.text)}</p>}
        </div>
        {tensors.length > 0 && (
          <div class="thumbnails">
            {tensors.slice(0, MAX_THUMBNAILS).map(tensor => {
              const symbol = entry.symbols.findIndex(it => it.code.includes(tensor.name));
              return (
                <Thumbnail
                  key={tensor.name}
                  tensor={tensor}
                  id={tensorId(step.id, tensor.name)}
                  axes={props.axesOf(tensor)}
                  focus={props.cells.focus}
                  pinned={props.cells.pinned}
                  onPin={focus => props.onPin(focus, step.id, symbol)}
                  symbolClass={symbol < 0 ? '' : symbolClass(symbol)}
                  label={localizer.t('Show {0} in full', tensor.name)}
                  onShow={() => props.onShowTensor(step.id, tensor.name)}
                />
              );
            })}
          </div>
        )}
      </div>
      {unplaced && (
        <p class="note">{localizer.t('No statement of this code was recognised as this step.')}</p>
      )}
    </section>
  );
}

/** Where code and equation part: variants that hold here, differences that the code shows. */
function Differences({ entry, code, localizer }: StepCardsProps) {
  const variants = (entry.variants ?? []).filter(variant => code?.variants.includes(variant.id));
  const differences = (entry.differences ?? []).filter(
    difference => code === null || code.differences.some(placed => placed.id === difference.id),
  );
  if (variants.length + differences.length === 0) return null;
  return (
    <section class="card differences">
      <h2>{localizer.t('Where code and equation differ')}</h2>
      <ul>
        {[...variants, ...differences].map(item => (
          <li key={item.id}>
            {localizer.text(item.text)}
            <DifferenceLines code={code} id={item.id} localizer={localizer} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DifferenceLines({
  code,
  id,
  localizer,
}: {
  readonly code: CodeSnapshot | null;
  readonly id: string;
  readonly localizer: Localizer;
}) {
  const ranges = code?.differences.find(placed => placed.id === id)?.ranges ?? [];
  if (ranges.length === 0) return null;
  const lines = ranges.map(range =>
    range.start.line === range.end.line
      ? `${range.start.line + 1}`
      : `${range.start.line + 1}–${range.end.line + 1}`,
  );
  return <span class="lines"> {localizer.t('(line {0})', lines.join(', '))}</span>;
}

function SymbolTable({ entry, localizer, shapeOf, onPointSymbol }: StepCardsProps) {
  const card = useRef<HTMLElement>(null);
  const scrollable = useScrollable(card);
  if (entry.symbols.length === 0) return null;
  return (
    <section
      ref={card}
      class="card symbols"
      aria-label={localizer.t('Symbols')}
      {...(scrollable ? { tabIndex: 0 } : {})}
    >
      <table>
        <caption>{localizer.t('Symbols')}</caption>
        <thead>
          <tr>
            {['Symbol', 'Code', 'Shape', 'Meaning'].map(title => (
              <th key={title} scope="col">
                {localizer.t(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entry.symbols.map((symbol, index) => {
            const numbers = shapeOf(symbol.code);
            return (
              <tr
                key={symbol.tex}
                onPointerEnter={() => onPointSymbol(index)}
                onPointerLeave={() => onPointSymbol(null)}
              >
                <th scope="row" class={symbolClass(index)}>
                  <Equation tex={symbol.tex} spoken={localizer.text(symbol.meaning)} display={false} />
                </th>
                <td>
                  <code class={symbolClass(index)}>{symbol.code.slice(0, 3).join(', ')}</code>
                </td>
                <td>
                  {symbol.shape}
                  {numbers && <span class="numbers"> = {numbers}</span>}
                </td>
                <td>{localizer.text(symbol.meaning)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
