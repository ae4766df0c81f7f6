import { testFaults } from "./creation-faults.ts";

testFaults("hubspot");
