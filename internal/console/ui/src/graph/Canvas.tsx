import { type KeyboardEvent, memo, type ReactNode, useCallback, useMemo } from 'react';
import { Icon } from '../parts/Icon';
import { labelChars, labelWidth } from './layers';
import { type Box, type Edge, type Picture, start } from './layout';
import { type Mark, Node } from './Node';
import { useViewport } from './viewport';

interface Props {
  picture: Picture;
  /** Names the picture. */
  label: string;
  /** Statuses by state; null shows the definition alone. */
  marks: Map<string, Mark> | null;
  /** Edges that were gone along, as "from>to". */
  taken: Set<string>;
  selected: string;
  onSelect: (name: string) => void;
  /** The state to open at when not all can be shown. */
  focus: string;
}

export function Canvas({ picture, label, marks, taken, selected, onSelect, focus }: Props): ReactNode {
  const centre = useMemo(() => {
    const at = picture.boxes.find((b) => b.id === focus);
    return at ? { x: at.x + at.width / 2, y: at.y + at.height / 2 } : null;
  }, [picture, focus]);
  const { box, content, zoom, fitAll, far } = useViewport(picture, centre);
  const depths = useMemo(() => {
    const deepest = Math.max(0, ...picture.boxes.map((b) => b.depth));
    return Array.from({ length: deepest + 1 }, (_, depth) => ({
      depth,
      boxes: picture.boxes.filter((b) => b.depth === depth),
      edges: picture.edges.filter((e) => e.depth === depth),
    }));
  }, [picture]);
  const choose = useCallback((name: string): void => onSelect(name), [onSelect]);
  const tone = (e: Edge): string => {
    if (!marks) return e.kind === 'catch' ? 'plain-catch' : 'plain';
    const to = marks.get(e.to)?.status;
    const began = e.from === start ? to !== undefined : e.kind === 'end' ? ended(marks.get(e.from)) : taken.has(`${e.from}>${e.to}`);
    if (!began) return 'off';
    if (e.kind === 'catch') return 'warn';
    if (e.kind === 'end' && marks.get(e.from)?.status !== 'succeeded') return 'bad';
    return to === 'running' || to === 'waiting' || to === 'retrying' ? 'run' : 'ok';
  };
  const pressed = (e: KeyboardEvent): void => {
    if (e.key === 'f') fitAll();
    else if (e.key === '+' || e.key === '=') zoom(1.25);
    else if (e.key === '-') zoom(0.8);
    else if (e.key === 'Escape') onSelect('');
    else if (e.key.startsWith('Arrow')) step(e, picture);
  };
  return (
    <div className="canvas" ref={box} onKeyDown={pressed} role="group" aria-label={`${label}. Arrow keys go from state to state.`}>
      <svg>
        <defs>
          {['plain', 'plain-catch', 'off', 'ok', 'run', 'warn', 'bad'].map((tone) => (
            <marker key={tone} id={`head-${tone}`} className={`head e-${tone}`} viewBox="0 0 10 10" refX="8.5" refY="5"
              markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
              <path d="M1 1.5 8.500 5 1 8.500z" />
            </marker>
          ))}
        </defs>
        <g ref={content}>
          {depths.map(({ depth, boxes, edges }) => (
            <g key={depth}>
              {boxes.filter((b) => b.container).map((b) => node(b))}
              {edges.map((e) => <Line key={e.id} edge={e} tone={tone(e)} />)}
              {boxes.filter((b) => !b.container).map((b) => node(b))}
              {!far && edges.map((e) => <Label key={e.id} edge={e} />)}
            </g>
          ))}
        </g>
      </svg>
      <div className="zoom">
        <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(1.25)}><Icon name="plus" /></button>
        <button type="button" aria-label="Zoom out" title="Zoom out (-)" onClick={() => zoom(0.8)}><Icon name="minus" /></button>
        <button type="button" aria-label="Show all" title="Show all (f)" onClick={fitAll}><Icon name="fit" size={15} /></button>
      </div>
    </div>
  );

  function node(b: Box): ReactNode {
    return <Node key={b.id} box={b} mark={marks?.get(b.id) ?? null} running={marks !== null} selected={selected === b.id} far={far} onSelect={choose} />;
  }
}

const ended = (mark: Mark | undefined): boolean => mark !== undefined && (mark.status === 'succeeded' || mark.status === 'failed');

/** Moves the focus to the nearest state in the direction of an arrow key. */
function step(e: KeyboardEvent, picture: Picture): void {
  const name = (e.target as Element).closest('[data-state]')?.getAttribute('data-state');
  const from = picture.boxes.find((b) => b.id === name);
  if (!from) return;
  e.preventDefault();
  const middle = (b: Box): [number, number] => [b.x + b.width / 2, b.y + (b.container ? 20 : b.height / 2)];
  const [x0, y0] = middle(from);
  const ahead = (b: Box): number => {
    const [x, y] = middle(b);
    const [dx, dy] = [x - x0, y - y0];
    const [along, across] = e.key === 'ArrowDown' ? [dy, dx] : e.key === 'ArrowUp' ? [-dy, dx] : e.key === 'ArrowRight' ? [dx, dy] : [-dx, dy];
    return along > 4 ? along + 3 * Math.abs(across) : Infinity;
  };
  const best = picture.boxes.filter((b) => b.state && b !== from).sort((a, b) => ahead(a) - ahead(b))[0];
  if (!best || ahead(best) === Infinity) return;
  const next = e.currentTarget.querySelector<SVGGElement>(`[data-state="${CSS.escape(best.id)}"]`);
  next?.focus();
}

const Line = memo(function Line({ edge, tone }: { edge: Edge; tone: string }): ReactNode {
  return <path d={edge.path} className={`edge e-${tone} k-${edge.kind}`} markerEnd={`url(#head-${tone})`} />;
});

const Label = memo(function Label({ edge }: { edge: Edge }): ReactNode {
  if (edge.label === undefined) return null;
  const text = edge.label.length > labelChars ? `${edge.label.slice(0, labelChars - 1)}…` : edge.label;
  const width = labelWidth(text);
  return (
    <g transform={`translate(${edge.labelX - width / 2},${edge.labelY - 10})`} className={`edge-label k-${edge.kind}`}>
      <title>{edge.label}</title>
      <rect width={width} height={20} rx={10} />
      <text x={width / 2} y={14} textAnchor="middle">{text}</text>
    </g>
  );
});
