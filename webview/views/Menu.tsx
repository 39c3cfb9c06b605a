import { useRef } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  /** What stands on the button; the label is for screen readers then. */
  readonly face?: string;
  readonly items: readonly MenuItem[];
}

export interface MenuItem {
  readonly label: string;
  act(): void;
}

/** A button that opens a short list of things to do. Closes on a choice, on Escape and when the focus goes elsewhere. */
export function Menu({ label, face = label, items }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (details.current) details.current.open = false;
  };
  return (
    <details
      ref={details}
      class="menu no-picture"
      onKeyDown={event => {
        if (event.key !== 'Escape' || !details.current?.open) return;
        event.stopPropagation();
        close();
        details.current.querySelector('summary')?.focus();
      }}
      onFocusOut={event => {
        if (!details.current?.contains(event.relatedTarget as Node | null)) close();
      }}
    >
      <summary aria-label={label} title={label}>
        {face}
      </summary>
      <div class="menu-items">
        {items.map(item => (
          <button
            type="button"
            key={item.label}
            onClick={() => {
              item.act();
              details.current?.querySelector('summary')?.focus();
              close();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </details>
  );
}
