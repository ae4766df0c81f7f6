import { crmContract } from "./contract.ts";
import { connectSalesforce } from "./salesforce-setup.ts";

crmContract("salesforce", async () => {
  const { sim, crm, clock, refreshes, stop } = await connectSalesforce();
  return {
    crm,
    clock,
    faults: sim.faults,
    deal: {
      name: "Name",
      text: "NextStep",
      number: "Deal_Score__c",
      date: "Contract_Sent_On__c",
      enum: "Deal_Health__c",
      option: "At Risk",
      readOnly: "SystemModstamp",
    },
    company: { name: "Name", domain: "Website" },
    draft: { name: "Pandora_Deal_Score", label: "Pandora deal score", type: "number", description: "0 to 100" },
    createdName: "Pandora_Deal_Score__c",
    paceRefusal: "retry_later",
    addRecord: (objectType, properties) => sim.addRecord(objectType, properties),
    associate: (from, to) => {
      if (from.objectType === "deal" && to.objectType === "contact") {
        sim.addRecord("OpportunityContactRole", { OpportunityId: from.id, ContactId: to.id });
      } else sim.edit(from.objectType, from.id, { AccountId: to.id });
    },
    edit: (objectType, id, properties) => sim.edit(objectType, id, properties),
    archive: (objectType, id) => sim.remove(objectType, id),
    merge: (objectType, winnerId, loserId) => sim.merge(objectType, winnerId, loserId),
    record: (objectType, id) => sim.record(objectType, id),
    accepted: (objectType, id, property) =>
      sim.history({ objectType, id, property }).flatMap((row) => (row.by === "api" ? [row.value] : [])),
    goneId: "0065g00000zzzzzAAA",
    revoke: () => sim.revoke(),
    refreshes,
    stop,
  };
});
