import { type FeatureSink, Features } from './features.ts';
import { type FunctionBody, LazyBody } from './functionBody.ts';
import { type FunctionUnit, placeUnit } from './functionUnit.ts';
import { classOutline, LazyAttributes, lazyFunction } from './lazyOutline.ts';
import type { LineIndex } from './lineIndex.ts';
import type {
  AttributeOutline,
  ClassOutline,
  FunctionOutline,
  ImportOutline,
  Outline,
  ParameterOutline,
  StatementKind,
  StatementOutline,
} from './outline.ts';
import type { Range } from './position.ts';
import { isPlain, type Syntax } from './syntax.ts';
import type { TextSource } from './textSource.ts';

/** The text, where the copy leaves bodies out; the copy itself, where it is whole and free of errors. */
export type BodySource = TextSource | 'copy';

/** An outline together with the units it was made of, which the next outline may reuse. */
export interface OutlinedText {
  readonly outline: Outline;
  readonly units: readonly FunctionUnit[];
}

/**
 * Reads an outline off a copied syntax tree. Recursion is bounded by the copy's depth.
 * @param bodies where they are read when they are asked for; at once where absent
 */
export function outlineSyntax(syntax: Syntax, lines: LineIndex, bodies?: BodySource): OutlinedText {
  const outliner = new Outliner(syntax, lines, bodies);
  for (const _ of outliner.read());
  return outliner.result();
}

/** The same in steps, one a statement of the module: a caller with other things to do stops in between. */
export function* outlineInSteps(
  syntax: Syntax,
  lines: LineIndex,
  source: TextSource,
): Generator<void, OutlinedText> {
  const outliner = new Outliner(syntax, lines, source);
  yield* outliner.read();
  return outliner.result();
}

/** The class whose body is being read. */
interface OpenClass {
  readonly methods: string[];
  /** In source order: those of the class body one by one, those of a method all together, read when they are asked for. */
  readonly attributes: (AttributeOutline | { readonly attributes: readonly AttributeOutline[] })[];
}

/** Where definitions go that are found while reading. */
interface Scope {
  /** Qualified name so far; empty at module level. */
  readonly prefix: string;
  readonly functions: FunctionOutline[];
  readonly classes: ClassOutline[];
  /** Set directly in a class body. */
  readonly openClass?: OpenClass;
  /** Set inside a function: its nested definitions belong to its unit. */
  readonly insideFunction: boolean;
}

const EMPTY: readonly string[] = [];
const list = (set: ReadonlySet<string>): readonly string[] => (set.size === 0 ? EMPTY : [...set]);

class Outliner {
  private readonly units: FunctionUnit[] = [];
  private imports: ImportOutline[] = [];
  private readonly assignments: AttributeOutline[] = [];
  private readonly module: Scope = { prefix: '', functions: [], classes: [], insideFunction: false };
  /** Of code outside functions. */
  private readonly outside: FeatureSink = { names: [], calls: [] };

  constructor(
    private readonly syntax: Syntax,
    private readonly lines: LineIndex,
    private readonly bodies?: BodySource,
  ) {}

  *read(): Generator<void> {
    if (this.syntax.types.length === 0) return;
    for (const child of this.syntax.children(0)) {
      this.readMember(child, this.module);
      yield;
    }
  }

  result(): OutlinedText {
    const { functions, classes } = this.module;
    const { imports, assignments, units } = this;
    const { calls } = this.outside;
    const outline = {
      imports,
      classes,
      functions,
      assignments,
      calls,
      hasErrors: this.syntax.errors.length > 0,
    };
    return { outline, units };
  }

  private range(node: number): Range {
    return this.lines.range(this.syntax.starts[node]!, this.syntax.ends[node]!);
  }

  private qualify(prefix: string, name: string): string {
    return prefix ? `${prefix}.${name}` : name;
  }

  /** Statements outside functions: module and class bodies, and what `if`, `try`, `with` hold there. */
  private readBody(node: number, scope: Scope): void {
    for (const child of this.syntax.children(node)) this.readMember(child, scope);
  }

