/** HubSpot passes the deal suite; below, what only HubSpot does. */
import { dealContract } from "./deals-contract.ts";
import { dealsOnHubSpot } from "./deals-setup.ts";

dealContract("HubSpot", dealsOnHubSpot);
