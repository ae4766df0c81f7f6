/** Ending the connection, with or without the data. */
import { Alert, ToggleGroup } from "@hubspot/ui-extensions";
import { type Once, useApp } from "@pandora/hs-shared";
import { useState } from "react";
import { disconnect } from "../../api/connections.ts";
import { Confirm } from "../parts/confirm.tsx";
import { useSettings } from "../settings-context.tsx";

export function DisconnectQuestion() {
  const { client } = useApp();
  const { words, changed } = useSettings();
  const said = words.connection.disconnect;
  const [data, setData] = useState<"keep" | "delete">("keep");
  const deleteData = data === "delete";
  return (
    <Confirm
      id="disconnect-hubspot"
      title={said.title}
      text={said.text}
      confirm={deleteData ? said.confirmDelete : said.confirm}
      isDangerous
      send={(body: Once & { deleteData: boolean }) => disconnect(client, body)}
      body={{ deleteData }}
      done={said.done}
      onDone={() => changed("connection", "mappings", "runs", "log")}
    >
      <ToggleGroup
        toggleType="radioButtonList"
        name="disconnect-data"
        label={said.what}
        value={data}
        options={[
          { value: "keep", label: said.keep },
          { value: "delete", label: said.delete },
        ]}
        onChange={(value) => setData(value === "delete" ? "delete" : "keep")}
      />
      {deleteData ? <Alert title={said.deleteWarning} variant="warning" /> : null}
    </Confirm>
  );
}
