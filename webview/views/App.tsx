import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../src/core/atlas/schema.ts';
import { Localizer } from '../../src/core/l10n/localizer.ts';
import { ANSWER_ENTRY } from '../../src/core/minis/answerQuestion.ts';
import { SAMPLER_ENTRY } from '../../src/core/minis/sampler.ts';
import type { Snapshot } from '../../src/core/protocol.ts';
import type { Channel } from '../channel.ts';
import type { PanelState } from '../panelState.ts';
import { RunnerClient, type ToolMessage } from '../runner/runnerClient.ts';
import type { DrawJob, DrawUpdate } from '../runner/runnerProtocol.ts';
import type { Refused, RunReport, UpstreamCheck } from '../runner/runTypes.ts';
import { type AskAnswer, AskView } from './AskView.tsx';
import { CodeView } from './CodeView.tsx';
import { DrawView } from './DrawView.tsx';
import { Header } from './Header.tsx';
import type { RunChoice } from './RunControls.tsx';
import { RunView } from './RunView.tsx';
import { StepCards } from './StepCards.tsx';
import type { TensorActions } from './TensorView.tsx';
import { TOOL_DRIVERS } from './toolDrivers.ts';

interface AppProps {
  readonly snapshot: Snapshot;
  readonly channel: Channel;
  /** Address of the extension's `dist/`. */
  readonly dist: string;
  readonly initial: PanelState;
  /** Tells of changes of the reader's files; returns how to stop listening. */
  readonly onSourceChanged: (listener: (path: string, text: string | null) => void) => () => void;
  onRemember(change: Partial<PanelState>): void;
}

/** The panel: header, code beside equations, the run below. */
export function App(props: AppProps) {
  const { snapshot, channel, onRemember } = props;
  const localizer = useMemo(() => new Localizer(snapshot.language), [snapshot.language]);
  // The extension validated the entry when it loaded the pack.
  const entry = snapshot.entry as Entry | null;
  const [selectedStep, setSelectedStep] = useState<string | null>(props.initial.selectedStep);
  const run = useRun(props, entry, localizer);
  const seenFocus = useRef(-1);

  useEffect(() => {
    if (snapshot.focusRequest === seenFocus.current) return;
    seenFocus.current = snapshot.focusRequest;
    const step = snapshot.focusedSteps[0];
    if (step !== undefined) setSelectedStep(step);
    if (snapshot.startAt === 'run') document.querySelector('.run')?.scrollIntoView();
  }, [snapshot.focusRequest, snapshot.focusedSteps, snapshot.startAt]);
  useEffect(() => onRemember({ selectedStep }), [selectedStep, onRemember]);

  const ask = useCallback((asked: Promise<unknown>) => void asked.catch(() => undefined), []);
  const select = useCallback(
    (step: string) => {
      setSelectedStep(step);
      ask(channel.request('showStep', { step, reveal: true }));
    },
    [channel, ask],
  );
  const point = useCallback(
    (step: string | null) => ask(channel.request('showStep', { step, reveal: false })),
    [channel, ask],
  );
  const pointSymbol = useCallback((symbol: number | null) => {
    document.documentElement.dataset.symbol = symbol === null ? '' : String(symbol);
  }, []);
  const actions: TensorActions = useMemo(
    () => ({
      copy: text => ask(channel.request('copyText', { text })),
      save: (name, bytes) => ask(channel.request('saveFile', { name, base64: base64(bytes) })),
    }),
    [channel, ask],
  );

  return (
    <main lang={snapshot.language}>
      <Header snapshot={snapshot} entry={entry} localizer={localizer} channel={channel} report={run.report} />
      {snapshot.codeProblem && (
        <p class="summary note" role="status">
          {snapshot.codeProblem}
        </p>
      )}
      {entry && <p class="summary">{localizer.text(entry.summary)}</p>}
      <div class="columns">
        <div>
          {snapshot.code && (
            <CodeView
              code={snapshot.code}
              symbols={entry?.symbols ?? []}
              stepOrder={entry?.steps.map(step => step.id) ?? []}
              selectedStep={selectedStep}
              problemLine={problemLine(run.report)}
              label={localizer.t('Code of {0}', snapshot.code.qualname)}
              stepName={number => localizer.t('Step {0}', number)}
              onSelectStep={select}
              onPointStep={point}
            />
          )}
        </div>
        <div>
          {entry && (
            <StepCards
              entry={entry}
              code={snapshot.code}
              localizer={localizer}
              selectedStep={selectedStep}
              shapeOf={names => shapeOf(run.report, names)}
              onSelectStep={select}
              onPointStep={point}
              onPointSymbol={pointSymbol}
            />
          )}
        </div>
      </div>
      {entry?.mini && run.choice && (
        <RunView
          entry={entry}
          choice={run.choice}
          report={run.report}
          failure={run.failure}
          running={run.running}
          progress={null}
          selectedStep={selectedStep}
          localizer={localizer}
          actions={actions}
          onChoice={run.choose}
          onCancel={run.cancel}
          check={run.check}
          readMini={run.readMini}
          onCheck={run.startCheck}
          onSelectStep={select}
          onGoTo={(refused: Refused) =>
            ask(channel.request('revealLine', { path: refused.file, line: refused.line - 1 }))
          }
        />
      )}
      {entry?.id === SAMPLER_ENTRY && (
        <div class="tools">
          <DrawView
            localizer={localizer}
            update={run.tool.update}
            failure={run.tool.failure}
            busy={run.tool.busy}
            onDraw={run.draw}
            onCancel={run.cancel}
          />
        </div>
      )}
      {entry?.id === ANSWER_ENTRY && (
        <div class="tools">
          <AskView
            localizer={localizer}
            answer={run.tool.answer}
            failure={run.tool.failure}
            busy={run.tool.busy}
            onAsk={run.ask}
          />
        </div>
      )}
    </main>
  );
}

