import { hubspot } from "@hubspot/ui-extensions";
import { RecordCard } from "./components/RecordCard.tsx";

hubspot.extend<"crm.record.tab">(({ context, actions }) => <RecordCard context={context} actions={actions} />);
