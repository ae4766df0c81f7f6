/** The standard properties of each object, as a portal lists them. */
import { industries } from "../company-names.ts";
import { type HsObjectType, type HsProperty, singular } from "./catalogue.ts";

type Flag = "ro" | "calc" | "hidden" | "money" | "owner" | "unique";

/** @param kind "type/fieldType" in HubSpot's words */
export function property(
  name: string,
  label: string,
  kind: string,
  flags: Flag[] = [],
  options: string[] = [],
): HsProperty {
  const [type = "string", fieldType = "text"] = kind.split("/");
  const readOnly = flags.includes("ro") || flags.includes("calc");
  return {
    name,
    label,
    type,
    fieldType,
    description: "",
    groupName: "information",
    options: options.map((option, displayOrder) => {
      const [value = "", optionLabel = value] = option.split("=");
      return { value, label: optionLabel, hidden: false, displayOrder, description: "" };
    }),
    displayOrder: -1,
    calculated: flags.includes("calc"),
    externalOptions: flags.includes("owner"),
    ...(flags.includes("owner") ? { referencedObjectType: "OWNER" } : {}),
    hasUniqueValue: flags.includes("unique"),
    hidden: flags.includes("hidden"),
    hubspotDefined: true,
    formField: false,
    ...(flags.includes("money") ? { showCurrencySymbol: true } : {}),
    archived: false,
    createdAt: "2020-01-01T00:00:00Z",
    updatedAt: "2020-01-01T00:00:00Z",
    modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: readOnly },
  };
}

const yesNo = ["true=Yes", "false=No"];

/** On every object; computed by the portal. */
const system = () => [
  property("hs_object_id", "Record ID", "number/number", ["ro"]),
  property("hs_createdate", "Object create date/time", "datetime/date", ["ro"]),
  property("hs_lastmodifieddate", "Last modified date", "datetime/date", ["ro"]),
  property("hs_merged_object_ids", "Merged record IDs", "enumeration/checkbox", ["ro"]),
  property("hs_object_source", "Record source", "string/text", ["ro"]),
  property("hs_created_by_user_id", "Created by user ID", "number/number", ["ro"]),
  property("hs_updated_by_user_id", "Updated by user ID", "number/number", ["ro"]),
  property("hs_was_imported", "Performed in an import", "bool/booleancheckbox", ["ro", "hidden"], yesNo),
  property("hs_all_owner_ids", "All owner IDs", "enumeration/checkbox", ["ro", "hidden", "owner"]),
  property("hs_unique_creation_key", "Unique creation key", "string/text", ["ro", "hidden", "unique"]),
];

const owned = () => [property("hubspot_owner_id", "Owner", "enumeration/select", ["owner"])];
const activity = () => [
  property("notes_last_updated", "Last Activity Date", "datetime/date", ["ro"]),
  property("notes_last_contacted", "Last Contacted", "datetime/date", ["ro"]),
  property("num_contacted_notes", "Number of times contacted", "number/number", ["ro"]),
  property("num_notes", "Number of Sales Activities", "number/number", ["ro"]),
];
const engagement = () => [
  property("hs_timestamp", "Activity date", "datetime/date"),
  property("hs_attachment_ids", "Attached file IDs", "string/text"),
];

/** @param stages values of all pipelines' stages, "value=Label" */
export function standardProperties(type: HsObjectType, stages: string[], pipelines: string[]): HsProperty[] {
  const own = ownProperties(type, stages, pipelines);
  return [...own, ...system().filter((each) => !own.some((mine) => mine.name === each.name))].map((each) => ({
    ...each,
    groupName: `${singular[type]}information`,
  }));
}