  private readMember(node: number, scope: Scope): void {
    const { syntax } = this;
    switch (syntax.types[node]) {
      case 'decorated_definition':
      case 'function_definition':
      case 'class_definition':
        this.readDefinition(node, scope);
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        this.readImport(node);
        return;
      case 'expression_statement':
        this.readAssignments(node, scope);
        return;
      case 'call':
      case 'assert_statement':
      case 'delete_statement':
        new Features(syntax, this.lines, this.outside).visit(node);
        return;
      case 'comment':
      case 'identifier':
        return;
      default:
        this.readBody(node, scope);
    }
  }

  private readAssignments(statement: number, scope: Scope): void {
    const features = new Features(this.syntax, this.lines, this.outside);
    const assignment = this.syntax.childByType(statement, 'assignment');
    if (assignment === undefined) {
      features.visitChildren(statement);
      return;
    }
    features.visitAssignment(assignment);
    const into: { push(it: AttributeOutline): void } | undefined = scope.openClass
      ? scope.openClass.attributes
      : scope.prefix
        ? undefined
        : this.assignments;
    for (const name of features.targets) {
      if (!name.includes('.')) into?.push(this.attribute(name, assignment, features));
    }
  }

  private attribute(name: string, assignment: number, features: Features, method?: string): AttributeOutline {
    let value: number | undefined = assignment;
    while (value !== undefined && this.syntax.types[value] === 'assignment') {
      value = this.syntax.childByField(value, 'right');
    }
    const constructors = list(features.calls);
    // The callee of the outermost call comes first, because a call is recorded before its arguments are visited.
    const direct = value !== undefined && this.syntax.types[value] === 'call' ? constructors[0] : undefined;
    return {
      name,
      constructors,
      ...(direct === undefined ? {} : { constructedBy: direct }),
      ...(method === undefined ? {} : { method }),
      range: this.range(assignment),
    };
  }

  private readDefinition(node: number, scope: Scope): void {
    const { syntax } = this;
    const known = syntax.pruned.get(node) as readonly FunctionUnit[] | undefined;
    if (known !== undefined) {
      this.placeKnown(node, known, scope);
      return;
    }
    let definition = node;
    if (syntax.types[node] === 'decorated_definition') {
      const inner = syntax.childByField(node, 'definition');
      if (inner === undefined) return;
      definition = inner;
    }
    if (syntax.types[definition] === 'class_definition') this.readClass(node, definition, scope);
    else if (syntax.types[definition] === 'function_definition') this.readFunction(node, definition, scope);
  }

  private placeKnown(node: number, known: readonly FunctionUnit[], scope: Scope): void {
    const line = this.lines.lineAt(this.syntax.starts[node]!);
    const isMethod = scope.openClass !== undefined;
    const same = known.find(it => it.line === line && it.prefix === scope.prefix && it.isMethod === isMethod);
    const close = same ?? known.find(it => it.prefix === scope.prefix) ?? known[0];
    if (!close) return;
    // What has not been read yet is read from this text: the one it came from goes away.
    const unread = close.body && !close.body.isRead ? this.bodyReader(node) : undefined;
    const unit = placeUnit(close, { line, prefix: scope.prefix, isMethod }, unread);
    this.imports.push(...unit.imports);
    // Its own text is a slice of an older whole, which it would keep alive.
    this.addUnit({ ...unit, text: this.syntax.textOf(node) }, scope);
  }

  private bodyReader(node: number): (() => FunctionBody) | undefined {
    const { bodies, syntax } = this;
    if (bodies === undefined) return undefined;
    if (bodies === 'copy') {
      const plain = isPlain(syntax.text, syntax.starts[node]!, syntax.ends[node]!);
      return plain ? () => readBody(syntax, this.lines, node) : undefined;
    }
    const descendant = syntax.descendants.get(node);
    return descendant === undefined
      ? undefined
      : () => readBody(bodies.copyFunction(descendant), bodies.lines, 0);
  }

  private addUnit(unit: FunctionUnit, scope: Scope): void {
    this.units.push(unit);
    scope.functions.push(...unit.functions);
    scope.classes.push(...unit.classes);
    const name = unit.functions[0]?.name;
    if (scope.openClass && name !== undefined) {
      scope.openClass.methods.push(name);
      scope.openClass.attributes.push(unit.body ? new LazyAttributes(unit.body) : unit);
    }
  }

