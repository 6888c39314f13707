// Moving about a picture: one transform, changed without rendering.

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export interface Extent {
  width: number;
  height: number;
}

/** Where a picture stands: its origin on screen and its scale. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

const least = 0.05;
const most = 2;
const readable = 0.72;
const margin = 28;

/** Shows everything if it stays readable, else the part round a point. */
export function fit(picture: Extent, screen: Extent, focus: { x: number; y: number } | null, all: boolean): View {
  const whole = Math.min(1.05, (screen.width - 2 * margin) / picture.width, (screen.height - 2 * margin) / picture.height);
  const scale = Math.max(least, all || whole >= readable || !focus ? whole : Math.min(readable, Math.max(whole, (screen.width - 2 * margin) / picture.width)));
  const along = (size: number, room: number, at: number): number => {
    if (size * scale <= room - 2 * margin) return (room - size * scale) / 2;
    return Math.min(margin, Math.max(room - margin - size * scale, room / 2 - at * scale));
  };
  return {
    scale,
    x: along(picture.width, screen.width, focus?.x ?? picture.width / 2),
    y: along(picture.height, screen.height, focus?.y ?? 0),
  };
}

/** Scales a view so that a point on screen stays where it is. */
export function zoomAt(v: View, factor: number, x: number, y: number): View {
  const scale = Math.min(most, Math.max(least, v.scale * factor));
  return { scale, x: x - ((x - v.x) * scale) / v.scale, y: y - ((y - v.y) * scale) / v.scale };
}

interface Viewport {
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<SVGGElement | null>;
  zoom: (factor: number) => void;
  fitAll: () => void;
  /** Far out: texts would not be readable. */
  far: boolean;
}

export function useViewport(picture: Extent, focus: { x: number; y: number } | null): Viewport {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<SVGGElement>(null);
  const view = useRef<View>({ x: 0, y: 0, scale: 1 });
  const touched = useRef(false);
  const [far, setFar] = useState(false);

  const put = useCallback((next: View): void => {
    view.current = next;
    content.current?.setAttribute('transform', `translate(${next.x},${next.y}) scale(${next.scale})`);
    const style = box.current?.style;
    style?.setProperty('background-position', `${next.x}px ${next.y}px`);
    style?.setProperty('background-size', `${20 * next.scale}px ${20 * next.scale}px`);
    setFar(next.scale < 0.35);
  }, []);

  const show = useCallback((all: boolean): void => {
    const element = box.current;
    if (element) put(fit(picture, { width: element.clientWidth, height: element.clientHeight }, focus, all));
  }, [picture, focus, put]);

  useEffect(() => {
    touched.current = false;
  }, [picture]);

  // A view that the reader has not moved follows the size of the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (!touched.current) show(false);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [show]);

  const zoom = useCallback((factor: number): void => {
    const element = box.current;
    if (!element) return;
    touched.current = true;
    put(zoomAt(view.current, factor, element.clientWidth / 2, element.clientHeight / 2));
  }, [put]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (e: WheelEvent): void => {
      e.preventDefault();
      touched.current = true;
      const at = element.getBoundingClientRect();
      const v = view.current;
      if (e.ctrlKey || e.metaKey) put(zoomAt(v, Math.exp(-e.deltaY * 0.01), e.clientX - at.left, e.clientY - at.top));
      else put({ ...v, x: v.x - e.deltaX, y: v.y - e.deltaY });
    };
    let held: { x: number; y: number } | null = null;
    const down = (e: PointerEvent): void => {
      if (e.button !== 0 || (e.target as Element).closest('[role=button],button')) return;
      held = { x: e.clientX, y: e.clientY };
      element.setPointerCapture(e.pointerId);
    };
    const move = (e: PointerEvent): void => {
      if (!held) return;
      touched.current = true;
      const v = view.current;
      put({ ...v, x: v.x + e.clientX - held.x, y: v.y + e.clientY - held.y });
      held = { x: e.clientX, y: e.clientY };
    };
    const up = (): void => {
      held = null;
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
    };
  }, [put]);

  const fitAll = useCallback((): void => {
    touched.current = true;
    show(true);
  }, [show]);

  return { box, content, zoom, fitAll, far };
}
