/**
 * Turns the flat copy of a tree-sitter tree (`core/python/syntax.ts`) into the interpreter's syntax tree. Bodies of functions are
 * converted when first asked for, since most functions of a file never run.
 *
 * Grammar trap: `*a.b(c)` comes as `(*a.b)(c)`; `hoist` moves the star outwards again.
 */
import type { Syntax } from '../../python/syntax.ts';
import type {
  ComparisonOperator,
  ComprehensionClause,
  Expression,
  FunctionNode,
  Handler,
  Keyword,
  MatchCase,
  ParameterNode,
  Pattern,
  Statement,
} from './ast.ts';
import { PatternConverter } from './convertPattern.ts';
import { StringConverter } from './convertString.ts';
import { LimitError, TraceError } from './errors.ts';
import { parseNumber } from './literals.ts';
import { NodeReader } from './nodeReader.ts';
import { type BinaryOperator, ellipsis, type UnaryOperator } from './values.ts';

/** Converts one parsed file. */
export class SyntaxConverter extends NodeReader {
  private readonly nesting: number;
  private readonly errors: Int32Array;
  private readonly strings: StringConverter;
  private readonly patterns: PatternConverter;
  /** Target of an `as` that the grammar put too deep. */
  private alias: number | undefined;

  constructor(syntax: Syntax, nesting: number) {
    super(syntax);
    this.nesting = nesting;
    this.errors = Int32Array.from(syntax.errors).sort();
    const expression = (node: number) => this.expression(node);
    this.strings = new StringConverter(this, expression);
    this.patterns = new PatternConverter(this, expression, nesting);
  }

  /** Top-level statements. */
  module(): Statement[] {
    const body: Statement[] = [];
    // The root itself may be an ERROR node when nothing could be parsed.
    if (this.syntax.types[0] === 'ERROR') return [this.broken(0, [])];
    for (const child of this.syntax.children(0)) this.statement(child, body, true);
    return body;
  }

  private broken(node: number, names: readonly string[]): Statement {
    const place = this.syntax.errors.find(e => e >= node && e < this.syntax.next[node]!) ?? node;
    return {
      kind: 'RefusedStatement',
      construct: 'syntax error',
      message: 'This is not valid Python.',
      names,
      start: this.syntax.starts[place]!,
      end: Math.max(this.syntax.ends[place]!, this.syntax.starts[place]! + 1),
    };
  }

