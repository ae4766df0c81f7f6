import { Children } from "react";
import { useOverlay } from "./overlays.tsx";
import { hrefOf, type Props, reactions } from "./props.ts";

const weights: Record<string, number> = { bold: 700, demibold: 600, regular: 400 };

function Text({ inline, variant, format = {}, truncate, children }: Props) {
  const Element = inline ? "span" : "p";
  const widest = typeof truncate === "object" ? truncate.maxWidth : undefined;
  return (
    <Element
      className={`text text-${variant ?? "bodytext"} ${truncate ? "is-cut" : ""}`}
      style={{
        fontWeight: weights[format.fontWeight],
        fontStyle: format.italic ? "italic" : undefined,
        textDecoration: { underline: "underline", strikethrough: "line-through" }[format.lineDecoration as string],
        textTransform: format.textTransform === "sentenceCase" ? undefined : format.textTransform,
        maxWidth: widest,
      }}
    >
      {children}
    </Element>
  );
}

function Link(props: Props) {
  const { onClick, overlay, preventDefault, children } = props;
  const { open, node } = useOverlay(overlay);
  const target = hrefOf(props["href"]);
  return (
    <>
      <a
        className={`link link-${props["variant"] ?? "primary"}`}
        {...(target ?? { href: "#" })}
        onClick={(event) => {
          if (preventDefault || overlay || !target || target.href === "#") event.preventDefault();
          open();
          void onClick?.({ type: "click" }, reactions);
        }}
      >
        {children}
        {target && "target" in target ? (
          <span className="external" aria-label="opens in a new tab">
            ↗
          </span>
        ) : null}
      </a>
      {node}
    </>
  );
}

function Tag(props: Props) {
  const { overlay, onClick, children } = props;
  const { open, node } = useOverlay(overlay);
  const look = `tag tag-${props["variant"] ?? "default"}`;
  if (!overlay && !onClick) return <span className={look}>{children}</span>;
  return (
    <>
      <button
        type="button"
        className={look}
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

function StatusTag(props: Props) {
  const { variant, hollow, showRemoveIcon, onRemoveClick, children } = props;
  return (
    <span className={`status status-${variant ?? "default"} ${hollow ? "is-hollow" : ""}`}>
      <i aria-hidden="true" />
      {children}
      {showRemoveIcon ? (
        <button type="button" aria-label="Remove" onClick={() => onRemoveClick?.()}>
          ×
        </button>
      ) : null}
    </span>
  );
}

function List({ variant = "unordered", children }: Props) {
  const Element = variant.startsWith("ordered") ? "ol" : "ul";
  return (
    <Element className={`list list-${variant}`}>
      {Children.toArray(children).map((child, at) => (
        <li key={at}>{child}</li>
      ))}
    </Element>
  );
}

const glyphs: Record<string, string> = {
  ...{
    success: "✓",
    checkCircle: "✓",
    warning: "!",
    exclamation: "!",
    exclamationCircle: "!",
    info: "i",
    infoNoCircle: "i",
  },
  ...{ refresh: "↻", date: "▦", clock: "◷", add: "+", remove: "−", delete: "×", search: "⌕", link: "⛓", calling: "✆" },
  ...{ upCarat: "▴", downCarat: "▾", right: "▸", left: "◂", contact: "☺", edit: "✎", copy: "⧉", locked: "🔒" },
};

export const text = {
  Text,
  Heading: ({ inline, children }: Props) =>
    inline ? <span className="heading">{children}</span> : <h3 className="heading">{children}</h3>,
  Link,
  Tag,
  StatusTag,
  List,
  Icon: ({ name, color, size, screenReaderText }: Props) => (
    <span
      className={`icon icon-${color ?? "inherit"} icon-${size ?? "md"}`}
      {...(screenReaderText ? { role: "img", "aria-label": screenReaderText } : { "aria-hidden": true })}
    >
      {glyphs[name] ?? "•"}
    </span>
  ),
  Image: ({ alt, src, width, height }: Props) => <img alt={alt ?? ""} src={src} width={width} height={height} />,
  Illustration: ({ alt, width, height }: Props) => (
    <span className="illustration" role="img" aria-label={alt} style={{ width, height }} />
  ),
  Tooltip: ({ children }: Props) => <>{children}</>,
  DescriptionList: ({ direction, children }: Props) => (
    <dl className={`described described-${direction ?? "column"}`}>{children}</dl>
  ),
  DescriptionListItem: ({ label, children }: Props) => (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  ),
  Statistics: ({ children }: Props) => <div className="statistics">{children}</div>,
  StatisticsItem: ({ label, number, children }: Props) => (
    <div className="statistic">
      <span className="statistic-label">{label}</span>
      <b>{number}</b>
      {children}
    </div>
  ),
  StatisticsTrend: ({ direction, value, color }: Props) => (
    <small className={`moved moved-${color ?? (direction === "increase" ? "green" : "red")}`}>
      <span aria-hidden="true">{direction === "increase" ? "▲" : "▼"}</span>
      <span className="unseen">{direction === "increase" ? "Up" : "Down"}</span> {value}
    </small>
  ),
};
