import { useEffect, useState } from 'preact/hooks';

/** A number that changes with the theme: canvases read its colours when they are painted. */
export function useThemeEpoch(): number {
  const [epoch, setEpoch] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setEpoch(current => current + 1));
    observer.observe(document.body, {
      attributes: true,
      attributeFilter: ['class', 'data-vscode-theme-kind'],
    });
    return () => observer.disconnect();
  }, []);
  return epoch;
}
