// What the start dialog says of a text before it is sent.

export const maxInputBytes = 262_144;

/** What is wrong with the input of an execution, '' when nothing is. */
export function inputProblem(text: string): string {
  if (text.trim() === '') return 'The input must be JSON; {} is the smallest.';
  const size = new TextEncoder().encode(text).length;
  if (size > maxInputBytes) return `The input has ${size.toLocaleString('en-US')} bytes; ${maxInputBytes.toLocaleString('en-US')} are allowed.`;
  try {
    JSON.parse(text);
    return '';
  } catch (e) {
    return place(e instanceof Error ? e.message : String(e), text);
  }
}

/** Says line and column where the engine names a position. */
function place(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined || /line \d+/.test(message)) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

/** What is wrong with an execution's name, '' when nothing is. An empty one is chosen by the server. */
export function nameProblem(name: string): string {
  if (name.length > 80) return 'A name has at most 80 characters.';
  return /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name) ? 'A name has no spaces and none of < > { } [ ] ? * " # % \\ ^ | ~ ` $ & , ; : /' : '';
}
