import type { LineIndex } from './lineIndex.ts';
import type { CallOutline, NameUse } from './outline.ts';
import type { Range } from './position.ts';
import type { Syntax } from './syntax.ts';

/** What the walk over one function's expressions finds, over all its statements. */
export interface FeatureSink {
  readonly names: NameUse[];
  readonly calls: CallOutline[];
}

/** A dotted name read off an expression: `self.blocks` of `self.blocks[0]`. */
interface Dotted {
  /** Starts with a dot where the base is no name: `.softmax`. */
  readonly text: string;
  /** Node of the last segment. */
  readonly last: number;
}

/** Values of keyword arguments that are kept beside the name: an axis, a switch, a strength. */
const PLAIN_VALUE = /^(True|False|None|-?\d+(\.\d+)?)$/;

/** Collects the features of one statement (or one header) into sets, and name uses and calls into the sink. */
export class Features {
  readonly targets = new Set<string>();
  readonly names = new Set<string>();
  readonly calls = new Set<string>();
  readonly operators = new Set<string>();
  readonly literals = new Set<string>();
  readonly keywords = new Set<string>();

  constructor(
    private readonly syntax: Syntax,
    private readonly lines: LineIndex,
    private readonly sink: FeatureSink,
  ) {}

  private rangeOf(node: number): Range {
    return this.lines.range(this.syntax.starts[node]!, this.syntax.ends[node]!);
  }

  private use(name: string, role: NameUse['role'], first: number, last = first): void {
    this.sink.names.push({
      name,
      role,
      range: this.lines.range(this.syntax.starts[first]!, this.syntax.ends[last]!),
    });
  }

  visitChildren(node: number): void {
    for (const child of this.syntax.children(node)) this.visit(child);
  }

  /** An expression that is read. */
  visit(node: number): void {
    const { syntax } = this;
    switch (syntax.types[node]) {
      case 'identifier':
        if (syntax.ends[node]! > syntax.starts[node]!) {
          this.names.add(syntax.textOf(node));
          this.use(syntax.textOf(node), 'read', node);
        }
        return;
      case 'attribute': {
        const dotted = this.dotted(node, 'read');
        if (dotted) this.names.add(dotted.text);
        return;
      }
      case 'call':
        this.visitCall(node);
        return;
      case 'subscript':
        this.operators.add('[]');
        this.visitChildren(node);
        return;
      case 'integer':
      case 'float':
        this.literals.add(syntax.textOf(node));
        return;
      case 'string':
        this.visitString(node);
        return;
      case 'unary_operator': {
        const argument = syntax.childByField(node, 'argument');
        const operator = syntax.textOf(node).charAt(0);
        const type = argument === undefined ? undefined : syntax.types[argument];
        if (operator === '-' && argument !== undefined && (type === 'integer' || type === 'float')) {
          this.literals.add(`-${syntax.textOf(argument)}`);
          return;
        }
        this.operators.add(operator);
        this.visitChildren(node);
        return;
      }
      case 'binary_operator':
      case 'boolean_operator':
      case 'comparison_operator':
        for (const child of syntax.children(node)) {
          const field = syntax.fields[child];
          if (field === 'operator' || field === 'operators') {
            this.operators.add(syntax.textOf(child).replace(/\s+/g, ' '));
          } else this.visit(child);
        }
        return;
      case 'not_operator':
        this.operators.add('not');
        this.visitChildren(node);
        return;
      case 'conditional_expression':
        this.operators.add('if-else');
        this.visitChildren(node);
        return;
      case 'keyword_argument': {
        const name = syntax.childByField(node, 'name');
        if (name !== undefined) this.keywords.add(syntax.textOf(name));
        const value = syntax.childByField(node, 'value');
        if (value !== undefined) this.visit(value);
        if (name !== undefined && value !== undefined && PLAIN_VALUE.test(syntax.textOf(value)))
          this.keywords.add(`${syntax.textOf(name)}=${syntax.textOf(value)}`);
        return;
      }
      case 'lambda': {
        const parameters = syntax.childByField(node, 'parameters');
        if (parameters !== undefined) this.bindLocals(parameters);
        const body = syntax.childByField(node, 'body');
        if (body !== undefined) this.visit(body);
        return;
      }
      case 'for_in_clause': {
        const left = syntax.childByField(node, 'left');
        for (const child of syntax.children(node)) {
          if (child === left) this.bindLocals(child);
          else this.visit(child);
        }
        return;
      }
      case 'named_expression': {
        const name = syntax.childByField(node, 'name');
        if (name !== undefined) this.visitTarget(name);
        const value = syntax.childByField(node, 'value');
        if (value !== undefined) this.visit(value);
        return;
      }
      case 'assignment':
        this.visitAssignment(node);
        return;
      case 'type':
      case 'comment':
        return;
      default:
        this.visitChildren(node);
    }
  }

