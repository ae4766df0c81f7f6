import type { Props } from "./props.ts";

/** Inside the app: the worker's router follows, the address of the page does not. */
const goTo = (to: string, params: Record<string, string> | undefined) =>
  window.dispatchEvent(new CustomEvent("pandora:go", { detail: { to, params } }));

function PageLink({ to, params, children }: Props) {
  return (
    <a
      className="link"
      href="#"
      onClick={(event) => {
        event.preventDefault();
        goTo(to, params);
      }}
    >
      {children}
    </a>
  );
}

export const pages = {
  PageTitle: ({ children }: Props) => <h1 className="page-title">{children}</h1>,
  PageLink,
  PageHeader: ({ children }: Props) => <div className="page-head">{children}</div>,
  PageHeaderPrimaryAction: ({ children }: Props) => <>{children}</>,
  PageHeaderSecondaryActions: ({ children }: Props) => <>{children}</>,
  PageHeaderLink: ({ href, onClick, children }: Props) => (
    <a className="button button-secondary size-sm" href={href ?? "#"} onClick={() => onClick?.({})}>
      {children}
    </a>
  ),
  PageHeaderPageLink: PageLink,
  PageBreadcrumbs: ({ children }: Props) => <nav className="crumbs">{children}</nav>,
  PageBreadcrumbsPageLink: PageLink,
  PageBreadcrumbsCurrent: ({ children }: Props) => <span aria-current="page">{children}</span>,
};
