/** TeX that cannot be typeset; the message is for the author of the TeX. */
export class TypesetError extends Error {
  override readonly name = 'TypesetError';
}