function ownProperties(type: HsObjectType, stages: string[], pipelines: string[]): HsProperty[] {
  switch (type) {
    case "deals":
      return [
        property("dealname", "Deal Name", "string/text"),
        property("amount", "Amount", "number/number", ["money"]),
        property("closedate", "Close Date", "datetime/date"),
        property("createdate", "Create Date", "datetime/date", ["ro"]),
        property("dealstage", "Deal Stage", "enumeration/radio", [], stages),
        property("pipeline", "Pipeline", "enumeration/select", [], pipelines),
        property(
          "dealtype",
          "Deal Type",
          "enumeration/radio",
          [],
          ["newbusiness=New Business", "existingbusiness=Existing Business"],
        ),
        property("description", "Deal Description", "string/textarea"),
        property("hs_next_step", "Next step", "string/text"),
        property("hs_priority", "Priority", "enumeration/select", [], ["low=Low", "medium=Medium", "high=High"]),
        property("closed_lost_reason", "Closed Lost Reason", "string/textarea"),
        property("closed_won_reason", "Closed Won Reason", "string/textarea"),
        property("deal_notes_html", "Deal Notes", "string/html"),
        property(
          "deal_currency_code",
          "Currency",
          "enumeration/select",
          [],
          ["USD=US Dollar", "EUR=Euro", "GBP=Pound Sterling"],
        ),
        property("hs_deal_stage_probability", "Deal probability", "number/number", ["ro"]),
        property("hs_is_closed", "Is Deal Closed?", "bool/booleancheckbox", ["calc"], yesNo),
        property("hs_is_closed_won", "Is Closed Won", "bool/booleancheckbox", ["calc"], yesNo),
        property("hs_date_entered_current_stage", "Date entered current stage", "datetime/date", ["ro"]),
        property("num_associated_contacts", "Number of Associated Contacts", "number/number", ["calc"]),
        property("hs_num_of_associated_line_items", "Number of Associated Line Items", "number/number", ["calc"]),
        property("days_to_close", "Days to close", "number/calculation_equation", ["calc"]),
        property("hs_forecast_amount", "Forecast amount", "number/number", ["calc", "money"]),
        property(
          "hs_manual_forecast_category",
          "Forecast category",
          "enumeration/select",
          [],
          ["OMIT=Not forecasted", "PIPELINE=Pipeline", "BEST_CASE=Best case", "COMMIT=Commit"],
        ),
        property("amount_in_home_currency", "Amount in company currency", "number/calculation_equation", [
          "calc",
          "money",
        ]),
        property("hs_analytics_source", "Original Traffic Source", "enumeration/select", ["ro"]),
        property("hs_likelihood_to_close", "Likelihood to close", "number/number", ["ro", "hidden"]),
        property("hs_tag_ids", "Deal Tags", "enumeration/checkbox", ["hidden"]),
        ...owned(),
        ...activity(),
      ];
    case "companies":
      return [
        property("name", "Company name", "string/text"),
        property("domain", "Company Domain Name", "string/text"),
        property(
          "industry",
          "Industry",
          "enumeration/select",
          [],
          industries.map((each) => `${each}=${titleCase(each)}`),
        ),
        property("numberofemployees", "Number of Employees", "number/number"),
        property("annualrevenue", "Annual Revenue", "number/number", ["money"]),
        property("city", "City", "string/text"),
        property("country", "Country/Region", "string/text"),
        property("phone", "Phone Number", "string/phonenumber"),
        property("website", "Website URL", "string/text"),
        property("description", "Description", "string/textarea"),
        property(
          "type",
          "Type",
          "enumeration/select",
          [],
          ["PROSPECT=Prospect", "CUSTOMER=Customer", "PARTNER=Partner", "VENDOR=Vendor", "OTHER=Other"],
        ),
        property(
          "lifecyclestage",
          "Lifecycle Stage",
          "enumeration/radio",
          [],
          ["lead=Lead", "opportunity=Opportunity", "customer=Customer"],
        ),
        property("createdate", "Create Date", "datetime/date", ["ro"]),
        property("hs_parent_company_id", "Parent Company", "number/number", ["ro"]),
        property("hs_additional_domains", "Additional Domains", "enumeration/checkbox", ["ro"]),
        property("hs_num_open_deals", "Number of open deals", "number/number", ["calc"]),
        property("num_associated_deals", "Number of Associated Deals", "number/number", ["calc"]),
        property("num_associated_contacts", "Number of Associated Contacts", "number/number", ["calc"]),
        property("hs_analytics_source", "Original Traffic Source", "enumeration/select", ["ro"]),
        ...owned(),
        ...activity(),
      ];
    case "contacts":
      return [
        property("email", "Email", "string/text", ["unique"]),
        property("firstname", "First Name", "string/text"),
        property("lastname", "Last Name", "string/text"),
        property("jobtitle", "Job Title", "string/text"),
        property("seniority", "Seniority", "string/text"),
        property(
          "hs_seniority",
          "Employment Seniority",
          "enumeration/select",
          [],
          ["employee=Employee", "manager=Manager", "director=Director", "vp=VP", "executive=Executive"],
        ),
        property("phone", "Phone Number", "string/phonenumber"),
        property("mobilephone", "Mobile Phone Number", "string/phonenumber"),
        property("company", "Company Name", "string/text"),
        property(
          "lifecyclestage",
          "Lifecycle Stage",
          "enumeration/radio",
          [],
          ["lead=Lead", "opportunity=Opportunity", "customer=Customer"],
        ),
        property(
          "hs_lead_status",
          "Lead Status",
          "enumeration/radio",
          [],
          ["NEW=New", "OPEN=Open", "IN_PROGRESS=In Progress", "CONNECTED=Connected"],
        ),
        property("createdate", "Create Date", "datetime/date", ["ro"]),
        property("lastmodifieddate", "Last Modified Date", "datetime/date", ["ro"]),
        property("hs_additional_emails", "Additional email addresses", "enumeration/checkbox", ["ro"]),
        property("hs_email_domain", "Email Domain", "string/text", ["ro"]),
        property("num_associated_deals", "Number of Associated Deals", "number/number", ["calc"]),
        property("associatedcompanyid", "Primary Associated Company ID", "number/number", ["ro"]),
        property("hs_persona", "Persona", "enumeration/radio", ["hidden"]),
        ...owned(),
        ...activity(),
      ];
    case "notes":
      return [property("hs_note_body", "Note body", "string/html"), ...engagement(), ...owned()];
    case "tasks":
      return [
        property("hs_task_subject", "Task Title", "string/text"),
        property("hs_task_body", "Notes", "string/html"),
        property(
          "hs_task_status",
          "Task Status",
          "enumeration/select",
          [],
          ["NOT_STARTED=Not started", "COMPLETED=Completed"],
        ),
        ...engagement(),
        ...owned(),
      ];
    case "calls":
      return [
        property("hs_call_title", "Call title", "string/text"),
        property("hs_call_body", "Call notes", "string/html"),
        property("hs_call_duration", "Call duration", "number/number"),
        property(
          "hs_call_direction",
          "Call direction",
          "enumeration/select",
          [],
          ["INBOUND=Inbound", "OUTBOUND=Outbound"],
        ),
        property("hs_call_status", "Call status", "string/text"),
        property("hs_call_disposition", "Call outcome", "string/text"),
        property("hs_call_recording_url", "Recording URL", "string/text"),
        property("hs_call_external_id", "External ID", "string/text"),
        ...engagement(),
        ...owned(),
      ];
    case "meetings":
      return [
        property("hs_meeting_title", "Meeting name", "string/text"),
        property("hs_meeting_body", "Meeting description", "string/html"),
        property("hs_internal_meeting_notes", "Internal meeting notes", "string/html"),
        property("hs_meeting_start_time", "Meeting start time", "datetime/date"),
        property("hs_meeting_end_time", "Meeting end time", "datetime/date"),
        property("hs_meeting_external_url", "External URL", "string/text"),
        property("hs_meeting_location", "Location", "string/text"),
        property(
          "hs_meeting_outcome",
          "Meeting outcome",
          "enumeration/select",
          [],
          ["SCHEDULED=Scheduled", "COMPLETED=Completed", "NO_SHOW=No show"],
        ),
        property("hs_attendee_owner_ids", "Attendee owner IDs", "enumeration/checkbox", ["owner"]),
        ...engagement(),
        ...owned(),
      ];
    default:
      return type satisfies never;
  }
}

function titleCase(value: string): string {
  return value
    .toLowerCase()
    .replaceAll("_", " ")
    .replace(/\b\w/g, (letter) => letter.toUpperCase());
}
