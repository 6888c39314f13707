const pieces = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with two spaces of indent. Only white space changes: numbers keep their
 * digits and keys their order. What is no JSON stays as it is.
 */
export function indent(source: string): string {
  try {
    JSON.parse(source);
  } catch {
    return source;
  }
  const tokens = source.match(pieces) ?? [];
  let out = '';
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (token === '{' || token === '[') {
      depth++;
      out += next === '}' || next === ']' ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth--;
      const before = tokens[i - 1];
      out += before === '{' || before === '[' ? token : line() + token;
    } else if (token === ',') out += `,${line()}`;
    else if (token === ':') out += ': ';
    else out += token;
  });
  return out;
}
