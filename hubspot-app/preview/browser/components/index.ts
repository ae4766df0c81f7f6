/** Our stand-ins for HubSpot's components, by the names they have in a bundle. A name that is missing here throws. */
import type { ComponentType } from "react";
import { actions } from "./actions.tsx";
import { charts } from "./charts.tsx";
import { feedback } from "./feedback.tsx";
import { inputs } from "./inputs.tsx";
import { layout } from "./layout.tsx";
import { overlays } from "./overlays.tsx";
import { pages } from "./pages.tsx";
import type { Props } from "./props.ts";
import { selects } from "./selects.tsx";
import { tables } from "./tables.tsx";
import { text } from "./text.tsx";

export const components: Record<string, ComponentType<Props>> = {
  ...{
    ...actions,
    ...charts,
    ...feedback,
    ...inputs,
    ...layout,
    ...overlays,
    ...pages,
    ...selects,
    ...tables,
    ...text,
  },
} as Record<string, ComponentType<Props>>;
