import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { navigate } from './navigation';
import { base, pathOf } from './route';

/** Goes to what a pasted ARN names, or looks for state machines by name. The key / leads to it. */
export function JumpBox(): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    const pressed = (e: KeyboardEvent): void => {
      const target = e.target as Element;
      if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || target.closest('input,textarea,select,dialog,[contenteditable]')) return;
      e.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  const go = (e: FormEvent): void => {
    e.preventDefault();
    const wanted = text.trim();
    if (!wanted) return;
    navigate(pathOf(wanted) ?? `${base}/?q=${encodeURIComponent(wanted)}`);
    setText('');
    field.current?.blur();
  };
  return (
    <form onSubmit={go} role="search" className="jump">
      <input ref={field} className="field" type="search" value={text} onChange={(e) => setText(e.target.value)} placeholder="Name or ARN" aria-label="Go to a state machine or an ARN" />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
