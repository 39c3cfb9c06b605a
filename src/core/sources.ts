/** A Python file as somebody outside the core read it. */
export interface SourceDocument {
  /** Names the document; equal for equal documents. */
  readonly uri: string;
  /** Changes whenever the text does. */
  readonly version: string | number;
  /** For recognition: only its end is looked at. Empty for untitled texts. */
  readonly path: string;
  /** `owner/name` of the git remote, where known. */
  readonly remote?: string;
  readonly text: string;
}

/** Reads files beside the one at hand: from the editor, the disk or a virtual file system. */
export interface SourceProvider {
  /**
   * @param base uri of the document that imports
   * @param path relative to that document's folder, `/` between its parts: `../models/vit.py`
   * @returns undefined where there is no such file, or where it must not be read
   */
  read(base: string, path: string): Promise<SourceDocument | undefined>;
}

/** `vscode.CancellationToken` is one. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}
