import { createRoot } from "react-dom/client";
import { AppPage } from "./app-page.tsx";
import { Frame } from "./frame.tsx";
import { given, type PreviewObject } from "./given.ts";
import { IndexPage } from "./index-page.tsx";
import { RecordPage } from "./record-page.tsx";

const [place = "", id = ""] = location.pathname.slice(given.base.length).split("/").filter(Boolean);

function Page() {
  switch (place) {
    case "deal":
    case "company":
    case "contact":
      return <RecordPage objectType={place as PreviewObject} id={decodeURIComponent(id)} />;
    case "home":
      return <AppPage title="Pandora" bundle="pages" location="pages" crumbs={["Apps", "Pandora"]} />;
    case "settings":
      return (
        <AppPage
          title="Pandora"
          bundle="settings"
          location="settings"
          crumbs={["Settings", "Connected apps", "Pandora"]}
        />
      );
    default:
      return <IndexPage />;
  }
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <Frame place={place}>
      <Page />
    </Frame>,
  );
}
