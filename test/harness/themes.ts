/** One built-in colour theme per `ColorThemeKind`. */
export const themes = {
  dark: { name: 'Default Dark Modern', bodyClass: 'vs-dark' },
  light: { name: 'Default Light Modern', bodyClass: 'vs' },
  'hc-dark': { name: 'Default High Contrast', bodyClass: 'hc-black' },
  'hc-light': { name: 'Default High Contrast Light', bodyClass: 'hc-light' },
} as const;

/** The four kinds of theme, named as in the card files. */
export type ThemeKind = keyof typeof themes;
export const themeKinds = Object.keys(themes) as ThemeKind[];
