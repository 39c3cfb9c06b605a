const PAGE_BYTES = 65536;
const IMPORT_SECTION = 2;
/** Kinds of imports. */
const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;

/** A module of WebAssembly, and the memory it wants to begin with. */
export interface SmallModule {
  readonly bytes: Uint8Array;
  readonly memoryBytes: number;
}

/**
 * The same module with less memory to begin with, which it must import; it grows when it needs more. web-tree-sitter's asks for 32 MB at once:
 * V8 takes that for pressure and goes through the whole heap of the extension host, in the middle of the first hover.
 * @returns undefined where the module's beginning is not what we know
 */
export function smallMemory(bytes: Uint8Array, pages: number): SmallModule | undefined {
  const at = importedMemory(bytes);
  if (at === undefined) return undefined;
  const minimum = readNumber(bytes, at);
  if (pages >= minimum.value) return { bytes, memoryBytes: minimum.value * PAGE_BYTES };
  // Not `slice`: that of Node's buffers copies nothing.
  const copy = new Uint8Array(bytes);
  let rest = pages;
  for (let i = at; i < minimum.end; i++) {
    // As many bytes as before: a number may be written with leading zeros.
    copy[i] = (rest & 0x7f) | (i < minimum.end - 1 ? 0x80 : 0);
    rest >>>= 7;
  }
  return { bytes: copy, memoryBytes: pages * PAGE_BYTES };
}

/** Where the minimum of the imported memory is written. */
function importedMemory(bytes: Uint8Array): number | undefined {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const size = readNumber(bytes, at + 1);
    if (id === IMPORT_SECTION) return memoryAmong(bytes, size.end, size.end + size.value);
    at = size.end + size.value;
  }
  return undefined;
}

function memoryAmong(bytes: Uint8Array, start: number, end: number): number | undefined {
  const count = readNumber(bytes, start);
  let at = count.end;
  for (let i = 0; i < count.value && at < end; i++) {
    // Names of module and field.
    for (let name = 0; name < 2; name++) {
      const length = readNumber(bytes, at);
      at = length.end + length.value;
    }
    const kind = bytes[at++];
    if (kind === MEMORY) return at + 1;
    if (kind === FUNCTION) at = readNumber(bytes, at).end;
    else if (kind === GLOBAL) at += 2;
    else if (kind === TABLE) {
      const hasMaximum = ((bytes[at + 1] ?? 0) & 1) === 1;
      at = readNumber(bytes, at + 2).end;
      if (hasMaximum) at = readNumber(bytes, at).end;
    } else return undefined;
  }
  return undefined;
}

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let shift = 0;
  let end = at;
  for (;;) {
    const byte = bytes[end++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) return { value, end };
  }
}
