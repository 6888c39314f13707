import { type KeyboardEvent, memo, type ReactNode } from 'react';
import { formatCount } from '../parts/format';
import { Icon, typeIcon } from '../parts/Icon';
import { lookOf } from '../parts/status';
import type { StepStatus } from '../executions/fold';
import type { Box } from './layout';

/** What is drawn on a box besides its state. Texts are compared, so that only boxes that changed are drawn again. */
export interface Mark {
  status: StepStatus;
  /** How long, or how often. */
  note: string;
  attempts: number;
  /** Of a Map state's items. */
  done: number;
  broken: number;
  total: number;
}

interface Props {
  box: Box;
  mark: Mark | null;
  /** Statuses are shown: boxes without one have not started. */
  running: boolean;
  selected: boolean;
  far: boolean;
  onSelect: (name: string) => void;
}

const clip = (text: string, chars: number): string => (text.length > chars ? `${text.slice(0, Math.max(1, chars - 1))}…` : text);

export const Node = memo(function Node({ box, mark, running, selected, far, onSelect }: Props): ReactNode {
  const { state, container } = box;
  if (!state) return <Pill box={box} />;
  const look = mark ? lookOf(mark.status) : null;
  const idle = running && !look;
  const tone = look ? `s-${look.tone}` : running ? 's-none' : `t-${typeIcon(state.type)}`;
  const classes = ['node', tone, container ? 'holds' : '', idle ? 'idle' : '', selected ? 'selected' : ''].join(' ');
  const choose = (): void => onSelect(state.name);
  const pressed = (e: KeyboardEvent): void => {
    if (e.key !== 'Enter' && e.key !== ' ') return;
    e.preventDefault();
    choose();
  };
  const words = [state.name, state.type, look?.label ?? (running ? 'not started' : ''), mark && mark.attempts > 1 ? `attempt ${mark.attempts}` : '', mark?.note ?? ''];
  return (
    <g className={classes} transform={`translate(${box.x},${box.y})`} role="button" tabIndex={0} data-state={state.name}
      aria-label={words.filter(Boolean).join(', ')} aria-pressed={selected} onClick={choose} onKeyDown={pressed}>
      <title>{words.filter(Boolean).join(' · ')}</title>
      {selected && <rect className="halo" x={-4} y={-4} width={box.width + 8} height={box.height + 8} rx={14} />}
      {state.type === 'Map' && <rect className="box" x={8} y={-6} width={box.width - 16} height={24} rx={9} />}
      <rect className="box" width={box.width} height={box.height} rx={container ? 12 : 10} />
      {far ? !container && <rect className="bar" x={12} y={box.height / 2 - 6} width={box.width - 24} height={12} rx={6} /> : (
        <Face box={box} mark={mark} />
      )}
    </g>
  );
}, same);

function same(a: Props, b: Props): boolean {
  return a.box === b.box && a.running === b.running && a.selected === b.selected && a.far === b.far && a.onSelect === b.onSelect
    && JSON.stringify(a.mark) === JSON.stringify(b.mark);
}

function Pill({ box }: { box: Box }): ReactNode {
  return (
    <g transform={`translate(${box.x},${box.y})`} className="pill-node" aria-hidden="true">
      <rect width={box.width} height={box.height} rx={box.height / 2} />
      <text x={box.width / 2} y={box.height / 2 + 4} textAnchor="middle">{box.id === '$start' ? 'Start' : 'End'}</text>
    </g>
  );
}

function Face({ box, mark }: { box: Box; mark: Mark | null }): ReactNode {
  const { state, container, width } = box;
  if (!state) return null;
  const tile = container ? 26 : 32;
  const left = container ? 44 : 52;
  const counted = mark !== null && mark.total > 0;
  const room = width - left - (mark ? 44 : 14) - (mark && mark.attempts > 1 ? 34 : 0) - (counted ? itemsWidth(mark) + 8 : 0);
  const title = clip(state.name, Math.floor(room / 7.3));
  return (
    <>
      <rect className="type-tile" x={10} y={container ? 8 : (box.height - tile) / 2} width={tile} height={tile} rx={8} />
      <Icon name={typeIcon(state.type)} size={17} x={10 + (tile - 17) / 2} y={container ? 12.5 : (box.height - 17) / 2} className="glyph" />
      <text className="title" x={left} y={25}>{title}</text>
      {container
        ? !counted && <text className="sub" x={left + title.length * 7.4 + 8} y={25}>{clip(state.subtitle, Math.max(0, Math.floor((room - title.length * 7.4) / 6)))}</text>
        : <text className="sub" x={left} y={41}>{clip(state.subtitle, Math.floor((width - left - 14) / 6) - (mark ? mark.note.length + 1 : 0))}</text>}
      {mark && <Disc mark={mark} x={width - (container ? 34 : 30)} y={container ? 11 : 9} />}
      {mark && !container && <text className="note" x={width - 11} y={44} textAnchor="end">{mark.note}</text>}
      {mark && mark.attempts > 1 && <Tries n={mark.attempts} x={width - (container ? 66 : 62)} y={container ? 11 : 9} />}
      {counted && <Items mark={mark} right={width - 42} />}
    </>
  );
}

function Disc({ mark, x, y }: { mark: Mark; x: number; y: number }): ReactNode {
  const look = lookOf(mark.status);
  return (
    <g transform={`translate(${x},${y})`} className="disc">
      <circle cx={10} cy={10} r={10} />
      <Icon name={look.icon} size={13} x={3.5} y={3.5} weight={3} className={look.tone === 'run' ? 'spin' : ''} />
    </g>
  );
}

function Tries({ n, x, y }: { n: number; x: number; y: number }): ReactNode {
  return (
    <g transform={`translate(${x},${y})`} className="tries">
      <rect width={26} height={20} rx={10} />
      <text x={13} y={14} textAnchor="middle">×{n}</text>
    </g>
  );
}

const track = 52;

const itemsText = (mark: Mark): string => `${formatCount(mark.done + mark.broken)} / ${formatCount(mark.total)}`;

const itemsWidth = (mark: Mark): number => track + 8 + itemsText(mark).length * 6.2;

function Items({ mark, right }: { mark: Mark; right: number }): ReactNode {
  const part = (n: number): number => (track * Math.min(n, mark.total)) / mark.total;
  return (
    <g transform={`translate(${right - itemsWidth(mark)},15)`} className="items">
      <rect className="track" width={track} height={8} rx={4} />
      <rect className="done" width={part(mark.done)} height={8} rx={4} />
      {mark.broken > 0 && <rect className="broken" x={part(mark.done)} width={Math.max(2, part(mark.broken))} height={8} rx={2} />}
      <text x={itemsWidth(mark)} y={8} textAnchor="end">{itemsText(mark)}</text>
    </g>
  );
}
