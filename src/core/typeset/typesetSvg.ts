/** A typeset formula: SVG markup that draws in `currentColor`, with its size in CSS pixels at scale 1. */
export interface TypesetSvg {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}
