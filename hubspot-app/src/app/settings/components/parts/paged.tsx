/** A list that grows page by page. */
import { Flex, LoadingButton, Text } from "@hubspot/ui-extensions";
import { type Failure, FailureNote, type ListOf, type Load, type Result } from "@pandora/hs-shared";
import { useEffect, useRef, useState } from "react";
import { useSettings } from "../settings-context.tsx";

export type Pages<T> = {
  items: T[];
  hasMore: boolean;
  isLoadingMore: boolean;
  failure: Failure | null;
  more(): Promise<void>;
  /** Replaces one item, as a mutation answered it. */
  put(isIt: (item: T) => boolean, next: T): void;
};

/** @param first the first page as loaded; the further ones are read with `next` and dropped when it changes */
export function usePages<T>(first: Load<ListOf<T>>, next: (cursor: string) => Promise<Result<ListOf<T>>>): Pages<T> {
  const [more, setMore] = useState<{ items: T[]; cursor: string | null } | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const page = first.is.state === "ready" ? first.is.data : null;
  const current = useRef(page);
  current.current = page;
  // Replacing one item makes a new first page as well; the pages behind it still hold then.
  const isReplacing = useRef(false);
  useEffect(() => {
    if (!isReplacing.current) {
      setMore(null);
      setFailure(null);
    }
    isReplacing.current = false;
  }, [page]);
  const cursor = more ? more.cursor : (page?.next_cursor ?? null);
  return {
    items: [...(page?.items ?? []), ...(more?.items ?? [])],
    hasMore: cursor !== null,
    isLoadingMore,
    failure,
    more: async () => {
      if (cursor === null || isLoadingMore) return;
      setLoadingMore(true);
      const result = await next(cursor);
      setLoadingMore(false);
      // Another filter was chosen meanwhile.
      if (current.current !== page) return;
      setFailure(result.ok ? null : result.failure);
      if (!result.ok) return;
      setMore((was) => ({ items: [...(was?.items ?? []), ...result.data.items], cursor: result.data.next_cursor }));
    },
    put: (isIt, item) => {
      setMore((was) => (was ? { ...was, items: was.items.map((each) => (isIt(each) ? item : each)) } : was));
      if (!page?.items.some(isIt)) return;
      isReplacing.current = true;
      first.put({ ...page, items: page.items.map((each) => (isIt(each) ? item : each)) });
    },
  };
}

/** Under a list: the way to more of it. */
export function MoreOf<T>({ pages, showEnd = false }: { pages: Pages<T>; showEnd?: boolean }) {
  const { words } = useSettings();
  if (pages.failure) return <FailureNote failure={pages.failure} onRetry={() => void pages.more()} />;
  if (!pages.hasMore) return showEnd ? <Text variant="microcopy">{words.thatIsAll}</Text> : null;
  return (
    <Flex direction="row" justify="start">
      <LoadingButton size="sm" loading={pages.isLoadingMore} onClick={() => void pages.more()}>
        {words.showMore}
      </LoadingButton>
    </Flex>
  );
}