  private decorators(node: number): readonly string[] {
    const { syntax } = this;
    if (syntax.types[node] !== 'decorated_definition') return EMPTY;
    const decorators: string[] = [];
    for (const child of syntax.children(node)) {
      if (syntax.types[child] !== 'decorator') continue;
      decorators.push(
        syntax
          .textOf(child)
          .replace(/^@\s*/, '')
          .replace(/\s*(\(|#)[\s\S]*$/, '')
          .trim(),
      );
    }
    return decorators;
  }

  private readClass(node: number, definition: number, scope: Scope): void {
    const { syntax } = this;
    const nameNode = syntax.childByField(definition, 'name');
    if (nameNode === undefined) return;
    const name = syntax.textOf(nameNode);
    const qualname = this.qualify(scope.prefix, name);
    const bases: string[] = [];
    const superclasses = syntax.childByField(definition, 'superclasses');
    if (superclasses !== undefined) {
      for (const child of syntax.children(superclasses)) {
        const type = syntax.types[child];
        if (type === 'identifier' || type === 'attribute' || type === 'call' || type === 'subscript') {
          bases.push(syntax.textOf(child).replace(/\s+/g, ' '));
        }
      }
    }
    const openClass: OpenClass = { methods: [], attributes: [] };
    scope.classes.push(
      classOutline(
        {
          name,
          qualname,
          bases,
          decorators: this.decorators(node),
          methods: openClass.methods,
          nameRange: this.range(nameNode),
          range: this.range(node),
        },
        () => openClass.attributes.flatMap(it => ('attributes' in it ? it.attributes : it)),
      ),
    );
    const body = syntax.childByField(definition, 'body');
    if (body !== undefined) this.readBody(body, { ...scope, prefix: qualname, openClass });
  }

  private readFunction(node: number, definition: number, scope: Scope): void {
    const { syntax } = this;
    const nameNode = syntax.childByField(definition, 'name');
    const body = syntax.childByField(definition, 'body');
    if (nameNode === undefined) return;
    const name = syntax.textOf(nameNode);
    const qualname = this.qualify(scope.prefix, name);
    const isMethod = scope.openClass !== undefined;
    const head = {
      name,
      qualname,
      ...(isMethod ? { className: scope.prefix } : {}),
      parameters: this.readParameters(syntax.childByField(definition, 'parameters')),
      decorators: this.decorators(node),
      isAsync: syntax.childByType(definition, 'async') !== undefined,
      hasErrors: syntax.hasErrors(node),
      nameRange: this.range(nameNode),
      range: this.range(node),
      bodyRange: this.range(body ?? nameNode),
    };
    const place = {
      text: syntax.textOf(node),
      ...unitPlace(this.lines, syntax.starts[node]!),
      prefix: scope.prefix,
      isMethod,
    };
    const reader = this.bodyReader(definition);
    if (reader) {
      const lazy = new LazyBody(reader);
      const functions = [lazyFunction(head, lazy)];
      this.addUnit({ ...place, body: lazy, functions, classes: [], attributes: [], imports: [] }, scope);
      return;
    }
    const inner: Scope = { prefix: qualname, functions: [], classes: [], insideFunction: true };
    // Imports of the body are kept apart, so that they can be carried over to the next outline.
    const outer = this.imports;
    this.imports = [];
    const { attributes, ...rest } = this.readFunctionBody(definition, name, inner);
    const imports = this.imports;
    this.imports = outer;
    this.imports.push(...imports);
    const unit: FunctionUnit = {
      ...place,
      functions: [{ ...head, ...rest }, ...inner.functions],
      classes: inner.classes,
      attributes,
      imports,
    };
    if (scope.insideFunction) {
      // Nested: part of the enclosing function's unit.
      scope.functions.push(...unit.functions);
      scope.classes.push(...unit.classes);
      if (scope.openClass) {
        scope.openClass.methods.push(name);
        scope.openClass.attributes.push(unit);
      }
    } else this.addUnit(unit, scope);
  }

  /** What stands in the body; what it defines goes into the scope. */
  readFunctionBody(definition: number, method: string, scope: Scope): FunctionBody {
    const { syntax } = this;
    const sink: FeatureSink = { names: [], calls: [] };
    const statements: StatementOutline[] = [];
    const attributes: AttributeOutline[] = [];
    this.readParameters(syntax.childByField(definition, 'parameters'), sink);
    const body = syntax.childByField(definition, 'body');
    if (body !== undefined) this.readStatements(body, 0, { sink, statements, attributes, scope, method });
    return { statements, names: sink.names, calls: sink.calls, attributes };
  }

  private readParameters(node: number | undefined, sink?: FeatureSink): readonly ParameterOutline[] {
    const { syntax } = this;
    if (node === undefined) return [];
    const parameters: ParameterOutline[] = [];
    let afterStar = false;
    for (const child of syntax.children(node)) {
      const type = syntax.types[child] ?? '';
      if (type === 'keyword_separator') afterStar = true;
      if (!PARAMETER_TYPES.has(type)) continue;
      let holder = child;
      if (type === 'typed_parameter') holder = child + 1;
      else if (type.endsWith('default_parameter')) holder = syntax.childByField(child, 'name') ?? child + 1;
      const star = syntax.types[holder] === 'list_splat_pattern';
      const doubleStar = syntax.types[holder] === 'dictionary_splat_pattern';
      const nameNode = star || doubleStar ? syntax.childByType(holder, 'identifier') : holder;
      if (star) afterStar = true;
      if (nameNode === undefined) continue;
      const name = syntax.textOf(nameNode);
      if (!/^[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_]*$/u.test(name)) continue;
      sink?.names.push({ name, role: 'parameter', range: this.range(nameNode) });
      const annotation = syntax.childByField(child, 'type');
      const value = syntax.childByField(child, 'value');
      parameters.push({
        name,
        kind: star ? 'star' : doubleStar ? 'doubleStar' : afterStar ? 'keywordOnly' : 'positional',
        ...(annotation === undefined ? {} : { annotation: syntax.textOf(annotation) }),
        ...(value === undefined ? {} : { defaultValue: syntax.textOf(value) }),
      });
    }
    return parameters;
  }

  private readStatements(block: number, depth: number, into: Body): void {
    const { syntax } = this;
    let first = true;
    for (const child of syntax.children(block)) {
      const type = syntax.types[child] ?? '';
      if (type === 'comment') continue;
      this.readStatement(child, type, depth, into, first && depth === 0);
      first = false;
    }
  }

  private readStatement(node: number, type: string, depth: number, into: Body, isFirst: boolean): void {
    const { syntax } = this;
    const features = new Features(syntax, this.lines, into.sink);
    const push = (kind: StatementKind, range = this.range(node)) =>
      into.statements.push({
        kind,
        range,
        depth,
        targets: list(features.targets),
        names: list(features.names),
        calls: list(features.calls),
        operators: list(features.operators),
        literals: list(features.literals),
        keywords: list(features.keywords),
      });
    switch (type) {
      case 'expression_statement': {
        const expression = node + 1;
        const inner = syntax.types[expression];
        if (inner === 'assignment') {
          features.visitAssignment(expression);
          push('assign');
          this.collectAttributes(expression, features, into);
        } else if (inner === 'augmented_assignment') {
          const left = syntax.childByField(expression, 'left');
          const right = syntax.childByField(expression, 'right');
          const operator = syntax.childByField(expression, 'operator');
          if (left !== undefined) {
            features.visitTarget(left);
            for (const target of features.targets) features.names.add(target);
          }
          if (operator !== undefined) features.operators.add(syntax.textOf(operator).replace('=', ''));
          if (right !== undefined) features.visit(right);
          push('augmented');
        } else if (inner === 'string' || inner === 'concatenated_string') {
          // A bare string says something to the reader only; the first one is the docstring.
        } else {
          features.visitChildren(node);
          push('expression');
          this.collectRegistered(expression, features, into);
        }
        return;
      }
      case 'return_statement':
      case 'assert_statement':
      case 'raise_statement':
      case 'delete_statement':
        features.visitChildren(node);
        push(SIMPLE_KINDS[type] ?? 'other');
        return;
      case 'pass_statement':
        push('pass');
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        this.readImport(node);
        push('import');
        return;
      case 'if_statement':
      case 'elif_clause':
      case 'else_clause':
      case 'for_statement':
      case 'while_statement':
      case 'with_statement':
      case 'try_statement':
      case 'except_clause':
      case 'except_group_clause':
      case 'finally_clause':
      case 'match_statement':
      case 'case_clause':
        this.readCompound(node, type, depth, into, features, push);
        return;
      case 'function_definition':
      case 'class_definition':
      case 'decorated_definition': {
        const before = into.scope.functions.length + into.scope.classes.length;
        const at = into.statements.length;
        this.readDefinition(node, into.scope);
        if (into.scope.functions.length + into.scope.classes.length > before) {
          const definition = type === 'decorated_definition' ? syntax.childByField(node, 'definition') : node;
          const name = definition === undefined ? undefined : syntax.childByField(definition, 'name');
          if (name !== undefined) features.targets.add(syntax.textOf(name));
          push('other', this.headerRange(definition ?? node, node));
          // The header stands where the definition does.
          const header = into.statements.pop();
          if (header) into.statements.splice(at, 0, header);
        }
        return;
      }
      case 'block':
        this.readStatements(node, depth, into);
        return;
      case 'ERROR':
        // What the parser could not place may still hold whole statements.
        for (const child of syntax.children(node)) {
          const childType = syntax.types[child] ?? '';
          if (childType.endsWith('_statement')) this.readStatement(child, childType, depth, into, false);
        }
        return;
      default:
        if (isFirst && type === 'string') return;
        if (!/^\w+_statement$/.test(type)) return;
        features.visitChildren(node);
        push('other');
    }
  }

  private readCompound(
    node: number,
    type: string,
    depth: number,
    into: Body,
    features: Features,
    push: (kind: StatementKind, range?: Range) => void,
  ): void {
    const { syntax } = this;
    const later: number[] = [];
    for (const child of syntax.children(node)) {
      const childType = syntax.types[child] ?? '';
      if (childType === 'block' || CLAUSES.has(childType)) later.push(child);
      else if (childType === 'as_pattern_target') features.visitTarget(child);
      else if (type === 'for_statement' && syntax.fields[child] === 'left') features.visitTarget(child);
      else this.visitHeader(child, features);
    }
    push(COMPOUND_KINDS[type] ?? 'other', this.headerRange(node, node));
    for (const child of later) {
      const childType = syntax.types[child] ?? '';
      if (childType === 'block')
        this.readStatements(child, type === 'match_statement' ? depth : depth + 1, into);
      else this.readStatement(child, childType, childType === 'case_clause' ? depth + 1 : depth, into, false);
    }
  }

  /** `with a as b`, `except E as e`: the alias is a target. */
  private visitHeader(node: number, features: Features): void {
    const { syntax } = this;
    const type = syntax.types[node];
    if (type === 'as_pattern_target') features.visitTarget(node);
    else if (type === 'with_clause' || type === 'with_item' || type === 'as_pattern') {
      for (const child of syntax.children(node)) this.visitHeader(child, features);
    } else features.visit(node);
  }

  /** From the start of `node` to the colon that opens the body of `definition`. */
  private headerRange(definition: number, node: number): Range {
    const { syntax } = this;
    let end = syntax.ends[definition]!;
    for (const child of syntax.children(definition)) {
      if (syntax.types[child] === ':') {
        end = syntax.ends[child]!;
        break;
      }
    }
    return this.lines.range(syntax.starts[node]!, end);
  }

  private collectAttributes(assignment: number, features: Features, into: Body): void {
    for (const target of features.targets) {
      const name = /^self\.(\w+)$/.exec(target)?.[1];
      if (name !== undefined) into.attributes.push(this.attribute(name, assignment, features, into.method));
    }
  }

  /** `self.register_buffer('queue', …)` and its kin make attributes too. */
  private collectRegistered(expression: number, features: Features, into: Body): void {
    const { syntax } = this;
    if (syntax.types[expression] !== 'call') return;
    const callee = [...features.calls][0];
    if (!callee || !/^self\.(register_buffer|register_parameter|add_module|register_module)$/.test(callee))
      return;
    const name = /^["'](\w+)["']$/.exec([...features.literals][0] ?? '')?.[1];
    if (name === undefined) return;
    into.attributes.push({
      name,
      constructors: [...features.calls].slice(1),
      method: into.method,
      range: this.range(expression),
    });
  }

  private readImport(node: number): void {
    const { syntax } = this;
    const range = this.range(node);
    const text = (child: number) => syntax.textOf(child).replace(/\s+/g, '');
    if (syntax.types[node] === 'import_statement') {
      for (const child of syntax.children(node)) {
        const aliased = this.aliased(child);
        if (aliased) this.imports.push({ module: aliased.name, local: aliased.alias, range });
        else if (syntax.types[child] === 'dotted_name') {
          this.imports.push({ module: text(child), local: text(child), range });
        }
      }
      return;
    }
    const moduleNode = syntax.childByField(node, 'module_name');
    const module = moduleNode === undefined ? '__future__' : text(moduleNode);
    for (const child of syntax.children(node)) {
      if (child === moduleNode) continue;
      const aliased = this.aliased(child);
      if (aliased) this.imports.push({ module, name: aliased.name, local: aliased.alias, range });
      else if (syntax.types[child] === 'dotted_name') {
        this.imports.push({ module, name: text(child), local: text(child), range });
      } else if (syntax.types[child] === 'wildcard_import') {
        this.imports.push({ module, name: '*', local: '*', range });
      }
    }
  }

  private aliased(node: number): { name: string; alias: string } | undefined {
    const { syntax } = this;
    if (syntax.types[node] !== 'aliased_import') return undefined;
    const name = syntax.childByField(node, 'name');
    const alias = syntax.childByField(node, 'alias');
    if (name === undefined || alias === undefined) return undefined;
    return { name: syntax.textOf(name).replace(/\s+/g, ''), alias: syntax.textOf(alias) };
  }
}

/** Reads a body that an outline left out. */
function readBody(syntax: Syntax, lines: LineIndex, node: number): FunctionBody {
  const definition =
    syntax.types[node] === 'decorated_definition' ? (syntax.childByField(node, 'definition') ?? node) : node;
  const nameNode = syntax.childByField(definition, 'name');
  const name = nameNode === undefined ? '' : syntax.textOf(nameNode);
  // It defines nothing, or it would have been read at once.
  const scope: Scope = { prefix: name, functions: [], classes: [], insideFunction: true };
  return new Outliner(syntax, lines).readFunctionBody(definition, name, scope);
}

/** What reading one function's body fills. */
interface Body {
  readonly sink: FeatureSink;
  readonly statements: StatementOutline[];
  readonly attributes: AttributeOutline[];
  readonly scope: Scope;
  readonly method: string;
}

function unitPlace(lines: LineIndex, offset: number): { line: number; column: number } {
  const { line, character } = lines.positionAt(offset);
  return { line, column: character };
}

const PARAMETER_TYPES = new Set([
  'identifier',
  'typed_parameter',
  'default_parameter',
  'typed_default_parameter',
  'list_splat_pattern',
  'dictionary_splat_pattern',
]);

const SIMPLE_KINDS: Readonly<Record<string, StatementKind>> = {
  return_statement: 'return',
  assert_statement: 'assert',
  raise_statement: 'raise',
  delete_statement: 'del',
};

const COMPOUND_KINDS: Readonly<Record<string, StatementKind>> = {
  if_statement: 'if',
  elif_clause: 'elif',
  else_clause: 'else',
  for_statement: 'for',
  while_statement: 'while',
  with_statement: 'with',
  try_statement: 'try',
  except_clause: 'except',
  except_group_clause: 'except',
  finally_clause: 'finally',
};

const CLAUSES = new Set([
  'elif_clause',
  'else_clause',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'case_clause',
]);
