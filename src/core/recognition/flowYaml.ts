/** A value as one line of YAML in flow style: `{calls: [softmax], literals: ["bct,bcs->bts", 3]}`. */
export function flowYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).filter(([, it]) => it !== undefined);
    return `{${pairs.map(([key, it]) => `${key}: ${flowYaml(it)}`).join(', ')}}`;
  }
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  return String(value);
}

/** Strings that YAML reads back as the same string without quotes. */
const isPlain = (text: string) =>
  /^[A-Za-z_.][\w./]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|\.inf|\.nan|~)$/i.test(text);
