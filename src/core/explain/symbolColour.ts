/** How many hues there are; later symbols and steps begin anew. */
export const HUES = 8;

/** CSS colour of a symbol or step by its place; the style sheet has a set for dark and one for light ground. */
export function symbolColour(index: number): string {
  return `var(--el-s${((index % HUES) + HUES) % HUES})`;
}