  private hasErrors(node: number): boolean {
    const { errors } = this;
    let low = 0;
    let high = errors.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (errors[middle]! < node) low = middle + 1;
      else high = middle;
    }
    return low < errors.length && errors[low]! < this.syntax.next[node]!;
  }

  /** @param tolerant statements with syntax errors inside are refused alone (module and class bodies), not with all around */
  private statement(node: number, into: Statement[], tolerant: boolean): void {
    const { length } = into;
    try {
      this.convertStatement(node, into, tolerant);
    } catch (error) {
      if (error instanceof TraceError || error instanceof RangeError) throw error;
      // The parser's repair of broken code can leave out parts that every statement of this kind has.
      into.length = length;
      into.push(this.broken(node, this.namesBound(node)));
    }
  }

  private convertStatement(node: number, into: Statement[], tolerant: boolean): void {
    const { syntax } = this;
    if (syntax.depths[node]! > this.nesting) throw new LimitError('nesting', this.nesting);
    const type = this.type(node);
    if (!this.isNamed(node)) return;
    const at = this.at(node);
    if (this.hasErrors(node)) {
      // A class keeps its sound methods; anything else falls as a whole.
      const definition = type === 'decorated_definition' ? this.field(node, 'definition')! : node;
      const isClass = this.type(definition) === 'class_definition';
      const body = isClass ? this.field(definition, 'body') : undefined;
      const bodyErrors = body === undefined ? 0 : this.countErrors(body);
      if (
        !(
          tolerant &&
          body !== undefined &&
          bodyErrors === this.countErrors(node) &&
          this.type(body) !== 'ERROR'
        )
      ) {
        into.push(this.broken(node, this.namesBound(definition)));
        return;
      }
    }
    switch (type) {
      case 'expression_statement':
        this.expressionStatement(node, into);
        return;
      case 'return_statement': {
        const value = this.named(node)[0];
        into.push({ kind: 'Return', value: value === undefined ? undefined : this.expression(value), ...at });
        return;
      }
      case 'pass_statement':
        into.push({ kind: 'Pass', ...at });
        return;
      case 'break_statement':
        into.push({ kind: 'Break', ...at });
        return;
      case 'continue_statement':
        into.push({ kind: 'Continue', ...at });
        return;
      case 'if_statement':
        into.push(this.ifStatement(node));
        return;
      case 'for_statement':
        if (this.hasToken(node, 'async')) break;
        into.push({
          kind: 'For',
          target: this.expression(this.field(node, 'left')!),
          iterable: this.expression(this.field(node, 'right')!),
          body: this.block(this.field(node, 'body')),
          otherwise: this.elseBlock(node),
          ...at,
        });
        return;
      case 'while_statement':
        into.push({
          kind: 'While',
          condition: this.expression(this.field(node, 'condition')!),
          body: this.block(this.field(node, 'body')),
          otherwise: this.elseBlock(node),
          ...at,
        });
        return;
      case 'with_statement':
        if (this.hasToken(node, 'async')) break;
        into.push(this.withStatement(node));
        return;
      case 'try_statement':
        if (syntax.childByType(node, 'except_group_clause') !== undefined) break;
        into.push(this.tryStatement(node));
        return;
      case 'raise_statement': {
        const cause = this.field(node, 'cause');
        const value = this.named(node).find(child => child !== cause);
        into.push({
          kind: 'Raise',
          value: value === undefined ? undefined : this.expression(value),
          cause: cause === undefined ? undefined : this.expression(cause),
          ...at,
        });
        return;
      }
      case 'assert_statement': {
        const [condition, message] = this.named(node);
        into.push({
          kind: 'Assert',
          condition: this.expression(condition!),
          message: message === undefined ? undefined : this.expression(message),
          ...at,
        });
        return;
      }
      case 'delete_statement': {
        const targets = this.named(node).flatMap(child =>
          this.type(child) === 'expression_list' ? this.named(child) : [child],
        );
        into.push({ kind: 'Delete', targets: targets.map(target => this.expression(target)), ...at });
        return;
      }
      case 'import_statement':
        into.push({
          kind: 'Import',
          names: this.named(node).map(child => {
            if (this.type(child) !== 'aliased_import')
              return { module: this.dotted(child), alias: undefined };
            return {
              module: this.dotted(this.field(child, 'name')!),
              alias: this.text(this.field(child, 'alias')!),
            };
          }),
          ...at,
        });
        return;
      case 'import_from_statement':
        into.push(this.importFrom(node));
        return;
      case 'future_import_statement':
        return;
      case 'function_definition':
        into.push(this.functionDefinition(node, []));
        return;
      case 'class_definition':
        into.push(this.classDefinition(node, []));
        return;
      case 'decorated_definition': {
        const decorators: Expression[] = [];
        for (const child of this.named(node)) {
          if (this.type(child) === 'decorator') decorators.push(this.expression(this.named(child)[0]!));
        }
        const definition = this.field(node, 'definition')!;
        into.push(
          this.type(definition) === 'class_definition'
            ? this.classDefinition(definition, decorators)
            : this.functionDefinition(definition, decorators),
        );
        return;
      }
      case 'global_statement':
      case 'nonlocal_statement':
        into.push({
          kind: type === 'global_statement' ? 'Global' : 'Nonlocal',
          names: this.named(node).map(child => this.text(child)),
          ...at,
        });
        return;
      case 'match_statement':
        into.push(this.matchStatement(node));
        return;
      default:
    }
    into.push({
      kind: 'RefusedStatement',
      construct: this.text(node)
        .split(/[\s:(]/, 2)
        .join(' ')
        .slice(0, 40),
      message: `The tracer does not run a ${type.replaceAll('_', ' ')}.`,
      names: this.namesBound(node),
      ...at,
    });
  }

  private countErrors(node: number): number {
    return this.errors.reduce(
      (count, e) => (e >= node && e < this.syntax.next[node]! ? count + 1 : count),
      0,
    );
  }

  /** What a statement that cannot run would have bound. */
  private namesBound(node: number): string[] {
    const name = this.field(node, 'name');
    if (name !== undefined && this.type(name) === 'identifier') return [this.text(name)];
    const names: string[] = [];
    const end = this.syntax.next[node]!;
    for (let i = node; i < end; i++) {
      const type = this.type(i);
      if ((type === 'function_definition' || type === 'class_definition') && i !== node) {
        const inner = this.field(i, 'name');
        if (inner !== undefined) names.push(this.text(inner));
        i = this.syntax.next[i]! - 1;
      } else if (this.syntax.fields[i] === 'left' && type === 'identifier') names.push(this.text(i));
      else if (this.syntax.fields[i] === 'left') {
        for (let j = i; j < this.syntax.next[i]!; j++)
          if (this.type(j) === 'identifier') names.push(this.text(j));
      }
    }
    return names;
  }

  private block(node: number | undefined, tolerant = false): Statement[] {
    const body: Statement[] = [];
    if (node !== undefined)
      for (const child of this.syntax.children(node)) this.statement(child, body, tolerant);
    return body;
  }

  private elseBlock(node: number): Statement[] {
    const clause = this.syntax.childByType(node, 'else_clause');
    return clause === undefined ? [] : this.block(this.field(clause, 'body'));
  }

  private expressionStatement(node: number, into: Statement[]): void {
    const at = this.at(node);
    const children = this.named(node);
    const first = children[0];
    if (first === undefined) return;
    const type = this.type(first);
    if (type === 'assignment') {
      into.push(this.assignment(first, at));
      return;
    }
    if (type === 'augmented_assignment') {
      const operator = this.field(first, 'operator')!;
      into.push({
        kind: 'AugmentedAssign',
        target: this.expression(this.field(first, 'left')!),
        operator: this.text(operator).slice(0, -1) as BinaryOperator,
        value: this.expression(this.field(first, 'right')!),
        ...at,
      });
      return;
    }
    const value = this.hasToken(node, ',')
      ? ({ kind: 'Tuple', items: children.map(child => this.expression(child)), ...at } as const)
      : this.expression(first);
    into.push({ kind: 'Expression', value, ...at });
  }

  private assignment(node: number, at: { start: number; end: number }): Statement {
    const annotation = this.field(node, 'type');
    if (annotation !== undefined) {
      const right = this.field(node, 'right');
      return {
        kind: 'AnnotatedAssign',
        target: this.expression(this.field(node, 'left')!),
        annotation: this.text(annotation),
        value: right === undefined ? undefined : this.expression(right),
        ...at,
      };
    }
    const targets: Expression[] = [];
    let current = node;
    for (;;) {
      targets.push(this.expression(this.field(current, 'left')!));
      const right = this.field(current, 'right')!;
      if (this.type(right) !== 'assignment')
        return { kind: 'Assign', targets, value: this.expression(right), ...at };
      current = right;
    }
  }

  private ifStatement(node: number): Statement {
    // `elif` clauses are siblings: fold them from the back.
    const clauses: number[] = [];
    let otherwise: Statement[] = [];
    for (const child of this.syntax.children(node)) {
      if (this.type(child) === 'elif_clause') clauses.push(child);
      else if (this.type(child) === 'else_clause') otherwise = this.block(this.field(child, 'body'));
    }
    for (const clause of clauses.reverse()) {
      otherwise = [
        {
          kind: 'If',
          condition: this.expression(this.field(clause, 'condition')!),
          chosen: this.block(this.field(clause, 'consequence')),
          otherwise,
          ...this.at(clause),
        },
      ];
    }
    return {
      kind: 'If',
      condition: this.expression(this.field(node, 'condition')!),
      chosen: this.block(this.field(node, 'consequence')),
      otherwise,
      ...this.at(node),
    };
  }

  private withStatement(node: number): Statement {
    const items: { context: Expression; target: Expression | undefined }[] = [];
    const add = (value: number) => {
      if (this.type(value) === 'as_pattern') {
        const [context, alias] = this.named(value);
        items.push({ context: this.expression(context!), target: this.expression(alias!) });
      } else if (
        this.type(value) === 'tuple' &&
        this.named(value).some(child => this.type(child) === 'as_pattern')
      ) {
        for (const child of this.named(value)) add(child);
      } else if (
        this.type(value) === 'parenthesized_expression' &&
        this.type(this.named(value)[0]!) === 'as_pattern'
      ) {
        add(this.named(value)[0]!);
      } else {
        this.alias = undefined;
        const context = this.expression(value);
        items.push({ context, target: this.alias === undefined ? undefined : this.expression(this.alias) });
        this.alias = undefined;
      }
    };
    const clause = this.syntax.childByType(node, 'with_clause')!;
    for (const item of this.named(clause)) add(this.field(item, 'value') ?? this.named(item)[0]!);
    return { kind: 'With', items, body: this.block(this.field(node, 'body')), ...this.at(node) };
  }

  private tryStatement(node: number): Statement {
    const handlers: Handler[] = [];
    let final: Statement[] = [];
    for (const child of this.syntax.children(node)) {
      const type = this.type(child);
      if (type === 'except_clause') {
        const parts = this.named(child);
        const body = parts.find(part => this.type(part) === 'block');
        const value = parts.find(part => part !== body);
        let kind: Expression | undefined;
        let name: string | undefined;
        if (value !== undefined && this.type(value) === 'as_pattern') {
          const [what, alias] = this.named(value);
          kind = this.expression(what!);
          name = this.text(alias!);
        } else if (value !== undefined) {
          kind = this.expression(value);
          const alias = parts.find(part => part !== body && part !== value);
          if (alias !== undefined) name = this.text(alias);
        }
        handlers.push({ type: kind, name, body: this.block(body), ...this.at(child) });
      } else if (type === 'finally_clause') {
        final = this.block(this.named(child).find(part => this.type(part) === 'block'));
      }
    }
    return {
      kind: 'Try',
      body: this.block(this.field(node, 'body')),
      handlers,
      otherwise: this.elseBlock(node),
      final,
      ...this.at(node),
    };
  }

  private dotted(node: number): string {
    return this.text(node).replace(/\s+/g, '');
  }

  private importFrom(node: number): Statement {
    const from = this.field(node, 'module_name')!;
    let level = 0;
    let module = '';
    if (this.type(from) === 'relative_import') {
      for (const part of this.syntax.children(from)) {
        if (this.type(part) === 'import_prefix') level = this.text(part).replace(/\s+/g, '').length;
        else if (this.type(part) === 'dotted_name') module = this.dotted(part);
      }
    } else module = this.dotted(from);
    const star = this.syntax.childByType(node, 'wildcard_import') !== undefined;
    const names: { name: string; alias: string | undefined }[] = [];
    for (const child of this.syntax.children(node)) {
      if (child === from) continue;
      if (this.type(child) === 'dotted_name') names.push({ name: this.dotted(child), alias: undefined });
      else if (this.type(child) === 'aliased_import')
        names.push({
          name: this.dotted(this.field(child, 'name')!),
          alias: this.text(this.field(child, 'alias')!),
        });
    }
    return { kind: 'ImportFrom', level, module, names: star ? undefined : names, ...this.at(node) };
  }

  private functionDefinition(node: number, decorators: readonly Expression[]): Statement {
    const name = this.text(this.field(node, 'name')!);
    return { kind: 'Function', name, decorators, code: this.functionNode(node, name), ...this.at(node) };
  }

  private functionNode(node: number, name: string): FunctionNode {
    const parameters = this.field(node, 'parameters');
    const bodyNode = this.field(node, 'body')!;
    const isLambda = this.type(node) === 'lambda';
    let body: readonly Statement[] | undefined;
    return {
      name,
      parameters: parameters === undefined ? [] : this.parameters(parameters),
      isAsync: this.hasToken(node, 'async'),
      body: () => {
        body ??= isLambda
          ? [{ kind: 'Return', value: this.expression(bodyNode), ...this.at(bodyNode) }]
          : this.block(bodyNode);
        return body;
      },
      ...this.at(node),
    };
  }

  private parameters(node: number): ParameterNode[] {
    const result: ParameterNode[] = [];
    let keywordOnly = false;
    for (const child of this.named(node)) {
      switch (this.type(child)) {
        case 'positional_separator':
          for (let i = 0; i < result.length; i++) result[i] = { ...result[i]!, type: 'positionalOnly' };
          break;
        case 'keyword_separator':
          keywordOnly = true;
          break;
        default: {
          let target = child;
          let defaultValue: Expression | undefined;
          if (this.type(child) === 'default_parameter' || this.type(child) === 'typed_default_parameter') {
            target = this.field(child, 'name')!;
            defaultValue = this.expression(this.field(child, 'value')!);
          } else if (this.type(child) === 'typed_parameter') target = this.named(child)[0]!;
          const stars = /^\*{0,2}/.exec(this.text(target))![0].length;
          const name = this.text(target).replace(/^\*+\s*/, '');
          const type =
            stars === 2 ? 'doubleStar' : stars === 1 ? 'star' : keywordOnly ? 'keywordOnly' : 'normal';
          if (stars === 1) keywordOnly = true;
          result.push({ name, type, defaultValue });
        }
      }
    }
    return result;
  }

  private classDefinition(node: number, decorators: readonly Expression[]): Statement {
    const superclasses = this.field(node, 'superclasses');
    const { args, keywords } =
      superclasses === undefined ? { args: [], keywords: [] } : this.argumentsOf(superclasses);
    return {
      kind: 'Class',
      name: this.text(this.field(node, 'name')!),
      decorators,
      bases: args,
      keywords,
      body: this.block(this.field(node, 'body'), true),
      ...this.at(node),
    };
  }

  private argumentsOf(node: number): { args: Expression[]; keywords: Keyword[] } {
    const args: Expression[] = [];
    const keywords: Keyword[] = [];
    if (this.type(node) === 'generator_expression') return { args: [this.expression(node)], keywords };
    for (const child of this.named(node)) {
      if (this.type(child) === 'keyword_argument') {
        keywords.push({
          name: this.text(this.field(child, 'name')!),
          value: this.expression(this.field(child, 'value')!),
        });
        continue;
      }
      const value = this.expression(child);
      if (value.kind === 'Starred' && value.stars === 2)
        keywords.push({ name: undefined, value: value.value });
      else args.push(value);
    }
    return { args, keywords };
  }

  /** Builds on `first`, keeping a star that the grammar bound too tightly outside. */
  private hoist(first: Expression, build: (inner: Expression) => Expression): Expression {
    if (first.kind !== 'Starred') return build(first);
    const inner = build(first.value);
    return { kind: 'Starred', value: inner, stars: first.stars, start: first.start, end: inner.end };
  }

  private expression(node: number): Expression {
    if (this.syntax.depths[node]! > this.nesting) throw new LimitError('nesting', this.nesting);
    const at = this.at(node);
    const type = this.type(node);
    switch (type) {
      case 'identifier':
      case 'keyword_identifier':
        return { kind: 'Name', id: this.text(node), ...at };
      case 'as_pattern': {
        // Grammar trap: `with a if b else c as d` comes as `a if b else (c as d)`.
        const [inner, alias] = this.named(node);
        this.alias = alias;
        return this.expression(inner!);
      }
      case 'integer':
      case 'float': {
        const value = parseNumber(this.text(node));
        if (value === undefined)
          return {
            kind: 'Refused',
            construct: this.text(node),
            message: 'Complex numbers are not supported.',
            ...at,
          };
        return { kind: 'Constant', value, ...at };
      }
      case 'true':
        return { kind: 'Constant', value: true, ...at };
      case 'false':
        return { kind: 'Constant', value: false, ...at };
      case 'none':
        return { kind: 'Constant', value: null, ...at };
      case 'ellipsis':
        return { kind: 'Constant', value: ellipsis, ...at };
      case 'string':
      case 'concatenated_string':
        return this.strings.literal(node);
      case 'attribute': {
        const name = this.text(this.field(node, 'attribute')!);
        return this.hoist(this.expression(this.field(node, 'object')!), object => ({
          kind: 'Attribute',
          object,
          name,
          ...at,
        }));
      }
      case 'subscript': {
        const value = this.field(node, 'value')!;
        const parts: Expression[] = [];
        for (const child of this.syntax.children(node)) {
          if (this.syntax.fields[child] === 'subscript') parts.push(this.expression(child));
        }
        const tuple = parts.length !== 1 || this.hasToken(node, ',') || parts[0]!.kind === 'Starred';
        const index: Expression = tuple
          ? {
              kind: 'Tuple',
              items: parts,
              start: parts[0]?.start ?? at.start,
              end: parts.at(-1)?.end ?? at.end,
            }
          : parts[0]!;
        return this.hoist(this.expression(value), object => ({ kind: 'Subscript', object, index, ...at }));
      }
      case 'slice':
        return this.slice(node);
      case 'call': {
        const { args, keywords } = this.argumentsOf(this.field(node, 'arguments')!);
        return this.hoist(this.expression(this.field(node, 'function')!), callee => ({
          kind: 'Call',
          callee,
          args,
          keywords,
          ...at,
        }));
      }
      case 'parenthesized_expression':
      case 'type':
      case 'as_pattern_target':
        return this.expression(this.named(node)[0]!);
      case 'tuple_pattern':
        // `(a) = 1` has no tuple on its left.
        if (this.named(node).length === 1 && !this.hasToken(node, ','))
          return this.expression(this.named(node)[0]!);
        return { kind: 'Tuple', items: this.named(node).map(child => this.expression(child)), ...at };
      case 'expression_list':
      case 'pattern_list':
      case 'tuple':
        return { kind: 'Tuple', items: this.named(node).map(child => this.expression(child)), ...at };
      case 'list':
      case 'list_pattern':
        return { kind: 'List', items: this.named(node).map(child => this.expression(child)), ...at };
      case 'set':
        return { kind: 'Set', items: this.named(node).map(child => this.expression(child)), ...at };
      case 'dictionary': {
        const items: { key: Expression | undefined; value: Expression }[] = [];
        for (const child of this.named(node)) {
          if (this.type(child) === 'pair') {
            items.push({
              key: this.expression(this.field(child, 'key')!),
              value: this.expression(this.field(child, 'value')!),
            });
          } else {
            const splat = this.expression(child);
            items.push({ key: undefined, value: splat.kind === 'Starred' ? splat.value : splat });
          }
        }
        return { kind: 'Dict', items, ...at };
      }
      case 'list_splat':
      case 'list_splat_pattern':
      case 'parenthesized_list_splat': {
        const inner = this.expression(this.named(node)[0]!);
        return inner.kind === 'Starred' ? inner : { kind: 'Starred', value: inner, stars: 1, ...at };
      }
      case 'dictionary_splat':
      case 'dictionary_splat_pattern':
        return { kind: 'Starred', value: this.expression(this.named(node)[0]!), stars: 2, ...at };
      case 'unary_operator':
        return {
          kind: 'Unary',
          operator: this.text(this.field(node, 'operator')!) as UnaryOperator,
          operand: this.expression(this.field(node, 'argument')!),
          ...at,
        };
      case 'not_operator':
        return { kind: 'Not', operand: this.expression(this.field(node, 'argument')!), ...at };
      case 'binary_operator': {
        const operator = this.text(this.field(node, 'operator')!);
        const right = this.expression(this.field(node, 'right')!);
        if (operator === '<>') break;
        return this.hoist(this.expression(this.field(node, 'left')!), left => ({
          kind: 'Binary',
          operator: operator as BinaryOperator,
          left,
          right,
          ...at,
        }));
      }
      case 'boolean_operator': {
        const operator = this.text(this.field(node, 'operator')!) as 'and' | 'or';
        const right = this.expression(this.field(node, 'right')!);
        return this.hoist(this.expression(this.field(node, 'left')!), left => ({
          kind: 'Logical',
          operator,
          left,
          right,
          ...at,
        }));
      }
      case 'comparison_operator': {
        const operators: ComparisonOperator[] = [];
        const operands: Expression[] = [];
        for (const child of this.syntax.children(node)) {
          if (this.syntax.fields[child] === 'operators') {
            operators.push(this.text(child).replace(/\s+/g, ' ') as ComparisonOperator);
          } else if (this.isNamed(child)) operands.push(this.expression(child));
        }
        return this.hoist(operands[0]!, first => ({
          kind: 'Comparison',
          operands: [first, ...operands.slice(1)],
          operators,
          ...at,
        }));
      }
      case 'conditional_expression': {
        const [then, condition, otherwise] = this.named(node);
        const test = this.expression(condition!);
        const other = this.expression(otherwise!);
        return this.hoist(this.expression(then!), inner => ({
          kind: 'Conditional',
          condition: test,
          chosen: inner,
          otherwise: other,
          ...at,
        }));
      }
      case 'lambda':
        return { kind: 'Lambda', code: this.functionNode(node, '<lambda>'), ...at };
      case 'named_expression': {
        const name = this.field(node, 'name')!;
        return {
          kind: 'Walrus',
          target: { kind: 'Name', id: this.text(name), ...this.at(name) },
          value: this.expression(this.field(node, 'value')!),
          ...at,
        };
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node, type);
      case 'yield': {
        const value = this.named(node)[0];
        return {
          kind: 'Yield',
          from: this.hasToken(node, 'from'),
          value: value === undefined ? undefined : this.expression(value),
          ...at,
        };
      }
      default:
    }
    return {
      kind: 'Refused',
      construct: this.text(node).slice(0, 40),
      message: `The tracer does not evaluate a ${type.replaceAll('_', ' ')}.`,
      ...at,
    };
  }

  private slice(node: number): Expression {
    const parts: (Expression | undefined)[] = [undefined, undefined, undefined];
    let position = 0;
    for (const child of this.syntax.children(node)) {
      if (this.type(child) === ':') position++;
      else if (this.isNamed(child)) parts[position] = this.expression(child);
    }
    return { kind: 'Slice', lower: parts[0], upper: parts[1], step: parts[2], ...this.at(node) };
  }

  private comprehension(node: number, type: string): Expression {
    const at = this.at(node);
    const clauses: { target: Expression; iterable: Expression; conditions: Expression[] }[] = [];
    const body = this.field(node, 'body')!;
    for (const child of this.named(node)) {
      if (this.type(child) === 'for_in_clause') {
        if (this.hasToken(child, 'async'))
          return {
            kind: 'Refused',
            construct: 'async for',
            message: 'The tracer does not run async code.',
            ...at,
          };
        clauses.push({
          target: this.expression(this.field(child, 'left')!),
          iterable: this.expression(this.field(child, 'right')!),
          conditions: [],
        });
      } else if (this.type(child) === 'if_clause')
        clauses.at(-1)?.conditions.push(this.expression(this.named(child)[0]!));
    }
    const pair = this.type(body) === 'pair';
    const kinds = {
      list_comprehension: 'list',
      set_comprehension: 'set',
      dictionary_comprehension: 'dict',
    } as const;
    return {
      kind: 'Comprehension',
      type: type in kinds ? kinds[type as keyof typeof kinds] : 'generator',
      element: this.expression(pair ? this.field(body, 'key')! : body),
      value: pair ? this.expression(this.field(body, 'value')!) : undefined,
      clauses: clauses as ComprehensionClause[],
      ...at,
    };
  }

  private matchStatement(node: number): Statement {
    const subjects: number[] = [];
    for (const child of this.syntax.children(node))
      if (this.syntax.fields[child] === 'subject') subjects.push(child);
    const at = this.at(node);
    const subject: Expression =
      subjects.length === 1
        ? this.expression(subjects[0]!)
        : { kind: 'Tuple', items: subjects.map(s => this.expression(s)), ...at };
    const cases: MatchCase[] = [];
    const body = this.field(node, 'body');
    for (const clause of body === undefined ? [] : this.named(body)) {
      if (this.type(clause) !== 'case_clause') continue;
      const patterns: Pattern[] = [];
      let comma = false;
      for (const child of this.syntax.children(clause)) {
        if (this.type(child) === 'case_pattern') patterns.push(this.patterns.pattern(child));
        else if (this.type(child) === ',') comma = true;
      }
      const guard = this.field(clause, 'guard');
      cases.push({
        pattern: comma || patterns.length !== 1 ? { kind: 'Sequence', patterns } : patterns[0]!,
        guard: guard === undefined ? undefined : this.expression(this.named(guard)[0]!),
        body: this.block(this.field(clause, 'consequence')),
        ...this.at(clause),
      });
    }
    return { kind: 'Match', subject, cases, ...at };
  }
}
