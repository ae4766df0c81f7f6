/** Panels, modals, and what opens them: an overlay is a prop of a button, link, tag or image. */
import {
  createContext,
  isValidElement,
  type MouseEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
} from "react";
import { createPortal } from "react-dom";
import type { Props } from "./props.ts";

/** `id` is the overlay's own, as `closeOverlay` names it. */
export type OverlayControl = { open: string[]; show(id: string): void; hide(id: string): void };

export const Overlays = createContext<OverlayControl>({ open: [], show() {}, hide() {} });

/** @returns what a click does besides its own handler, and the overlay while it is open */
export function useOverlay(overlay: ReactNode): { open: () => void; node: ReactNode } {
  const control = useContext(Overlays);
  // Read when it is needed: the child comes after the fragment.
  const id = overlayId(overlay);
  return {
    open: () => {
      const now = overlayId(overlay);
      if (now !== null) control.show(now);
    },
    node: id !== null && control.open.includes(id) ? createPortal(overlay, document.body) : null,
  };
}

/** An overlay arrives as a fragment of the worker's tree, with the panel or modal as its child. */
type Fragment = { children?: readonly { props?: { id?: string } }[] };

function overlayId(overlay: ReactNode): string | null {
  if (!isValidElement<{ fragment?: Fragment }>(overlay)) return null;
  return overlay.props.fragment?.children?.find((child) => child.props?.id)?.props?.id ?? null;
}

const focusable = "button:not([disabled]), a[href], input, select, textarea, [tabindex]";

function Dialog(props: Props & { kind: "panel" | "modal" }) {
  const { kind, id, title, width, variant, onOpen, onClose, children } = props;
  const control = useContext(Overlays);
  const box = useRef<HTMLDivElement>(null);
  const heading = useId();
  const handlers = useRef({ onOpen, onClose });
  handlers.current = { onOpen, onClose };
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    void handlers.current.onOpen?.();
    box.current?.focus();
    return () => {
      void handlers.current.onClose?.();
      before?.focus?.();
    };
  }, []);
  const close = () => control.hide(id);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (event.key !== "Tab") return;
    const inside = [...(box.current?.querySelectorAll<HTMLElement>(focusable) ?? [])];
    const [first, last] = [inside[0], inside.at(-1)];
    if (event.shiftKey && document.activeElement === first) last?.focus();
    else if (!event.shiftKey && document.activeElement === last) first?.focus();
    else return;
    event.preventDefault();
  };
  const usual = kind === "panel" ? "sm" : "md";
  return (
    <div
      className={`overlay overlay-${kind}`}
      onMouseDown={(event: MouseEvent) => event.target === event.currentTarget && kind === "panel" && close()}
    >
      <div
        className={`overlay-box width-${width ?? usual} ${variant === "danger" ? "is-danger" : ""}`}
        role="dialog"
        aria-modal="true"
        aria-label={props["aria-label"]}
        aria-labelledby={props["aria-label"] ? undefined : heading}
        tabIndex={-1}
        ref={box}
        onKeyDown={onKeyDown}
      >
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" aria-label="Close" onClick={close}>
            ×
          </button>
        </header>
        {children}
      </div>
    </div>
  );
}

export const overlays = {
  Panel: (props: Props) => <Dialog {...props} kind="panel" />,
  PanelBody: ({ children }: Props) => <div className="overlay-body">{children}</div>,
  PanelSection: ({ children }: Props) => <div className="overlay-section">{children}</div>,
  PanelFooter: ({ children }: Props) => <footer className="overlay-foot">{children}</footer>,
  Modal: (props: Props) => <Dialog {...props} kind="modal" />,
  ModalBody: ({ children }: Props) => <div className="overlay-body">{children}</div>,
  ModalFooter: ({ children }: Props) => <footer className="overlay-foot">{children}</footer>,
};
