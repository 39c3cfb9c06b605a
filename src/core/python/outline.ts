import type { Range } from './position.ts';

/** What the Python parser says of one file. Plain data: no tree-sitter node outlives the parse. */
export interface Outline {
  readonly imports: readonly ImportOutline[];
  /** Every class, nested ones too, in source order. */
  readonly classes: readonly ClassOutline[];
  /** Every function and method, nested ones too, in source order. */
  readonly functions: readonly FunctionOutline[];
  /** Module-level assignments such as `QuickGELU = nn.GELU`. */
  readonly assignments: readonly AttributeOutline[];
  /** Calls outside functions: at module level and in class bodies. */
  readonly calls: readonly CallOutline[];
  /** True where the syntax tree holds errors; functions outside the error are still right. */
  readonly hasErrors: boolean;
}

/** `from module import name as alias`; `import module as alias` has `name` undefined; star imports have name `*`. */
export interface ImportOutline {
  /** Dotted module as written, leading dots kept: `.transformer`, `torch.nn.functional`. */
  readonly module: string;
  readonly name?: string;
  /** What the file calls it. */
  readonly local: string;
  readonly range: Range;
}

export interface ClassOutline {
  readonly name: string;
  /** Dotted path inside the file: `Outer.Inner`. */
  readonly qualname: string;
  /** Base expressions as written, keyword arguments left out: `nn.Module`. */
  readonly bases: readonly string[];
  readonly decorators: readonly string[];
  /** Names of the methods defined in the class body itself. */
  readonly methods: readonly string[];
  /** `self.x = …` in any method, and assignments in the class body. */
  readonly attributes: readonly AttributeOutline[];
  readonly nameRange: Range;
  readonly range: Range;
}

export interface AttributeOutline {
  readonly name: string;
  /** Dotted callee when the value is a call (`QKVAttention` in `self.attention = QKVAttention(heads)`). */
  readonly constructedBy?: string;
  /** Every dotted callee in the value, for conditional and wrapped construction. */
  readonly constructors: readonly string[];
  /** Method in which it is assigned; undefined for the class body or the module. */
  readonly method?: string;
  readonly range: Range;
}

export interface FunctionOutline {
  readonly name: string;
  /** Dotted path inside the file: `QKVAttention.forward`, `outer.inner`. */
  readonly qualname: string;
  /** Qualified name of the class it is a method of. */
  readonly className?: string;
  readonly parameters: readonly ParameterOutline[];
  readonly decorators: readonly string[];
  readonly isAsync: boolean;
  /** True where the syntax tree of this function holds errors (mid-edit): its outline is what could be read. */
  readonly hasErrors: boolean;
  /** All statements of the body in source order, compound ones followed by those inside them (`depth` tells).
   *  Statements of nested functions belong to those; the docstring is not a statement. */
  readonly statements: readonly StatementOutline[];
  /** Identifier uses in signature and body (nested functions left out), attribute names excluded; `self.x` comes as `self.x`. */
  readonly names: readonly NameUse[];
  readonly calls: readonly CallOutline[];
  readonly nameRange: Range;
  /** From the first decorator or `def` to the end of the body. */
  readonly range: Range;
  readonly bodyRange: Range;
}

export interface ParameterOutline {
  readonly name: string;
  readonly kind: 'positional' | 'keywordOnly' | 'star' | 'doubleStar';
  readonly annotation?: string;
  readonly defaultValue?: string;
}

export type StatementKind =
  | 'assign'
  | 'augmented'
  | 'expression'
  | 'return'
  | 'if'
  | 'elif'
  | 'else'
  | 'for'
  | 'while'
  | 'with'
  | 'try'
  | 'except'
  | 'finally'
  | 'assert'
  | 'raise'
  | 'del'
  | 'import'
  | 'pass'
  | 'other';

export interface StatementOutline {
  readonly kind: StatementKind;
  /** Of a compound statement only its header (`if …:`), so that ranges of siblings never overlap. */
  readonly range: Range;
  /** 0 for the function's own body. */
  readonly depth: number;
  /** What is assigned, dotted, subscripts dropped: `q`, `self.cache`, `image_queue`. */
  readonly targets: readonly string[];
  /** Dotted names read, subscripts dropped: `th.cat`, `self.n_heads`, `q`. */
  readonly names: readonly string[];
  /** Dotted callees; method calls on other expressions come as `.softmax`. */
  readonly calls: readonly string[];
  /** `+ - * / // % ** @ & | ~ not and or < <= == != > >= in is [] if-else`. */
  readonly operators: readonly string[];
  /** Number and string literals as written (f-strings and docstrings left out). */
  readonly literals: readonly string[];
  /** Names of keyword arguments used in its calls; `dim=-1` besides where the value is a plain number or constant. */
  readonly keywords: readonly string[];
}

export interface NameUse {
  readonly name: string;
  readonly range: Range;
  readonly role: 'parameter' | 'target' | 'read' | 'callee';
}

export interface CallOutline {
  /** Dotted callee as written: `self.attention`, `_build_vision_tower`, `F.normalize`, `.split`. */
  readonly callee: string;
  /** Range of the last segment of the callee: where a hover stands. */
  readonly nameRange: Range;
  readonly range: Range;
}
