import { testCreations } from "./creation-run.ts";

testCreations("hubspot");
