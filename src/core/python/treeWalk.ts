import type { TreeCursor } from 'web-tree-sitter';

/**
 * A cursor's questions and moves without web-tree-sitter's own way there: it carries the cursor's four numbers into WebAssembly's memory and
 * back at every single call, which takes longer than the calls. Here they stay there for a whole stretch. Works on what the library's
 * WebAssembly exports; where that is not what we know, on the library's own cursor.
 */
export interface TreeWalk {
  /** Begins a stretch, in which nobody else may use the parser. */
  begin(): void;
  /** Ends it: the cursor stands where the walk does. */
  pause(): void;
  typeId(): number;
  fieldId(): number;
  startIndex(): number;
  endIndex(): number;
  isMissing(): boolean;
  descendantIndex(): number;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): void;
  /** The walk is over, and the cursor with it. */
  delete(): void;
}

type CursorCall = (tree: number) => number;

/** The part of web-tree-sitter's emscripten module that is used; the object given to `Parser.init` becomes it. */
export interface TreeSitterModule {
  wasmBinary?: Uint8Array;
  INITIAL_MEMORY?: number;
  HEAP32?: Int32Array;
  _ts_init?: () => number;
  _ts_tree_cursor_current_node_type_id_wasm?: CursorCall;
  _ts_tree_cursor_current_field_id_wasm?: CursorCall;
  _ts_tree_cursor_start_index_wasm?: CursorCall;
  _ts_tree_cursor_end_index_wasm?: CursorCall;
  _ts_tree_cursor_current_node_is_missing_wasm?: CursorCall;
  _ts_tree_cursor_current_descendant_index_wasm?: CursorCall;
  _ts_tree_cursor_goto_first_child_wasm?: CursorCall;
  _ts_tree_cursor_goto_next_sibling_wasm?: CursorCall;
  _ts_tree_cursor_goto_parent_wasm?: CursorCall;
}

/** @param module what `Parser.init` was given; without the exports the library's own cursor walks */
export function treeWalk(cursor: TreeCursor, module: TreeSitterModule): TreeWalk {
  return isComplete(module) && isInternal(cursor) ? new DirectWalk(cursor, module) : new PlainWalk(cursor);
}

function isComplete(module: TreeSitterModule): module is Required<TreeSitterModule> {
  return (
    module.HEAP32 !== undefined &&
    module._ts_init !== undefined &&
    module._ts_tree_cursor_current_node_type_id_wasm !== undefined &&
    module._ts_tree_cursor_current_field_id_wasm !== undefined &&
    module._ts_tree_cursor_start_index_wasm !== undefined &&
    module._ts_tree_cursor_end_index_wasm !== undefined &&
    module._ts_tree_cursor_current_node_is_missing_wasm !== undefined &&
    module._ts_tree_cursor_current_descendant_index_wasm !== undefined &&
    module._ts_tree_cursor_goto_first_child_wasm !== undefined &&
    module._ts_tree_cursor_goto_next_sibling_wasm !== undefined &&
    module._ts_tree_cursor_goto_parent_wasm !== undefined
  );
}

/** A cursor with the library's internal handles: four numbers, and the tree's address. */
type InternalCursor = TreeCursor & { [handle: number]: number; readonly tree: { readonly 0: number } };

function isInternal(cursor: TreeCursor): cursor is InternalCursor {
  const { tree, ...handles } = cursor as Partial<InternalCursor>;
  return [0, 1, 2, 3].every(handle => typeof handles[handle] === 'number') && typeof tree?.[0] === 'number';
}

class DirectWalk implements TreeWalk {
  readonly #cursor: InternalCursor;
  readonly #module: Required<TreeSitterModule>;
  readonly #tree: number;
  /** Where a cursor's numbers lie while WebAssembly works on them, in words. */
  readonly #buffer: number;

  constructor(cursor: InternalCursor, module: Required<TreeSitterModule>) {
    this.#cursor = cursor;
    this.#module = module;
    this.#tree = cursor.tree[0];
    this.#buffer = module._ts_init() / Int32Array.BYTES_PER_ELEMENT;
  }

  begin(): void {
    for (let i = 0; i < 4; i++) this.#module.HEAP32[this.#buffer + i] = this.#cursor[i]!;
  }

  pause(): void {
    for (let i = 0; i < 4; i++) this.#cursor[i] = this.#module.HEAP32[this.#buffer + i]!;
  }

  typeId(): number {
    return this.#module._ts_tree_cursor_current_node_type_id_wasm(this.#tree);
  }

  fieldId(): number {
    return this.#module._ts_tree_cursor_current_field_id_wasm(this.#tree);
  }

  startIndex(): number {
    return this.#module._ts_tree_cursor_start_index_wasm(this.#tree);
  }

  endIndex(): number {
    return this.#module._ts_tree_cursor_end_index_wasm(this.#tree);
  }

  isMissing(): boolean {
    return this.#module._ts_tree_cursor_current_node_is_missing_wasm(this.#tree) === 1;
  }

  descendantIndex(): number {
    return this.#module._ts_tree_cursor_current_descendant_index_wasm(this.#tree);
  }

  gotoFirstChild(): boolean {
    return this.#module._ts_tree_cursor_goto_first_child_wasm(this.#tree) === 1;
  }

  gotoNextSibling(): boolean {
    return this.#module._ts_tree_cursor_goto_next_sibling_wasm(this.#tree) === 1;
  }

  gotoParent(): void {
    this.#module._ts_tree_cursor_goto_parent_wasm(this.#tree);
  }

  delete(): void {
    this.pause();
    this.#cursor.delete();
  }
}

class PlainWalk implements TreeWalk {
  readonly #cursor: TreeCursor;

  constructor(cursor: TreeCursor) {
    this.#cursor = cursor;
  }

  begin(): void {}

  pause(): void {}

  typeId(): number {
    return this.#cursor.nodeTypeId;
  }

  fieldId(): number {
    return this.#cursor.currentFieldId;
  }

  startIndex(): number {
    return this.#cursor.startIndex;
  }

  endIndex(): number {
    return this.#cursor.endIndex;
  }

  isMissing(): boolean {
    return this.#cursor.nodeIsMissing;
  }

  descendantIndex(): number {
    return this.#cursor.currentDescendantIndex;
  }

  gotoFirstChild(): boolean {
    return this.#cursor.gotoFirstChild();
  }

  gotoNextSibling(): boolean {
    return this.#cursor.gotoNextSibling();
  }

  gotoParent(): void {
    this.#cursor.gotoParent();
  }

  delete(): void {
    this.#cursor.delete();
  }
}
