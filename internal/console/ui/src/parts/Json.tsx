import { Fragment, type ReactNode, useMemo, useState } from 'react';
import { formatBytes } from './format';
import { Icon } from './Icon';
import { indent } from './indent';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** A text is coloured up to this length; longer ones are shown plain. */
const coloured = 40_000;

function paint(text: string): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    out.push(text.slice(at, match.index));
    const [whole, quoted, colon] = match;
    const kind = quoted === undefined ? (match[3] === undefined ? 'literal' : 'number') : colon ? 'key' : quoted.startsWith('"{%') ? 'expression' : 'string';
    const value = colon ? whole.slice(0, -colon.length) : whole;
    out.push(<span key={match.index} className={`j-${kind}`}>{value}</span>, colon ?? '');
    at = match.index + whole.length;
  }
  out.push(text.slice(at));
  return out;
}

/** A well of JSON with a heading, its size and a button to copy it. */
export function Json({ title, source, tall }: { title: string; source: string; tall?: boolean }): ReactNode {
  const text = useMemo(() => indent(source), [source]);
  const shown = useMemo(() => (text.length > coloured ? [text] : paint(text)), [text]);
  return (
    <section className="data">
      <header>
        <h3>{title}</h3>
        <span className="dim">{formatBytes(new Blob([source]).size)}</span>
        <CopyButton text={source} label={`Copy ${title.toLowerCase()}`} />
      </header>
      <pre className={tall ? 'json tall' : 'json'} tabIndex={0} aria-label={title}>
        {shown.map((part, i) => <Fragment key={i}>{part}</Fragment>)}
      </pre>
    </section>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }): ReactNode {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={() => void copy()}>
      <Icon name={done ? 'tick' : 'copy'} size={15} />
    </button>
  );
}
