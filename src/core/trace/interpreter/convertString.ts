import type { Expression, JoinedString } from './ast.ts';
import { resolveEscapes } from './literals.ts';
import type { NodeReader } from './nodeReader.ts';
import { PyBytes, type Value } from './values.ts';

/** Converts string literals: adjacent ones joined, escapes resolved, f-strings with their expressions. */
export class StringConverter {
  private readonly nodes: NodeReader;
  private readonly expression: (node: number) => Expression;

  constructor(nodes: NodeReader, expression: (node: number) => Expression) {
    this.nodes = nodes;
    this.expression = expression;
  }

  literal(node: number): Expression {
    const at = this.nodes.at(node);
    const parts: JoinedString['parts'][number][] = [];
    const literals =
      this.nodes.type(node) === 'string'
        ? [node]
        : this.nodes.named(node).filter(child => this.nodes.type(child) === 'string');
    let bytes: number[] | undefined;
    let formatted = false;
    for (const literal of literals) {
      const open = this.nodes.syntax.childByType(literal, 'string_start');
      const prefix = open === undefined ? '' : this.nodes.text(open).replace(/['"]/g, '').toLowerCase();
      const isFormatted = prefix.includes('f');
      const isBytes = prefix.includes('b');
      for (const child of this.nodes.syntax.children(literal)) {
        const type = this.nodes.type(child);
        if (type === 'string_content') {
          let content = this.nodes.text(child).replaceAll('\r\n', '\n');
          if (!prefix.includes('r')) content = resolveEscapes(content, isBytes);
          if (isFormatted) content = content.replaceAll('{{', '{').replaceAll('}}', '}');
          if (isBytes) {
            bytes ??= [];
            for (const character of content) bytes.push(character.charCodeAt(0) & 0xff);
          } else parts.push(content);
        } else if (type === 'interpolation') {
          formatted = true;
          this.interpolation(child, parts);
        }
      }
      if (isBytes) bytes ??= [];
    }
    if (bytes) return { kind: 'Constant', value: new PyBytes(Uint8Array.from(bytes)), ...at };
    if (!formatted) return { kind: 'Constant', value: parts.join('') satisfies Value, ...at };
    return { kind: 'JoinedString', parts, ...at };
  }

  private interpolation(node: number, parts: JoinedString['parts'][number][]): void {
    const expression = this.nodes.field(node, 'expression') ?? this.nodes.named(node)[0]!;
    const conversion = this.nodes.syntax.childByType(node, 'type_conversion');
    const specification = this.nodes.syntax.childByType(node, 'format_specifier');
    const debug = this.nodes.syntax.childByType(node, '=');
    if (debug !== undefined) {
      // `{x = }` shows the text with its spaces, up to what comes next.
      const next = this.nodes.syntax.next[debug]!;
      const end =
        next < this.nodes.syntax.next[node]!
          ? this.nodes.syntax.starts[next]!
          : this.nodes.syntax.ends[debug]!;
      parts.push(this.nodes.syntax.text.slice(this.nodes.syntax.starts[node]! + 1, end));
    }
    const letter = conversion === undefined ? '' : this.nodes.text(conversion).slice(1);
    parts.push({
      expression: this.expression(expression),
      conversion: (letter || (debug !== undefined && specification === undefined ? 'r' : '')) as
        | 'r'
        | 's'
        | 'a'
        | '',
      spec: specification === undefined ? undefined : this.formatSpecification(specification),
    });
  }

  private formatSpecification(node: number): JoinedString {
    const parts: JoinedString['parts'][number][] = [];
    let position = this.nodes.syntax.starts[node]! + 1;
    for (const child of this.nodes.named(node)) {
      const start = this.nodes.syntax.starts[child]!;
      if (start > position) parts.push(this.nodes.syntax.text.slice(position, start));
      this.interpolation(child, parts);
      position = this.nodes.syntax.ends[child]!;
    }
    const end = this.nodes.syntax.ends[node]!;
    if (end > position) parts.push(this.nodes.syntax.text.slice(position, end));
    return { kind: 'JoinedString', parts, ...this.nodes.at(node) };
  }
}
