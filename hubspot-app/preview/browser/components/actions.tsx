import { useId, useState } from "react";
import { useOverlay } from "./overlays.tsx";
import { hrefOf, type Props, reactions, sizeOf } from "./props.ts";

function Button(props: Props) {
  const { type = "button", disabled, loading, overlay, onClick, children } = props;
  const { open, node } = useOverlay(overlay);
  const look = `button button-${props["variant"] ?? "secondary"} size-${sizeOf(props["size"])}`;
  const target = hrefOf(props["href"]);
  const press = () => {
    open();
    void onClick?.({ type: "click" }, reactions);
  };
  if (target) {
    return (
      <a className={look} {...target} data-test-id={props["testId"]} onClick={press}>
        {children}
      </a>
    );
  }
  return (
    <>
      <button
        {...{ type, className: look, disabled: disabled || loading, "aria-busy": loading || undefined }}
        data-test-id={props["testId"]}
        onClick={press}
      >
        {loading ? <i className="spinner" aria-hidden="true" /> : null}
        {children}
      </button>
      {node}
    </>
  );
}

function Dropdown(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const menu = useId();
  const options: { label: string; onClick?: () => void }[] = props["options"] ?? [];
  return (
    <div className="dropdown" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <button
        {...{ type: "button", disabled: props["disabled"], "aria-expanded": isOpen, "aria-controls": menu }}
        className={`button button-${props["variant"] ?? "secondary"} size-${sizeOf(props["buttonSize"])}`}
        onClick={() => setOpen(!isOpen)}
      >
        {props["buttonText"]}{" "}
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          <path d="M2 3.5 5 6.5 8 3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
      <div id={menu} className="dropdown-menu" hidden={!isOpen} onClick={() => setOpen(false)} onKeyDown={() => {}}>
        {options.map(({ label, onClick }) => (
          <button type="button" key={label} onClick={() => onClick?.()}>
            {label}
          </button>
        ))}
        {props.children}
      </div>
    </div>
  );
}

function DropdownButtonItem({ overlay, onClick, children }: Props) {
  const { open, node } = useOverlay(overlay);
  return (
    <>
      <button
        type="button"
        onClick={() => {
          open();
          void onClick?.({ type: "click" }, reactions);
        }}
      >
        {children}
      </button>
      {node}
    </>
  );
}

export const actions = {
  Button,
  LoadingButton: Button,
  ButtonRow: ({ children }: Props) => <div className="button-row">{children}</div>,
  Dropdown,
  DropdownButtonItem,
};
