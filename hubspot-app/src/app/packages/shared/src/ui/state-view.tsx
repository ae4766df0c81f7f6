/** The states of something loaded, in the order that holds everywhere: loading, empty, error with a way out, content. */
import type { ReactNode } from "react";
import type { Load } from "../hooks.ts";
import { FailurePanel } from "./failure-panel.tsx";
import { Loading } from "./loading.tsx";

export function StateView<T>(props: {
  load: Load<T>;
  loading?: string;
  /** When there is nothing to show, and what is said then. */
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  /** Instead of the usual words, for a failure that means something else here; null: the usual ones. */
  failed?: (failure: Extract<Load<T>["is"], { state: "failed" }>["failure"]) => ReactNode | null;
  children: (data: T) => ReactNode;
}) {
  const { load, loading, isEmpty, empty, failed, children } = props;
  const { is } = load;
  switch (is.state) {
    case "idle":
      return null;
    case "loading":
      return <Loading label={loading} />;
    case "failed":
      return failed?.(is.failure) ?? <FailurePanel failure={is.failure} onRetry={() => void load.reload()} />;
    case "ready":
      return isEmpty?.(is.data) ? empty : children(is.data);
    default:
      return is satisfies never;
  }
}
