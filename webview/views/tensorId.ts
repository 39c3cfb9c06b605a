/** Names a tensor apart from all others of its run: the step that computes it (none for outputs) and its name. */
export function tensorId(step: string | undefined, name: string): string {
  return `${step ?? 'out'}-${name}`;
}
