import type { CSSProperties } from "react";
import type { Props } from "./props.ts";

function cellStyle({ align, width }: Props): CSSProperties {
  const widths: Record<string, string> = { min: "1%", max: "99%" };
  return { textAlign: align, width: typeof width === "number" ? width : widths[width] };
}

function Table(props: Props) {
  const { bordered = true, flush, density = "default", paginated, page, onPageChange, children } = props;
  const pages: number = props["pageCount"] ?? 0;
  const current = page ?? 1;
  return (
    <div className={`table ${bordered ? "is-bordered" : ""} ${flush ? "is-flush" : ""} density-${density}`}>
      <div className="table-scroll">
        <table>{children}</table>
      </div>
      {paginated && pages > 1 ? (
        <nav className="pages" aria-label="Pages">
          <button type="button" disabled={current <= 1} onClick={() => onPageChange(current - 1)}>
            ‹ Prev
          </button>
          {Array.from({ length: pages }, (_, at) => at + 1)
            .filter((n) => Math.abs(n - current) <= (props["maxVisiblePageButtons"] ?? 5) / 2)
            .map((n) => (
              <button
                type="button"
                key={n}
                aria-current={n === current ? "page" : undefined}
                onClick={() => onPageChange(n)}
              >
                {n}
              </button>
            ))}
          <button type="button" disabled={current >= pages} onClick={() => onPageChange(current + 1)}>
            Next ›
          </button>
        </nav>
      ) : null}
    </div>
  );
}

function TableHeader(props: Props) {
  const { sortDirection = "never", onSortChange, disabled, children } = props;
  if (sortDirection === "never") {
    return (
      <th scope="col" style={cellStyle(props)}>
        {children}
      </th>
    );
  }
  const mark = sortDirection === "ascending" ? "▴" : sortDirection === "descending" ? "▾" : "";
  return (
    <th scope="col" style={cellStyle(props)} aria-sort={sortDirection}>
      <button
        type="button"
        disabled={disabled}
        onClick={() => onSortChange(sortDirection === "ascending" ? "descending" : "ascending")}
      >
        {children} <span aria-hidden="true">{mark}</span>
      </button>
    </th>
  );
}

export const tables = {
  Table,
  TableHead: ({ children }: Props) => <thead>{children}</thead>,
  TableBody: ({ children }: Props) => <tbody>{children}</tbody>,
  TableFooter: ({ children }: Props) => <tfoot>{children}</tfoot>,
  TableRow: ({ children }: Props) => <tr>{children}</tr>,
  TableHeader,
  TableCell: (props: Props) => (
    <td style={cellStyle(props)} colSpan={props["colSpan"]}>
      {props.children}
    </td>
  ),
};
