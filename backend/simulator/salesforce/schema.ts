/** The objects of the simulated org and their fields, as far as Pandora and its tests meet them. */

export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "richtext"
  | "email"
  | "phone"
  | "url"
  | "double"
  | "int"
  | "percent"
  | "currency"
  | "boolean"
  | "date"
  | "datetime"
  | "picklist"
  | "multipicklist";

export type SimField = {
  name: string;
  label: string;
  type: FieldType;
  /** Characters. */
  length: number;
  precision: number;
  scale: number;
  writable: boolean;
  /** Writable at insert only (OpportunityId of a contact role). */
  createOnly: boolean;
  required: boolean;
  calculated: boolean;
  custom: boolean;
  unique: boolean;
  restricted: boolean;
  filterable: boolean;
  options: string[];
  referenceTo: string | null;
  helpText: string | null;
  /** Seen by the connected user; a new custom field is not until it has field-level security. */
  visible: boolean;
};

export type SimObject = { name: string; fields: Map<string, SimField>; describedAt: number };

type Spec = Partial<Omit<SimField, "name" | "type">>;

export function field(name: string, type: FieldType, spec: Spec = {}): SimField {
  return {
    name,
    type,
    label: name
      .replace(/__c$/, "")
      .replaceAll("_", " ")
      .replace(/([a-z])([A-Z])/g, "$1 $2"),
    length: defaultLength[type] ?? 0,
    precision: type === "percent" ? 5 : type === "double" || type === "currency" ? 18 : 0,
    scale: type === "currency" ? 2 : 0,
    writable: true,
    createOnly: false,
    required: false,
    calculated: false,
    custom: name.endsWith("__c"),
    unique: false,
    restricted: false,
    filterable: type !== "richtext" && !(type === "textarea" && (spec.length ?? 255) > 255),
    options: [],
    referenceTo: null,
    helpText: null,
    visible: true,
    ...spec,
  };
}

/** Fresh objects: each simulator has its own. `stages` are the org's opportunity stages. */
export function standardObjects(stages: string[], currencies: string[], at: number): Map<string, SimObject> {
  const money =
    currencies.length > 1 ? [field("CurrencyIsoCode", "picklist", { options: currencies, restricted: true })] : [];
  const definitions: Record<string, SimField[]> = {
    Account: [...accountFields(), ...money],
    Contact: contactFields(),
    Opportunity: [...opportunityFields(stages), ...money],
    ...supportingObjects(),
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

function supportingObjects(): Record<string, SimField[]> {
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
    Task: activityFields(),
    Event: [...activityFields(), field("StartDateTime", "datetime"), field("EndDateTime", "datetime")],
    Lead: [
      field("FirstName", "string", { length: 40 }),
      field("LastName", "string", { length: 80, required: true }),
      field("Name", "string", { ...readOnly, length: 121 }),
      field("Company", "string", { required: true }),
      field("Email", "email"),
      field("Status", "picklist", { options: ["Open", "Working", "Qualified", "Unqualified"] }),
      field("IsConverted", "boolean", readOnly),
      field("OwnerId", "reference", to("User")),
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

function activityFields(): SimField[] {
  return [
    field("Subject", "string", { length: 255 }),
    field("Description", "textarea", { length: 32_000 }),
    field("WhatId", "reference"),
    field("WhoId", "reference"),
    field("OwnerId", "reference", { referenceTo: "User" }),
    field("ActivityDate", "date"),
    field("Status", "picklist", { options: ["Not Started", "In Progress", "Completed"] }),
    field("Priority", "picklist", { options: ["High", "Normal", "Low"] }),
  ];
}

const defaultLength: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 255,
  richtext: 32_768,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  multipicklist: 4099,
};
