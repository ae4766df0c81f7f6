import { Children, type CSSProperties, useId, useState } from "react";
import { alignOf, gapOf, type Props } from "./props.ts";

function flexStyle(props: Props, direction: string, gap: number): CSSProperties {
  return {
    display: "flex",
    flexDirection: direction as CSSProperties["flexDirection"],
    gap,
    alignItems: alignOf(props["align"]),
    alignSelf: alignOf(props["alignSelf"]),
    justifyContent: alignOf(props["justify"]),
    flexWrap: props["wrap"] === true || props["wrap"] === "wrap" ? "wrap" : undefined,
    minWidth: 0,
  };
}

function Tabs(props: Props) {
  const items = Children.toArray(props.children) as { props: { component?: { props?: Props } } }[];
  const ofTab = (item: (typeof items)[number]) => item.props.component?.props ?? {};
  const ids = items.map((item, at) => ofTab(item)["tabId"] ?? at);
  const [own, setOwn] = useState(props["selected"] ?? props["defaultSelected"] ?? ids[0]);
  const current = props["selected"] ?? own;
  const at = Math.max(0, ids.indexOf(current));
  const base = useId();
  const select = (next: number) => {
    setOwn(ids[next]);
    props["onSelectedChange"]?.(ids[next]);
  };
  return (
    <div className={`tabs tabs-${props["variant"] ?? "default"}`}>
      <div role="tablist" className="tablist">
        {items.map((item, n) => (
          <button
            {...{ type: "button", role: "tab", id: `${base}-${n}`, key: String(ids[n]) }}
            aria-selected={n === at}
            tabIndex={n === at ? 0 : -1}
            disabled={ofTab(item)["disabled"]}
            onClick={() => select(n)}
            onKeyDown={(event) => {
              const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              if (step !== 0) select((at + step + items.length) % items.length);
            }}
          >
            {ofTab(item)["title"]}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-labelledby={`${base}-${at}`}>
        {items[at] as never}
      </div>
    </div>
  );
}

function Accordion(props: Props) {
  const [own, setOwn] = useState(Boolean(props["defaultOpen"]));
  const open = props["open"] ?? own;
  const body = useId();
  return (
    <div className="accordion">
      <button
        {...{ type: "button", "aria-expanded": open, "aria-controls": body, disabled: props["disabled"] }}
        onClick={() => {
          setOwn(!open);
          props["onClick"]?.();
        }}
      >
        <svg className={`carat ${open ? "is-open" : ""}`} viewBox="0 0 12 12" aria-hidden="true">
          <path d="M4 2l4 4-4 4" fill="none" stroke="currentcolor" strokeWidth="1.8" />
        </svg>
        {props["title"]}
      </button>
      <div id={body} hidden={!open}>
        {open ? props.children : null}
      </div>
    </div>
  );
}

function StepIndicator(props: Props) {
  const names: string[] = props["stepNames"] ?? [];
  const current = props["currentStep"] ?? 0;
  return (
    <ol className={`steps steps-${props["direction"] ?? "horizontal"}`}>
      {names.map((name, at) => (
        <li
          key={name}
          className={at < current ? "is-done" : at === current ? "is-now" : ""}
          aria-current={at === current ? "step" : undefined}
        >
          <i aria-hidden="true">{at < current ? "✓" : at + 1}</i>
          {name}
        </li>
      ))}
    </ol>
  );
}

export const layout = {
  Flex: (props: Props) => (
    <div className="flex" style={flexStyle(props, props["direction"] ?? "row", gapOf(props["gap"]))}>
      {props.children}
    </div>
  ),
  Stack: (props: Props) => (
    <div style={flexStyle(props, props["direction"] ?? "column", gapOf(props["distance"], 8))}>{props.children}</div>
  ),
  Inline: (props: Props) => (
    <div style={flexStyle({ align: "center", ...props, wrap: true }, "row", gapOf(props["gap"], 8))}>
      {props.children}
    </div>
  ),
  Box: ({ flex, alignSelf, children }: Props) => (
    <div style={{ flex: flex === "auto" ? "1 1 auto" : flex, alignSelf: alignOf(alignSelf), minWidth: 0 }}>
      {children}
    </div>
  ),
  AutoGrid: ({ columnWidth = 200, gap, flexible, children }: Props) => (
    <div
      style={{
        display: "grid",
        gap: gapOf(gap, 16),
        gridTemplateColumns: `repeat(${flexible ? "auto-fit" : "auto-fill"}, minmax(min(${columnWidth}px, 100%), 1fr))`,
      }}
    >
      {children}
    </div>
  ),
  Divider: ({ distance, size }: Props) => <hr style={{ marginBlock: gapOf(distance ?? size, 0) }} />,
  Spacer: ({ size }: Props) => <div style={{ height: gapOf(size, 16) }} />,
  Tile: ({ compact, flush, children }: Props) => (
    <section className={`tile ${compact ? "is-compact" : ""} ${flush ? "is-flush" : ""}`}>{children}</section>
  ),
  Card: ({ children }: Props) => <section className="tile">{children}</section>,
  Tabs,
  Tab: ({ children }: Props) => <>{children}</>,
  Accordion,
  StepIndicator,
};