  /** `a = b = value`, `a: T = value`; annotations are no features. */
  visitAssignment(node: number): void {
    const left = this.syntax.childByField(node, 'left');
    if (left !== undefined) this.visitTarget(left);
    const right = this.syntax.childByField(node, 'right');
    if (right === undefined) return;
    if (this.syntax.types[right] === 'assignment') this.visitAssignment(right);
    else this.visit(right);
  }

  visitTarget(node: number): void {
    const { syntax } = this;
    switch (syntax.types[node]) {
      case 'identifier':
        this.targets.add(syntax.textOf(node));
        this.use(syntax.textOf(node), 'target', node);
        return;
      case 'attribute': {
        const dotted = this.dotted(node, 'target');
        if (dotted) this.targets.add(dotted.text);
        return;
      }
      case 'subscript': {
        this.operators.add('[]');
        const value = syntax.childByField(node, 'value');
        for (const child of syntax.children(node)) {
          if (child === value) this.visitTarget(child);
          else this.visit(child);
        }
        return;
      }
      case 'call':
        this.visit(node);
        return;
      default:
        for (const child of syntax.children(node)) this.visitTarget(child);
    }
  }

  /** Names bound inside an expression (comprehension, lambda): uses, but no targets of the statement. */
  private bindLocals(node: number): void {
    const { syntax } = this;
    const type = syntax.types[node];
    if (type === 'identifier') this.use(syntax.textOf(node), 'target', node);
    else if (type === 'default_parameter' || type === 'typed_default_parameter') {
      const name = syntax.childByField(node, 'name');
      if (name !== undefined) this.bindLocals(name);
      const value = syntax.childByField(node, 'value');
      if (value !== undefined) this.visit(value);
    } else if (type === 'attribute' || type === 'subscript' || type === 'call') this.visit(node);
    else for (const child of syntax.children(node)) this.bindLocals(child);
  }

  private visitString(node: number): void {
    const { syntax } = this;
    let plain = true;
    for (const child of syntax.children(node)) {
      if (syntax.types[child] === 'interpolation') {
        plain = false;
        const expression = syntax.childByField(child, 'expression');
        if (expression !== undefined) this.visit(expression);
      }
    }
    // Long strings are messages, not features.
    if (plain && syntax.ends[node]! - syntax.starts[node]! <= 200) {
      const text = syntax.textOf(node);
      if (!/^[bru]*f/i.test(text)) this.literals.add(text);
    }
  }

  private visitCall(node: number): void {
    const { syntax } = this;
    const callee = syntax.childByField(node, 'function');
    if (callee !== undefined) {
      const dotted = this.dotted(callee, 'callee');
      if (dotted) {
        this.calls.add(dotted.text);
        if (!dotted.text.startsWith('.')) this.names.add(dotted.text);
        this.sink.calls.push({
          callee: dotted.text,
          nameRange: this.rangeOf(dotted.last),
          range: this.rangeOf(node),
        });
      }
    }
    const callArguments = syntax.childByField(node, 'arguments');
    if (callArguments !== undefined) this.visitChildren(callArguments);
  }

  /**
   * Reads `a.b[0].c` as `a.b.c`, visits what is not part of the name (indexes, calls) and records the use of the base.
   * Returns undefined where there is no name at all (`f()()`).
   */
  private dotted(node: number, role: NameUse['role']): Dotted | undefined {
    const { syntax } = this;
    const segments: string[] = [];
    let last: number | undefined;
    /** The segment next to the base, for `self.x`. */
    let first: number | undefined;
    let base = node;
    for (;;) {
      const type = syntax.types[base];
      if (type === 'attribute') {
        const attribute = syntax.childByField(base, 'attribute');
        const object = syntax.childByField(base, 'object');
        if (attribute === undefined || object === undefined) break;
        segments.unshift(syntax.textOf(attribute));
        last ??= attribute;
        first = attribute;
        base = object;
      } else if (type === 'subscript') {
        const value = syntax.childByField(base, 'value');
        if (value === undefined) break;
        this.operators.add('[]');
        for (const child of syntax.children(base)) if (child !== value) this.visit(child);
        base = value;
      } else if (type === 'parenthesized_expression' && this.isPlain(base)) {
        base += 2;
      } else break;
    }
    if (syntax.types[base] === 'identifier') {
      const name = syntax.textOf(base);
      if (name === 'self' && first !== undefined && syntax.ends[base]! + 1 === syntax.starts[first]!) {
        this.use(`self.${syntax.textOf(first)}`, segments.length === 1 ? role : 'read', base, first);
      } else this.use(name, segments.length === 0 ? role : 'read', base);
      return { text: [name, ...segments].join('.'), last: last ?? base };
    }
    this.visit(base);
    return last === undefined ? undefined : { text: `.${segments.join('.')}`, last };
  }

  /** `(x)` or `(x.y)`: parentheses around nothing but a name. */
  private isPlain(node: number): boolean {
    const type = this.syntax.types[node + 2];
    return type === 'identifier' || type === 'attribute';
  }
}
