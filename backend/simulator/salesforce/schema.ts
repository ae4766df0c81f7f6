/** The objects of the simulated org and their fields, as far as Pandora and its tests meet them. */

import { field, type SimField, type SimObject, type Spec } from "./field.ts";

/** Fresh objects: each simulator has its own. `stages` are the org's opportunity stages. */
export function standardObjects(
  stages: string[],
  currencies: string[],
  taskStatuses: string[],
  at: number,
): Map<string, SimObject> {
  const money =
    currencies.length > 1 ? [field("CurrencyIsoCode", "picklist", { options: currencies, restricted: true })] : [];
  const definitions: Record<string, SimField[]> = {
    Account: [...accountFields(), ...money],
    Contact: contactFields(),
    Opportunity: [...opportunityFields(stages), ...money],
    ...supportingObjects(taskStatuses),
  };
  return new Map(
    Object.entries(definitions).map(([name, fields]) => {
      const all = [...systemFields(), ...fields];
      return [name, { name, fields: new Map(all.map((each) => [each.name.toLowerCase(), each])), describedAt: at }];
    }),
  );
}

const readOnly = { writable: false };

function systemFields(): SimField[] {
  return [
    field("Id", "id", readOnly),
    field("IsDeleted", "boolean", readOnly),
    field("CreatedDate", "datetime", readOnly),
    field("LastModifiedDate", "datetime", readOnly),
    field("SystemModstamp", "datetime", readOnly),
    field("CreatedById", "reference", readOnly),
    field("LastModifiedById", "reference", readOnly),
  ];
}

function opportunityFields(stages: string[]): SimField[] {
  return [
    field("Name", "string", { length: 120, required: true }),
    field("AccountId", "reference", { referenceTo: "Account" }),
    field("OwnerId", "reference", { referenceTo: "User" }),
    field("RecordTypeId", "reference", { referenceTo: "RecordType" }),
    field("StageName", "picklist", { label: "Stage", required: true, options: stages }),
    field("CloseDate", "date", { required: true }),
    field("Amount", "currency"),
    field("Probability", "percent"),
    field("ExpectedRevenue", "currency", { ...readOnly, calculated: true }),
    field("Type", "picklist", { options: ["New Business", "Existing Business", "Renewal"] }),
    field("LeadSource", "picklist", { options: ["Web", "Phone Inquiry", "Partner Referral", "Other"] }),
    field("ForecastCategoryName", "picklist", {
      options: ["Pipeline", "Best Case", "Commit", "Omitted", "Closed"],
      restricted: true,
    }),
    field("NextStep", "string", { length: 255 }),
    field("Description", "textarea", { length: 32_000 }),
    field("IsClosed", "boolean", { ...readOnly }),
    field("IsWon", "boolean", { ...readOnly }),
    field("LastActivityDate", "date", readOnly),
    field("LastStageChangeDate", "datetime", readOnly),
    field("PushCount", "int", readOnly),
    field("Loss_Reason__c", "picklist", {
      options: ["Price", "No decision", "Chose a competitor", "Budget frozen"],
      restricted: true,
    }),
    field("Deal_Health__c", "picklist", { options: ["Excellent", "Good", "Fair", "At Risk"], restricted: true }),
    field("Deal_Score__c", "double", { precision: 5, scale: 1 }),
    field("Forecast_Comment__c", "textarea", { length: 32_768 }),
    field("Risk_Summary__c", "richtext", { length: 32_768 }),
    field("Champion__c", "string", { length: 80 }),
    field("Competitors__c", "multipicklist", { options: ["Contoso", "Fabrikam", "Litware"], restricted: true }),
    field("Discount__c", "percent", { precision: 5, scale: 2 }),
    field("Reviewed_At__c", "datetime"),
    field("Contract_Sent_On__c", "date"),
    field("Security_Review__c", "boolean"),
    field("Days_Open__c", "double", { ...readOnly, calculated: true }),
    field("Pandora_Conversation_Id__c", "string", { length: 64, unique: true }),
  ];
}

function accountFields(): SimField[] {
  return [
    field("MasterRecordId", "reference", { ...readOnly, referenceTo: "Account" }),
    field("Name", "string", { length: 255, required: true }),
    field("ParentId", "reference", { referenceTo: "Account" }),
    field("OwnerId", "reference", { referenceTo: "User" }),
    field("Website", "url", { length: 255 }),
    field("Industry", "picklist", { options: ["Technology", "Manufacturing", "Healthcare", "Finance", "Retail"] }),
    field("Type", "picklist", { options: ["Prospect", "Customer", "Partner", "Vendor"] }),
    field("NumberOfEmployees", "int"),
    field("AnnualRevenue", "currency"),
    field("BillingCity", "string", { length: 40 }),
    field("Phone", "phone"),
    field("Description", "textarea", { length: 32_000 }),
    field("LastActivityDate", "date", readOnly),
    field("Account_Score__c", "double", { precision: 5, scale: 1 }),
    field("Account_Signals__c", "textarea", { length: 32_768 }),
    field("Open_Deals__c", "double", { ...readOnly, calculated: true }),
  ];
}

function contactFields(): SimField[] {
  return [
    field("MasterRecordId", "reference", { ...readOnly, referenceTo: "Contact" }),
    field("AccountId", "reference", { referenceTo: "Account" }),
    field("OwnerId", "reference", { referenceTo: "User" }),
    field("FirstName", "string", { length: 40 }),
    field("LastName", "string", { length: 80, required: true }),
    field("Name", "string", { ...readOnly, length: 121 }),
    field("Email", "email"),
    field("Phone", "phone"),
    field("Title", "string", { length: 128 }),
    field("Description", "textarea", { length: 32_000 }),
    field("LastActivityDate", "date", readOnly),
    field("Seniority__c", "picklist", { options: ["executive", "director", "manager", "individual"] }),
    field("Engagement_Score__c", "double", { precision: 5, scale: 1 }),
    field("Conversations__c", "int"),
    field("Last_Conversation__c", "datetime"),
  ];
}

