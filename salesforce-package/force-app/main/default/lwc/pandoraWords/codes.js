import cause_deal_linking_gap_ from '@salesforce/label/c.Pandora_codes_cause_deal_linking_gap';
import cause_deal_not_created_ from '@salesforce/label/c.Pandora_codes_cause_deal_not_created';
import cause_disqualified_not_logged_ from '@salesforce/label/c.Pandora_codes_cause_disqualified_not_logged';
import cause_early_stage_ from '@salesforce/label/c.Pandora_codes_cause_early_stage';
import cause_unknown_ from '@salesforce/label/c.Pandora_codes_cause_unknown';
import connection_connected_ from '@salesforce/label/c.Pandora_codes_connection_connected';
import connection_disconnected_ from '@salesforce/label/c.Pandora_codes_connection_disconnected';
import connection_needs_reconnect_ from '@salesforce/label/c.Pandora_codes_connection_needs_reconnect';
import decision_error_ from '@salesforce/label/c.Pandora_codes_decision_error';
import decision_skip_ from '@salesforce/label/c.Pandora_codes_decision_skip';
import decision_write_ from '@salesforce/label/c.Pandora_codes_decision_write';
import logStatus_cancelled_ from '@salesforce/label/c.Pandora_codes_logStatus_cancelled';
import logStatus_error_ from '@salesforce/label/c.Pandora_codes_logStatus_error';
import logStatus_pending_ from '@salesforce/label/c.Pandora_codes_logStatus_pending';
import logStatus_skipped_ from '@salesforce/label/c.Pandora_codes_logStatus_skipped';
import logStatus_success_ from '@salesforce/label/c.Pandora_codes_logStatus_success';
import mode_append_ from '@salesforce/label/c.Pandora_codes_mode_append';
import mode_append_if_changed_ from '@salesforce/label/c.Pandora_codes_mode_append_if_changed';
import mode_never_overwrite_ from '@salesforce/label/c.Pandora_codes_mode_never_overwrite';
import mode_overwrite_ from '@salesforce/label/c.Pandora_codes_mode_overwrite';
import modeHelp_append_ from '@salesforce/label/c.Pandora_codes_modeHelp_append';
import modeHelp_append_if_changed_ from '@salesforce/label/c.Pandora_codes_modeHelp_append_if_changed';
import modeHelp_never_overwrite_ from '@salesforce/label/c.Pandora_codes_modeHelp_never_overwrite';
import modeHelp_overwrite_ from '@salesforce/label/c.Pandora_codes_modeHelp_overwrite';
import object_company_ from '@salesforce/label/c.Pandora_codes_object_company';
import object_contact_ from '@salesforce/label/c.Pandora_codes_object_contact';
import object_deal_ from '@salesforce/label/c.Pandora_codes_object_deal';
import reason_already_covered_ from '@salesforce/label/c.Pandora_codes_reason_already_covered';
import reason_customer_call_ from '@salesforce/label/c.Pandora_codes_reason_customer_call';
import reason_duplicate_ from '@salesforce/label/c.Pandora_codes_reason_duplicate';
import reason_not_a_prospect_ from '@salesforce/label/c.Pandora_codes_reason_not_a_prospect';
import reason_not_qualified_ from '@salesforce/label/c.Pandora_codes_reason_not_qualified';
import reason_other_ from '@salesforce/label/c.Pandora_codes_reason_other';
import reason_partner_or_vendor_ from '@salesforce/label/c.Pandora_codes_reason_partner_or_vendor';
import role_admin_ from '@salesforce/label/c.Pandora_codes_role_admin';
import role_rep_ from '@salesforce/label/c.Pandora_codes_role_rep';
import role_viewer_ from '@salesforce/label/c.Pandora_codes_role_viewer';
import run_dry_run_ from '@salesforce/label/c.Pandora_codes_run_dry_run';
import run_retry_ from '@salesforce/label/c.Pandora_codes_run_retry';
import run_sync_ from '@salesforce/label/c.Pandora_codes_run_sync';
import run_undo_ from '@salesforce/label/c.Pandora_codes_run_undo';
import runStatus_cancelled_ from '@salesforce/label/c.Pandora_codes_runStatus_cancelled';
import runStatus_cancelling_ from '@salesforce/label/c.Pandora_codes_runStatus_cancelling';
import runStatus_completed_ from '@salesforce/label/c.Pandora_codes_runStatus_completed';
import runStatus_completed_with_errors_ from '@salesforce/label/c.Pandora_codes_runStatus_completed_with_errors';
import runStatus_failed_ from '@salesforce/label/c.Pandora_codes_runStatus_failed';
import runStatus_paused_ from '@salesforce/label/c.Pandora_codes_runStatus_paused';
import runStatus_queued_ from '@salesforce/label/c.Pandora_codes_runStatus_queued';
import runStatus_running_ from '@salesforce/label/c.Pandora_codes_runStatus_running';
import severity_high_ from '@salesforce/label/c.Pandora_codes_severity_high';
import severity_low_ from '@salesforce/label/c.Pandora_codes_severity_low';
import severity_medium_ from '@salesforce/label/c.Pandora_codes_severity_medium';
import source_fireflies_ from '@salesforce/label/c.Pandora_codes_source_fireflies';
import source_generic_ from '@salesforce/label/c.Pandora_codes_source_generic';
import source_gong_ from '@salesforce/label/c.Pandora_codes_source_gong';
import source_hubspot_ from '@salesforce/label/c.Pandora_codes_source_hubspot';
import source_salesforce_ from '@salesforce/label/c.Pandora_codes_source_salesforce';
import source_zoom_ from '@salesforce/label/c.Pandora_codes_source_zoom';
import sourceStatus_connected_ from '@salesforce/label/c.Pandora_codes_sourceStatus_connected';
import sourceStatus_failing_ from '@salesforce/label/c.Pandora_codes_sourceStatus_failing';
import sourceStatus_paused_ from '@salesforce/label/c.Pandora_codes_sourceStatus_paused';
import status_active_ from '@salesforce/label/c.Pandora_codes_status_active';
import status_broken_ from '@salesforce/label/c.Pandora_codes_status_broken';
import status_paused_ from '@salesforce/label/c.Pandora_codes_status_paused';
import trigger_after_skill_run_ from '@salesforce/label/c.Pandora_codes_trigger_after_skill_run';
import trigger_manual_ from '@salesforce/label/c.Pandora_codes_trigger_manual';
import trigger_scheduled_ from '@salesforce/label/c.Pandora_codes_trigger_scheduled';
import type_date_ from '@salesforce/label/c.Pandora_codes_type_date';
import type_datetime_ from '@salesforce/label/c.Pandora_codes_type_datetime';
import type_number_ from '@salesforce/label/c.Pandora_codes_type_number';
import type_text_ from '@salesforce/label/c.Pandora_codes_type_text';
import type_textarea_ from '@salesforce/label/c.Pandora_codes_type_textarea';