/** State of the trained model's tools. */
interface Tool {
  readonly update: DrawUpdate | null;
  readonly answer: AskAnswer | null;
  readonly failure: string | null;
  readonly busy: boolean;
}

const IDLE: Tool = { update: null, answer: null, failure: null, busy: false };

function toolAfter(tool: Tool, message: ToolMessage): Tool {
  if (message.type === 'toolFailed') return { ...tool, failure: message.message, busy: false };
  if (message.type === 'answered') {
    return { ...IDLE, answer: { picture: message.picture, answers: message.answers } };
  }
  return { ...tool, failure: null, update: message.update, busy: message.update.right === undefined };
}

interface Run {
  readonly choice: RunChoice | null;
  readonly report: RunReport | null;
  readonly failure: string | null;
  readonly running: boolean;
  choose(change: Partial<RunChoice>): void;
  readonly check: UpstreamCheck | null;
  cancel(): void;
  startCheck(): void;
  readMini(): Promise<string>;
  readonly tool: Tool;
  draw(job: Omit<DrawJob, 'prompts'> & { readonly prompt: string }): void;
  ask(caption: string, question: string): void;
}

/** Keeps mini and screen running: again at every change of choice or code, the latest wins. */
function useRun(props: AppProps, entry: Entry | null, localizer: Localizer): Run {
  const { snapshot, channel, dist, initial, onRemember, onSourceChanged } = props;
  const [choice, setChoice] = useState<RunChoice | null>(() => firstChoice(entry, initial));
  const [report, setReport] = useState<RunReport | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const [edits, setEdits] = useState(0);
  const [check, setCheck] = useState<UpstreamCheck | null>(null);
  const [tool, setTool] = useState<Tool>(IDLE);
  const client = useRef<RunnerClient | null>(null);

  useEffect(() => {
    const made = new RunnerClient(dist, channel, {
      onReport: (next, final) => {
        setReport(next);
        setFailure(null);
        setRunning(!final);
      },
      onCheck: setCheck,
      onTool: message => setTool(current => toolAfter(current, message)),
      onFailure: message => {
        setFailure(message);
        setRunning(false);
      },
    });
    client.current = made;
    const stop = onSourceChanged((path, text) => {
      made.sourceChanged(path, text);
      setEdits(count => count + 1);
    });
    return () => {
      stop();
      made.dispose();
    };
  }, [dist, channel, onSourceChanged]);

  // Another entry ("follow cursor"): its own defaults.
  const entryId = entry?.id ?? null;
  const shownEntry = useRef(entryId);
  useEffect(() => {
    if (shownEntry.current === entryId) return;
    shownEntry.current = entryId;
    setReport(null);
    setFailure(null);
    setChoice(firstChoice(entry, null));
  }, [entryId, entry]);

  const { code, backend } = snapshot;
  const place = code && `${code.path}#${code.qualname}`;
  const subject = entry && {
    entry,
    system: entry.id.slice(0, entry.id.indexOf('.')),
    screen: code ? { path: code.path, qualname: code.qualname } : null,
  };
  useEffect(() => {
    if (!entry?.mini || !choice || shownEntry.current !== entryId) return;
    setRunning(true);
    if (subject) client.current?.run({ entryId: entry.id, backend, ...choice }, subject);
    onRemember({ ...choice });
  }, [entryId, choice, backend, place, edits]);

  return {
    choice,
    report,
    failure: failure === 'timeout' ? localizer.t('The run took too long and was stopped.') : failure,
    running,
    choose: change => setChoice(current => current && { ...current, ...change }),
    check: check && choice && check.caseId === choice.driver ? check : null,
    tool,
    draw: ({ prompt, ...job }) => {
      if (!subject) return;
      setTool({ ...IDLE, busy: true });
      const { kind } = job;
      const prompts = kind === 'one' ? Promise.resolve([prompt]) : client.current?.prompts(kind);
      prompts?.then(
        list => client.current?.draw({ ...job, prompts: list }, backend, subject),
        (error: unknown) => setTool({ ...IDLE, failure: String(error) }),
      );
    },
    ask: (caption, question) => {
      if (!subject) return;
      setTool({ ...IDLE, busy: true });
      client.current?.answer(caption, question, backend, subject);
    },
    readMini: async () => (await client.current?.miniText(`${subject?.system}/${entry?.mini?.file}`)) ?? '',
    startCheck: () => {
      if (subject && choice) void client.current?.check(choice.driver, subject);
    },
    cancel: () => {
      client.current?.cancel();
      setRunning(false);
      setTool(current => ({ ...current, busy: false }));
    },
  };
}

