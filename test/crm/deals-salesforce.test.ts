/** Salesforce passes the deal suite; below, what only Salesforce does. */
import { dealContract } from "./deals-contract.ts";
import { dealsOnSalesforce } from "./deals-setup.ts";

dealContract("Salesforce", dealsOnSalesforce);