function supportingObjects(taskStatuses: string[]): Record<string, SimField[]> {
  const to = (referenceTo: string, spec: Spec = {}) => ({ referenceTo, ...spec });
  return {
    User: [
      ...["Name", "FirstName", "LastName", "Email", "Username", "UserType", "TimeZoneSidKey"].map((name) =>
        field(name, "string"),
      ),
      field("IsActive", "boolean"),
      field("UserRoleId", "reference"),
    ],
    Organization: ["Name", "TimeZoneSidKey", "DefaultCurrencyIsoCode", "OrganizationType"].map((name) =>
      field(name, "string", readOnly),
    ),
    CurrencyType: [field("IsoCode", "string"), field("IsCorporate", "boolean"), field("IsActive", "boolean")],
    OpportunityStage: [
      ...["ApiName", "MasterLabel", "ForecastCategoryName"].map((name) => field(name, "string")),
      ...["IsActive", "IsClosed", "IsWon"].map((name) => field(name, "boolean")),
      field("SortOrder", "int"),
      field("DefaultProbability", "percent"),
    ],
    OpportunityContactRole: [
      field("OpportunityId", "reference", to("Opportunity", { required: true, createOnly: true })),
      field("ContactId", "reference", to("Contact", { required: true })),
      field("Role", "picklist", { options: ["Decision Maker", "Economic Buyer", "Influencer", "Other"] }),
      field("IsPrimary", "boolean"),
    ],
    RecordType: [
      ...["Name", "DeveloperName", "SobjectType"].map((name) => field(name, "string")),
      field("IsActive", "boolean"),
    ],
    OpportunityHistory: [
      field("OpportunityId", "reference", to("Opportunity", readOnly)),
      field("StageName", "string", readOnly),
      field("Amount", "currency", readOnly),
      field("CloseDate", "date", readOnly),
    ],
    Task: taskFields(taskStatuses),
    TaskStatus: [
      ...["ApiName", "MasterLabel"].map((name) => field(name, "string")),
      ...["IsClosed", "IsDefault"].map((name) => field(name, "boolean")),
      field("SortOrder", "int"),
    ],
    Event: eventFields(),
    EventRelation: [
      field("EventId", "reference", to("Event", { required: true, createOnly: true })),
      field("RelationId", "reference", { required: true, createOnly: true }),
      field("Status", "picklist", { options: ["New", "Accepted", "Declined"], restricted: true }),
    ],
    Lead: [
      field("FirstName", "string", { length: 40 }),
      field("LastName", "string", { length: 80, required: true }),
      field("Name", "string", { ...readOnly, length: 121 }),
      field("Company", "string", { required: true }),
      field("Email", "email"),
      field("Status", "picklist", { options: ["Open", "Working", "Qualified", "Unqualified"] }),
      field("IsConverted", "boolean", readOnly),
      field("OwnerId", "reference", to("User")),
      field("ConvertedContactId", "reference", to("Contact", readOnly)),
      field("MasterRecordId", "reference", { ...readOnly, referenceTo: "Lead" }),
    ],
    PermissionSet: [
      field("Name", "string", { required: true, unique: true }),
      field("Label", "string", { required: true }),
    ],
    PermissionSetAssignment: [
      field("PermissionSetId", "reference", to("PermissionSet", { required: true })),
      field("AssigneeId", "reference", to("User", { required: true })),
    ],
    FieldPermissions: [
      field("ParentId", "reference", to("PermissionSet", { required: true })),
      field("SobjectType", "string", { required: true }),
      field("Field", "string", { required: true }),
      field("PermissionsRead", "boolean"),
      field("PermissionsEdit", "boolean"),
    ],
  };
}

function taskFields(statuses: string[]): SimField[] {
  return [
    ...activityFields(),
    field("Status", "picklist", { options: statuses, restricted: true }),
    field("IsClosed", "boolean", readOnly),
    field("CompletedDateTime", "datetime", readOnly),
    field("TaskSubtype", "picklist", { options: ["Task", "Call", "Email"], restricted: true, createOnly: true }),
    field("CallDurationInSeconds", "int"),
    field("CallType", "picklist", { options: ["Internal", "Inbound", "Outbound"], restricted: true }),
    field("CallDisposition", "string"),
  ];
}

function eventFields(): SimField[] {
  return [
    ...activityFields(),
    field("StartDateTime", "datetime"),
    field("EndDateTime", "datetime"),
    field("DurationInMinutes", "int"),
    field("IsAllDayEvent", "boolean"),
    field("Location", "string"),
    field("IsChild", "boolean", readOnly),
    field("IsRecurrence", "boolean"),
  ];
}

function activityFields(): SimField[] {
  return [
    field("Subject", "string", { length: 255 }),
    field("Description", "textarea", { length: 32_000 }),
    field("WhatId", "reference"),
    field("WhoId", "reference"),
    field("OwnerId", "reference", { referenceTo: "User" }),
    field("AccountId", "reference", { ...readOnly, referenceTo: "Account" }),
    field("ActivityDate", "date"),
    field("Priority", "picklist", { options: ["High", "Normal", "Low"] }),
  ];
}
