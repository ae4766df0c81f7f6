/** An app's own page or its settings: HubSpot's breadcrumb and title, and nothing else around. */
import { Extension, type ExtensionProps } from "./extension.tsx";

export function AppPage(props: Pick<ExtensionProps, "bundle" | "location"> & { title: string; crumbs: string[] }) {
  const { title, crumbs, bundle, location } = props;
  return (
    <div className="app-page">
      <p className="crumbs">{crumbs.join("  ›  ")}</p>
      <header className="app-title">
        <span className="app-mark" aria-hidden="true">
          P
        </span>
        <h1>{title}</h1>
      </header>
      <div className="app-body">
        <Extension bundle={bundle} location={location} />
      </div>
    </div>
  );
}
