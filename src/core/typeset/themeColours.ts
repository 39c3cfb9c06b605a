/** VS Code's four kinds of colour theme. */
export type ThemeKind = 'dark' | 'light' | 'hc-dark' | 'hc-light';

export const THEME_KINDS: readonly ThemeKind[] = ['dark', 'light', 'hc-dark', 'hc-light'];

/**
 * Ink per theme kind. Inside an image `currentColor` is black and the page's CSS does not reach, so the colour is baked in; these
 * are the default foregrounds of the hover widget.
 */
export const INK: Readonly<Record<ThemeKind, string>> = {
  dark: '#d4d4d4',
  light: '#3b3b3b',
  'hc-dark': '#ffffff',
  'hc-light': '#292929',
};
