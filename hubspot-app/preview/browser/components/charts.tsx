/** Bar and line charts: rows of data, one axis each way, a field that colours and stacks. */
import { useLayoutEffect, useRef, useState } from "react";
import type { Props } from "./props.ts";

type Row = Record<string, string | number>;
type Axis = { field: string; fieldType: string; label?: string };

const colors: Record<string, string> = {
  ...{ orange: "#fc7c00", aqua: "#00a4bd", purple: "#8a5bd0", yellow: "#e5b000", pink: "#d6478f", blue: "#0b7dd6" },
  ...{ green: "#00823a", darkOrange: "#c93700", darkAqua: "#00717f", darkPurple: "#5c3aa0", darkYellow: "#9c6f00" },
  ...{ darkPink: "#a3165f", darkBlue: "#0a4f8f", darkGreen: "#005a2b" },
};
const usual = ["blue", "orange", "aqua", "purple", "green", "pink", "yellow"];

const [height, left, top, bottom] = [230, 40, 16, 38];

/** Drawn at the size it has, so that letters keep theirs. */
function useWidth() {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return { box, width };
}

function frameOf(props: Props) {
  const given = props["data"];
  const rows: Row[] = Array.isArray(given) ? given : given.data;
  const labels: Record<string, Record<string, string>> = (Array.isArray(given) ? {} : given.options?.propertyLabels) ??
  {};
  const { x, y, options = {} }: { x: Axis; y: Axis; options?: Props } = props["axes"];
  const group: string | undefined = options["groupFieldByColor"];
  const names = group ? [...new Set(rows.map((row) => String(row[group])))] : [""];
  const places = [...new Set(rows.map((row) => String(row[x.field])))];
  const value = (place: string, name: string) =>
    rows
      .filter((row) => String(row[x.field]) === place && (!group || String(row[group]) === name))
      .reduce((sum, row) => sum + Number(row[y.field] ?? 0), 0);
  const colorOf = (name: string, at: number) =>
    colors[options["colors"]?.[name] ?? props["options"]?.colorList?.[at] ?? usual[at % usual.length]!] ?? "#0b7dd6";
  const labelOf = (name: string) => (group ? (labels[group]?.[name] ?? name) : name);
  const placeLabel = (place: string) => labels[x.field]?.[place] ?? place;
  return { x, y, names, places, value, colorOf, labelOf, placeLabel, stacks: Boolean(options["stacking"]) };
}

function ticksOf(max: number): number[] {
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, at) => at * step);
}

function Chart(props: Props & { kind: "bar" | "line" }) {
  const { kind, options = {} } = props;
  const { box, width } = useWidth();
  const inner = { width: width - left - 10, height: height - top - bottom };
  const { x, y, names, places, value, colorOf, labelOf, placeLabel, stacks } = frameOf(props);
  const totals = places.map((place) => {
    const values = names.map((name) => value(place, name));
    return stacks ? values.reduce((sum, each) => sum + each, 0) : Math.max(0, ...values);
  });
  const highest = Math.max(kind === "line" && totals.every((each) => each <= 100) ? 10 : 1, ...totals);
  const max = highest * 1.08;
  const up = (n: number) => top + inner.height * (1 - n / max);
  const slot = inner.width / Math.max(1, places.length);
  const middle = (at: number) => left + slot * (at + 0.5);
  const every = Math.ceil((places.length * 64) / inner.width);
  const summary = `${options.title ?? y.label ?? ""}: ${places.map((place, at) => `${placeLabel(place)} ${totals[at]}`).join(", ")}`;
  return (
    <figure className="chart" ref={box}>
      {options.title ? <figcaption>{options.title}</figcaption> : null}
      {options.showLegend !== false && names.length > 1 ? (
        <ul className="legend">
          {names.map((name, at) => (
            <li key={name}>
              <i style={{ background: colorOf(name, at) }} aria-hidden="true" />
              {labelOf(name)}
            </li>
          ))}
        </ul>
      ) : null}
      <svg width={width} height={height} role="img" aria-label={summary}>
        {ticksOf(highest).map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - 10} y1={up(tick)} y2={up(tick)} className="grid" />
            <text x={left - 8} y={up(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {places.map((place, at) =>
          at % every === 0 ? (
            <text key={place} x={middle(at)} y={height - bottom + 18} textAnchor="middle">
              {placeLabel(place)}
            </text>
          ) : null,
        )}
        {kind === "bar" ? places.map((place, at) => bars(place, at)) : names.map((name, at) => line(name, at))}
        {x.label ? (
          <text className="axis" x={left + inner.width / 2} y={height - 2} textAnchor="middle">
            {x.label}
          </text>
        ) : null}
      </svg>
    </figure>
  );

  function bars(place: string, at: number) {
    let base = 0;
    return names.map((name, n) => {
      const amount = value(place, name);
      const wide = Math.min(44, slot * 0.62) / (stacks ? 1 : names.length);
      const from = stacks ? base : 0;
      base += amount;
      const start = stacks ? middle(at) - wide / 2 : middle(at) - (wide * names.length) / 2 + wide * n;
      return (
        <rect
          {...{ key: name, x: start, y: up(from + amount), width: wide, fill: colorOf(name, n) }}
          height={Math.max(0, up(from) - up(from + amount))}
        >
          <title>{`${placeLabel(place)}${name ? `, ${labelOf(name)}` : ""}: ${amount}`}</title>
        </rect>
      );
    });
  }

  function line(name: string, n: number) {
    const points = places.map((place, at) => ({ place, x: middle(at), y: up(value(place, name)) }));
    return (
      <g key={name} stroke={colorOf(name, n)} fill={colorOf(name, n)}>
        <polyline points={points.map((point) => `${point.x},${point.y}`).join(" ")} fill="none" strokeWidth="2.5" />
        {points.map((point) => (
          <circle key={point.place} cx={point.x} cy={point.y} r="4">
            <title>{`${placeLabel(point.place)}: ${value(point.place, name)}`}</title>
          </circle>
        ))}
        {options.showDataLabels
          ? points.map((point) => (
              <text key={point.place} className="mark" stroke="none" x={point.x} y={point.y - 9} textAnchor="middle">
                {value(point.place, name)}
              </text>
            ))
          : null}
      </g>
    );
  }
}

export const charts = {
  BarChart: (props: Props) => <Chart {...props} kind="bar" />,
  LineChart: (props: Props) => <Chart {...props} kind="line" />,
};
