import type { DrawFirstPage } from '../core/protocol.ts';
import type { Assets } from './assets.ts';

/** Modules that are bundles of their own (`dist/lazy`): what activation does without. */
export interface LazyModule {
  readonly checkPack: typeof import('../core/atlas/checkPack.ts');
  readonly createLens: typeof import('../core/createLens.ts');
  readonly firstPage: { readonly firstPage: DrawFirstPage };
  readonly importSolutions: typeof import('../core/solutions/importSolutions.ts');
  readonly noteText: typeof import('../core/notes/noteText.ts');
  readonly typesetter: typeof import('../core/typeset/typesetter.ts');
}

/** Loads them when they are first asked for, in the desktop host and the web host alike. */
export class LazyModules {
  readonly #assets: Assets;
  readonly #loaded = new Map<string, Promise<unknown>>();

  constructor(assets: Assets) {
    this.#assets = assets;
  }

  /** @throws when the file cannot be read; the next call tries again */
  load<Name extends keyof LazyModule>(name: Name): Promise<LazyModule[Name]> {
    let loaded = this.#loaded.get(name);
    if (!loaded) {
      loaded = this.#run(name).catch((error: unknown) => {
        this.#loaded.delete(name);
        throw error;
      });
      this.#loaded.set(name, loaded);
    }
    return loaded as Promise<LazyModule[Name]>;
  }

  /** Our own bundle, run as the module that it is: neither host can `import` it from the extension's folder. */
  async #run(name: string): Promise<unknown> {
    const code = new TextDecoder().decode(await this.#assets.bytes(`lazy/${name}.cjs`));
    const module: { exports: unknown } = { exports: {} };
    new Function('module', 'exports', code)(module, module.exports);
    return module.exports;
  }
}
