import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { visibleRows } from './window';

interface Props {
  count: number;
  rowHeight: number;
  /** Names the grid. */
  label: string;
  head: ReactNode;
  row: (index: number) => ReactNode;
  selected: number;
  onSelect: (index: number) => void;
  /** Stay at the end while rows are added, until the reader scrolls away. */
  follow?: boolean;
}

/** A table of any length: only the rows on screen exist. Arrow keys move. */
export function VirtualRows({ count, rowHeight, label, head, row, selected, onSelect, follow = false }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(follow);
  const [view, setView] = useState({ scroll: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => setView({ scroll: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (follow && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count, follow]);
  const scrolled = (): void => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 2 * rowHeight;
    setView({ scroll: element.scrollTop, height: element.clientHeight });
  };
  const reveal = (index: number): void => {
    const element = box.current;
    if (!element) return;
    const top = index * rowHeight;
    const room = element.clientHeight - 2 * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + room) element.scrollTop = top - room;
  };
  const pressed = (e: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const step = steps[e.key];
    if (step === undefined || count === 0) return;
    e.preventDefault();
    const to = Math.max(0, Math.min(count - 1, (selected < 0 ? (step > 0 ? -1 : count) : selected) + step));
    onSelect(to);
    reveal(to);
  };
  const { from, to } = visibleRows(view.scroll, view.height, rowHeight, count);
  const rows: ReactNode[] = [];
  for (let i = from; i < to; i++) {
    rows.push(
      <div key={i} role="row" aria-rowindex={i + 2} aria-selected={i === selected} className="vrow"
        style={{ transform: `translateY(${i * rowHeight}px)`, height: rowHeight }} onClick={() => onSelect(i)}>
        {row(i)}
      </div>,
    );
  }
  return (
    <div ref={box} className="vbox" role="grid" aria-label={label} aria-rowcount={count + 1} tabIndex={0} onScroll={scrolled} onKeyDown={pressed}>
      <div role="row" aria-rowindex={1} className="vhead">{head}</div>
      <div role="rowgroup" className="vbody" style={{ height: count * rowHeight }}>{rows}</div>
    </div>
  );
}
