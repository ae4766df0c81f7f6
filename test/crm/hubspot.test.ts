/** HubSpot passes the contract. What only HubSpot does stands in hubspot-adapter.test.ts. */
import { crmContract } from "./contract.ts";
import { setupHubSpot } from "./hubspot-setup.ts";

crmContract("HubSpot", async () => {
  const setup = await setupHubSpot();
  setup.simulator.addProperty("deal", { name: "pandora_rank", label: "Rank", type: "number", fieldType: "number" });
  return setup;
});