/** What was chosen before the panel was reloaded, as far as the entry still has it; else its first driver and sample. */
function firstChoice(entry: Entry | null, before: PanelState | null): RunChoice | null {
  const mini = entry?.mini;
  if (!mini) return null;
  const same = before?.entryId === entry.id;
  const sample =
    mini.samples.find(candidate => same && candidate.name === before.sample) ??
    (same && before.driver ? undefined : mini.samples.find(it => !isTool(it.driver)));
  const driver =
    sample?.driver ??
    mini.drivers.find(candidate => same && candidate.name === before?.driver)?.name ??
    mini.drivers[0]!.name;
  return {
    driver,
    sample: sample?.name ?? null,
    seed: same ? before.seed : 0,
    weights: same ? before.weights : (sample?.weights ?? 'rule'),
    config: same ? before.config : {},
  };
}

/** Drivers of whole drawings and answers: they have tools of their own. */
function isTool(driver: string | undefined): boolean {
  return driver !== undefined && TOOL_DRIVERS.includes(driver);
}

function problemLine(report: RunReport | null): number | undefined {
  const refused = report?.refused.screen;
  return refused ? refused.line - 1 : undefined;
}

/** Shape in numbers of the first captured tensor that one of these names holds. */
function shapeOf(report: RunReport | null, names: readonly string[]): string | undefined {
  const run = report?.screen ?? report?.mini;
  const tensors = run?.steps.flatMap(step => step.tensors) ?? [];
  const tensor = tensors.find(candidate => names.includes(candidate.name));
  return tensor && `[${tensor.shape.join(', ')}]`;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}
