import { useMemo, useState } from 'preact/hooks';
import { symbolColour } from '../../src/core/explain/symbolColour.ts';
import type { Localizer } from '../../src/core/l10n/localizer.ts';
import type { GraphNodeView } from '../runner/runTypes.ts';

const GAP_X = 16;
const GAP_Y = 18;
const RADIUS = 5;

interface GraphViewProps {
  readonly nodes: readonly GraphNodeView[];
  /** Ids of the steps in their order: the place gives the colour. */
  readonly stepOrder: readonly string[];
  readonly localizer: Localizer;
  onSelectStep(step: string): void;
}

/** The traced graph, drawn when it is opened: that of a whole drawing has tens of thousands of nodes. */
export function GraphView(props: GraphViewProps) {
  const { nodes, localizer } = props;
  const [open, setOpen] = useState(false);
  if (nodes.length === 0) return null;
  return (
    <details class="card" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{localizer.t('Graph ({0} operators)', nodes.length)}</summary>
      {open && <Diagram {...props} />}
    </details>
  );
}

/** Left to right in the order of dependence, nodes coloured by the step that computes them. */
function Diagram({ nodes, stepOrder, localizer, onSelectStep }: GraphViewProps) {
  const places = useMemo(() => layered(nodes), [nodes]);
  const width = places.reduce((most, place) => Math.max(most, place.x), 0) + GAP_X;
  const height = places.reduce((most, place) => Math.max(most, place.y), 0) + GAP_Y;
  return (
    <div class="graph">
      <svg
        role="img"
        aria-label={localizer.t('Graph ({0} operators)', nodes.length)}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {nodes.flatMap(node =>
          node.inputs.map(input => (
            <line
              key={`${input}-${node.id}`}
              x1={places[input]!.x}
              y1={places[input]!.y}
              x2={places[node.id]!.x}
              y2={places[node.id]!.y}
            />
          )),
        )}
        {nodes.map(node => (
          // biome-ignore lint/a11y/noStaticElementInteractions: an extra for the pointer; steps are chosen by their buttons
          <circle
            key={node.id}
            cx={places[node.id]!.x}
            cy={places[node.id]!.y}
            r={RADIUS}
            fill={node.step === null ? 'transparent' : symbolColour(stepOrder.indexOf(node.step))}
            onClick={() => node.step !== null && onSelectStep(node.step)}
          >
            <title>{`${node.op} [${node.shape.join(', ')}]${node.step === null ? '' : ` · ${stepOrder.indexOf(node.step) + 1}`}`}</title>
          </circle>
        ))}
      </svg>
    </div>
  );
}

/** A column per depth, nodes of one depth below each other. */
function layered(nodes: readonly GraphNodeView[]): { x: number; y: number }[] {
  const depths: number[] = [];
  const filled: number[] = [];
  return nodes.map(node => {
    const depth = Math.max(-1, ...node.inputs.map(input => depths[input] ?? 0)) + 1;
    depths.push(depth);
    const row = filled[depth] ?? 0;
    filled[depth] = row + 1;
    return { x: GAP_X / 2 + depth * GAP_X, y: GAP_Y / 2 + row * GAP_Y };
  });
}