export default {
    cause_deal_linking_gap: cause_deal_linking_gap_,
    cause_deal_not_created: cause_deal_not_created_,
    cause_disqualified_not_logged: cause_disqualified_not_logged_,
    cause_early_stage: cause_early_stage_,
    cause_unknown: cause_unknown_,
    connection_connected: connection_connected_,
    connection_disconnected: connection_disconnected_,
    connection_needs_reconnect: connection_needs_reconnect_,
    decision_error: decision_error_,
    decision_skip: decision_skip_,
    decision_write: decision_write_,
    logStatus_cancelled: logStatus_cancelled_,
    logStatus_error: logStatus_error_,
    logStatus_pending: logStatus_pending_,
    logStatus_skipped: logStatus_skipped_,
    logStatus_success: logStatus_success_,
    mode_append: mode_append_,
    mode_append_if_changed: mode_append_if_changed_,
    mode_never_overwrite: mode_never_overwrite_,
    mode_overwrite: mode_overwrite_,
    modeHelp_append: modeHelp_append_,
    modeHelp_append_if_changed: modeHelp_append_if_changed_,
    modeHelp_never_overwrite: modeHelp_never_overwrite_,
    modeHelp_overwrite: modeHelp_overwrite_,
    object_company: object_company_,
    object_contact: object_contact_,
    object_deal: object_deal_,
    reason_already_covered: reason_already_covered_,
    reason_customer_call: reason_customer_call_,
    reason_duplicate: reason_duplicate_,
    reason_not_a_prospect: reason_not_a_prospect_,
    reason_not_qualified: reason_not_qualified_,
    reason_other: reason_other_,
    reason_partner_or_vendor: reason_partner_or_vendor_,
    role_admin: role_admin_,
    role_rep: role_rep_,
    role_viewer: role_viewer_,
    run_dry_run: run_dry_run_,
    run_retry: run_retry_,
    run_sync: run_sync_,
    run_undo: run_undo_,
    runStatus_cancelled: runStatus_cancelled_,
    runStatus_cancelling: runStatus_cancelling_,
    runStatus_completed: runStatus_completed_,
    runStatus_completed_with_errors: runStatus_completed_with_errors_,
    runStatus_failed: runStatus_failed_,
    runStatus_paused: runStatus_paused_,
    runStatus_queued: runStatus_queued_,
    runStatus_running: runStatus_running_,
    severity_high: severity_high_,
    severity_low: severity_low_,
    severity_medium: severity_medium_,
    source_fireflies: source_fireflies_,
    source_generic: source_generic_,
    source_gong: source_gong_,
    source_hubspot: source_hubspot_,
    source_salesforce: source_salesforce_,
    source_zoom: source_zoom_,
    sourceStatus_connected: sourceStatus_connected_,
    sourceStatus_failing: sourceStatus_failing_,
    sourceStatus_paused: sourceStatus_paused_,
    status_active: status_active_,
    status_broken: status_broken_,
    status_paused: status_paused_,
    trigger_after_skill_run: trigger_after_skill_run_,
    trigger_manual: trigger_manual_,
    trigger_scheduled: trigger_scheduled_,
    type_date: type_date_,
    type_datetime: type_datetime_,
    type_number: type_number_,
    type_text: type_text_,
    type_textarea: type_textarea_
};
