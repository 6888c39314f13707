// Light, dark, or as the system says; kept in this browser.

export type Theme = 'system' | 'light' | 'dark';

const key = 'pawl-theme';
const order: Theme[] = ['system', 'light', 'dark'];

export function readTheme(): Theme {
  const kept = localStorage.getItem(key);
  return order.find((t) => t === kept) ?? 'system';
}

export const nextTheme = (theme: Theme): Theme => order[(order.indexOf(theme) + 1) % order.length] ?? 'system';

export function setTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}
