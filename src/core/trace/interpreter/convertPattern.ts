import type { Expression, Pattern } from './ast.ts';
import { LimitError } from './errors.ts';
import type { NodeReader } from './nodeReader.ts';

/** Converts the patterns of `match` statements. */
export class PatternConverter {
  private readonly nodes: NodeReader;
  private readonly expression: (node: number) => Expression;
  private readonly nesting: number;

  /** @param nesting how deep a node may stand */
  constructor(nodes: NodeReader, expression: (node: number) => Expression, nesting: number) {
    this.nodes = nodes;
    this.expression = expression;
    this.nesting = nesting;
  }

  pattern(node: number): Pattern {
    if (this.nodes.syntax.depths[node]! > this.nesting) throw new LimitError('nesting', this.nesting);
    const children = this.nodes.named(node);
    const at = this.nodes.at(node);
    switch (this.nodes.type(node)) {
      case 'case_pattern': {
        const first = children[0];
        if (first === undefined) return { kind: 'Wildcard' };
        if (this.nodes.hasToken(node, '-')) {
          return {
            kind: 'Value',
            value: { kind: 'Unary', operator: '-', operand: this.expression(first), ...at },
          };
        }
        return this.pattern(first);
      }
      case 'dotted_name': {
        const names = this.nodes.text(node).split('.');
        if (names.length === 1)
          return names[0] === '_' ? { kind: 'Wildcard' } : { kind: 'Capture', name: names[0]! };
        return { kind: 'Value', value: this.dotted(node) };
      }
      case 'union_pattern': {
        const patterns: Pattern[] = [];
        let negative = false;
        for (const child of this.nodes.syntax.children(node)) {
          const type = this.nodes.type(child);
          if (type === '-') negative = true;
          else if (type === '_') patterns.push({ kind: 'Wildcard' });
          else if (this.nodes.isNamed(child)) {
            const value = this.pattern(child);
            patterns.push(
              negative && value.kind === 'Value'
                ? { kind: 'Value', value: { kind: 'Unary', operator: '-', operand: value.value, ...at } }
                : value,
            );
            negative = false;
          }
        }
        return { kind: 'Or', patterns };
      }
      case 'as_pattern': {
        const alias = children.at(-1)!;
        return { kind: 'As', pattern: this.pattern(children[0]!), name: this.nodes.text(alias) };
      }
      case 'list_pattern':
        return { kind: 'Sequence', patterns: children.map(child => this.pattern(child)) };
      case 'tuple_pattern':
        // `(x)` is x itself.
        if (children.length === 1 && !this.nodes.hasToken(node, ',')) return this.pattern(children[0]!);
        return { kind: 'Sequence', patterns: children.map(child => this.pattern(child)) };
      case 'splat_pattern': {
        const name = children[0];
        return { kind: 'Star', name: name === undefined ? undefined : this.nodes.text(name) };
      }
      case 'dict_pattern': {
        const items: { key: Expression; pattern: Pattern }[] = [];
        let rest: string | undefined;
        let key: Expression | undefined;
        for (const child of this.nodes.named(node)) {
          if (this.nodes.type(child) === 'splat_pattern') rest = this.nodes.text(this.nodes.named(child)[0]!);
          else if (this.nodes.syntax.fields[child] === 'key') {
            key = this.nodes.type(child) === 'dotted_name' ? this.dotted(child) : this.expression(child);
          } else if (key) {
            items.push({ key, pattern: this.pattern(child) });
            key = undefined;
          }
        }
        return { kind: 'Mapping', items, rest };
      }
      case 'class_pattern': {
        const positional: Pattern[] = [];
        const keywords: { name: string; pattern: Pattern }[] = [];
        for (const child of children.slice(1)) {
          const inner = this.nodes.named(child)[0];
          if (inner !== undefined && this.nodes.type(inner) === 'keyword_pattern') {
            const name = this.nodes.named(inner)[0]!;
            const value = this.nodes.named(inner)[1];
            keywords.push({
              name: this.nodes.text(name),
              pattern: value === undefined ? { kind: 'Wildcard' } : this.pattern(value),
            });
          } else positional.push(this.pattern(child));
        }
        return { kind: 'Class', cls: this.dotted(children[0]!), positional, keywords };
      }
      default:
        return { kind: 'Value', value: this.expression(node) };
    }
  }

  private dotted(node: number): Expression {
    const at = this.nodes.at(node);
    const [first, ...others] = this.nodes.text(node).replace(/\s+/g, '').split('.');
    return others.reduce<Expression>((object, name) => ({ kind: 'Attribute', object, name, ...at }), {
      kind: 'Name',
      id: first!,
      ...at,
    });
  }
}
