import { createContext } from 'preact';

/** Whether the page holds this already, drawn by the extension: then it is taken over as it stands. */
export const AlreadyDrawn = createContext<{ readonly current: boolean }>({ current: false });
