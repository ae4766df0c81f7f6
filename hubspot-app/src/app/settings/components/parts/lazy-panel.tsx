/**
 * A panel whose content is made when it opens. Overlays are props: without this, the panel of each row of a table would
 * load and draw while nobody looks.
 */
import { Panel, type PanelProps } from "@hubspot/ui-extensions";
import { type ReactNode, useState } from "react";

export function LazyPanel(props: Pick<PanelProps, "title" | "width"> & { id: string; children: () => ReactNode }) {
  const { id, title, width = "md", children } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel id={id} title={title} width={width} onOpen={() => setOpen(true)} onClose={() => setOpen(false)}>
      {isOpen ? children() : null}
    </Panel>
  );
}
