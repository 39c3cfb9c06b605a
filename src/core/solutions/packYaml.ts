import { stringify } from 'yaml';
import type { Pack } from '../atlas/schema.ts';

/** A pack as the YAML of a pack file. */
export function packYaml(pack: Pack): string {
  return stringify(pack, { lineWidth: 120, aliasDuplicateObjects: false });
}
