/**
 * The compact syntax tree that the interpreter compiles. Every node knows its offsets in the text; lines are worked out
 * only when somebody asks (`SourceFile.span`). Annotations are kept as text, for dataclasses alone.
 */
import type { BinaryOperator, CompareOperator, UnaryOperator, Value } from './values.ts';

interface Located {
  readonly start: number;
  readonly end: number;
}

export type Expression =
  | Constant
  | Name
  | JoinedString
  | Sequence
  | DictDisplay
  | Attribute
  | Subscript
  | SliceExpression
  | Call
  | Unary
  | Not
  | Binary
  | Logical
  | Comparison
  | Conditional
  | Lambda
  | Comprehension
  | Walrus
  | Yield
  | Starred
  | RefusedExpression;

export interface Constant extends Located {
  readonly kind: 'Constant';
  readonly value: Value;
}
export interface Name extends Located {
  readonly kind: 'Name';
  readonly id: string;
}
export interface FormattedPart {
  readonly expression: Expression;
  readonly conversion: 'r' | 's' | 'a' | '';
  readonly spec: JoinedString | undefined;
}
export interface JoinedString extends Located {
  readonly kind: 'JoinedString';
  readonly parts: readonly (string | FormattedPart)[];
}
export interface Sequence extends Located {
  readonly kind: 'Tuple' | 'List' | 'Set';
  readonly items: readonly Expression[];
}
export interface DictDisplay extends Located {
  readonly kind: 'Dict';
  /** Without key: `**value`. */
  readonly items: readonly { readonly key: Expression | undefined; readonly value: Expression }[];
}
export interface Attribute extends Located {
  readonly kind: 'Attribute';
  readonly object: Expression;
  readonly name: string;
}
export interface Subscript extends Located {
  readonly kind: 'Subscript';
  readonly object: Expression;
  readonly index: Expression;
}
export interface SliceExpression extends Located {
  readonly kind: 'Slice';
  readonly lower: Expression | undefined;
  readonly upper: Expression | undefined;
  readonly step: Expression | undefined;
}
export interface Keyword {
  /** Without name: `**value`. */
  readonly name: string | undefined;
  readonly value: Expression;
}
export interface Call extends Located {
  readonly kind: 'Call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}
export interface Unary extends Located {
  readonly kind: 'Unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export interface Not extends Located {
  readonly kind: 'Not';
  readonly operand: Expression;
}
export interface Binary extends Located {
  readonly kind: 'Binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Logical extends Located {
  readonly kind: 'Logical';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}
export type ComparisonOperator = CompareOperator | 'in' | 'not in' | 'is' | 'is not';
export interface Comparison extends Located {
  readonly kind: 'Comparison';
  readonly operands: readonly Expression[];
  readonly operators: readonly ComparisonOperator[];
}
export interface Conditional extends Located {
  readonly kind: 'Conditional';
  readonly condition: Expression;
  readonly chosen: Expression;
  readonly otherwise: Expression;
}
export interface Lambda extends Located {
  readonly kind: 'Lambda';
  readonly code: FunctionNode;
}
export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}
export interface Comprehension extends Located {
  readonly kind: 'Comprehension';
  readonly type: 'list' | 'set' | 'dict' | 'generator';
  readonly element: Expression;
  /** Of a dict comprehension; `element` is the key then. */
  readonly value: Expression | undefined;
  readonly clauses: readonly ComprehensionClause[];
}
export interface Walrus extends Located {
  readonly kind: 'Walrus';
  readonly target: Name;
  readonly value: Expression;
}
export interface Yield extends Located {
  readonly kind: 'Yield';
  readonly from: boolean;
  readonly value: Expression | undefined;
}
export interface Starred extends Located {
  readonly kind: 'Starred';
  readonly value: Expression;
  readonly stars: 1 | 2;
}
/** What the tracer does not do; refused when it is reached. */
export interface RefusedExpression extends Located {
  readonly kind: 'Refused';
  readonly construct: string;
  readonly message: string;
}

export interface ParameterNode {
  readonly name: string;
  readonly type: 'positionalOnly' | 'normal' | 'star' | 'keywordOnly' | 'doubleStar';
  readonly defaultValue: Expression | undefined;
}

export interface FunctionNode extends Located {
  readonly name: string;
  readonly parameters: readonly ParameterNode[];
  readonly isAsync: boolean;
  /** Of a lambda: the expression as one return statement. Converted when first asked for. */
  readonly body: () => readonly Statement[];
}

