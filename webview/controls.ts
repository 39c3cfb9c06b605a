import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes } from 'preact';

/**
 * The only place that knows the UI toolkit (archived upstream; its community successor can replace it here). Views write the
 * elements as `<vscode-checkbox>` and so on; the types below are what they may use of them.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeBadge(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption());
}

interface ControlAttributes extends HTMLAttributes<HTMLElement> {
  children?: ComponentChildren;
  disabled?: boolean;
  checked?: boolean;
  value?: string;
  'aria-label'?: string;
  onChange?: (event: Event) => void;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-badge': ControlAttributes;
      'vscode-checkbox': ControlAttributes;
      'vscode-dropdown': ControlAttributes;
      'vscode-option': ControlAttributes;
    }
  }
}
