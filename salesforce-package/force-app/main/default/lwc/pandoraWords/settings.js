import aging_days_ from '@salesforce/label/c.Pandora_settings_aging_days';
import auto_ from '@salesforce/label/c.Pandora_settings_auto';
import autoAge_ from '@salesforce/label/c.Pandora_settings_autoAge';
import autoCap_ from '@salesforce/label/c.Pandora_settings_autoCap';
import autoOn_ from '@salesforce/label/c.Pandora_settings_autoOn';
import autoSeverity_ from '@salesforce/label/c.Pandora_settings_autoSeverity';
import autoText_ from '@salesforce/label/c.Pandora_settings_autoText';
import autoTry_ from '@salesforce/label/c.Pandora_settings_autoTry';
import autoWould_ from '@salesforce/label/c.Pandora_settings_autoWould';
import days_back_ from '@salesforce/label/c.Pandora_settings_days_back';
import deal_closed_before_days_ from '@salesforce/label/c.Pandora_settings_deal_closed_before_days';
import deal_opened_within_days_ from '@salesforce/label/c.Pandora_settings_deal_opened_within_days';
import few_people_ from '@salesforce/label/c.Pandora_settings_few_people';
import group_minutes_ from '@salesforce/label/c.Pandora_settings_group_minutes';
import group_people_ from '@salesforce/label/c.Pandora_settings_group_people';
import ignored_company_types_ from '@salesforce/label/c.Pandora_settings_ignored_company_types';
import ignored_domains_ from '@salesforce/label/c.Pandora_settings_ignored_domains';
import internal_domains_ from '@salesforce/label/c.Pandora_settings_internal_domains';
import internal_words_ from '@salesforce/label/c.Pandora_settings_internal_words';
import intro_words_ from '@salesforce/label/c.Pandora_settings_intro_words';
import listHint_ from '@salesforce/label/c.Pandora_settings_listHint';
import long_minutes_ from '@salesforce/label/c.Pandora_settings_long_minutes';
import repsSee_ from '@salesforce/label/c.Pandora_settings_repsSee';
import see_all_ from '@salesforce/label/c.Pandora_settings_see_all';
import see_own_ from '@salesforce/label/c.Pandora_settings_see_own';
import see_team_ from '@salesforce/label/c.Pandora_settings_see_team';
import short_minutes_ from '@salesforce/label/c.Pandora_settings_short_minutes';
import stale_days_ from '@salesforce/label/c.Pandora_settings_stale_days';
import thresholds_ from '@salesforce/label/c.Pandora_settings_thresholds';
import timeZone_ from '@salesforce/label/c.Pandora_settings_timeZone';
import title_ from '@salesforce/label/c.Pandora_settings_title';
import transcriptDays_ from '@salesforce/label/c.Pandora_settings_transcriptDays';
import words_ from '@salesforce/label/c.Pandora_settings_words';
import workspace_ from '@salesforce/label/c.Pandora_settings_workspace';

export default {
    aging_days: aging_days_,
    auto: auto_,
    autoAge: autoAge_,
    autoCap: autoCap_,
    autoOn: autoOn_,
    autoSeverity: autoSeverity_,
    autoText: autoText_,
    autoTry: autoTry_,
    autoWould: autoWould_,
    days_back: days_back_,
    deal_closed_before_days: deal_closed_before_days_,
    deal_opened_within_days: deal_opened_within_days_,
    few_people: few_people_,
    group_minutes: group_minutes_,
    group_people: group_people_,
    ignored_company_types: ignored_company_types_,
    ignored_domains: ignored_domains_,
    internal_domains: internal_domains_,
    internal_words: internal_words_,
    intro_words: intro_words_,
    listHint: listHint_,
    long_minutes: long_minutes_,
    repsSee: repsSee_,
    see_all: see_all_,
    see_own: see_own_,
    see_team: see_team_,
    short_minutes: short_minutes_,
    stale_days: stale_days_,
    thresholds: thresholds_,
    timeZone: timeZone_,
    title: title_,
    transcriptDays: transcriptDays_,
    words: words_,
    workspace: workspace_
};
