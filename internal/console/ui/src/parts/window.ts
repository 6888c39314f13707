/** Which rows of a long list are on screen, with some above and below. */
export function visibleRows(scroll: number, height: number, rowHeight: number, count: number, spare = 8): { from: number; to: number } {
  const from = Math.max(0, Math.min(count, Math.floor(scroll / rowHeight) - spare));
  return { from, to: Math.min(count, Math.ceil((scroll + height) / rowHeight) + spare) };
}