export type Statement =
  | ExpressionStatement
  | Assign
  | AnnotatedAssign
  | AugmentedAssign
  | Return
  | If
  | For
  | While
  | With
  | Try
  | Raise
  | Assert
  | Delete
  | Import
  | ImportFrom
  | FunctionDefinition
  | ClassDefinition
  | Scoping
  | Simple
  | Match
  | RefusedStatement;

export interface ExpressionStatement extends Located {
  readonly kind: 'Expression';
  readonly value: Expression;
}
export interface Assign extends Located {
  readonly kind: 'Assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}
export interface AnnotatedAssign extends Located {
  readonly kind: 'AnnotatedAssign';
  readonly target: Expression;
  readonly annotation: string;
  readonly value: Expression | undefined;
}
export interface AugmentedAssign extends Located {
  readonly kind: 'AugmentedAssign';
  readonly target: Expression;
  readonly operator: BinaryOperator;
  readonly value: Expression;
}
export interface Return extends Located {
  readonly kind: 'Return';
  readonly value: Expression | undefined;
}
export interface If extends Located {
  readonly kind: 'If';
  readonly condition: Expression;
  readonly chosen: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
export interface For extends Located {
  readonly kind: 'For';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
export interface While extends Located {
  readonly kind: 'While';
  readonly condition: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}
export interface With extends Located {
  readonly kind: 'With';
  readonly items: readonly { readonly context: Expression; readonly target: Expression | undefined }[];
  readonly body: readonly Statement[];
}
export interface Handler extends Located {
  readonly type: Expression | undefined;
  readonly name: string | undefined;
  readonly body: readonly Statement[];
}
export interface Try extends Located {
  readonly kind: 'Try';
  readonly body: readonly Statement[];
  readonly handlers: readonly Handler[];
  readonly otherwise: readonly Statement[];
  readonly final: readonly Statement[];
}
export interface Raise extends Located {
  readonly kind: 'Raise';
  readonly value: Expression | undefined;
  readonly cause: Expression | undefined;
}
export interface Assert extends Located {
  readonly kind: 'Assert';
  readonly condition: Expression;
  readonly message: Expression | undefined;
}
export interface Delete extends Located {
  readonly kind: 'Delete';
  readonly targets: readonly Expression[];
}
export interface Import extends Located {
  readonly kind: 'Import';
  readonly names: readonly { readonly module: string; readonly alias: string | undefined }[];
}
export interface ImportFrom extends Located {
  readonly kind: 'ImportFrom';
  /** Number of leading dots. */
  readonly level: number;
  readonly module: string;
  /** Undefined: star import. */
  readonly names: readonly { readonly name: string; readonly alias: string | undefined }[] | undefined;
}
export interface FunctionDefinition extends Located {
  readonly kind: 'Function';
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly code: FunctionNode;
}
export interface ClassDefinition extends Located {
  readonly kind: 'Class';
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly bases: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly body: readonly Statement[];
}
export interface Scoping extends Located {
  readonly kind: 'Global' | 'Nonlocal';
  readonly names: readonly string[];
}
export interface Simple extends Located {
  readonly kind: 'Pass' | 'Break' | 'Continue';
}
export interface Match extends Located {
  readonly kind: 'Match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}
export interface MatchCase extends Located {
  readonly pattern: Pattern;
  readonly guard: Expression | undefined;
  readonly body: readonly Statement[];
}
/** Reached: refused. `names`: what it would have bound. */
export interface RefusedStatement extends Located {
  readonly kind: 'RefusedStatement';
  readonly construct: string;
  readonly message: string;
  readonly names: readonly string[];
}

export type Pattern =
  | { readonly kind: 'Wildcard' }
  | { readonly kind: 'Capture'; readonly name: string }
  | { readonly kind: 'Value'; readonly value: Expression }
  | { readonly kind: 'Or'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'As'; readonly pattern: Pattern; readonly name: string }
  | { readonly kind: 'Sequence'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'Star'; readonly name: string | undefined }
  | {
      readonly kind: 'Mapping';
      readonly items: readonly { readonly key: Expression; readonly pattern: Pattern }[];
      readonly rest: string | undefined;
    }
  | {
      readonly kind: 'Class';
      readonly cls: Expression;
      readonly positional: readonly Pattern[];
      readonly keywords: readonly { readonly name: string; readonly pattern: Pattern }[];
    };
