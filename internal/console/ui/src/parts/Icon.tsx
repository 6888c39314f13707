import type { ReactNode } from 'react';

// Drawn on a grid of 24, as lines 2 wide.
const paths = {
  overview: 'M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z',
  executions: 'M4 6h10M4 12h16M4 18h7M18 4l3 2-3 2z',
  functions: 'M9 4c-3 0-3 2-3 4s0 4-3 4c3 0 3 2 3 4s0 4 3 4M15 4c3 0 3 2 3 4s0 4 3 4c-3 0-3 2-3 4s0 4-3 4',
  machine: 'M5 3h6v6H5zM13 15h6v6h-6zM8 9v5a4 4 0 0 0 4 4h1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18M12 8h6M12 13h8',
  play: 'M7 4l13 8-13 8z',
  stop: 'M6 6h12v12H6z',
  redrive: 'M4 12a8 8 0 1 1 2.500 5.800M4 19v-5h5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  right: 'M9 5l7 7-7 7',
  left: 'M15 5l-7 7 7 7',
  tick: 'M5 12.5l4.500 4.500L19 7.500',
  cross: 'M7 7l10 10M17 7L7 17',
  ring: 'M12 4a8 8 0 1 1-7.500 5.200',
  clock: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14M12 8.500V12l2.500 2',
  hourglass: 'M7 4h10M7 20h10M8 4c0 5 8 6 8 8s-8 3-8 8M16 4c0 5-8 6-8 8s8 3 8 8',
  triangle: 'M12 5l8 14H4zM12 11v3.500M12 17v.1',
  barred: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M6.500 6.500l11 11',
  Task: 'M13 3L5 14h6l-1 7 8-11h-6z',
  Choice: 'M12 3v6M12 9L6 15v5M12 9l6 6v5',
  Parallel: 'M4 5h16v14H4zM9.5 5v14M14.5 5v14',
  Map: 'M8 4h12v12M4 8h12v12H4z',
  Wait: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2',
  Pass: 'M4 12h15M14 7l5 5-5 5',
  Succeed: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M8.500 12.200l2.500 2.500 4.500-5',
  Fail: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M9 9l6 6M15 9l-6 6',
  State: 'M5 5h14v14H5z',
} as const;

export type IconName = keyof typeof paths;

export const isIcon = (name: string): name is IconName => name in paths;

/** The icon of a state's type. */
export const typeIcon = (type: string): IconName => (isIcon(type) ? type : 'State');

interface IconProps {
  name: IconName;
  size?: number;
  x?: number;
  y?: number;
  className?: string;
  weight?: number;
}

/** A picture that says nothing by itself: a word stands beside it or names the button. */
export function Icon({ name, size = 16, weight = 2, ...rest }: IconProps): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={weight}
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" {...rest}>
      <path d={paths[name]} />
    </svg>
  );
}
