import { testCreations } from "./creation-run.ts";

testCreations("salesforce");
